"""Alerts: what a supervisor can ask to be told of, when a rule speaks, and in which words.

Every function gets facts and gives causes. A cause has a key: the same cause under the same rule is told once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from backend.domain.errors import refuse
from backend.domain.ledger import Quantity
from backend.domain.serials import key as serial_key
from backend.domain.serials import printable


class AlertKind(StrEnum):
    """What a rule watches."""

    OVER_RECEIPT = "over_receipt"
    UNDER_RECEIPT = "under_receipt"
    SERIAL_UNLISTED = "serial_unlisted"
    DEVICE_SILENT = "device_silent"
    ENTRIES_LOST = "entries_lost"
    BATCH_EXPIRES = "batch_expires"
    WARRANTY_ENDS = "warranty_ends"
    CLAIM_UNASSIGNED = "claim_unassigned"
    SCAN_QUALITY = "scan_quality"


@dataclass(frozen=True, slots=True)
class Threshold:
    """The number of a rule: what it counts, and between which bounds it makes sense."""

    unit: str
    least: int
    most: int
    usual: int


THRESHOLDS: dict[AlertKind, Threshold | None] = {
    AlertKind.OVER_RECEIPT: Threshold("percent", 0, 100, 0),
    AlertKind.UNDER_RECEIPT: Threshold("percent", 0, 99, 0),
    AlertKind.SERIAL_UNLISTED: None,
    AlertKind.DEVICE_SILENT: Threshold("minutes", 1, 10_080, 15),
    AlertKind.ENTRIES_LOST: Threshold("entries", 0, 10_000, 0),
    AlertKind.BATCH_EXPIRES: Threshold("days", 0, 3_650, 30),
    AlertKind.WARRANTY_ENDS: Threshold("days", 0, 3_650, 30),
    AlertKind.CLAIM_UNASSIGNED: Threshold("hours", 1, 8_760, 24),
    AlertKind.SCAN_QUALITY: Threshold("percent", 1, 100, 90),
}

OF_THE_FEED = frozenset({AlertKind.OVER_RECEIPT, AlertKind.UNDER_RECEIPT, AlertKind.SERIAL_UNLISTED})
"""Kinds that speak when something happens; the others when time has passed."""

MOST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an alert is raised: its key under a rule, what is said, and what a screen can lead to."""

    key: str
    message: str
    voucher_id: str | None = None
    batch_id: int | None = None
    item_id: int | None = None


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """A line of a purchase order when a receipt of it was posted."""

    item_code: str
    ordered: Quantity
    received: Quantity


@dataclass(frozen=True, slots=True)
class Posted:
    """A posted receipt, and the lines of its order."""

    receipt_id: str
    receipt_number: str
    order_number: str
    lines: tuple[OrderedLine, ...]


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A unit that came on a receipt and is not on the supplier's list."""

    receipt_id: str
    receipt_number: str
    serial_no: str


def must_fit(kind: AlertKind, threshold: int | None) -> None:
    """Raise ``alert_threshold`` unless a rule of this kind can have this number.

    Raises:
        DomainError: ``alert_threshold``.
    """
    bounds = THRESHOLDS[kind]
    if bounds is None and threshold is not None:
        raise refuse("alert_threshold", f"A rule for {kind} has no number.", "Leave the number out.")
    if bounds is not None and (threshold is None or not bounds.least <= threshold <= bounds.most):
        raise refuse(
            "alert_threshold",
            f"A rule for {kind} needs {bounds.unit} between {bounds.least} and {bounds.most}.",
            "Correct the number.",
            unit=bounds.unit,
            least=bounds.least,
            most=bounds.most,
        )


def received_over(receipts: Iterable[Posted], percent: int) -> list[Cause]:
    """Receipts after which a line of their order has more than was ordered, by more than some percent of it.

    >>> laptops = Posted("1", "PR-1", "PO-1", (OrderedLine("LAP-15", 50, 51),))
    >>> [cause.message for cause in received_over([laptops], 0)]
    ['PR-1 brought more than PO-1 ordered: 51 of 50 LAP-15.']
    >>> received_over([laptops], 2)
    []
    """
    return _received(receipts, "brought more than {} ordered", lambda line: _over(line) > percent)


def received_under(receipts: Iterable[Posted], percent: int) -> list[Cause]:
    """Receipts after which a line of their order still misses more than some percent of what was ordered.

    >>> cables = Posted("1", "PR-1", "PO-1", (OrderedLine("CAB-2", 10, 8),))
    >>> [cause.message for cause in received_under([cables], 0)]
    ['PR-1 leaves PO-1 short: 8 of 10 CAB-2.']
    >>> received_under([cables], 20)
    []
    """
    return _received(receipts, "leaves {} short", lambda line: -_over(line) > percent)


def unlisted(units: Iterable[Unlisted]) -> list[Cause]:
    """Serial numbers that the supplier did not announce, each told once a receipt, however often it is scanned.

    >>> [cause.message for cause in unlisted([Unlisted("1", "PR-1", "S-9")] * 2)]
    ["S-9 came with PR-1 and is not on the supplier's list."]
    """
    found: dict[str, Cause] = {}
    for unit in units:
        key = f"{unit.receipt_id}:{serial_key(unit.serial_no)}"
        message = f"{printable(unit.serial_no)} came with {unit.receipt_number} and is not on the supplier's list."
        found.setdefault(key, Cause(key, message, voucher_id=unit.receipt_id))
    return list(found.values())


def expires(
    batch_id: int, batch_no: str, item_code: str, expires_on: date, qty: Quantity, today: date, days: int
) -> Cause | None:
    """The cause that a batch of the house ends within some days, its last day included, or has ended.

    A batch whose date is changed ends anew.

    >>> expires(7, "B-1", "MED-1", date(2026, 2, 4), 12, date(2026, 1, 5), 30).message
    'Batch B-1 of MED-1 ends on 2026-02-04; 12 in stock.'
    >>> expires(7, "B-1", "MED-1", date(2026, 2, 5), 12, date(2026, 1, 5), 30)
    >>> expires(7, "B-1", "MED-1", date(2026, 2, 4), 0, date(2026, 1, 5), 30)
    """
    if qty <= 0 or expires_on > today + timedelta(days):
        return None
    word = "ended" if expires_on < today else "ends"
    message = f"Batch {printable(batch_no)} of {item_code} {word} on {expires_on}; {qty} in stock."
    return Cause(f"{batch_id}:{expires_on}", message, batch_id=batch_id)


def warranty_ends(item_id: int, item_code: str, end_on: date, units: int, today: date, days: int) -> Cause | None:
    """The cause that warranties of an item end on one day within some days; those that are over are not told.

    >>> warranty_ends(3, "LAP-15", date(2026, 2, 4), 2, date(2026, 1, 5), 30).message
    'The warranty of 2 LAP-15 ends on 2026-02-04.'
    >>> warranty_ends(3, "LAP-15", date(2026, 1, 4), 2, date(2026, 1, 5), 30)
    """
    if not today <= end_on <= today + timedelta(days):
        return None
    return Cause(f"{item_id}:{end_on}", f"The warranty of {units} {item_code} ends on {end_on}.", item_id=item_id)


def unassigned(
    claim_id: str, number: str, serial_no: str, opened_at: datetime, now: datetime, hours: int
) -> Cause | None:
    """The cause that nobody was given a claim for so long."""
    if opened_at > now - timedelta(hours=hours):
        return None
    message = f"{number} for {printable(serial_no)} has had no technician since {opened_at:%Y-%m-%d %H:%M} UTC."
    return Cause(claim_id, message, voucher_id=claim_id)


def letter(site: str, said: Sequence[str], address: str) -> tuple[str, str]:
    """Subject and text of the mail that tells some alerts at once; neither has a line break that a name brought in.

    >>> letter("Head office", ["One."], "https://stock.example")
    ('Serialtrail: One.', 'Head office\\n\\nOne.\\n\\nhttps://stock.example/alerts\\n')
    """
    lines = [printable(each) for each in said]
    subject = f"Serialtrail: {lines[0][:120]}" if len(lines) == 1 else f"Serialtrail: {len(lines)} alerts"
    where = [f"{address}/alerts"] if address else []
    return subject, "\n\n".join([printable(site), "\n".join(lines), *where]) + "\n"


def _over(line: OrderedLine) -> Any:
    """By how many percent of what was ordered more came; negative when less did."""
    return 100 * (line.received - line.ordered) / line.ordered if line.ordered else 0


def _received(receipts: Iterable[Posted], says: str, speaks: Any) -> list[Cause]:
    causes = []
    for receipt in receipts:
        lines = [line for line in receipt.lines if speaks(line)]
        if lines:
            amounts = ", ".join(f"{line.received} of {line.ordered} {line.item_code}" for line in lines)
            message = f"{receipt.receipt_number} {says.format(receipt.order_number)}: {amounts}."
            causes.append(Cause(receipt.receipt_id, message[:MOST_WORDS], voucher_id=receipt.receipt_id))
    return causes
