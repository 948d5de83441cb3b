"""What one scan means for the receipt it was made in: accepted, already there, or refused and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from backend.domain import serials
from backend.domain.errors import Refusal, refuse
from backend.domain.locations import UnitState
from backend.domain.standards import SecondaryKind, clean


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


@dataclass(slots=True)
class OpenLine:
    """A line of the order as the receipt sees it; ``taken`` grows while a batch of scans is judged.

    Args:
        line_id: Line of the receipt.
        item: Its item.
        expected: Ordered quantity.
        allowed: Ordered quantity and the over-receipt allowance.
        taken: Units received before or scanned into any open receipt of the order, rejected ones included.
    """

    line_id: int
    item: ItemRules
    expected: int
    allowed: int
    taken: int


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

    ``serial_no`` is ``None`` where the code names only the item.
    """

    serial_no: str | None
    batch_no: str | None
    manufactured_on: date | None
    expires_on: date | None


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


def must_have_serials(item_code: str, tracking: Tracking) -> None:
    """Raise the refusal ``item_has_no_serials`` for an item whose units are not told apart."""
    if not tracking.has_serial:
        raise refuse(
            "item_has_no_serials",
            f"The units of {item_code} have no serial numbers.",
            "Choose an item with serial numbers.",
        )


def choose_line(lines: Sequence[OpenLine], *, item_id: int | None, serial_no: str | None) -> OpenLine | Refusal:
    """The line a scan counts on.

    Args:
        lines: The receipt's lines.
        item_id: The item that the code or the person named, if either did.
        serial_no: For the message.
    """
    if item_id is not None:
        line = next((line for line in lines if line.item.id == item_id), None)
        return line or Refusal(
            "item_not_on_order",
            f"{serial_no or 'The unit'} is of an item that is not on this order.",
            "Put it aside and ask purchasing, or open the receipt of its own order.",
        )
    candidates = [line for line in lines if line.item.tracking.has_serial]
    if len(candidates) == 1:
        return candidates[0]
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


def judge(
    unit: ScannedUnit,
    line: OpenLine,
    *,
    receipt_id: str,
    open_unit: OpenUnit | None,
    known: KnownUnit | None,
    batches: Mapping[str, BatchFacts],
) -> Accepted | AlreadyScanned | Refusal:
    """Decide over one unit that is received on a line.

    Args:
        unit: What the scan says.
        line: The line it counts on.
        receipt_id: The receipt it was scanned in.
        open_unit: The same serial number in an open receipt, if there is one.
        known: The same serial number in the ledger, if there is one.
        batches: The known batches of the item, by cleaned batch number.
    """
    item = line.item
    serial_no = None
    if item.tracking.has_serial:
        if unit.serial_no is None:
            return Refusal(
                "item_code_not_serial",
                f"This is the product code of {item.item_code}, not a serial number.",
                "Scan the serial number's code on the same label.",
                facts={"item_code": item.item_code},
            )
        serial_no = serials.clean(unit.serial_no)
        refusal = serials.check(serial_no) or serials.check_shape(
            serial_no, item.item_code, item.serial_length, item.serial_pattern
        )
        if refusal:
            return refusal
        if item.serial_standard is not None:
            standard = clean(SecondaryKind(item.serial_standard), serial_no)
            if isinstance(standard, Refusal):
                return standard
        refusal = _seen_before(serial_no, receipt_id, open_unit, known)
        if refusal:
            return refusal
    kept = _batch_of(unit, item, batches, serial_no)
    if isinstance(kept, Refusal):
        return kept
    if line.taken >= line.allowed:
        return Refusal(
            "over_receipt",
            f"{serial_no or item.item_code} is one too many: expected {line.expected} {item.item_code}, "
            f"{line.taken} are here.",
            "Put it aside and tell the supervisor; the item's over-receipt allowance can admit it.",
            facts={"expected": line.expected, "taken": line.taken},
        )
    return Accepted(serial_no, kept)


def _seen_before(
    serial_no: str, receipt_id: str, open_unit: OpenUnit | None, known: KnownUnit | None
) -> Refusal | None:
    if open_unit and open_unit.receipt_id == receipt_id:
        return AlreadyScanned(
            "already_scanned",
            f"{serial_no} already scanned in this receipt at {open_unit.at:%H:%M} by {open_unit.by}.",
            "Nothing to do: it counts once.",
            facts={"at": open_unit.at.isoformat(), "by": open_unit.by},
        )
    if open_unit:
        return Refusal(
            "serial_in_other_receipt",
            f"{serial_no} is already scanned in {open_unit.receipt_number} by {open_unit.by}.",
            f"Undo it in {open_unit.receipt_number} if it belongs here.",
            facts={"receipt": open_unit.receipt_number},
        )
    if known is None or known.state is UnitState.RETURNED_TO_SUPPLIER:
        return None  # The supplier has it: never received, its receipt cancelled, or sent back to be mended.
    if known.state is UnitState.SOLD:
        return Refusal(
            "serial_sold",
            f"{serial_no} is already sold to {known.owner}"
            + (f" with {known.voucher} on {known.on}" if known.voucher else "")
            + "; a sold unit is never received as new.",
            "Take it in as a customer return or for repair; its history stays as it is.",
            actions=(
                {"kind": "return_intake", "serial_no": serial_no},
                {"kind": "repair_intake", "serial_no": serial_no},
            ),
            facts={"owner": known.owner, "voucher": known.voucher},
        )
    if known.state in (UnitState.IN_STOCK, UnitState.ON_HOLD):
        return Refusal(
            "serial_in_stock",
            f"{serial_no} is already in stock in {known.location}.",
            "Check the label: this unit was received before, or the number was read wrongly.",
            facts={"location": known.location},
        )
    return Refusal(
        "serial_known",
        f"{serial_no} is already known: {known.state.replace('_', ' ')}, in {known.location}.",
        "Look the unit up; what is known cannot be received as new.",
        facts={"state": str(known.state), "location": known.location},
    )


def _batch_of(
    unit: ScannedUnit, item: ItemRules, batches: Mapping[str, BatchFacts], serial_no: str | None
) -> BatchFacts | Refusal | None:
    if not item.tracking.has_batch:
        return None
    name = serial_no or item.item_code
    batch_no = serials.clean(unit.batch_no or "")
    if not batch_no:
        return Refusal(
            "batch_required",
            f"{name} needs a batch: {item.item_code} is tracked by batch and the code has none.",
            "Enter the batch once; it is kept for the following scans.",
            actions=({"kind": "enter_batch", "item_id": item.id},),
        )
    refusal = serials.check_batch(batch_no, name)
    if refusal:
        return refusal
    known = batches.get(serials.key(batch_no))
    manufactured_on = unit.manufactured_on or (known.manufactured_on if known else None)
    expires_on = unit.expires_on or (known.expires_on if known else None)
    if known and known.manufactured_on and manufactured_on != known.manufactured_on:
        return Refusal(
            "batch_manufacture_conflict",
            f"{name}: batch {batch_no} was made on {known.manufactured_on}, but the scan says {manufactured_on}.",
            "Check the label and the batch; correct the one that is wrong.",
            facts={"known": str(known.manufactured_on), "scanned": str(manufactured_on)},
        )
    if known and known.expires_on and expires_on != known.expires_on:
        return Refusal(
            "batch_expiry_conflict",
            f"{name}: batch {batch_no} expires on {known.expires_on}, but the scan says {expires_on}.",
            "Check the label and the batch; correct the one that is wrong.",
            facts={"known": str(known.expires_on), "scanned": str(expires_on)},
        )
    if expires_on is None and item.expiry_required:
        return Refusal(
            "expiry_required",
            f"{name} needs an expiry date: {item.item_code} has one on every batch and the code has none.",
            "Enter the expiry date once; it is kept for the following scans.",
            actions=({"kind": "enter_expiry", "item_id": item.id},),
        )
    if manufactured_on and expires_on and expires_on < manufactured_on:
        return Refusal(
            "expiry_before_manufacture",
            f"{name}: batch {batch_no} would expire on {expires_on}, before it was made on {manufactured_on}.",
            "Check both dates on the label.",
        )
    if known:
        batch_no = known.batch_no
    return BatchFacts(batch_no, manufactured_on, expires_on, known.id if known else None)
