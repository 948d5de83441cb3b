"""Customer returns: against the sale, into a place for rejected goods, with the warranty stopped."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from backend.domain import serials
from backend.domain.availability import UnitFacts
from backend.domain.claims import refusal_of_return
from backend.domain.errors import refuse
from backend.domain.ledger import Move
from backend.domain.locations import LocationKind
from backend.domain.people import Actor, Permission
from backend.models import (
    CustomerReturn,
    Location,
    Party,
    ReturnedUnit,
    SerialNumber,
    Voucher,
    VoucherLine,
)
from backend.services import warranties
from backend.services.choosing import chosen, sites_of
from backend.services.dating import business_date, must_follow
from backend.services.feed import SiteFeed, lock_sites
from backend.services.goods import GoodsWanted
from backend.services.places import only_place
from backend.services.returned_goods import SoldGoods, sites_that_sold, sold_goods
from backend.services.stock import move_units, post_moves
from backend.services.vouchers import digest_of, id_reused, made_before, next_number
from backend.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Return:
    """What a customer brings back.

    Args:
        voucher_id: UUID made by the caller.
        location_id: Where it is put until it is inspected: a place for rejected goods.
        customer: Code of the customer.
        serial_nos: The units, each once.
        goods: Goods without serial numbers, by quantity.
        reason: Why it comes back, in the customer's words.
        done_at: When, by the device's clock.
        dated_on: The business date; today when none is given.
    """

    voucher_id: str
    location_id: int
    customer: str
    serial_nos: tuple[str, ...]
    reason: str
    goods: tuple[GoodsWanted, ...] = ()
    done_at: datetime | None = None
    dated_on: date | None = None

    @property
    def digest(self) -> str:
        """What tells a request that is sent again from another one with the same id."""
        keys = sorted(serials.key(serial_no) for serial_no in self.serial_nos)
        goods = sorted((each.item_id, each.batch_no or "", str(each.qty)) for each in self.goods)
        return digest_of(self.location_id, self.customer, keys, self.reason, self.dated_on, *goods)


def take_back(work: UnitOfWork, actor: Actor, wanted: Return) -> CustomerReturn:
    """Take units and goods back from their customer; the same id again answers with the same return.

    What another site sold comes over its place in transit, so that each site's ledger tells its own part. Goods
    without serial numbers are as many as the customer has of us at most; nobody inspects them one by one: a supervisor
    moves them on from the place for rejected goods.

    Raises:
        DomainError: ``location_unknown``, ``return_place``, ``customer_unknown``, ``id_reused``, ``forbidden``,
            ``nothing_to_move``, ``more_than_sold``, what :func:`backend.domain.claims.refusal_of_return` answers, and
            the refusals of goods, serial numbers and dates.
    """
    place = work.session.get(Location, wanted.location_id)
    if place is None or place.site_id is None:
        raise refuse("location_unknown", "There is no such place.", "Choose a place of the list.")
    site_id = place.site_id
    actor.must(Permission.RECEIVE, site_id)
    if place.kind != LocationKind.REJECT:
        raise refuse(
            "return_place",
            f"{place.code} is no place for what comes back: that waits among the rejected goods for its inspection.",
            "Choose a place of the kind 'reject'.",
            location=place.code,
        )
    if not wanted.serial_nos and not wanted.goods:
        raise refuse("nothing_to_move", "The return names no unit and no goods.", "Scan at least one unit.")
    customer = work.session.scalar(select(Party).where(Party.code == wanted.customer, Party.kind == "customer"))
    if customer is None:  # One who is retired may still bring back what they bought.
        raise refuse("customer_unknown", f"There is no customer {wanted.customer}.", "Choose a customer of the list.")
    sold_at = sites_that_sold(work, customer, wanted.goods)
    feeds = lock_sites(work, site_id, *sites_of(work.connection, wanted.serial_nos), *sold_at)
    known = made_before(work, CustomerReturn, wanted.voucher_id)
    if known is not None:
        if known.request_digest != wanted.digest:
            raise id_reused(wanted.voucher_id)
        return known
    earlier = _standing_returns(work, wanted.serial_nos)
    units = (
        chosen(
            work.connection,
            wanted.serial_nos,
            lambda unit: refusal_of_return(unit, wanted.customer, earlier.get(unit.serial_id)),
        )
        if wanted.serial_nos
        else []
    )
    goods = sold_goods(work, customer, site_id, wanted.goods)
    voucher = _written(work, actor, wanted, place, customer, units, goods)
    lines = {(line.item_id, line.batch_id): line.id for line in voucher.lines if line.location_id is not None}
    moves = [
        Move(unit.item_id, unit.serial_id, unit.batch_id, unit.location_id, place.id, 1, line_of(voucher, unit))
        for unit in units
    ] + [
        Move(
            each.item_id, None, each.batch_id, each.location_id, place.id, each.qty, lines[each.item_id, each.batch_id]
        )
        for each in goods
    ]
    _post(work, feeds, voucher, moves, actor)
    left = warranties.pause(work, voucher, [unit.serial_id for unit in units])
    work.session.add_all(
        ReturnedUnit(voucher_id=voucher.id, serial_id=unit.serial_id, warranty_left=left.get(unit.serial_id))
        for unit in units
    )
    work.session.flush()
    for feed in feeds.values():
        tell(feed, voucher)
    return voucher


def _post(
    work: UnitOfWork, feeds: Mapping[int, SiteFeed], voucher: CustomerReturn, moves: Sequence[Move], actor: Actor
) -> None:
    """Each movement in the chain of the site that sold, and, where that is another one, from transit in ours."""
    site_of = {
        row.id: row.site_id
        for row in work.session.execute(
            select(Location.id, Location.site_id).where(Location.id.in_({move.from_location_id for move in moves}))
        )
    }
    arriving: list[Move] = []
    for site_id in sorted({site_of[move.from_location_id] for move in moves}):
        of_site = [move for move in moves if site_of[move.from_location_id] == site_id]
        if site_id != voucher.site_id:
            transit = only_place(work, site_id, LocationKind.TRANSIT)
            arriving += [replace(move, from_location_id=transit) for move in of_site]
            of_site = [replace(move, to_location_id=transit) for move in of_site]
        entries = post_moves(work, feeds[site_id], voucher, of_site, actor_id=actor.user_id)
        move_units(work, feeds[site_id], entries, owner_id=None)
    feed = feeds[voucher.site_id]
    move_units(work, feed, post_moves(work, feed, voucher, arriving, actor_id=actor.user_id), owner_id=None)


def must_not_be_followed_up(work: UnitOfWork, voucher: Voucher) -> None:
    """Refuse to cancel a return after a unit of it was replaced or went into repair.

    Raises:
        DomainError: ``has_later_vouchers``.
    """
    follows = work.session.scalars(
        select(Voucher.number)
        .join(ReturnedUnit, ReturnedUnit.outcome_voucher_id == Voucher.id)
        .where(ReturnedUnit.voucher_id == voucher.id, Voucher.status != "cancelled")
    ).first()
    if follows is not None:
        raise refuse(
            "has_later_vouchers",
            f"{voucher.number} cannot be cancelled: {follows} followed from it.",
            f"Cancel {follows} first.",
            voucher=follows,
        )


def undo_return(work: UnitOfWork, voucher: Voucher) -> None:
    """Let the warranties run again after the return was cancelled."""
    units = work.session.scalars(select(ReturnedUnit.serial_id).where(ReturnedUnit.voucher_id == voucher.id)).all()
    warranties.unpause(work, voucher, units)


def undo_outcome(work: UnitOfWork, voucher: Voucher) -> None:
    """Let a returned unit wait for its inspection again after the voucher that followed from it was taken back."""
    for row in work.session.scalars(select(ReturnedUnit).where(ReturnedUnit.outcome_voucher_id == voucher.id)):
        row.outcome = row.inspected_at = row.inspected_by_id = row.replacement_id = None
        row.outcome_voucher_id = row.remark = None
        came_with = work.session.get_one(CustomerReturn, row.voucher_id)
        if came_with.status == "closed":
            came_with.status = "submitted"


def _standing_returns(work: UnitOfWork, serial_nos: tuple[str, ...]) -> dict[int, tuple[date, str]]:
    """When and with which return a unit came back, where it was not sold again since."""
    keys = [serials.key(serial_no) for serial_no in serial_nos]
    rows = work.session.execute(
        select(SerialNumber.id, CustomerReturn.dated_on, CustomerReturn.number)
        .join(ReturnedUnit, ReturnedUnit.serial_id == SerialNumber.id)
        .join(CustomerReturn, CustomerReturn.id == ReturnedUnit.voucher_id)
        .where(
            SerialNumber.serial_key.in_(keys),
            SerialNumber.owner_id.is_(None),
            CustomerReturn.status != "cancelled",
        )
        .order_by(CustomerReturn.submitted_at)
    )
    return {row.id: (row.dated_on, row.number) for row in rows}


def _written(
    work: UnitOfWork,
    actor: Actor,
    wanted: Return,
    place: Location,
    customer: Party,
    units: Sequence[UnitFacts],
    goods: Sequence[SoldGoods],
) -> CustomerReturn:
    dated_on = business_date(work, wanted.dated_on)
    must_follow(work, [unit.serial_id for unit in units], dated_on)
    counted = Counter(unit.item_id for unit in units)
    parts: list[dict[str, Any]] = [{"item_id": item_id, "qty": counted[item_id]} for item_id in sorted(counted)]
    by_batch: Counter[tuple[int, int | None]] = Counter()
    for each in goods:
        by_batch[each.item_id, each.batch_id] += each.qty  # type: ignore[assignment]
    parts += [
        {"item_id": item_id, "batch_id": batch_id, "qty": qty, "location_id": place.id}
        for (item_id, batch_id), qty in by_batch.items()
    ]
    voucher = CustomerReturn(
        id=wanted.voucher_id,
        number=next_number(work, CustomerReturn, place.site_id),
        status="submitted" if units else "closed",
        site_id=place.site_id,
        location_id=place.id,
        party_id=customer.id,
        remark=wanted.reason,
        dated_on=dated_on,
        request_digest=wanted.digest,
        opened_by_id=actor.user_id,
        opened_at=work.now,
        submitted_by_id=actor.user_id,
        submitted_at=work.now,
        lines=[VoucherLine(idx=idx, **part) for idx, part in enumerate(parts, start=1)],
    )
    work.session.add(voucher)
    work.session.flush()
    return voucher


def line_of(voucher: CustomerReturn, unit: UnitFacts) -> int:
    """The line of a return that a unit is on."""
    return next(line.id for line in voucher.lines if line.item_id == unit.item_id)


def tell(feed: SiteFeed, voucher: CustomerReturn) -> None:
    """Let open screens know."""
    feed.tell("stock_moved", voucher_id=voucher.id)
    feed.tell("return_changed", voucher_id=voucher.id)
    feed.close()
