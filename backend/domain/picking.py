"""Which goods to fetch, by which rule, in which order to walk: a proposal that a scan replaces, never a decision."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from backend.domain.ledger import Quantity


class PickRule(StrEnum):
    """What goes first."""

    FIFO = "fifo"
    """What was received first."""

    LIFO = "lifo"
    FEFO = "fefo"
    """What expires first, by the date of the batch; what never expires comes last."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that might be fetched.

    Args:
        serial_id: Its key.
        serial_no: As it is written.
        item_id: Its item.
        location_id: Where it lies.
        batch_id: Its batch.
        expires_on: Last day of the batch.
        received_at: When it was received first.
        is_held: It or its batch is on hold or recalled.
        is_reserved: Another voucher has taken it.
    """

    serial_id: int
    serial_no: str
    item_id: int
    location_id: int
    batch_id: int | None
    expires_on: date | None
    received_at: datetime
    is_held: bool = False
    is_reserved: bool = False


@dataclass(frozen=True, slots=True)
class Goods:
    """Goods that are only counted, of one batch in one place; ``free`` is what no pick list has promised yet."""

    item_id: int
    location_id: int
    batch_id: int | None
    expires_on: date | None
    since: datetime
    free: Quantity
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """How much of some goods is proposed."""

    location_id: int
    batch_id: int | None
    qty: Quantity


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on the way through a warehouse."""

    walk_order: int
    path: str


def propose(
    candidates: Iterable[Candidate], rule: PickRule, qty: int, *, today: date, places: Collection[int]
) -> list[Candidate]:
    """The units to fetch, first the one that goes first; fewer than asked for when there are no more.

    Expired, held, recalled and reserved units and those elsewhere are never among them.

    Args:
        candidates: Units of one item.
        rule: What goes first. Among units of the same moment the one with the lower key was received first.
        qty: How many are wanted.
        today: The day that expiry is judged on.
        places: Ids of the places to fetch from: a warehouse with its bins.
    """
    fit = [
        unit
        for unit in candidates
        if unit.location_id in places and not unit.is_held and not unit.is_reserved and not _expired(unit, today)
    ]
    if rule is PickRule.LIFO:
        fit.sort(key=lambda unit: (unit.received_at, unit.serial_id), reverse=True)
    elif rule is PickRule.FEFO:
        fit.sort(key=lambda unit: (unit.expires_on or date.max, unit.received_at, unit.serial_id))
    else:
        fit.sort(key=lambda unit: (unit.received_at, unit.serial_id))
    return fit[: max(qty, 0)]


def share_out(goods: Iterable[Goods], rule: PickRule, qty: Quantity, *, today: date) -> list[Share]:
    """How much of which goods to fetch, first what goes first; less than asked for when there is no more."""
    fit = [each for each in goods if each.free > 0 and not each.is_held and not _expired(each, today)]
    if rule is PickRule.LIFO:
        fit.sort(key=lambda each: (each.since, each.batch_id or 0, each.location_id), reverse=True)
    elif rule is PickRule.FEFO:
        fit.sort(key=lambda each: (each.expires_on or date.max, each.since, each.batch_id or 0, each.location_id))
    else:
        fit.sort(key=lambda each: (each.since, each.batch_id or 0, each.location_id))
    shares: list[Share] = []
    for each in fit:
        part = min(each.free, qty)
        if part <= 0:
            break
        shares.append(Share(each.location_id, each.batch_id, part))
        qty -= part
    return shares


def walked(units: Iterable[Candidate], stops: Mapping[int, Stop]) -> list[Candidate]:
    """Units in the order of a walk through their places; in one place as their labels are sorted."""
    return sorted(units, key=lambda unit: (*way_to(stops[unit.location_id]), unit.serial_no, unit.serial_id))


def way_to(stop: Stop) -> tuple[int, str]:
    """What the places of a walk are sorted by."""
    return stop.walk_order, stop.path


def gives_way(proposed: Sequence[Candidate], taken: Candidate, stops: Mapping[int, Stop]) -> Candidate | None:
    """Which of the proposed units is not fetched, since another one was taken.

    One of the same place and batch if there is one, then of the same place, then of the same batch; of several
    the one that would be fetched last, so that the next one on the way stays the next one.
    """
    fitting = sorted(
        proposed,
        key=lambda unit: (
            unit.location_id == taken.location_id and unit.batch_id == taken.batch_id,
            unit.location_id == taken.location_id,
            unit.batch_id == taken.batch_id,
            way_to(stops[unit.location_id]),
            unit.serial_no,
            unit.serial_id,
        ),
    )
    return fitting[-1] if fitting else None


def _expired(goods: Candidate | Goods, today: date) -> bool:
    return goods.expires_on is not None and goods.expires_on < today
