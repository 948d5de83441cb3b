"""Business steps and dispositions of the Core Business Vocabulary, and which of them a movement is.

References:
    CBV 2.0 (ISO/IEC 19988), sections 7.1 (business steps) and 7.2 (dispositions).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from backend.domain.locations import LocationKind


class Happening(StrEnum):
    """What a movement or a record was, as a trading partner says it."""

    NUMBERED = "numbered"
    RECEIVED = "received"
    REJECTED = "rejected"
    MOVED = "moved"
    INSPECTED = "inspected"
    SHIPPED = "shipped"
    SOLD = "sold"
    RETURNED = "returned"
    SENT_BACK = "sent_back"
    TAKEN_FOR_REPAIR = "taken_for_repair"
    REPAIRED = "repaired"
    REPLACED = "replaced"
    INSTALLED = "installed"
    REMOVED = "removed"
    USED_UP = "used_up"
    COUNTED = "counted"
    LOST = "lost"
    SCRAPPED = "scrapped"
    HELD = "held"
    RECALLED = "recalled"
    HOLD_LIFTED = "hold_lifted"


@dataclass(frozen=True, slots=True)
class Term:
    """Action, business step and disposition of an event; ``None`` where the vocabulary has no word for it."""

    action: str
    biz_step: str
    disposition: str | None = None


TERMS: Mapping[Happening, Term] = {
    Happening.NUMBERED: Term("ADD", "commissioning", "active"),
    Happening.RECEIVED: Term("OBSERVE", "receiving", "in_progress"),
    Happening.REJECTED: Term("OBSERVE", "inspecting", "non_conformant"),
    Happening.MOVED: Term("OBSERVE", "storing"),
    Happening.INSPECTED: Term("OBSERVE", "inspecting", "non_conformant"),
    Happening.SHIPPED: Term("OBSERVE", "shipping", "in_transit"),
    Happening.SOLD: Term("OBSERVE", "retail_selling", "retail_sold"),
    # CBV 2.0 has no step for a return: goods are received, and are then returned ones.
    Happening.RETURNED: Term("OBSERVE", "receiving", "returned"),
    Happening.SENT_BACK: Term("OBSERVE", "shipping", "returned"),
    Happening.TAKEN_FOR_REPAIR: Term("OBSERVE", "repairing", "in_progress"),
    Happening.REPAIRED: Term("OBSERVE", "repairing"),
    Happening.REPLACED: Term("OBSERVE", "replacing"),
    Happening.INSTALLED: Term("ADD", "installing"),
    Happening.REMOVED: Term("DELETE", "removing"),
    Happening.USED_UP: Term("DELETE", "decommissioning", "inactive"),
    Happening.COUNTED: Term("OBSERVE", "cycle_counting"),
    Happening.LOST: Term("OBSERVE", "cycle_counting", "unknown"),
    Happening.SCRAPPED: Term("DELETE", "destroying", "destroyed"),
    Happening.HELD: Term("OBSERVE", "holding", "non_sellable_other"),
    Happening.RECALLED: Term("OBSERVE", "holding", "recalled"),
    Happening.HOLD_LIFTED: Term("OBSERVE", "other"),
}

_TO = {
    LocationKind.CUSTOMER: Happening.SOLD,
    LocationKind.SUPPLIER: Happening.SENT_BACK,
    LocationKind.TRANSIT: Happening.SHIPPED,
    LocationKind.REPAIR: Happening.TAKEN_FOR_REPAIR,
    LocationKind.CONSUMED: Happening.INSTALLED,
    LocationKind.SCRAP: Happening.SCRAPPED,
    LocationKind.LOST: Happening.LOST,
    LocationKind.REJECT: Happening.INSPECTED,
}
_FROM = {
    LocationKind.SUPPLIER: Happening.RECEIVED,
    LocationKind.CUSTOMER: Happening.RETURNED,
    LocationKind.TRANSIT: Happening.RECEIVED,
    LocationKind.REPAIR: Happening.REPAIRED,
    LocationKind.CONSUMED: Happening.REMOVED,
    LocationKind.LOST: Happening.COUNTED,
}


def happening_of(left: LocationKind, arrived: LocationKind, voucher_type: str) -> Happening:
    """What a movement between two kinds of places was.

    >>> happening_of(LocationKind.SUPPLIER, LocationKind.WAREHOUSE, "purchase_receipt").value
    'received'
    >>> happening_of(LocationKind.CUSTOMER, LocationKind.REPAIR, "repair_order").value
    'returned'
    """
    if voucher_type == "stock_count":
        return Happening.LOST if arrived is LocationKind.LOST else Happening.COUNTED
    if voucher_type == "replacement":
        return Happening.REPLACED
    if left is LocationKind.SUPPLIER and arrived is LocationKind.REJECT:
        return Happening.REJECTED
    if arrived is LocationKind.SCRAP:
        return Happening.SCRAPPED
    return _FROM.get(left) or _TO.get(arrived, Happening.MOVED)
