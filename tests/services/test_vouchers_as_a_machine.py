"""Every voucher that moves stock, its replays and its cancels, by two people, beside plain dictionaries."""

import sys
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, ClassVar

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.errors import DomainError, Refusal
from backend.domain.people import Actor, Role
from backend.extensions import db
from backend.models import Location, SerialNumber, User, Voucher, Warranty
from backend.queries.ledger_check import check_ledger
from backend.services import (
    cancelling,
    count_scans,
    counting,
    delivering,
    receiving,
    stock_entries,
    supplier_returns,
    transferring,
)
from backend.services.count_scans import CountedScan
from backend.services.listed_receiving import SerialList, add_list
from backend.services.moving import Wanted
from backend.services.stock_entries import EntryPurpose
from backend.unit_of_work import transact
from tests.services.selling_rules import SellingRules, walk_from_order_to_invoice
from tests.services.unit_rules import UnitRules, walk_through_one_unit
from tests.sites import new_id, new_site

STOCK = ("MAIN", "VAN")
NOT_IN_STOCK = {"CUSTOMER": "serial_already_sold"}

numbers = st.lists(st.integers(1, 16), min_size=1, max_size=2)
places = st.sampled_from(STOCK)
people = st.sampled_from(["ana", "ben"])
which = st.integers(-4, -1)
"""Which of the vouchers so far something is about, the newest ones first."""


@dataclass
class VoucherBook:
    """What a voucher moved, in order: unit, from, to; and how to ask for it again."""

    moves: list[tuple[str, str, str]]
    again: Callable[[], str]
    other: Callable[[], str]
    transfer_to: str | None = None
    cancelled: bool = False
    under_way: set[str] = field(default_factory=set)
    of_list: str | None = None
    """The pick list that it delivered; an invoice stands on it then."""
    dated_on: date = date.min
    parent: str | None = None
    """The unit that its units were built into, or taken out of."""


class Vouchers(SellingRules, UnitRules, RuleBasedStateMachine):
    """One site; every answer and every place is foretold by plain dictionaries."""

    told: ClassVar[Counter[str]] = Counter()
    is_compared = True
    refusal: Refusal | None = None
    """The last one."""

    @initialize()
    def open_the_site(self):
        self.site = transact(lambda work: new_site(work, {"laptop": 500}))
        with Session(db.engine) as session:
            sue = session.scalars(select(User.id).where(User.username == "sue")).one()
            self.places = {
                row.id: row.code
                for row in session.execute(select(Location.id, Location.code).where(Location.site_id == self.site.id))
            }
        self.sue = Actor(sue, "sue", {self.site.id: frozenset({Role.SUPERVISOR})})
        self.units: dict[str, str] = {}
        self.trail: dict[str, list[str]] = {}
        self.vouchers: dict[str, VoucherBook] = {}
        self.clock = sys.modules["flask"].current_app.extensions["serialtrail"].clock
        self.open_the_books()
        self.open_the_units()
        self.receive([1, 2, 3, 4, 5], "MAIN", "ana")

    # --- what people do -------------------------------------------------------------------------------------

    @rule(wanted=numbers, place=places, by=people)
    def receive(self, wanted, place, by):
        texts = self.texts(wanted)
        voucher, actor = new_id(), getattr(self.site, by)
        opened = {"receipt_id": voucher, "order_id": self.site.orders[0], "location_id": self.site.places[place]}
        assert self.do(receiving.open_receipt, actor, **opened) == "ok"
        refused = len(set(texts)) < len(texts) or any(self.units.get(text, "SUPPLIER") != "SUPPLIER" for text in texts)
        serials = SerialList(self.site.laptop, tuple(texts), batch_no="B-1")
        told = self.do(add_list, actor, receipt_id=voucher, serials=serials)
        assert told == ("list_refused" if refused else "ok")
        if refused:
            assert self.do(receiving.discard_receipt, actor, receipt_id=voucher, reason="x") == "ok"
            return
        submit = lambda: self.do(receiving.submit_receipt, actor, receipt_id=voucher)  # noqa: E731
        assert submit() == "ok"
        for text in texts:
            self.first_came.setdefault(text, len(self.first_came))
        self.book("receive", voucher, [(text, "SUPPLIER", place) for text in texts], submit, lambda: "id_reused")

    @rule(wanted=numbers, place=places, by=people)
    def sell(self, wanted, place, by):
        texts, voucher = self.texts(wanted, self.at(place)), new_id()
        asked = {"note_id": voucher, "customer_code": "ACME", "location_id": self.site.places[place]}
        deliver = lambda **more: self.do(  # noqa: E731
            delivering.deliver, getattr(self.site, by), **asked | {"serial_nos": texts} | more
        )
        self.expect(
            "sell", voucher, deliver, self.judge(texts, place), self.all_to(texts, "CUSTOMER"), customer_code="BETA"
        )

    @rule(wanted=numbers, place=places, to=places, over_transit=st.booleans(), arriving=st.none() | numbers, by=people)
    def transfer(self, wanted, place, to, over_transit, arriving, by):
        texts, voucher = self.texts(wanted, self.at(place)), new_id()
        asked = Wanted(voucher, self.site.places[place], tuple(texts))
        move = lambda wanted=asked: self.do(  # noqa: E731
            transferring.transfer,
            getattr(self.site, by),
            wanted=wanted,
            to_location_id=self.site.places[to],
            over_transit=over_transit,
        )
        code = "same_place" if place == to else self.judge(texts, place)
        moves = self.all_to(texts, "TRANSIT" if over_transit else to)
        self.expect("transfer", voucher, move, code, moves, wanted=replace(asked, remark="other"))
        if code == "ok" and over_transit:
            self.vouchers[voucher].transfer_to = to
            self.vouchers[voucher].under_way = set(texts)
            if arriving:
                self.arrive(-1, arriving, by)

    @rule(at=which, wanted=numbers, by=people)
    def arrive(self, at, wanted, by):
        under_way = [(voucher, book) for voucher, book in self.vouchers.items() if book.transfer_to]
        if not under_way:
            return
        voucher, book = under_way[max(at, -len(under_way))]
        texts = sorted(set(self.texts(wanted, book.under_way)))
        sent = {text for text, _, _ in book.moves}
        codes = [
            "serial_unknown" if text not in self.units else "serial_not_on_transfer"
            for text in texts
            if text not in sent
        ]
        arriving = [text for text in texts if text in book.under_way]
        expected = codes[0] if len(codes) == 1 else "list_refused" if codes else "ok"
        told = self.do(transferring.receive_transfer, getattr(self.site, by), transfer_id=voucher, serial_nos=texts)
        assert told == expected, (told, expected)
        if expected == "ok" and not book.cancelled:
            for text in arriving:
                book.moves.append((text, "TRANSIT", book.transfer_to or ""))
                book.under_way.discard(text)
                self.units[text] = book.transfer_to or ""
        self.told["arrive: " + told] += 1

    @rule(wanted=numbers, place=places, by=people)
    def return_to_supplier(self, wanted, place, by):
        texts, voucher = self.texts(wanted, self.at(place)), new_id()
        asked = Wanted(voucher, self.site.places[place], tuple(texts))
        with Session(db.engine) as session:
            supplier = session.get_one(Voucher, self.site.orders[0]).party
            assert supplier is not None
            code = supplier.code
        give_back = lambda wanted=asked: self.do(  # noqa: E731
            supplier_returns.return_to_supplier, getattr(self.site, by), wanted=wanted, supplier_code=code
        )
        moves = self.all_to(texts, "SUPPLIER")
        self.expect("return", voucher, give_back, self.judge(texts, place), moves, wanted=replace(asked, remark="o"))

    @rule(wanted=numbers, place=places, purpose=st.sampled_from([EntryPurpose.SCRAP, EntryPurpose.ISSUE]), by=people)
    def enter(self, wanted, place, purpose, by):
        texts, voucher = self.texts(wanted, self.at(place)), new_id()
        asked = Wanted(voucher, self.site.places[place], tuple(texts))
        enter = lambda wanted=asked: self.do(  # noqa: E731
            stock_entries.enter_stock, getattr(self.site, by), wanted=wanted, purpose=purpose
        )
        to = "SCRAP" if purpose is EntryPurpose.SCRAP else "CONSUMED"
        moves = self.all_to(texts, to)
        self.expect("enter", voucher, enter, self.judge(texts, place), moves, wanted=replace(asked, remark="other"))

    @rule(place=places, unseen=st.lists(st.integers(1, 16), max_size=2), wanted=st.lists(st.integers(1, 8)), by=people)
    def count(self, place, unseen, wanted, by):
        voucher, actor = new_id(), getattr(self.site, by)
        asked = {"count_id": voucher, "location_id": self.site.places[place], "is_blind": True}
        begin = lambda remark=None: self.do(counting.open_count, actor, **asked, remark=remark)  # noqa: E731
        assert begin() == "ok"
        here = self.at(place)
        texts = [text for text in here if text not in self.texts(unseen, here)] + self.texts(wanted[:2])
        scans = [CountedScan(new_id(), text=text) for text in texts]
        for _ in range(2):
            if scans:
                assert self.do(count_scans.record_count_scans, actor, count_id=voucher, scans=scans) == "ok"
        assert self.do(counting.submit_count, actor, count_id=voucher) == "ok"
        for _ in range(2):
            assert self.do(counting.approve_count, self.sue, count_id=voucher) == "ok"
        fetched = {text for made in self.lists.values() for text in made.chosen()}
        missing = [text for text, at in self.units.items() if at == place and text not in {*texts, *fetched}]
        misplaced = [text for text in sorted(set(texts)) if self.units.get(text) in {*STOCK, "LOST"} - {place}]
        moves = [(text, place, "LOST") for text in missing]
        moves += [(text, self.units[text], place) for text in misplaced]
        self.book("count", voucher, moves, begin, lambda: begin(remark="other"))
        lost: list[str] = []
        for text, _, to in moves:
            made = self.lists.get(self.promised.get(text, ""))
            if to == "LOST" or (made and made.place != to):
                lost.append(self.promised.get(text, ""))
                self.lose(text)
        for list_id in sorted(lost):
            self.propose_another(list_id)

    @rule(at=which)
    def cancel(self, at):
        if not self.vouchers:
            return
        voucher = list(self.vouchers)[max(at, -len(self.vouchers))]
        code = self.judge_cancel(voucher)
        told = self.do(cancelling.cancel_voucher, self.sue, voucher_id=voucher, reason="a mistake")
        assert told == code, (told, code)
        self.told["cancel: " + told] += 1
        if told == "ok":
            self.enter_cancel(voucher)

    @rule(at=which)
    def ask_again(self, at):
        if not self.vouchers:
            return
        book = self.vouchers[list(self.vouchers)[max(at, -len(self.vouchers))]]
        assert book.again() in ("ok", "voucher_not_open")
        assert book.other() == "id_reused"

    # --- the books ------------------------------------------------------------------------------------------

    def texts(self, wanted: Sequence[int], among: Collection[str] = ()) -> list[str]:
        """Small numbers are serial numbers, known or not; large ones choose among units that are known to fit."""
        fitting = sorted(among)
        return [fitting[n % len(fitting)] if n > 3 and fitting else self.site.serial(n) for n in wanted]

    def at(self, place: str) -> list[str]:
        return [text for text, at in self.units.items() if at == place]

    def all_to(self, texts: Sequence[str], to: str) -> list[tuple[str, str, str]]:
        return [(text, self.units.get(text, ""), to) for text in texts]

    def judge(
        self,
        texts: Sequence[str],
        place: str | None,
        *vouchers: str,
        passes: bool = False,
        knows: Callable[[str], str | bool] | None = None,
        rule: Callable[[str], str | bool] = lambda text: False,
    ) -> str:
        codes: list[str] = []
        for index, text in enumerate(texts):
            at = self.units.get(text)
            if at is None:
                codes.append("serial_unknown")
            elif text in texts[:index]:
                codes.append("serial_twice")
            elif knows is not None:
                codes += filter(None, [knows(text)])
            elif at not in STOCK:
                codes.append(NOT_IN_STOCK.get(at, "serial_not_available"))
            elif place not in (None, at):
                codes.append("serial_not_at_location")
            elif not passes and self.promised.get(text) not in (*vouchers, None):
                codes.append("serial_reserved")
            else:
                codes += filter(None, [rule(text)])
        return codes[0] if len(codes) == 1 else "list_refused" if codes else "ok"

    def judge_cancel(self, voucher: str) -> str:
        book = self.vouchers[voucher]
        if book.cancelled:
            return "ok"
        units = {text for text, _, _ in book.moves}
        since = list(self.vouchers)[list(self.vouchers).index(voucher) + 1 :]
        if any(self.trail[text][-1] != voucher for text in units):
            return "has_later_moves"
        if book.parent and set(self.trail[book.parent]) & set(since):
            return "has_later_moves"
        if book.of_list:
            return "has_later_vouchers"
        return "serial_reserved" if any(text in self.promised for text in units) else "ok"

    def enter_cancel(self, voucher: str) -> None:
        book = self.vouchers[voucher]
        if book.cancelled:
            return
        book.cancelled = True
        book.under_way.clear()
        for text, left, _ in reversed(book.moves):
            self.units[text] = left
        units = {text for text, _, _ in book.moves}
        for text in units:
            self.trail[text].remove(voucher)
        if book.parent:
            self.set_inside(sorted(units), None if any(text in self.inside for text in units) else book.parent)

    def expect(
        self,
        what: str,
        voucher: str,
        act: Callable[..., str],
        code: str,
        moves: list[tuple[str, str, str]],
        **other: Any,
    ) -> None:
        assert (told := act()) == code, (what, told, code)
        if code == "ok":
            self.book(what, voucher, moves, act, lambda: act(**other))
        else:
            self.told[f"{what}: {code}"] += 1

    def book(
        self,
        what: str,
        voucher: str,
        moves: list[tuple[str, str, str]],
        again: Callable[[], str],
        other: Callable[[], str],
    ) -> None:
        self.told[f"{what}: ok"] += 1
        self.vouchers[voucher] = VoucherBook(moves, again, other, dated_on=self.clock().date())
        for text, _, to in moves:
            self.units[text] = to
            self.trail.setdefault(text, []).append(voucher)

    def do(self, service: Callable[..., object], actor: Actor, **wanted: Any) -> str:
        self.clock.forward(seconds=1)
        self.is_compared = False
        try:
            transact(lambda work: service(work, actor, **wanted))
        except DomainError as error:
            self.refusal = error.refusal
            return error.refusal.code
        return "ok"

    # --- what must hold -------------------------------------------------------------------------------------

    @invariant()
    def the_database_says_what_the_books_say(self):
        if self.is_compared:
            return
        self.is_compared = True
        with Session(db.engine) as session:
            rows = session.execute(
                select(SerialNumber.serial_no, SerialNumber.location_id, SerialNumber.owner_id).where(
                    SerialNumber.item_id == self.site.laptop
                )
            ).all()
            assert {row.serial_no: self.places[row.location_id] for row in rows} == self.units
            owned = {row.serial_no for row in rows if row.owner_id is not None}
            assert owned == {text for text, at in self.units.items() if at == "CUSTOMER"}
            under_warranty = session.scalars(
                select(SerialNumber.serial_no)
                .join(Warranty, Warranty.serial_id == SerialNumber.id)
                .where(SerialNumber.item_id == self.site.laptop, Warranty.voided_at.is_(None))
            )
            assert set(under_warranty) == owned
            self.units_must_agree(session)
            assert check_ledger(session).problems == []


def test_vouchers_agree_with_the_books(app: Flask):
    Vouchers.told.clear()
    with app.app_context():
        machine = Vouchers()
        walk_from_order_to_invoice(machine)
        walk_through_one_unit(machine)
        run_state_machine_as_test(
            Vouchers,
            settings=settings(
                max_examples=3,
                stateful_step_count=40,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
    assert {
        f"{what}: ok"
        for what in (
            *("receive", "sell", "transfer", "arrive", "return", "enter", "count", "cancel"),
            *("reserve", "list", "fetch", "override", "deliver list"),
            *("correct", "date back", "consume", "take_out"),
        )
    } | {
        "cancel: has_later_moves",
        "cancel: has_later_vouchers",
        "sell: serial_reserved",
        "date back: has_later_moves",
        "at once: done and refused",
    } <= Vouchers.told.keys()
