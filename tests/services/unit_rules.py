"""Single units in the machine of vouchers: corrected, dated back, built in, and wanted by two at once."""

import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from backend.domain.errors import DomainError
from backend.extensions import db
from backend.models import Component, SerialNumber
from backend.queries.units import find
from backend.services import cancelling, correcting, delivering, scanning, stock_entries, transferring
from backend.services.moving import Wanted
from backend.services.stock_entries import EntryPurpose
from backend.unit_of_work import transact
from tests.concurrency.at_once import at_once
from tests.sites import new_id, scan_of

numbers = st.lists(st.integers(1, 16), min_size=1, max_size=2)
places = st.sampled_from(("MAIN", "VAN"))
people = st.sampled_from(["ana", "ben"])
OTHER = {"MAIN": "VAN", "VAN": "MAIN"}
DONE = ("ok", "proposal_replaced")
wishes = st.sampled_from(["sell", "move", "scrap", "fetch", "cancel"])


@dataclass
class Contender:
    """One of two who want something at the same moment.

    Args:
        act: Does it in a transaction of its own; answers with a code.
        judge: The code that it must get as the books stand.
        enter: Enters it in the books, once it is done.
    """

    act: Callable[[], str]
    judge: Callable[[], str]
    enter: Callable[[str], None]


class UnitRules:
    """Rules about one unit; ``inside`` says what is built into what. Mixed into the machine of vouchers."""

    def open_the_units(self: Any) -> None:
        self.inside: dict[str, str] = {}
        self.former: dict[str, str] = {}
        """What a unit was called before, by what it is called now."""

    # --- corrected ------------------------------------------------------------------------------------------

    @rule(at=st.integers(1, 16), to=st.integers(1, 16), by_mistake=st.booleans())
    def correct(self: Any, at: int, to: int, by_mistake: bool) -> None:
        (text,) = self.texts([at], self.units)
        if text not in self.units:
            return
        right = self.site.serial(to) if by_mistake else f"{self.site.serial(to)}-{len(self.former)}"
        code = "corrected_before" if text in self.former else "ok"
        if code == "ok" and right in self.units:
            code = "same_serial" if right == text else "serial_taken"
        asked = {"unit_id": self.id_of(text), "serial_no": right, "reason": "mistyped"}
        told = self.do(correcting.correct_serial_no, self.sue, **asked)
        assert told == code, (told, code)
        self.told["correct: " + told] += 1
        if told == "ok":
            self.rename(text, right)
            self.former[right] = text
            assert self.do(correcting.correct_serial_no, self.sue, **asked) == "ok"

    def rename(self: Any, old: str, new: str) -> None:
        """The books call the unit by its new text, wherever they name it."""
        for book in (self.units, self.trail, self.first_came, self.promised, self.inside):
            if old in book:
                book[new] = book.pop(old)
        self.inside = {text: new if parent == old else parent for text, parent in self.inside.items()}
        for voucher in self.vouchers.values():
            voucher.moves = [(new if text == old else text, left, to) for text, left, to in voucher.moves]
            voucher.under_way = {new if text == old else text for text in voucher.under_way}
            voucher.parent = new if voucher.parent == old else voucher.parent
        for made in self.lists.values():
            made.taken = {new if text == old else text: status for text, status in made.taken.items()}
            made.of_order = {new if text == old else text for text in made.of_order}

    def id_of(self: Any, text: str) -> int:
        mine = SerialNumber.item_id == self.site.laptop
        with Session(db.engine) as session:
            return session.scalars(select(SerialNumber.id).where(SerialNumber.serial_no == text, mine)).one()

    # --- dated back -----------------------------------------------------------------------------------------

    @rule(wanted=numbers, place=places, nights=st.integers(0, 3), days=st.integers(-1, 4), by=people)
    def date_back(self: Any, wanted: list[int], place: str, nights: int, days: int, by: str) -> None:
        self.clock.forward(days=nights)
        day = self.clock().date() - timedelta(days=days)
        texts, voucher = self.texts(wanted, self.at(place)), new_id()
        to = OTHER[place]
        asked = Wanted(voucher, self.site.places[place], tuple(texts), dated_on=day)
        move = partial(self.do, transferring.transfer, getattr(self.site, by), **into_place(self.site.places[to]))
        code = self.judge(texts, place)
        later = [other for text in texts for other in self.trail.get(text, ()) if self.vouchers[other].dated_on > day]
        if code == "ok" and (days < 0 or later):
            code = "has_later_moves" if days >= 0 else "date_in_future"
        other = Wanted(voucher, self.site.places[place], tuple(texts), dated_on=day - timedelta(days=1))
        again = lambda wanted=asked: move(wanted=wanted)  # noqa: E731
        self.expect("date back", voucher, again, code, self.all_to(texts, to), wanted=other)
        if code == "ok":
            self.vouchers[voucher].dated_on = day
        if code == "has_later_moves":
            first = min(later, key=list(self.vouchers).index)
            assert self.refusal.facts["voucher_id"] == first, "the first of them is named"

    # --- built in -------------------------------------------------------------------------------------------

    @rule(wanted=numbers, into=st.integers(1, 16), place=places, by=people)
    def build_in(self: Any, wanted: list[int], into: int, place: str, by: str) -> None:
        texts, (parent,) = self.texts(wanted, self.at(place)), self.texts([into], self.units)
        code = self.judge_parent(parent)
        if code == "ok":
            code = self.judge(texts, place, rule=lambda text: text == parent and "serial_in_itself")
        self.enter_with(parent, texts, place, EntryPurpose.CONSUME, code, "CONSUMED", by)

    @rule(wanted=numbers, out_of=st.integers(1, 16), place=places, by=people)
    def take_out(self: Any, wanted: list[int], out_of: int, place: str, by: str) -> None:
        parent = sorted(set(self.inside.values()))
        (parent,) = self.texts([out_of], parent or self.units)
        texts = self.texts(wanted, [text for text, holder in self.inside.items() if holder == parent])
        code = self.judge_parent(parent)
        if code == "ok":
            code = self.judge(texts, None, knows=lambda text: self.inside.get(text) != parent and "not_a_component")
        self.enter_with(parent, texts, place, EntryPurpose.TAKE_OUT, code, place, by)

    def enter_with(
        self: Any, parent: str, texts: list[str], place: str, purpose: EntryPurpose, code: str, to: str, by: str
    ) -> None:
        voucher = new_id()
        wanted = Wanted(voucher, self.site.places[place], tuple(texts))
        other = Wanted(voucher, self.site.places[place], tuple(texts), remark="other")
        enter = lambda wanted=wanted: self.do(  # noqa: E731
            stock_entries.enter_stock,
            getattr(self.site, by),
            wanted=wanted,
            purpose=purpose,
            parent_serial_no=parent,
        )
        self.expect(str(purpose), voucher, enter, code, self.all_to(texts, to), wanted=other)
        if code == "ok":
            self.vouchers[voucher].parent = parent
            self.set_inside(texts, parent if purpose is EntryPurpose.CONSUME else None)

    def set_inside(self: Any, texts: list[str], parent: str | None) -> None:
        for text in texts:
            self.inside.pop(text, None)
            if parent is not None:
                self.inside[text] = parent

    def judge_parent(self: Any, parent: str) -> str:
        at = self.units.get(parent)
        return "serial_unknown" if at is None else "ok" if at in ("MAIN", "VAN") else "serial_not_available"

    # --- wanted by two at once ------------------------------------------------------------------------------

    @rule(wanted=st.integers(1, 16), place=places, first=wishes, second=wishes)
    def want_at_once(self: Any, wanted: int, place: str, first: str, second: str) -> None:
        (text,) = self.texts([wanted], self.at(place))
        pair = [self.contender(what, text, place, by) for what, by in ((first, "ana"), (second, "ben"))]
        self.clock.forward(seconds=1)
        self.is_compared = False
        told = at_once(*(each.act for each in pair))
        order = [0, 1] if told[0] in DONE else [1, 0]
        for index in order:
            code = pair[index].judge()
            assert told[index] == code, (first, second, told, order, code)
            if code in DONE:
                pair[index].enter(code)
        self.told["at once: " + " and ".join(sorted("done" if code in DONE else "refused" for code in told))] += 1

    def contender(self: Any, what: str, text: str, place: str, by: str) -> Contender:
        actor, voucher = getattr(self.site, by), new_id()
        from_place = self.site.places[place]
        if what == "cancel" and self.trail.get(text):
            last = self.trail[text][-1]
            cancel = partial(cancelling.cancel_voucher, actor=self.sue, voucher_id=last, reason="a mistake")
            return Contender(self.alone(cancel), lambda: self.judge_cancel(last), lambda code: self.enter_cancel(last))
        if what == "fetch" and self.lists:
            list_id, made = self.one_of(self.lists, -1 if by == "ana" else -2)
            batch = self.site.batch(actor, scan_of(list_id, text, purpose="pick", batch_no=None))
            return Contender(
                self.alone(lambda work: scanning.record_scans(work, self.site.id, [batch])[0][0].code),
                lambda: self.judge_pick(list_id, made, text, passes=False),
                lambda code: self.take(list_id, made, text, code),
            )
        asked = Wanted(voucher, from_place, (text,))
        service: Callable[..., Any]
        if what == "move":
            to = OTHER[place]
            service, more = transferring.transfer, into_place(self.site.places[to]) | {"wanted": asked}
        elif what == "scrap":
            to, service, more = "SCRAP", stock_entries.enter_stock, {"wanted": asked, "purpose": EntryPurpose.SCRAP}
        else:
            to, service = "CUSTOMER", delivering.deliver
            more = {"note_id": voucher, "customer_code": "ACME", "location_id": from_place, "serial_nos": [text]}
        again = partial(self.do, service, actor, **more)
        return Contender(
            self.alone(partial(service, actor=actor, **more)),
            lambda: self.judge([text], place),
            lambda code: self.book(
                "at once", voucher, self.all_to([text], to), again, lambda: self.reuse(voucher, text, place)
            ),
        )

    def reuse(self: Any, voucher: str, text: str, place: str) -> str:
        """Another request with the id of a voucher."""
        wanted = Wanted(voucher, self.site.places[place], (text,), remark="other")
        return str(self.do(stock_entries.enter_stock, self.site.ana, wanted=wanted, purpose=EntryPurpose.ISSUE))

    @staticmethod
    def alone(job: Callable[..., Any]) -> Callable[[], str]:
        """Makes a service the job of a thread: with a connection and a transaction of its own."""
        app: Flask = sys.modules["flask"].current_app._get_current_object()

        def act() -> str:
            with app.app_context():
                try:
                    done = transact(lambda work: job(work))
                except DomainError as error:
                    return error.refusal.code
                return done if isinstance(done, str) else "ok"

        return act

    # --- what must hold -------------------------------------------------------------------------------------

    def units_must_agree(self: Any, session: Session) -> None:
        """What is built into what, and that the text before a correction still finds the unit."""
        parent = aliased(SerialNumber)
        rows = session.execute(
            select(SerialNumber.serial_no, parent.serial_no.label("parent"))
            .join(Component, Component.serial_id == SerialNumber.id)
            .join(parent, parent.id == Component.parent_id)
            .where(Component.removed_at.is_(None), SerialNumber.item_id == self.site.laptop)
        )
        assert {row.serial_no: row.parent for row in rows} == self.inside
        for text, former in self.former.items():
            if former not in self.units:
                found = find(session, former, "", self.clock().date(), [self.site.id])["matches"]
                assert (text, former) in [(each["serial_no"], each["formerly"]) for each in found]


def into_place(location_id: int) -> dict[str, Any]:
    """Where a transfer goes that is not on the road between."""
    return {"to_location_id": location_id, "over_transit": False}


def walk_through_one_unit(machine: Any) -> None:
    """What few walks by chance come to: built in and taken out, a date that is contradicted, two who want one unit."""
    serial = machine.site.serial

    def number_of(text: str, among: Collection[str]) -> int:
        """The number that chooses a unit among those that fit."""
        return sorted(among).index(text) + 4 * len(among)

    def in_van(n: int) -> int:
        return number_of(serial(n), machine.at("VAN"))

    def known(n: int) -> int:
        return number_of(serial(n), machine.units)

    steps: list[Callable[[], None]] = [
        lambda: machine.receive([14, 15], "VAN", "ben"),
        lambda: machine.receive([16], "VAN", "ben"),
        lambda: machine.correct(known(16), 9, True),
        lambda: machine.build_in([in_van(14)], known(15), "VAN", "ana"),
        lambda: machine.date_back([in_van(15)], "VAN", 0, 1, "ana"),
        lambda: machine.date_back([in_van(15)], "VAN", 2, 1, "ana"),
        lambda: machine.take_out([4], number_of(serial(15), set(machine.inside.values())), "VAN", "ben"),
        lambda: machine.cancel(-1),
        lambda: machine.enter([number_of(serial(15), machine.at("MAIN"))], "MAIN", EntryPurpose.SCRAP, "ben"),
        lambda: machine.receive([10], "VAN", "ben"),
        lambda: machine.sell([in_van(10)], "VAN", "ana"),
        lambda: machine.want_at_once(in_van(9), "VAN", "sell", "sell"),
    ]
    for step in steps:
        step()
        machine.the_database_says_what_the_books_say()
