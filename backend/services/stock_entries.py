"""Stock entries: issued for own use, scrapped, built into another unit, taken out of it again."""

from enum import StrEnum

from sqlalchemy import insert, select, update

from backend.domain.availability import Purpose, UnitFacts
from backend.domain.errors import Refusal, refuse
from backend.domain.locations import LocationKind, UnitState
from backend.domain.people import Actor, Permission
from backend.models import Component, Location, StockEntry, table
from backend.services.choosing import chosen
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
from backend.services.standing import first_of_unit_after
from backend.services.undoing import Cancelling, checks_before, undoes
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
        taken = take(work, actor, wanted, place, why, also=lambda unit: _not_itself(unit, parent))
        entry = submitted(
            work, actor, StockEntry, wanted, place, taken, digest=digest, site_id=site_id, purpose=str(purpose)
        )
        post(work, feed, entry, moves_to(entry, taken, place, only_place(work, site_id, to)), actor)
        if parent is not None:
            _build_in(work, entry, taken, parent)
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


def _not_itself(unit: UnitFacts, parent: UnitFacts | None) -> Refusal | None:
    if parent is None or unit.serial_id != parent.serial_id:
        return None
    return Refusal(
        "serial_in_itself",
        f"{unit.serial_no} cannot be built into itself.",
        "Scan the unit that it is built into.",
        facts={"serial_no": unit.serial_no},
    )


def _build_in(work: UnitOfWork, entry: StockEntry, taken: Taken, parent: UnitFacts) -> None:
    shared = {"parent_id": parent.serial_id, "voucher_id": entry.id, "put_in_at": work.now}
    work.session.execute(
        insert(table(Component)),
        [
            {"item_id": unit.item_id, "serial_id": unit.serial_id, "batch_id": unit.batch_id, "qty": 1, **shared}
            for unit in taken.units
        ]
        + [
            {"item_id": each.item_id, "serial_id": None, "batch_id": each.batch_id, "qty": each.qty, **shared}
            for each in taken.goods
        ],
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
    inside = dict(
        work.session.execute(
            select(Component.serial_id, Component.id).where(
                Component.parent_id == parent.serial_id,
                Component.removed_at.is_(None),
                Component.serial_id.is_not(None),
            )
        ).all()
    )
    if not wanted.serial_nos or wanted.goods:
        raise refuse("nothing_to_move", "Units are taken out by their serial numbers.", "Scan the units that came out.")

    def judge(unit: UnitFacts) -> Refusal | None:
        if unit.serial_id in inside:
            return None
        return Refusal(
            "not_a_component",
            f"{unit.serial_no} is not built into {parent.serial_no}.",
            "Look the unit up: its page says where it is.",
            facts={"serial_no": unit.serial_no, "parent": parent.serial_no},
        )

    site_id = feed.site_id
    units = chosen(work.connection, wanted.serial_nos, judge)
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
    work.session.execute(
        update(Component)
        .where(Component.id.in_([inside[unit.serial_id] for unit in units]))
        .values(removed_by_id=entry.id, removed_at=work.now)
    )
    return entry


@checks_before("stock_entry")
def _parents_must_not_have_moved(cancelling: Cancelling) -> None:
    """What was built into a unit cannot come back to the shelf when that unit has gone away with it."""
    entry = cancelling.voucher
    parents = cancelling.work.session.scalars(
        select(Component.parent_id)
        .where((Component.voucher_id == entry.id) | (Component.removed_by_id == entry.id))
        .distinct()
    )
    for parent_id in parents:
        later = first_of_unit_after(cancelling.work.connection, parent_id, entry.id)
        if later is not None:
            raise later.contradicts(f"{entry.number} cannot be cancelled.")


@undoes("stock_entry")
def _undo_components(cancelling: Cancelling) -> None:
    session, entry = cancelling.work.session, cancelling.voucher
    session.execute(
        update(Component).where(Component.removed_by_id == entry.id).values(removed_by_id=None, removed_at=None)
    )
    session.execute(
        update(Component)
        .where(Component.voucher_id == entry.id)
        .values(removed_by_id=entry.id, removed_at=cancelling.work.now)
    )
