"""Orders, reservations, pick lists and invoices for the machine of vouchers, beside plain dictionaries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.extensions import db
from backend.models import Item
from backend.services import delivering_picks, invoicing, overriding, pick_lists, sales_orders, scanning
from backend.services.sales_orders import WantedLine
from backend.unit_of_work import transact
from tests.sites import new_id, scan_of

numbers = st.lists(st.integers(1, 16), min_size=1, max_size=2)
places = st.sampled_from(("MAIN", "VAN"))
people = st.sampled_from(["ana", "ben"])
which = st.integers(-2, -1)


@dataclass
class OrderBook:
    """A sales order: how much is wanted and gone."""

    qty: int
    delivered: int = 0
    status: str = "submitted"


@dataclass
class ListBook:
    """A pick list: where it fetches, how much, and what it has taken, proposed or chosen."""

    order: str
    place: str
    asked: int
    status: str = "draft"
    taken: dict[str, str] = field(default_factory=dict)
    of_order: set[str] = field(default_factory=set)

    def chosen(self) -> list[str]:
        return sorted(text for text, status in self.taken.items() if status == "chosen")


class SellingRules:
    """The rules that promise units; ``promised`` says to which voucher. Mixed into the machine of vouchers."""

    def open_the_books(self: Any) -> None:
        self.orders: dict[str, OrderBook] = {}
        self.lists: dict[str, ListBook] = {}
        self.promised: dict[str, str] = {}
        self.first_came: dict[str, int] = {}
        with Session(db.engine) as session:
            self.item_code = session.scalars(select(Item.item_code).where(Item.id == self.site.laptop)).one()

    @rule(qty=st.integers(1, 3), wanted=numbers, place=places, by=st.none() | people)
    def order(self: Any, qty: int, wanted: list[int], place: str, by: str | None) -> None:
        order_id = new_id()
        asked = {"order_id": order_id, "site_id": self.site.id, "customer_code": "ACME"}
        lines = [WantedLine(self.item_code, qty)]
        for _ in range(2):
            assert self.do(sales_orders.create_order, self.sue, **asked, lines=lines) == "ok"
            assert self.do(sales_orders.submit_order, self.sue, order_id=order_id) == "ok"
        self.orders[order_id] = OrderBook(qty)
        self.reserve(-1, wanted, place)
        if by:
            self.make_list(-1, place, by)

    @rule(at=which, wanted=numbers, place=places)
    def reserve(self: Any, at: int, wanted: list[int], place: str) -> None:
        if not self.orders:
            return
        order_id, order = self.one_of(self.orders, at)
        texts = self.texts(wanted, self.at(place))
        new = [text for text in texts if self.promised.get(text) != order_id]
        code = "voucher_not_open" if order.status != "submitted" else self.judge(texts, None, order_id)
        if code == "ok" and len(new) > self.to_fetch(order_id) - list(self.promised.values()).count(order_id):
            code = "serial_count"
        told = self.do(sales_orders.reserve_units, self.sue, order_id=order_id, serial_nos=texts)
        assert told == code, (told, code)
        self.told["reserve: " + told] += 1
        if told == "ok":
            self.promised |= dict.fromkeys(texts, order_id)

    @rule(at=which, place=places, by=people)
    def make_list(self: Any, at: int, place: str, by: str) -> None:
        if not self.orders:
            return
        order_id, order = self.one_of(self.orders, at)
        list_id, left = new_id(), self.to_fetch(order_id)
        code = "order_closed" if order.status != "submitted" else "ok" if left > 0 else "nothing_to_pick"
        asked = {"pick_list_id": list_id, "order_ids": [order_id], "location_id": self.site.places[place]}
        for _ in range(2):
            told = self.do(pick_lists.make_pick_list, getattr(self.site, by), **asked)
            assert told == code, (told, code)
        self.told["list: " + told] += 1
        if told != "ok":
            return
        here = self.at(place)
        own = [text for text, voucher in self.promised.items() if voucher == order_id and text in here][:left]
        free = sorted((text for text in here if text not in self.promised), key=self.first_came.__getitem__)
        made = self.lists[list_id] = ListBook(order_id, place, left, of_order=set(own))
        made.taken = dict.fromkeys([*own, *free[: left - len(own)]], "proposed")
        for text in made.taken:
            self.promised.pop(text, None)
            self.promised[text] = list_id

    @rule(at=which, wanted=numbers, by=people, is_last=st.booleans())
    def fetch(self: Any, at: int, wanted: list[int], by: str, is_last: bool) -> None:
        if not self.lists:
            return
        list_id, made = self.one_of(self.lists, at)
        for text in self.texts(wanted, made.taken):
            scan = scan_of(list_id, text, purpose="pick", batch_no=None)
            batch = self.site.batch(getattr(self.site, by), scan)
            code = self.judge_pick(list_id, made, text, passes=False)
            self.clock.forward(seconds=1)
            self.is_compared = False
            for replayed in (False, True):
                ((outcome,),) = transact(lambda work, batch=batch: scanning.record_scans(work, self.site.id, [batch]))
                assert (outcome.code, outcome.replayed) == (code, replayed), (outcome, code)
            self.told["fetch: " + code] += 1
            self.take(list_id, made, text, code)
        if is_last:
            self.finish(at, by)

    @rule(at=which, wanted=numbers)
    def override(self: Any, at: int, wanted: list[int]) -> None:
        if not self.lists:
            return
        list_id, made = self.one_of(self.lists, at)
        (text,) = self.texts(wanted[:1], [each for each in self.promised if each in self.at(made.place)])
        code = self.judge_pick(list_id, made, text, passes=True)
        asked = {"pick_list_id": list_id, "serial_no": text, "item_id": None, "reason": "it goes first"}
        told = self.do(overriding.take_reserved, self.sue, **asked)
        is_done = code in ("ok", "proposal_replaced", "already_picked")
        assert told == ("ok" if is_done else code), (told, code)
        self.told["override: " + told] += 1
        self.take(list_id, made, text, code)

    @rule(at=which, by=people)
    def finish(self: Any, at: int, by: str) -> None:
        if not self.lists:
            return
        list_id, made = self.one_of(self.lists, at)
        code = "voucher_not_open" if made.status == "cancelled" else "ok"
        if made.status == "draft" and not made.chosen():
            code = "pick_list_empty"
        told = self.do(pick_lists.finish_pick_list, getattr(self.site, by), pick_list_id=list_id)
        assert told == code, (told, code)
        if told == "ok" and made.status == "draft":
            made.status = "submitted"
            self.give_back(made, [text for text, status in made.taken.items() if status == "proposed"])
        deliver = {"note_id": new_id(), "pick_list_id": list_id}
        fetched = made.chosen()
        codes = {"draft": "voucher_not_open", "closed": "voucher_not_open", "cancelled": "voucher_not_open"}
        code = codes.get(made.status, "ok" if fetched else "nothing_to_deliver")
        again = lambda **more: self.do(  # noqa: E731
            delivering_picks.deliver_pick_list, getattr(self.site, by), **deliver | more
        )
        told = again()
        assert told == code, (told, code)
        self.told["deliver list: " + told] += 1
        if told != "ok":
            return
        order = self.orders[made.order]
        order.delivered += len(fetched)
        made.status = "closed"
        if order.delivered >= order.qty:
            order.status = "closed"
        moves = self.all_to(fetched, "CUSTOMER")
        self.give_back(made, fetched, is_kept=False)
        self.book("deliver list", deliver["note_id"], moves, again, lambda: "id_reused")
        self.vouchers[deliver["note_id"]].of_list = list_id
        bill, other = new_id(), new_id()
        for invoice_id, code in ((bill, "ok"), (bill, "ok"), (other, "already_invoiced")):
            asked = {"invoice_id": invoice_id, "note_id": deliver["note_id"]}
            assert self.do(invoicing.invoice_delivery, self.sue, **asked) == code

    @rule(at=which, by=people)
    def discard(self: Any, at: int, by: str) -> None:
        if not self.lists:
            return
        list_id, made = self.one_of(self.lists, at)
        code = "voucher_not_open" if made.status == "closed" else "ok"
        told = self.do(pick_lists.discard_pick_list, getattr(self.site, by), pick_list_id=list_id, reason="x")
        assert told == code, (told, code)
        if told == "ok" and made.status != "cancelled":
            made.status = "cancelled"
            self.give_back(made, list(made.taken))

    # --- the books ------------------------------------------------------------------------------------------

    @staticmethod
    def one_of(books: dict[str, Any], at: int) -> tuple[str, Any]:
        key = list(books)[max(at, -len(books))]
        return key, books[key]

    def to_fetch(self: Any, order_id: str) -> int:
        left = self.orders[order_id].qty - self.orders[order_id].delivered
        for made in self.lists.values():
            if made.order == order_id:
                left -= {"draft": made.asked, "submitted": len(made.chosen())}.get(made.status, 0)
        return max(left, 0)

    def judge_pick(self: Any, list_id: str, made: ListBook, text: str, *, passes: bool) -> str:
        if made.status != "draft":
            return "voucher_not_open"
        if made.taken.get(text) == "chosen":
            return "already_picked"
        code: str = self.judge([text], made.place, list_id, made.order, passes=passes)
        if code == "ok" and text not in made.taken:
            if len(made.chosen()) >= made.asked:
                return "over_pick"
            return "proposal_replaced" if len(made.taken) >= made.asked else "ok"
        return code

    def take(self: Any, list_id: str, made: ListBook, text: str, code: str) -> None:
        if code not in ("ok", "proposal_replaced"):
            return
        if code == "proposal_replaced":
            gone = max(each for each, status in made.taken.items() if status == "proposed")
            del made.taken[gone], self.promised[gone]
        if self.promised.get(text) != list_id:
            self.lose(text)
            self.promised[text] = list_id
        made.taken[text] = "chosen"

    def lose(self: Any, text: str) -> None:
        """Whoever had the unit has it no more."""
        voucher = self.promised.pop(text, None)
        if voucher in self.lists:
            self.lists[voucher].taken.pop(text)

    def propose_another(self: Any, voucher: str) -> None:
        """An open list that lost a unit to a count is proposed the first one that is free."""
        made = self.lists.get(voucher)
        free = [text for text in self.at(made.place) if text not in self.promised] if made else []
        if made and made.status == "draft" and free:
            text = min(free, key=self.first_came.__getitem__)
            made.taken[text], self.promised[text] = "proposed", voucher

    def give_back(self: Any, made: ListBook, texts: Sequence[str], *, is_kept: bool = True) -> None:
        """They are free, or again those of the order that had chosen them."""
        for text in texts:
            del made.taken[text], self.promised[text]
            if is_kept and text in made.of_order and self.orders[made.order].status == "submitted":
                self.promised[text] = made.order


def walk_from_order_to_invoice(machine: Any) -> None:
    """What few walks by chance come to: two lists that want one unit, a delivery that was billed, a cancel too late."""
    steps: list[Callable[[], None]] = [
        machine.open_the_site,
        lambda: machine.order(2, [5, 6], "MAIN", None),
        lambda: machine.sell([5], "MAIN", "ben"),
        lambda: machine.transfer([6], "MAIN", "VAN", False, None, "ben"),
        lambda: machine.make_list(-1, "MAIN", "ana"),
        lambda: machine.cancel(-1),
        lambda: machine.fetch(-1, [5], "ana", False),
        lambda: machine.order(1, [8], "MAIN", "ben"),
        lambda: machine.override(-1, [4]),
        lambda: machine.fetch(-1, [5, 7], "ben", True),
        lambda: machine.fetch(-2, [4, 5], "ana", False),
        lambda: machine.count("MAIN", [4], [], "ben"),
        lambda: machine.finish(-2, "ana"),
        lambda: machine.cancel(-1),
        lambda: machine.discard(-1, "ben"),
        lambda: machine.discard(-2, "ben"),
        lambda: machine.cancel(0),
        lambda: machine.receive([11, 12, 13], "MAIN", "ben"),
        lambda: machine.return_to_supplier([4], "MAIN", "ben"),
        lambda: machine.transfer([4], "MAIN", "VAN", True, [4], "ana"),
    ]
    for step in steps:
        step()
        machine.the_database_says_what_the_books_say()
