"""Receipts, scans, replays, lists, posts and sales in any order, beside books that cannot be wrong."""

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.domain.errors import DomainError
from backend.domain.receiving import Condition
from backend.extensions import db
from backend.models import Event, Feed, Scan, SerialNumber, StockLedgerEntry, Voucher, VoucherUnit
from backend.queries.ledger_check import check_ledger
from backend.services import delivering, receiving, scanning
from backend.services.listed_receiving import SerialList, add_list
from backend.services.scan_batches import IncomingScan, Outcome
from backend.unit_of_work import UnitOfWork, transact
from tests.services.books import SOLD, STATUS, Books
from tests.sites import new_id, new_site, scan_of, undo_of

ORDERS = ({"laptop": 6, "cable": 3}, {"laptop": 3})
NOBODY = "ffffffff-0000-0000-0000-000000000000"

numbers = st.integers(1, 10)
lists = st.lists(numbers, min_size=1, max_size=3)
conditions = st.sampled_from(["accepted", "accepted", "rejected"])
batches = st.sampled_from(["B-1", "B-1", "b-1", "B-2", None])
places = st.sampled_from(["MAIN", "VAN"])
earlier = st.integers(-6, -1)
"""Which of the scans so far something is about."""
vouchers = st.tuples(st.sampled_from(["draft", "draft", "draft", "any"]), st.integers(-3, -1))
"""Which of the receipts so far something is about, the newest ones first."""
named = vouchers | st.just(("an order", 0)) | st.just(("nothing", 0))
"""What a phone names as its receipt."""

in_the_outbox = st.one_of(
    st.tuples(st.just("scan"), vouchers, numbers, conditions, batches),
    st.tuples(st.just("scan"), vouchers, numbers, conditions, batches),
    st.tuples(st.just("scan"), named, numbers, conditions, batches),
    st.tuples(st.just("product"), vouchers, conditions),
    st.tuples(st.just("undo"), earlier, st.none() | vouchers, conditions),
    st.tuples(st.just("again"), earlier),
    st.tuples(st.just("other content"), earlier, numbers),
)
"""A new scan, a wish to undo one, one sent again, or a used id with other content."""
phones = st.tuples(st.sampled_from([*["ana", "ben"] * 4, "kim"]), st.lists(in_the_outbox, min_size=1, max_size=6))
at_the_desk = st.one_of(
    st.tuples(st.just("open"), st.sampled_from([0, 0, 1]), places),
    st.tuples(st.just("add_list"), vouchers, lists, batches, conditions),
    st.tuples(st.just("submit"), vouchers),
    st.tuples(st.just("submit"), vouchers),
    st.tuples(st.just("discard"), st.just(("any", -3))),
    st.tuples(st.just("sell"), lists, st.booleans(), places),
    st.tuples(st.just("sell"), lists, st.booleans(), places),
)


class Receipts(RuleBasedStateMachine):
    """One site: phones that send what they scanned in any order and more than once, desks that post and sell."""

    told: ClassVar[Counter[str]] = Counter()
    """How often every answer was given: a run that never sells proves nothing about sales."""

    @initialize()
    def open_the_site(self):
        self.site = transact(lambda work: new_site(work, *ORDERS))
        self.books = Books(dict(zip(self.site.orders, ORDERS, strict=True)), self.site.cable_code)
        self.receipts: list[str] = []
        self.scans: list[IncomingScan] = []
        self.open(0, "MAIN")

    # --- phones ------------------------------------------------------------------------------------

    @rule(sent=st.lists(phones, min_size=1, max_size=3))
    def send_scans(self, sent):
        outboxes = [(name, [self.entry(*wanted) for wanted in entries]) for name, entries in sent]
        self.record(outboxes)

    def record(self, outboxes: list[tuple[str, list[IncomingScan]]]) -> list[Outcome]:
        together = [self.site.batch(getattr(self.site, name), *scans) for name, scans in outboxes]
        answered = self.do(lambda work: scanning.record_scans(work, self.site.id, together))
        for (name, scans), outcomes in zip(outboxes, answered, strict=True):
            for scan, outcome in zip(scans, outcomes, strict=True):
                self.expect(scan, name, outcome)
        return [outcome for outcomes in answered for outcome in outcomes]

    def expect(self, scan: IncomingScan, name: str, outcome: Outcome) -> None:
        code, replayed = self.books.record(scan, may_receive=name != "kim")
        self.told[f"scan: {code}"] += not replayed
        assert (outcome.id, outcome.code, outcome.replayed) == (scan.id, code, replayed), outcome
        assert outcome.status == STATUS.get(code, "refused")
        book = self.books.receipts.get(scan.voucher_id)
        if outcome.counts is not None and not replayed:
            assert outcome.counts == {"expected": sum(self.books.ordered[book.order].values()), **book.counts()}

    def entry(self, kind: str, *about: Any) -> IncomingScan:
        scan = self.new_entry(kind, *about)
        self.scans.append(scan)
        return scan

    def new_entry(self, kind: str, *about: Any) -> IncomingScan:
        match kind, *about:
            case "scan", voucher, number, condition, batch:
                text = self.site.serial(number)
                return scan_of(self.voucher(*voucher), text, condition=condition, batch_no=batch)
            case "product", voucher, condition:
                return scan_of(self.voucher(*voucher), self.site.cable_code, condition=condition, batch_no=None)
            case "undo", scan, voucher, condition:
                through = voucher and self.voucher(*voucher)
                return undo_of(self.earlier(scan), through=through, condition=condition)
            case "other content", scan, number:
                return replace(self.earlier(scan), purpose="receive", text=self.site.serial(number), undoes=None)
        return self.earlier(about[0])

    def earlier(self, at: int) -> IncomingScan:
        return self.scans[max(at, -len(self.scans))] if self.scans else self.entry("product", ("any", -1), "accepted")

    def voucher(self, kind: str, at: int) -> str:
        if kind == "nothing":
            return NOBODY
        if kind == "an order":
            return self.site.orders[at]
        drafts = [receipt for receipt in self.receipts if self.books.receipts[receipt].status == "draft"]
        among = drafts if kind == "draft" and drafts else self.receipts
        return among[max(at, -len(among))]

    # --- desks -------------------------------------------------------------------------------------

    @rule(wanted=st.lists(at_the_desk, min_size=1, max_size=3))
    def work_at_the_desk(self, wanted):
        for verb, *about in wanted:
            told = getattr(self, verb)(*about)
            self.told[f"{verb}: {told}"] += 1

    def open(self, order: int, place: str) -> str:
        receipt_id, order_id = new_id(), self.site.orders[order]
        wanted = {"order_id": order_id, "location_id": self.site.places[place]}
        told = self.try_to(receiving.open_receipt, receipt_id=receipt_id, **wanted)
        assert told == self.books.open(receipt_id, order_id, place)
        if told == "ok":
            self.receipts.append(receipt_id)
        return told

    def add_list(self, voucher: tuple[str, int], wanted: list[int], batch: str | None, condition: str) -> str:
        receipt, texts = self.voucher(*voucher), tuple(map(self.site.serial, wanted))
        serials = SerialList(self.site.laptop, texts, batch_no=batch, condition=Condition(condition))
        told = self.try_to(add_list, receipt_id=receipt, serials=serials)
        assert told == self.books.add_list(receipt, texts, batch, condition)
        return told

    def submit(self, voucher: tuple[str, int]) -> str:
        receipt = self.voucher(*voucher)
        told = self.try_to(receiving.submit_receipt, receipt_id=receipt)
        assert told == self.books.submit(receipt)
        return told

    def discard(self, voucher: tuple[str, int]) -> str:
        receipt = self.voucher(*voucher)
        told = self.try_to(receiving.discard_receipt, receipt_id=receipt, reason="wrong order")
        assert told == self.books.discard(receipt)
        return told

    def sell(self, wanted: list[int], is_known: bool, place: str) -> str:
        texts = [self.site.serial(number) for number in wanted]
        if is_known and self.books.places:
            known = sorted(self.books.places)
            texts = [known[number % len(known)] for number in wanted]
            at = self.books.places[texts[0]]
            place = at if at in ("MAIN", "VAN") else place
        wanted_of = {"customer_code": "ACME", "location_id": self.site.places[place], "serial_nos": texts}
        told = self.try_to(delivering.deliver, note_id=new_id(), **wanted_of)
        assert told == self.books.deliver(texts, place)
        return told

    def sell_what_is_left(self, place: str) -> None:
        texts = sorted(serial for serial, at in self.books.places.items() if at == place)
        wanted = {"customer_code": "BETA", "location_id": self.site.places[place], "serial_nos": texts}
        if texts:
            assert (
                self.try_to(delivering.deliver, note_id=new_id(), **wanted) == self.books.deliver(texts, place) == "ok"
            )
            self.told["sell: ok"] += 1

    def try_to(self, service: Callable[..., object], **wanted: Any) -> str:
        try:
            self.do(lambda work: service(work, self.site.ana, **wanted))
        except DomainError as error:
            return error.refusal.code
        return "ok"

    def do(self, job: Callable[[UnitOfWork], Any]) -> Any:
        self.is_compared = False
        return transact(job)

    # --- what must hold ----------------------------------------------------------------------------

    @invariant()
    def the_database_says_what_the_books_say(self):
        if self.is_compared:
            return
        self.is_compared = True
        with Session(db.engine) as session:
            assert self.receipts_in(session) == {
                receipt: (
                    book.status,
                    book.refused,
                    None if book.status == "cancelled" else tuple(book.counts().values()),
                    book.serials(),
                )
                for receipt, book in self.books.receipts.items()
            }
            assert self.units_in(session) == self.books.places

    def receipts_in(self, session: Session) -> dict[str, Any]:
        vouchers = session.execute(
            select(Voucher.id, Voucher.status, Voucher.accepted, Voucher.rejected, Voucher.refused).where(
                Voucher.site_id == self.site.id, Voucher.type == "purchase_receipt"
            )
        )
        units = session.execute(
            select(VoucherUnit.voucher_id, VoucherUnit.serial_no).where(
                VoucherUnit.voucher_id.in_(self.receipts),
                VoucherUnit.status != "undone",
                VoucherUnit.serial_no.is_not(None),
            )
        ).all()
        return {
            row.id: (
                row.status,
                row.refused,
                None if row.status == "cancelled" else (row.accepted, row.rejected),
                sorted(unit.serial_no for unit in units if unit.voucher_id == row.id),
            )
            for row in vouchers
        }

    def units_in(self, session: Session) -> dict[str, str]:
        names = {place_id: code for code, place_id in self.site.places.items()}
        rows = session.execute(
            select(SerialNumber.serial_no, SerialNumber.location_id).where(SerialNumber.item_id == self.site.laptop)
        )
        return {row.serial_no: names.get(row.location_id, SOLD) for row in rows}

    def teardown(self):
        if sys.exc_info()[1] is not None or not hasattr(self, "site"):
            return  # A step that failed tells why.
        for place in ("MAIN", "VAN"):
            self.sell_what_is_left(place)
        self.the_database_says_what_the_books_say()
        # A replay of everything, by others and backwards, changes nothing.
        everything = [scan for scan, _ in self.books.answers.values()]
        if everything:
            assert all(outcome.replayed for outcome in self.record([("ben", everything[::-1]), ("ana", everything)]))
            self.the_database_says_what_the_books_say()
        with Session(db.engine) as session:
            assert check_ledger(session).problems == []
            kept = session.scalar(select(func.count()).where(Scan.site_id == self.site.id))
            assert kept == len(self.books.answers)
            of_site = StockLedgerEntry.site_id == self.site.id
            assert not session.scalar(select(func.sum(StockLedgerEntry.qty)).where(of_site))
            head = session.scalar(select(Feed.head).where(Feed.site_id == self.site.id))
            told = session.scalars(select(Event.seq).where(Event.site_id == self.site.id).order_by(Event.seq)).all()
            assert list(told) == list(range(1, head + 1))


def test_receipts_agree_with_the_books(app: Flask):
    Receipts.told.clear()
    with app.app_context():
        run_state_machine_as_test(
            Receipts,
            settings=settings(max_examples=10, stateful_step_count=20, suppress_health_check=list(HealthCheck)),
        )
    assert {"scan: ok", "scan: undone", "add_list: ok", "submit: ok", "sell: ok"} <= Receipts.told.keys()
