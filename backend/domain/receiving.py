"""A receipt while it is filled: its lines, what items ask of their units, and what is known of a unit that comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from backend.domain import serials
from backend.domain.errors import Refusal, refuse
from backend.domain.ledger import Quantity
from backend.domain.locations import UnitState


class Tracking(StrEnum):
    """How the units of an item are told apart."""

    NONE = "none"
    SERIAL = "serial"
    BATCH = "batch"
    SERIAL_BATCH = "serial_batch"

    @property
    def has_serial(self) -> bool:
        """Whether every unit has a serial number."""
        return self in (Tracking.SERIAL, Tracking.SERIAL_BATCH)

    @property
    def has_batch(self) -> bool:
        """Whether every unit belongs to a batch."""
        return self in (Tracking.BATCH, Tracking.SERIAL_BATCH)


class Condition(StrEnum):
    """How a unit arrived; rejected ones go to the reject location."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class ItemRules:
    """What an item asks of its units."""

    id: int
    item_code: str
    name: str
    tracking: Tracking
    serial_length: int | None = None
    serial_pattern: str | None = None
    expiry_required: bool = False
    serial_standard: str | None = None
    shelf_life_days: int | None = None


@dataclass(slots=True)
class OpenLine:
    """A line of the order as the receipt sees it; ``taken`` grows while a batch of scans is judged.

    Args:
        line_id: Line of the order, or of the voucher itself where there is no order.
        item: Its item.
        expected: Ordered quantity.
        allowed: Ordered quantity, the over-receipt allowance and what a supervisor admitted; ``None`` where
            nothing was ordered and so nothing is too much.
        taken: Received before or scanned into any open receipt of the order, rejected ones included.
    """

    line_id: int
    item: ItemRules
    expected: Quantity
    allowed: Quantity | None
    taken: Quantity

    def holds(self, qty: Quantity) -> bool:
        """Whether so much more may be received on the line."""
        return self.allowed is None or self.taken + qty <= self.allowed


def most_allowed(ordered: Quantity, over_receipt_percent: int, admitted: Quantity) -> Quantity:
    """What may come in for a line: what was ordered, the item's allowance in whole units, what supervisors admitted."""
    most: Quantity = ordered + int(ordered * over_receipt_percent // 100) + admitted
    return most


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """A batch; ``id`` is ``None`` until it is stored."""

    batch_no: str
    manufactured_on: date | None
    expires_on: date | None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class ScannedUnit:
    """What a scan says, read from the code and from what the person set beside it.

    ``serial_no`` is ``None`` where the code names only the item; then ``qty`` says how much of it.
    ``takes_unexpected`` is the person's word that a unit is to be taken though the supplier did not announce it.
    """

    serial_no: str | None
    batch_no: str | None
    manufactured_on: date | None
    expires_on: date | None
    qty: Quantity = 1
    takes_unexpected: bool = False


@dataclass(frozen=True, slots=True)
class OpenUnit:
    """A serial number that is already scanned in an open receipt."""

    receipt_id: str
    receipt_number: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A serial number that the ledger knows."""

    state: UnitState
    location: str
    owner: str | None
    voucher: str | None
    on: date | None


class AlreadyScanned(Refusal):
    """The serial number is in this receipt already: a warning, the count stays."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """The unit counts; what is to be kept of it. ``batch`` is ``None`` for an item without batches."""

    serial_no: str | None
    batch: BatchFacts | None
    qty: Quantity = 1
    is_unexpected: bool = False


def must_have_serials(item_code: str, tracking: Tracking) -> None:
    """Raise the refusal ``item_has_no_serials`` for an item whose units are not told apart."""
    if not tracking.has_serial:
        raise refuse(
            "item_has_no_serials",
            f"The units of {item_code} have no serial numbers.",
            "Choose an item with serial numbers.",
        )


def choose_line(lines: Sequence[OpenLine], *, item_id: int | None, serial_no: str | None) -> OpenLine | Refusal:
    """The line a unit counts on; where an item has several, they are filled in their order.

    Args:
        lines: The receipt's lines.
        item_id: The item that the code or the person named, if either did.
        serial_no: For the message.
    """
    if item_id is not None:
        return _with_room(lines, item_id) or Refusal(
            "item_not_on_order",
            f"{serial_no or 'The unit'} is of an item that is not on this order.",
            "Put it aside and ask purchasing, or open the receipt of its own order.",
        )
    candidates = list({line.item.id: line for line in lines if line.item.tracking.has_serial}.values())
    if len(candidates) == 1:
        return _with_room(lines, candidates[0].item.id) or candidates[0]
    if not candidates:
        return Refusal(
            "item_unknown",
            f"'{serials.printable(serial_no or '')}' is not a code of any item of this order.",
            "Scan the item's own barcode; this order has no item with serial numbers.",
        )
    return Refusal(
        "ambiguous_item",
        f"{serials.printable(serial_no or '')} could be of {' or '.join(line.item.item_code for line in candidates)}.",
        "Choose the item, then scan again.",
        actions=tuple(
            {"kind": "choose_item", "item_id": line.item.id, "item_code": line.item.item_code} for line in candidates
        ),
    )


def _with_room(lines: Sequence[OpenLine], item_id: int) -> OpenLine | None:
    """The line of an item for the next unit: one that is still short, else one that may take more, else the last."""
    last = None
    spare = None
    for line in lines:
        if line.item.id == item_id:
            if line.taken < line.expected:
                return line
            if spare is None and line.holds(1):
                spare = line
            last = line
    return spare or last


def spread(lines: Sequence[OpenLine], qty: Quantity) -> list[tuple[OpenLine, Quantity]]:
    """Divide a quantity among the lines of its item: what each is short of, in their order, then what each allows.

    What no line has room for is put on the last one, which then is over its allowance.
    """
    shares: dict[int, Quantity] = dict.fromkeys(range(len(lines)), 0)
    for limits in ([line.expected for line in lines], [line.allowed for line in lines]):
        for index, (line, limit) in enumerate(zip(lines, limits, strict=True)):
            room = qty if limit is None else max(limit - line.taken - shares[index], 0)
            share = min(room, qty)
            shares[index] += share
            qty -= share
    shares[len(lines) - 1] += qty
    return [(lines[index], share) for index, share in shares.items() if share]
