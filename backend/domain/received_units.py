"""What one scan means for the receipt it was made in: accepted, already there, or refused and why."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from backend.domain import serials
from backend.domain.batch_dates import BatchDates, unfit, unlike
from backend.domain.errors import Refusal
from backend.domain.ledger import Quantity
from backend.domain.locations import UnitState
from backend.domain.receiving import (
    Accepted,
    AlreadyScanned,
    BatchFacts,
    ItemRules,
    KnownUnit,
    OpenLine,
    OpenUnit,
    ScannedUnit,
)
from backend.domain.standards import SecondaryKind, clean


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
    batch, dates = f"{name}: batch {batch_no}", BatchDates(manufactured_on, expires_on)
    if known:
        here = BatchDates(known.manufactured_on, known.expires_on)
        refusal = unlike(batch, here, dates, "the scan", may_complete=True)
    refusal = refusal or unfit(
        batch,
        dates,
        item_code=item.item_code,
        expiry_required=item.expiry_required,
        actions=[{"kind": "enter_expiry", "item_id": item.id}],
    )
    if refusal:
        return refusal
    if known:
        batch_no = known.batch_no
    return BatchFacts(batch_no, manufactured_on, expires_on, known.id if known else None)
