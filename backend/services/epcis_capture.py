"""A supplier's EPCIS events as the serial numbers that a purchase order expects."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from biip.checksums import gs1_standard_check_digit
from sqlalchemy import select

from backend.domain import serials
from backend.domain.epcis_capture import AnnouncedEpc, gtin_of_sgtin, own_name, read_announcement
from backend.domain.errors import DomainError, Refusal, refuse
from backend.domain.people import Actor, Permission
from backend.models import ItemBarcode, PurchaseOrder
from backend.services.purchase_orders import announce
from backend.services.vouchers import locked
from backend.unit_of_work import UnitOfWork
from scanner.digital_link import cut_digital_link, is_web_address
from scanner.element_strings import NotElementStrings

_TOLD = 1000


@dataclass(frozen=True, slots=True)
class Captured:
    """How many units of how many events are expected now; the other events say nothing of units to come."""

    units: int
    events: int
    ignored: int


def expect_events(work: UnitOfWork, actor: Actor, *, order_id: str, events: Sequence[Mapping[str, Any]]) -> Captured:
    """Put the units of a supplier's events in the place of what the order expected of their items.

    The same document again changes nothing. It is taken whole or not at all.

    Raises:
        DomainError: ``list_refused`` with what is wrong of each, ``no_units_announced``, ``voucher_unknown``,
            ``voucher_not_open``, ``forbidden``.
    """
    order, _ = locked(work, actor, PurchaseOrder, order_id, Permission.ORDERS_MANAGE)
    announcement = read_announcement(events)
    if not announcement.epcs:
        raise refuse(
            "no_units_announced",
            f"None of the {announcement.events} events names a unit that is to come.",
            "Send object events with an epcList, of the action ADD or OBSERVE.",
        )
    items = {line.item_id: line.item for line in order.lines}
    codes = work.session.execute(
        select(ItemBarcode.code, ItemBarcode.item_id).where(ItemBarcode.is_gtin, ItemBarcode.item_id.in_(items))
    )
    by_gtin = {row.code: row.item_id for row in codes}
    of_item: defaultdict[int, list[str]] = defaultdict(list)
    refused = []
    for announced in announcement.epcs:
        found = _unit(announced.epc, by_gtin, {item.item_code: item.id for item in items.values()})
        if isinstance(found, Refusal):
            refused.append(_told(announced, found))
        else:
            of_item[found[0]].append(found[1])
    if refused:
        raise DomainError(
            Refusal(
                "list_refused",
                f"{len(refused)} of {len(announcement.epcs)} are no units of {order.number}, "
                f"the first is: {refused[0]['message']}",
                "Ask the supplier for the events of this order, or correct the order; nothing of it was taken.",
                facts={"refused": refused[:_TOLD]},
            )
        )
    for item_id, serial_nos in of_item.items():
        announce(work, actor, order_id=order_id, item_id=item_id, serial_nos=serial_nos)
    return Captured(len(announcement.epcs), announcement.events, announcement.ignored)


def _unit(epc: str, by_gtin: Mapping[str, int], by_code: Mapping[str, int]) -> tuple[int, str] | Refusal:
    ours = own_name(epc)
    gtin, serial_no = _gs1_unit(epc)
    item_id = by_code.get(ours[0]) if ours else by_gtin.get(gtin or "")
    serial_no = ours[1] if ours else serial_no
    if serial_no is None:
        return Refusal(
            "epc_unreadable",
            f"{_shown(epc)} names no unit: it is neither an SGTIN nor a Digital Link with a serial number.",
            "Send urn:epc:id:sgtin:… or https://…/01/{gtin}/21/{serial}.",
        )
    if item_id is None:
        return Refusal(
            "item_not_on_order",
            f"{_shown(epc)} is a unit of an item that is not on the order.",
            "Check the order, or link the GTIN to its item.",
        )
    return item_id, serial_no


def _gs1_unit(epc: str) -> tuple[str | None, str | None]:
    sgtin = gtin_of_sgtin(epc, gs1_standard_check_digit)
    if sgtin:
        return sgtin
    try:
        elements = {each.ai: each.value for each in cut_digital_link(epc)} if is_web_address(epc) else {}
    except NotElementStrings:
        return None, None
    return elements.get("01"), elements.get("21")


def _told(announced: AnnouncedEpc, why: Refusal) -> dict[str, Any]:
    return {
        "event": announced.event,
        "epc": _shown(announced.epc),
        "code": why.code,
        "message": why.message,
        "next_step": why.next_step,
    }


def _shown(epc: str) -> str:
    return serials.printable(epc[:100])
