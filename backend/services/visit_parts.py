"""The parts of a service visit: judged before anything is written, then moved out of the unit and into it."""

from dataclasses import dataclass
from datetime import date

from backend.domain import serials
from backend.domain.availability import Purpose, UnitFacts
from backend.domain.errors import refuse
from backend.domain.locations import LocationKind, UnitState
from backend.domain.people import Actor
from backend.models import Location, ServiceVisit
from backend.services import components
from backend.services.choosing import chosen, named
from backend.services.dating import must_follow
from backend.services.feed import SiteFeed
from backend.services.goods import GoodsWanted
from backend.services.moving import Taken, Wanted, moves_to, post, shelf, take
from backend.services.places import only_place
from backend.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Parts:
    """What goes into a unit and what comes out.

    Args:
        from_location_id: The van or shelf that the parts in are taken from.
        put_in: Serial numbers of parts in.
        goods: Parts without serial numbers, by quantity.
        to_location_id: Where the parts out are put.
        taken_out: Serial numbers of parts out that were built in by us.
        noted: Serial numbers of parts out that the maker built in, which the ledger does not know.
    """

    from_location_id: int | None = None
    put_in: tuple[str, ...] = ()
    goods: tuple[GoodsWanted, ...] = ()
    to_location_id: int | None = None
    taken_out: tuple[str, ...] = ()
    noted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MovedParts:
    """Parts that may move: what goes in from a place, what comes out to one."""

    put_in: Taken
    source: Location | None
    taken_out: list[UnitFacts]
    target: Location | None

    @property
    def are_there(self) -> bool:
        """Whether any part moves."""
        return bool(self.put_in.units or self.put_in.goods or self.taken_out)


def judge_parts(
    work: UnitOfWork, actor: Actor, parts: Parts, unit: UnitFacts, *, site_id: int, dated_on: date
) -> MovedParts:
    """Judge the parts of a visit.

    Args:
        work: The unit of work; the site is locked in it.
        actor: Who closes the visit.
        parts: What came out and went in.
        unit: The unit of the visit.
        site_id: The site of the visit.
        dated_on: Its day.

    Raises:
        DomainError: ``place_needed``, ``location_unknown``, ``part_built_in``, ``part_known``, ``not_a_component``,
            ``serial_in_itself``, and what :func:`backend.services.moving.take` answers.
    """
    put_in, source = _put_in(work, actor, parts, unit, site_id, dated_on)
    taken_out, target = _taken_out(work, parts, unit, site_id, dated_on)
    return MovedParts(put_in, source, taken_out, target)


def _put_in(
    work: UnitOfWork, actor: Actor, parts: Parts, unit: UnitFacts, site_id: int, dated_on: date
) -> tuple[Taken, Location | None]:
    if not parts.put_in and not parts.goods:
        return Taken([], [], dated_on), None
    place = _place(work, site_id, parts.from_location_id, "Choose the van or shelf that they come from.")
    _must_not_be_built_in(work, parts.put_in)
    wanted = Wanted("", place.id, serial_nos=parts.put_in, goods=parts.goods, dated_on=dated_on)
    taken = take(work, actor, wanted, place, Purpose.CONSUME, also=lambda part: components.not_in_itself(part, unit))
    return taken, place


def _must_not_be_built_in(work: UnitOfWork, serial_nos: tuple[str, ...]) -> None:
    """A part that is inside another unit is said to be there, not just to be used up."""
    for part in (unit for units in named(work.connection, serial_nos).values() for unit in units):
        holder = components.holder_of(work, part) if part.state is UnitState.CONSUMED else None
        if holder is not None:
            raise refuse(
                "part_built_in",
                f"{part.serial_no} is built into {holder.serial_no}.",
                "Take it out there first, or scan the part that you hold.",
                serial_no=part.serial_no,
                holder=holder.serial_no,
            )


def _taken_out(
    work: UnitOfWork, parts: Parts, unit: UnitFacts, site_id: int, dated_on: date
) -> tuple[list[UnitFacts], Location | None]:
    known = named(work.connection, parts.noted)
    for part in parts.noted:
        if any(components.not_inside(work, each, unit) is None for each in known.get(serials.key(part), ())):
            raise refuse(
                "part_known",
                f"{serials.printable(part)} was built into {unit.serial_no} by us, so it comes out with a movement.",
                "Enter it as a part of ours, and say where it is put.",
                serial_no=serials.printable(part),
            )
    if not parts.taken_out:
        return [], None
    place = _place(work, site_id, parts.to_location_id, "Choose where they are put.")
    units = chosen(work.connection, parts.taken_out, lambda part: components.not_inside(work, part, unit))
    must_follow(work, [part.serial_id for part in units], dated_on)
    return units, place


def _place(work: UnitOfWork, site_id: int, location_id: int | None, next_step: str) -> Location:
    if location_id is None:
        raise refuse("place_needed", "Parts moved, and the place is not named.", next_step)
    place, of_site = shelf(work, location_id)
    if of_site != site_id:
        raise refuse("location_unknown", f"{place.code} is at another site.", "Choose a place of this site.")
    return place


def move_parts(
    work: UnitOfWork, feed: SiteFeed, actor: Actor, visit: ServiceVisit, parts: MovedParts, unit: UnitFacts
) -> None:
    """Post the movements of the parts of a visit and note what is inside the unit now."""
    moves = []
    if parts.target is not None:
        came_out = Taken(parts.taken_out, [], parts.put_in.dated_on)
        moves += moves_to(visit, came_out, parts.target, parts.target.id)
    if parts.source is not None:
        consumed = only_place(work, visit.site_id, LocationKind.CONSUMED)
        moves += moves_to(visit, parts.put_in, parts.source, consumed)
    post(work, feed, visit, moves, actor)
    components.build_in(work, visit, parts.put_in, unit)
    components.take_out(work, visit, parts.taken_out, unit)
