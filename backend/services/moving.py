"""What transfers, returns to suppliers and stock entries share: units and goods leave a place in one voucher."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from backend.domain import serials
from backend.domain.availability import Purpose, UnitFacts, refusal_of
from backend.domain.errors import Refusal, refuse
from backend.domain.ledger import Move
from backend.domain.locations import SHELVES, LocationKind, UnitState
from backend.domain.people import Actor, Permission
from backend.models import Location, Voucher, VoucherLine
from backend.services.choosing import chosen
from backend.services.dating import business_date, must_follow
from backend.services.feed import SiteFeed
from backend.services.goods import Goods, GoodsWanted, goods_named, must_be_there
from backend.services.places import inside
from backend.services.stock import move_units, post_moves
from backend.services.vouchers import digest_of, id_reused, made_before, next_number
from backend.unit_of_work import UnitOfWork

Kind = TypeVar("Kind", bound=Voucher)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants to move in one voucher.

    Args:
        voucher_id: UUID made by the caller.
        location_id: Where it is taken from: units from there and from the bins inside, goods from there itself.
        serial_nos: The units, each once.
        goods: Goods without serial numbers, by quantity.
        remark: Why, or what somebody should know.
        dated_on: When it happened, if not today.
    """

    voucher_id: str
    location_id: int
    serial_nos: tuple[str, ...] = ()
    goods: tuple[GoodsWanted, ...] = ()
    remark: str | None = None
    dated_on: date | None = None

    def digest(self, *more: object) -> str:
        """What tells a request that is sent again from another one with the same id."""
        return digest_of(
            self.location_id,
            sorted(serials.key(serial_no) for serial_no in self.serial_nos),
            sorted((each.item_id, each.batch_no or "", str(each.qty)) for each in self.goods),
            self.remark,
            self.dated_on,
            *more,
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """What may leave, and on which day."""

    units: list[UnitFacts]
    goods: list[Goods]
    dated_on: date


def known_voucher(work: UnitOfWork, kind: type[Kind], wanted: Wanted, digest: str) -> Kind | None:
    """The voucher that this request made before.

    Raises:
        DomainError: ``id_reused`` when it asked for something else.
    """
    known = made_before(work, kind, wanted.voucher_id)
    if known is not None and known.request_digest != digest:
        raise id_reused(wanted.voucher_id)
    return known


def shelf(work: UnitOfWork, location_id: int) -> tuple[Location, int]:
    """A place where people put goods, and its site.

    Raises:
        DomainError: ``location_unknown``.
    """
    place = work.session.get(Location, location_id)
    is_shelf = place is not None and LocationKind(place.kind) in SHELVES and place.retired_at is None
    if place is None or place.site_id is None or not is_shelf:
        raise refuse(
            "location_unknown",
            f"{place.code if place else location_id} is no place where goods are kept.",
            "Choose a warehouse or bin of the list.",
        )
    return place, place.site_id


def take(
    work: UnitOfWork,
    actor: Actor,
    wanted: Wanted,
    place: Location,
    purpose: Purpose,
    *,
    also: Callable[[UnitFacts], Refusal | None] = lambda unit: None,
) -> Taken:
    """Judge what a person wants to take from a place.

    Args:
        work: The unit of work; the site of the place is locked in it.
        actor: Who takes it; units come out of a place for rejected goods by ``override`` only, unless they leave
            the house.
        wanted: What.
        place: Where from.
        purpose: What for.
        also: A further rule for each unit.

    Raises:
        DomainError: ``nothing_to_move``, and what the rules for units, goods and dates answer.
    """
    if not wanted.serial_nos and not wanted.goods:
        raise refuse("nothing_to_move", "The voucher names no unit and no goods.", "Scan at least one unit.")
    places = inside(work, place)
    today = work.today
    units = (
        chosen(
            work.connection,
            wanted.serial_nos,
            lambda unit: refusal_of(unit, purpose, today=today, places=places, place=place.path) or also(unit),
        )
        if wanted.serial_nos
        else []
    )
    goods = goods_named(work, wanted.goods)
    must_be_there(work, goods, place)
    dated_on = business_date(work, wanted.dated_on)
    must_follow(work, [unit.serial_id for unit in units], dated_on)
    return Taken(units, goods, dated_on)


def must_not_release(actor: Actor, place: Location, taken: Taken, to: Location) -> None:
    """Rejected goods go back among the good ones only by the word of a supervisor.

    Raises:
        DomainError: ``forbidden``.
    """
    is_rejected = any(unit.state is UnitState.ON_HOLD for unit in taken.units) or (
        taken.goods and place.kind == LocationKind.REJECT
    )
    if is_rejected and to.kind != LocationKind.REJECT and place.site_id is not None:
        actor.must(Permission.OVERRIDE, place.site_id)


def submitted(
    work: UnitOfWork,
    actor: Actor,
    kind: type[Kind],
    wanted: Wanted,
    place: Location,
    taken: Taken,
    *,
    site_id: int,
    digest: str,
    status: str = "submitted",
    **columns: Any,
) -> Kind:
    """The voucher of what was taken, with a line for each item, and for each batch of goods."""
    counted = Counter(unit.item_id for unit in taken.units)
    parts: list[dict[str, Any]] = [{"item_id": item_id, "qty": counted[item_id]} for item_id in sorted(counted)]
    parts += [
        {"item_id": each.item_id, "qty": each.qty, "batch_id": each.batch_id, "location_id": place.id}
        for each in taken.goods
    ]
    voucher = kind(
        id=wanted.voucher_id,
        number=next_number(work, kind, site_id),
        status=status,
        site_id=site_id,
        location_id=place.id,
        remark=wanted.remark,
        dated_on=taken.dated_on,
        request_digest=digest,
        opened_by_id=actor.user_id,
        opened_at=work.now,
        submitted_by_id=actor.user_id,
        submitted_at=work.now,
        lines=[VoucherLine(idx=idx, **part) for idx, part in enumerate(parts, start=1)],
        **columns,
    )
    work.session.add(voucher)
    work.session.flush()
    return voucher


def moves_to(voucher: Voucher, taken: Taken, place: Location, to: int) -> list[Move]:
    """The movements of all that was taken, to one place."""
    line_of = {(line.item_id, line.batch_id, line.location_id is None): line.id for line in voucher.lines}
    return [
        Move(
            unit.item_id,
            unit.serial_id,
            unit.batch_id,
            unit.location_id,
            to,
            1,
            line_of[unit.item_id, None, True],
        )
        for unit in taken.units
    ] + [
        Move(each.item_id, None, each.batch_id, place.id, to, each.qty, line_of[each.item_id, each.batch_id, False])
        for each in taken.goods
    ]


def post(work: UnitOfWork, feed: SiteFeed, voucher: Voucher, moves: Sequence[Move], actor: Actor) -> None:
    """Post movements to places in the house, where nobody else owns anything, and move the units."""
    entries = post_moves(work, feed, voucher, moves, actor_id=actor.user_id)
    move_units(work, feed, entries, owner_id=None)
