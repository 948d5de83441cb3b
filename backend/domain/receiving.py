"""What one scan means for the receipt it was made in: accepted, already there, or refused and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from backend.domain import serials
from backend.domain.errors import Refusal, refuse
from backend.domain.ledger import Quantity
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


def judge(
    unit: ScannedUnit,
    line: OpenLine,
    *,
    receipt_id: str,
    open_unit: OpenUnit | None,
    known: KnownUnit | None,
    batches: Mapping[str, BatchFacts],
    is_expected: bool = True,
    lines: Sequence[OpenLine] = (),
) -> Accepted | AlreadyScanned | Refusal:
    """Decide over one unit that is received on a line.

    Args:
        unit: What the scan says.
        line: The line it counts on.
        receipt_id: The receipt it was scanned in.
        open_unit: The same serial number in an open receipt, if there is one.
        known: The same serial number in the ledger, if there is one.
        batches: The known batches of the item, by cleaned batch number.
        is_expected: Whether the supplier announced the serial number, or none of the item at all.
        lines: All lines of the item, where it has several; for the message.
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
        if not refusal and not is_expected and not unit.takes_unexpected:
            refusal = _not_expected(serial_no, item)
        if refusal:
            return refusal
    kept = _batch_of(unit, item, batches, serial_no)
    if isinstance(kept, Refusal):
        return kept
    if not line.holds(unit.qty):
        return _too_much(unit, serial_no, lines or (line,))
    return Accepted(serial_no, kept, unit.qty, is_unexpected=not is_expected)


def _too_much(unit: ScannedUnit, serial_no: str | None, lines: Sequence[OpenLine]) -> Refusal:
    item = lines[0].item
    expected, taken = sum(line.expected for line in lines), sum(line.taken for line in lines)
    is_one = unit.qty == 1
    return Refusal(
        "over_receipt",
        f"{serial_no or item.item_code} is one too many: expected {expected} {item.item_code}, {taken} are here."
        if is_one
        else f"{unit.qty} {item.item_code} are too many: expected {expected}, {taken} are here.",
        "Put it aside and tell the supervisor, who can admit more with a reason.",
        actions=({"kind": "admit_more", "item_id": item.id, "item_code": item.item_code},),
        facts={"expected": _plain(expected), "taken": _plain(taken)},
    )


def _plain(qty: Quantity) -> int | str:
    """A quantity for the facts of an answer, which are kept as JSON."""
    return qty if isinstance(qty, int) else str(qty)


def _not_expected(serial_no: str, item: ItemRules) -> Refusal:
    return Refusal(
        "serial_not_expected",
        f"{serial_no} is not on the supplier's list of {item.item_code}.",
        "Check the label. If the unit is here all the same, take it: it is marked as not on the list.",
        actions=({"kind": "take_unexpected", "serial_no": serial_no, "item_id": item.id},),
        facts={"item_code": item.item_code},
    )


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


def _end_of_shelf_life(manufactured_on: date | None, item: ItemRules) -> date | None:
    """The expiry that the day of manufacture and the item's shelf life propose; a label that names one is right."""
    if manufactured_on is None or item.shelf_life_days is None:
        return None
    return manufactured_on + timedelta(days=min(item.shelf_life_days, (date.max - manufactured_on).days))


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
    expires_on = unit.expires_on or (known.expires_on if known else None) or _end_of_shelf_life(manufactured_on, item)
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
