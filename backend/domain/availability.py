"""Whether a unit may leave its place for a purpose: sold, moved, returned, used up; and if not, by which rule."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from backend.domain.errors import Refusal
from backend.domain.locations import UnitState


class Purpose(StrEnum):
    """What a unit is wanted for."""

    SELL = "sell"
    """Picked, delivered, invoiced."""

    CONSUME = "consume"
    """Issued, or built into another unit."""

    MOVE = "move"
    RETURN_TO_SUPPLIER = "return_to_supplier"
    SCRAP = "scrap"


class HoldKind(StrEnum):
    """Why a batch or unit is kept back."""

    HOLD = "hold"
    RECALL = "recall"


class Availability(StrEnum):
    """What a person may expect of a unit: of those in the house why it is free or not, of the others where they are."""

    EXPECTED = "expected"
    AVAILABLE = "available"
    RESERVED = "reserved"
    EXPIRED = "expired"
    ON_HOLD = "on_hold"
    RECALLED = "recalled"
    IN_TRANSIT = "in_transit"
    SOLD = "sold"
    RETURNED_TO_SUPPLIER = "returned_to_supplier"
    IN_REPAIR = "in_repair"
    CONSUMED = "consumed"
    SCRAPPED = "scrapped"
    LOST = "lost"


IN_HOUSE = frozenset({UnitState.IN_STOCK, UnitState.ON_HOLD, UnitState.RETURNED})
"""States in which a unit lies in a place of ours, where a hold or an expiry says what it is."""


def availability_of(
    state: UnitState, *, today: date, hold: HoldKind | None, expires_on: date | None, is_reserved: bool
) -> Availability:
    """What a unit is for somebody who looks for one; the heaviest reason against it counts.

    It is available just when :func:`refusal_of` has nothing against selling it. ``queries.availability`` says the
    same in SQL; a test compares them.

    >>> today = date(2026, 3, 1)
    >>> str(availability_of(UnitState.IN_STOCK, today=today, hold=None, expires_on=today, is_reserved=False))
    'available'
    >>> str(availability_of(UnitState.IN_STOCK, today=today, hold=HoldKind.HOLD, expires_on=None, is_reserved=True))
    'on_hold'
    """
    if state not in IN_HOUSE:
        return Availability(state)
    if hold is HoldKind.RECALL:
        return Availability.RECALLED
    if hold is HoldKind.HOLD or state in (UnitState.ON_HOLD, UnitState.RETURNED):
        return Availability.ON_HOLD
    if expires_on is not None and expires_on < today:
        return Availability.EXPIRED
    return Availability.RESERVED if is_reserved else Availability.AVAILABLE


class BatchState(StrEnum):
    """What a batch is: free to go, kept back, or past its last day."""

    RELEASED = "released"
    EXPIRED = "expired"
    ON_HOLD = "on_hold"
    RECALLED = "recalled"


def batch_state_of(hold: HoldKind | None, expires_on: date | None, today: date) -> BatchState:
    """The state of a batch: that of a unit of it in stock which nothing else names.

    >>> str(batch_state_of(None, date(2026, 1, 31), date(2026, 3, 1)))
    'expired'
    """
    unit = availability_of(UnitState.IN_STOCK, today=today, hold=hold, expires_on=expires_on, is_reserved=False)
    return BatchState.RELEASED if unit is Availability.AVAILABLE else BatchState(unit)


@dataclass(frozen=True, slots=True)
class HoldFacts:
    """A hold that stands, on the unit or on its batch."""

    kind: HoldKind
    reason: str
    is_of_batch: bool


@dataclass(frozen=True, slots=True)
class ReservedFor:
    """The voucher that has taken the unit; ``number`` is what people know it by, such as SO-9."""

    voucher_id: str
    number: str
    by: str
    is_proposed: bool


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What is known of a unit when somebody wants it.

    Args:
        serial_id: Its key.
        serial_no: As it is written.
        item_id: Its item.
        item_code: Name of the item.
        state: From the place where the ledger has it.
        location_id: That place.
        location: The place as a person says it.
        batch_id: Its batch, if it has one.
        batch_no: Name of the batch.
        expires_on: Last day of the batch.
        owner: Code of the customer who has it.
        last_voucher: Number of the voucher that moved it last.
        hold: What keeps it back.
        reserved: Who has taken it.
    """

    serial_id: int
    serial_no: str
    item_id: int
    item_code: str
    state: UnitState
    location_id: int
    location: str
    batch_id: int | None = None
    batch_no: str | None = None
    expires_on: date | None = None
    owner: str | None = None
    last_voucher: str | None = None
    hold: HoldFacts | None = None
    reserved: ReservedFor | None = None


_FROM: Mapping[Purpose, frozenset[UnitState]] = {
    Purpose.SELL: frozenset({UnitState.IN_STOCK}),
    Purpose.CONSUME: frozenset({UnitState.IN_STOCK}),
    Purpose.MOVE: frozenset({UnitState.IN_STOCK, UnitState.ON_HOLD}),
    Purpose.RETURN_TO_SUPPLIER: frozenset({UnitState.IN_STOCK, UnitState.ON_HOLD}),
    Purpose.SCRAP: frozenset({UnitState.IN_STOCK, UnitState.ON_HOLD}),
}
_FIT_FOR_USE = frozenset({Purpose.SELL, Purpose.CONSUME})
"""Purposes for which a unit must be fit for use: not held, not recalled, not expired."""

OVERRIDABLE = frozenset({"serial_reserved"})
"""Refusals that a supervisor may pass with a reason."""


def refusal_of(
    unit: UnitFacts,
    purpose: Purpose,
    *,
    today: date,
    item: tuple[int, str] | None = None,
    batch: tuple[int, str] | None = None,
    places: Collection[int] | None = None,
    place: str = "",
    voucher_ids: Collection[str] = (),
    passed: Collection[str] = (),
) -> Refusal | None:
    """The first rule that keeps a unit from a purpose; ``None`` when it may be taken.

    Args:
        unit: The unit.
        purpose: What it is wanted for.
        today: The day that expiry is judged on.
        item: Id and code of the item that is wanted, if only one will do.
        batch: Id and number of the batch that is wanted, if only one will do.
        places: Ids of the places where it may lie: a warehouse with its bins; anywhere when not given.
        place: What a person calls them.
        voucher_ids: Vouchers that it may be reserved for.
        passed: Codes of rules that a supervisor passes with a reason; of ``OVERRIDABLE``.
    """
    name = unit.serial_no
    if item is not None and unit.item_id != item[0]:
        return Refusal(
            "serial_of_other_item",
            f"{name} belongs to {unit.item_code}, not to {item[1]}.",
            f"Scan a unit of {item[1]}, or put {name} on a line of {unit.item_code}.",
            facts={"serial_no": name, "item_code": unit.item_code},
        )
    if batch is not None and unit.batch_id != batch[0]:
        return Refusal(
            "serial_of_other_batch",
            f"{name} belongs to batch {unit.batch_no or 'none'}, not to {batch[1]}.",
            f"Scan a unit of batch {batch[1]}, or choose batch {unit.batch_no or 'none'}.",
            facts={"serial_no": name, "batch_no": unit.batch_no},
        )
    if unit.state not in _FROM[purpose]:
        return _elsewhere(unit)
    if places is not None and unit.location_id not in places:
        return Refusal(
            "serial_not_at_location",
            f"{name} is in {unit.location}, not in {place}.",
            f"Fetch it from {unit.location}, or take another unit.",
            facts={"serial_no": name, "location": unit.location},
        )
    if purpose in _FIT_FOR_USE:
        refusal = _unfit(unit, today)
        if refusal:
            return refusal
    if unit.reserved and unit.reserved.voucher_id not in voucher_ids and "serial_reserved" not in passed:
        return Refusal(
            "serial_reserved",
            f"{name} is reserved for {unit.reserved.number} by {unit.reserved.by}.",
            "Take another unit, or ask a supervisor to override it with a reason.",
            facts={"serial_no": name, "voucher": unit.reserved.number, "by": unit.reserved.by},
        )
    return None


def _elsewhere(unit: UnitFacts) -> Refusal:
    if unit.state is UnitState.SOLD:
        return Refusal(
            "serial_already_sold",
            f"{unit.serial_no} is already sold"
            + (f" to {unit.owner}" if unit.owner else "")
            + (f" on {unit.last_voucher}" if unit.last_voucher else "")
            + ".",
            "Take another unit.",
            facts={"serial_no": unit.serial_no, "owner": unit.owner, "voucher": unit.last_voucher},
        )
    return Refusal(
        "serial_not_available",
        f"{unit.serial_no} is {unit.state.replace('_', ' ')}, in {unit.location}.",
        "Take another unit.",
        facts={"serial_no": unit.serial_no, "state": str(unit.state), "location": unit.location},
    )


def _unfit(unit: UnitFacts, today: date) -> Refusal | None:
    if unit.hold:
        what = f"batch {unit.batch_no} of {unit.serial_no}" if unit.hold.is_of_batch else unit.serial_no
        facts = {"serial_no": unit.serial_no, "reason": unit.hold.reason}
        next_step = "Leave it where it is and take another unit."
        if unit.hold.kind is HoldKind.RECALL:
            return Refusal("unit_recalled", f"{what} is recalled: {unit.hold.reason}", next_step, facts=facts)
        return Refusal("unit_on_hold", f"{what} is on hold: {unit.hold.reason}", next_step, facts=facts)
    if unit.expires_on is not None and unit.expires_on < today:
        return Refusal(
            "batch_expired",
            f"{unit.serial_no}: batch {unit.batch_no} expired on {unit.expires_on}.",
            "Put it aside and take a unit of another batch.",
            facts={
                "serial_no": unit.serial_no,
                "batch_no": unit.batch_no,
                "expires_on": str(unit.expires_on),
            },
        )
    return None
