"""Purchase orders: drafted, edited, submitted, cancelled; with the serial numbers that the supplier announced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select

from backend.domain import serials
from backend.domain.errors import DomainError, Refusal, refuse
from backend.domain.ledger import Quantity
from backend.domain.people import Actor, Permission
from backend.domain.quantities import check_whole
from backend.domain.receiving import Tracking, must_have_serials
from backend.models import ExpectedSerial, Item, Party, PurchaseOrder, Voucher, VoucherLine, table
from backend.services.cancelling import cancel_voucher
from backend.services.feed import SiteFeed
from backend.services.vouchers import id_reused, locked, made_before, must_be, next_number
from backend.unit_of_work import UnitOfWork

_TOLD = 1000


@dataclass(frozen=True, slots=True)
class WantedLine:
    """So much of an item."""

    item_id: int
    qty: Quantity


@dataclass(frozen=True, slots=True)
class WantedOrder:
    """What is to be ordered; a number is drawn unless one is given."""

    supplier: str
    lines: tuple[WantedLine, ...]
    ordered_on: date | None = None
    remark: str | None = None
    number: str | None = None


def draft_order(work: UnitOfWork, actor: Actor, *, order_id: str, site_id: int, wanted: WantedOrder) -> PurchaseOrder:
    """Draft a purchase order; the same id again answers with the same order.

    Raises:
        DomainError: ``site_unknown``, ``supplier_unknown``, ``item_unknown``, ``quantity_not_whole``,
            ``number_taken``, ``id_reused``, ``forbidden``.
    """
    actor.must(Permission.ORDERS_MANAGE, site_id)
    feed = SiteFeed(work, site_id)
    known = made_before(work, PurchaseOrder, order_id)
    if known is not None:
        if known.site_id != site_id or _content(known) != _wanted_content(work, wanted, known):
            raise id_reused(order_id)
        return known
    if wanted.number and work.session.scalar(
        select(Voucher.id).where(Voucher.type == "purchase_order", Voucher.number == wanted.number)
    ):
        raise refuse("number_taken", f"There is a purchase order {wanted.number}.", "Choose another number.")
    order = PurchaseOrder(
        id=order_id,
        number=wanted.number or next_number(work, PurchaseOrder, site_id),
        status="draft",
        site_id=site_id,
        opened_by_id=actor.user_id,
        opened_at=work.now,
        dated_on=work.today,
    )
    _fill(work, order, wanted)
    work.session.add(order)
    return _told(work, feed, order)


def edit_order(work: UnitOfWork, actor: Actor, *, order_id: str, wanted: WantedOrder) -> PurchaseOrder:
    """Write a draft anew; the announced serial numbers of items that are not on it any more go.

    Raises:
        DomainError: ``voucher_unknown``, ``voucher_not_open``, and what :func:`draft_order` raises.
    """
    order, feed = locked(work, actor, PurchaseOrder, order_id, Permission.ORDERS_MANAGE)
    must_be(order, "draft")
    work.session.execute(delete(VoucherLine).where(VoucherLine.voucher_id == order_id))
    work.session.expire(order, ["lines"])
    _fill(work, order, wanted)
    work.session.execute(
        delete(ExpectedSerial).where(
            ExpectedSerial.voucher_id == order_id,
            ExpectedSerial.item_id.not_in({line.item_id for line in wanted.lines}),
        )
    )
    return _told(work, feed, order)


def submit_order(work: UnitOfWork, actor: Actor, *, order_id: str) -> PurchaseOrder:
    """Order what a draft says: it can be received from now on; again: the same answer.

    Raises:
        DomainError: ``voucher_unknown``, ``voucher_not_open``, ``forbidden``.
    """
    order, feed = locked(work, actor, PurchaseOrder, order_id, Permission.ORDERS_MANAGE)
    if order.status == "submitted":
        return order
    must_be(order, "draft")
    order.status, order.submitted_by_id, order.submitted_at = "submitted", actor.user_id, work.now
    return _told(work, feed, order)


def cancel_order(work: UnitOfWork, actor: Actor, *, order_id: str, reason: str) -> Voucher:
    """Take an order back of which nothing was received; again: the same answer.

    Raises:
        DomainError: ``has_later_vouchers`` naming the receipt, ``voucher_unknown``, ``voucher_not_open``,
            ``forbidden``.
    """
    order, feed = locked(work, actor, PurchaseOrder, order_id, Permission.ORDERS_MANAGE)
    if order.status == "cancelled":
        return order
    if order.status != "draft":
        return cancel_voucher(work, actor, order_id, reason)
    order.status, order.cancel_reason = "cancelled", reason
    order.cancelled_by_id, order.cancelled_at = actor.user_id, work.now
    return _told(work, feed, order)


def announce(
    work: UnitOfWork, actor: Actor, *, order_id: str, item_id: int, serial_nos: Sequence[str]
) -> PurchaseOrder:
    """Put the supplier's list of an item's serial numbers in the place of the one that was there; empty: none.

    Raises:
        DomainError: ``list_refused`` with what is wrong of each, ``item_not_on_order``, ``item_has_no_serials``,
            ``voucher_unknown``, ``voucher_not_open``, ``forbidden``.
    """
    order, feed = locked(work, actor, PurchaseOrder, order_id, Permission.ORDERS_MANAGE)
    must_be(order, "draft", "submitted")
    item = next((line.item for line in order.lines if line.item_id == item_id), None)
    if item is None:
        raise refuse("item_not_on_order", f"The item is not on {order.number}.", "Choose an item of the order.")
    must_have_serials(item.item_code, Tracking(item.tracking))
    _must_be_serials(item, serial_nos)
    work.session.execute(
        delete(ExpectedSerial).where(ExpectedSerial.voucher_id == order_id, ExpectedSerial.item_id == item_id)
    )
    if serial_nos:
        work.connection.execute(
            insert(table(ExpectedSerial)),
            [
                {
                    "voucher_id": order_id,
                    "item_id": item_id,
                    "serial_no": serials.clean(serial_no),
                    "serial_key": serials.key(serial_no),
                }
                for serial_no in serial_nos
            ],
        )
    return _told(work, feed, order)


def _must_be_serials(item: Item, serial_nos: Sequence[str]) -> None:
    first: dict[str, int] = {}
    refused: list[dict[str, Any]] = []
    for index, serial_no in enumerate(serial_nos):
        text = serials.clean(serial_no)
        refusal = serials.check(text) or serials.check_shape(
            text, item.item_code, item.serial_length, item.serial_pattern
        )
        above = first.setdefault(serials.key(text), index)
        if not refusal and above != index:
            refusal = Refusal(
                "duplicate_in_list",
                f"{text} is in the list already, as number {above + 1}.",
                "Remove one of the two, or correct the one that is mistyped.",
            )
        if refusal:
            refused.append(
                {
                    "index": index,
                    "serial_no": serials.printable(serial_no[:100]),
                    "code": refusal.code,
                    "message": refusal.message,
                    "next_step": refusal.next_step,
                }
            )
    if refused:
        raise DomainError(
            Refusal(
                "list_refused",
                f"{len(refused)} of {len(serial_nos)} are no serial numbers of {item.item_code}, "
                f"the first is: {refused[0]['message']}",
                "Correct or remove them and send the list again; nothing of it was taken.",
                facts={"refused": refused[:_TOLD]},
            )
        )


def _fill(work: UnitOfWork, order: PurchaseOrder, wanted: WantedOrder) -> None:
    order.party_id = _supplier(work, wanted.supplier).id
    order.dated_on = wanted.ordered_on or order.dated_on
    order.remark = wanted.remark
    items = {
        item.id: item
        for item in work.session.scalars(select(Item).where(Item.id.in_({line.item_id for line in wanted.lines})))
    }
    for line in wanted.lines:
        item = items.get(line.item_id)
        if item is None:
            raise refuse("item_unknown", f"There is no item {line.item_id}.", "Choose an item of the list.")
        refusal = check_whole(line.qty, item.item_code, has_serial=Tracking(item.tracking).has_serial)
        if refusal:
            raise DomainError(refusal)
    order.lines = [
        VoucherLine(idx=idx, item_id=line.item_id, qty=line.qty) for idx, line in enumerate(wanted.lines, start=1)
    ]


def _supplier(work: UnitOfWork, code: str) -> Party:
    party = work.session.scalar(select(Party).where(Party.code == code, Party.kind == "supplier"))
    if party is None:
        raise refuse("supplier_unknown", f"There is no supplier {code}.", "Choose a supplier of the list.")
    return party


def _content(order: PurchaseOrder) -> tuple[Any, ...]:
    lines = [(line.item_id, line.qty) for line in order.lines]
    return order.party_id, order.remark, order.dated_on, order.number, lines


def _wanted_content(work: UnitOfWork, wanted: WantedOrder, known: PurchaseOrder) -> tuple[Any, ...]:
    lines = [(line.item_id, line.qty) for line in wanted.lines]
    on, number = wanted.ordered_on or known.dated_on, wanted.number or known.number
    return _supplier(work, wanted.supplier).id, wanted.remark, on, number, lines


def _told(work: UnitOfWork, feed: SiteFeed, order: PurchaseOrder) -> PurchaseOrder:
    work.session.flush()
    feed.tell("order_changed", voucher_id=order.id)
    feed.close()
    return order
