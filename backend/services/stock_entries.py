"""Stock entries: issued for own use, scrapped, built into another unit, taken out of it again."""

from enum import StrEnum

from backend.domain.availability import Purpose, UnitFacts
from backend.domain.errors import Refusal, refuse
from backend.domain.locations import LocationKind, UnitState
from backend.domain.people import Actor, Permission
from backend.models import Location, StockEntry
from backend.services import components
from backend.services.choosing import chosen
from backend.services.components import not_in_itself, not_inside
from backend.services.dating import business_date, must_follow
from backend.services.feed import SiteFeed
from backend.services.moving import (
    Taken,
    Wanted,
    known_voucher,
    moves_to,
    post,
    shelf,
    submitted,
    take,
)
from backend.services.places import only_place
from backend.unit_of_work import UnitOfWork


class EntryPurpose(StrEnum):
    """What a stock entry is for."""

    ISSUE = "issue"
    """Used up in the house."""

    SCRAP = "scrap"
    CONSUME = "consume"
    """Built into another unit, which from then on has it as a component."""

    TAKE_OUT = "take_out"
    """Taken out of the unit that it was built into, back into stock."""


_TO = {
    EntryPurpose.ISSUE: (Purpose.CONSUME, LocationKind.CONSUMED),
    EntryPurpose.SCRAP: (Purpose.SCRAP, LocationKind.SCRAP),
    EntryPurpose.CONSUME: (Purpose.CONSUME, LocationKind.CONSUMED),
}
_CAN_BE_BUILT_INTO = frozenset({UnitState.IN_STOCK, UnitState.ON_HOLD, UnitState.IN_REPAIR})


def enter_stock(
    work: UnitOfWork, actor: Actor, wanted: Wanted, *, purpose: EntryPurpose, parent_serial_no: str | None = None
) -> StockEntry:
    """Post a stock entry; the same id again answers with the same entry.

    Args:
        work: The unit of work.
        actor: Needs ``move`` at the site.
        wanted: What, and where from; for ``take_out`` where it is put. Its remark says why.
        purpose: What for.
        parent_serial_no: The unit that it is built into or taken out of.

    Raises:
        DomainError: ``parent_needed``, ``serial_in_itself``, ``not_a_component``, ``location_unknown``,
            ``id_reused``, ``forbidden``, and what :func:`backend.services.moving.take` raises.
    """
    place, site_id = shelf(work, wanted.location_id)
    actor.must(Permission.MOVE, site_id)
    feed = SiteFeed(work, site_id)
    digest = wanted.digest(str(purpose), parent_serial_no)
    known = known_voucher(work, StockEntry, wanted, digest)
    if known is not None:
        return known
    parent = _parent(work, purpose, parent_serial_no)
    if purpose is EntryPurpose.TAKE_OUT and parent is not None:
        entry = _take_out(work, actor, feed, wanted, place, parent, digest)
    else:
        why, to = _TO[purpose]
        taken = take(work, actor, wanted, place, why, also=lambda unit: not_in_itself(unit, parent) if parent else None)
        entry = submitted(
            work, actor, StockEntry, wanted, place, taken, digest=digest, site_id=site_id, purpose=str(purpose)
        )
        post(work, feed, entry, moves_to(entry, taken, place, only_place(work, site_id, to)), actor)
        if parent is not None:
            components.build_in(work, entry, taken, parent)
    feed.tell("stock_moved", voucher_id=entry.id)
    feed.close()
    return entry


def _parent(work: UnitOfWork, purpose: EntryPurpose, serial_no: str | None) -> UnitFacts | None:
    if purpose not in (EntryPurpose.CONSUME, EntryPurpose.TAKE_OUT):
        return None
    if not serial_no:
        raise refuse("parent_needed", "The unit that it is built into is not named.", "Scan that unit, too.")
    (parent,) = chosen(work.connection, [serial_no], _can_be_built_into)
    return parent


def _can_be_built_into(unit: UnitFacts) -> Refusal | None:
    if unit.state in _CAN_BE_BUILT_INTO:
        return None
    return Refusal(
        "serial_not_available",
        f"{unit.serial_no} is {unit.state.replace('_', ' ')}, in {unit.location}.",
        "Work on a unit that is here.",
        facts={"serial_no": unit.serial_no, "state": str(unit.state), "location": unit.location},
    )


def _take_out(
    work: UnitOfWork,
    actor: Actor,
    feed: SiteFeed,
    wanted: Wanted,
    place: Location,
    parent: UnitFacts,
    digest: str,
) -> StockEntry:
    if not wanted.serial_nos or wanted.goods:
        raise refuse("nothing_to_move", "Units are taken out by their serial numbers.", "Scan the units that came out.")

    site_id = feed.site_id
    units = chosen(work.connection, wanted.serial_nos, lambda unit: not_inside(work, unit, parent))
    dated_on = business_date(work, wanted.dated_on)
    must_follow(work, [unit.serial_id for unit in units], dated_on)
    taken = Taken(units, [], dated_on)
    entry = submitted(
        work,
        actor,
        StockEntry,
        wanted,
        place,
        taken,
        digest=digest,
        site_id=site_id,
        purpose=str(EntryPurpose.TAKE_OUT),
    )
    post(work, feed, entry, moves_to(entry, taken, place, place.id), actor)
    components.take_out(work, entry, units, parent)
    return entry
