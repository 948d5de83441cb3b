"""What a hold, a recall or a count takes back: open pick lists and orders are free of what they had taken."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update

from backend.domain.availability import HoldKind
from backend.domain.locations import STATE_AT, LocationKind, UnitState
from backend.domain.people import Actor
from backend.models import (
    Hold,
    Location,
    PickList,
    Reservation,
    SerialNumber,
    StockCount,
    Voucher,
    table,
)
from backend.services.feed import SiteFeed
from backend.services.places import inside
from backend.services.replacing import Taken, ask_elsewhere, lines_with, propose_other_units
from backend.services.reservations import STANDING, count_out
from backend.unit_of_work import UnitOfWork

_CHUNK = 500

HELD_AS: Mapping[HoldKind, str] = {HoldKind.HOLD: "on hold", HoldKind.RECALL: "recalled"}
"""How a hold is said."""

_reservation = table(Reservation).c
_RELEASE = (
    update(table(Reservation))
    .where(_reservation.id == bindparam("taken"))
    .values(status="released", reason=bindparam("why"), hold_id=bindparam("hold"), count_id=bindparam("count"))
)


def release_reserved(work: UnitOfWork, actor: Actor, feeds: Iterable[SiteFeed], holds: Sequence[Hold]) -> set[str]:
    """Release what open pick lists and sales orders have taken of what is held, and propose other goods.

    A unit that was fetched already is counted out of its list, so that the picker puts it aside. Lists that are
    finished keep theirs: the parcel is packed, and its delivery is refused with the hold's reason until somebody
    discards the list. Call it in the unit of work that places the holds, for any number of them at once.

    Args:
        work: The unit of work.
        actor: Who places the holds; the new proposals are made in their name.
        feeds: The locked feeds of all sites that have some of the goods; each list and order is told there. The
            caller closes them.
        holds: The holds and recalls that were placed.

    Returns:
        The ids of the pick lists and sales orders that lost something.
    """
    work.session.flush()
    because = {("batch", hold.batch_id): hold for hold in holds if hold.batch_id is not None}
    because |= {("unit", hold.serial_id): hold for hold in holds if hold.serial_id is not None}
    taken = _release_units(work, because)
    by_list: defaultdict[str, list[Taken]] = defaultdict(list)
    for each in taken:
        if each.is_of_list:
            by_list[each.voucher_id].append(each)
    batches = [key for kind, key in because if kind == "batch"]
    goods = lines_with(work, batches)
    for list_id in sorted({*by_list, *goods}):
        pick_list = work.session.get_one(PickList, list_id)
        places = inside(work, work.session.get_one(Location, pick_list.location_id))
        propose_other_units(work, actor, by_list[list_id], places)
        ask_elsewhere(work, goods.get(list_id, ()), places)
        work.session.expire(pick_list)
    changed = {each.voucher_id: each.is_of_list for each in taken} | dict.fromkeys(goods, True)
    _tell(work, feeds, changed)
    return set(changed)


def release_out_of_reach(
    work: UnitOfWork, actor: Actor, feed: SiteFeed, moved: Mapping[int, int], count: StockCount
) -> None:
    """Release units that a count found where those who had taken them do not fetch, or nowhere.

    Open pick lists are proposed other units in their place, as far as there are any.

    Args:
        work: The unit of work.
        actor: Who approves the count; the new proposals are made in their name.
        feed: The locked feed of the site; the lists and orders whose units were moved are told there.
        moved: Where the units are now, by their ids.
        count: The count, kept with what it released.
    """
    voucher, ids = table(Voucher).c, sorted(moved)
    rows = work.session.execute(select(Location.id, Location.kind).where(Location.id.in_(set(moved.values()))))
    stock = {row.id for row in rows if STATE_AT[LocationKind(row.kind)] is UnitState.IN_STOCK}
    reach: dict[int, frozenset[int]] = {}

    def can_be_fetched(row: Any) -> bool:
        """An order reaches all the stock of its site, a pick list the place that it fetches from."""
        if row.type == "pick_list" and row.location_id not in reach:
            reach[row.location_id] = inside(work, work.session.get_one(Location, row.location_id))
        return moved[row.serial_id] in (stock & reach[row.location_id] if row.type == "pick_list" else stock)

    taken = [
        row
        for start in range(0, len(ids), _CHUNK)
        for row in work.connection.execute(
            select(
                _reservation.id,
                _reservation.serial_id,
                _reservation.line_id,
                _reservation.status,
                _reservation.voucher_id,
                voucher.type,
                voucher.status.label("voucher_status"),
                voucher.location_id,
                table(SerialNumber).c.item_id,
            )
            .join(table(Voucher), voucher.id == _reservation.voucher_id)
            .join(table(SerialNumber), table(SerialNumber).c.id == _reservation.serial_id)
            .where(_reservation.serial_id.in_(ids[start : start + _CHUNK]), _reservation.status.in_(STANDING))
            .order_by(_reservation.id)
        )
    ]
    gone = [row for row in taken if not can_be_fetched(row)]
    if gone:
        _take_off(work, actor, gone, reach, count)
    # Those whose unit is only in another bin of theirs, too: the way to it has changed.
    _tell(work, [feed], {row.voucher_id: row.type == "pick_list" for row in taken})


def _take_off(
    work: UnitOfWork, actor: Actor, gone: Sequence[Any], reach: Mapping[int, frozenset[int]], count: StockCount
) -> None:
    why = f"not in its place, {count.number} says"
    work.connection.execute(_RELEASE, [{"taken": row.id, "why": why, "hold": None, "count": count.id} for row in gone])
    count_out(work, [row.line_id for row in gone if row.type == "pick_list" and row.status == "chosen"])
    by_list: defaultdict[str, list[Taken]] = defaultdict(list)
    for row in gone:
        if row.type == "pick_list" and row.voucher_status == "draft":
            by_list[row.voucher_id].append(_taken(row))
    for list_id in sorted(by_list):
        pick_list = work.session.get_one(PickList, list_id)
        propose_other_units(work, actor, by_list[list_id], reach[pick_list.location_id or 0])
        work.session.expire(pick_list)


def tell_lists_with(work: UnitOfWork, feeds: Iterable[SiteFeed], *which: ColumnElement[bool]) -> None:
    """Tell the open pick lists that ask for some units that these are not what their screens say.

    Args:
        work: The unit of work.
        feeds: The locked feeds of the sites; the caller closes them.
        which: Of the units, conditions on :class:`SerialNumber`.
    """
    lists = work.session.scalars(
        select(PickList.id)
        .join(Reservation, Reservation.voucher_id == PickList.id)
        .join(SerialNumber, SerialNumber.id == Reservation.serial_id)
        .where(Reservation.status.in_(STANDING), *which)
        .distinct()
    )
    _tell(work, feeds, dict.fromkeys(lists, True))


def _taken(row: Any) -> Taken:
    return Taken(
        row.id,
        row.serial_id,
        row.line_id,
        row.voucher_id,
        row.item_id,
        row.type == "pick_list",
    )


def _release_units(work: UnitOfWork, because: Mapping[tuple[str, int], Hold]) -> list[Taken]:
    unit, voucher = table(SerialNumber).c, table(Voucher).c
    rows = work.connection.execute(
        select(
            _reservation.id,
            _reservation.serial_id,
            _reservation.line_id,
            _reservation.voucher_id,
            _reservation.status,
            unit.serial_no,
            unit.item_id,
            unit.batch_id,
            voucher.type,
        )
        .select_from(table(Reservation))
        .join(table(SerialNumber), unit.id == _reservation.serial_id)
        .join(table(Voucher), voucher.id == _reservation.voucher_id)
        .where(
            _reservation.status.in_(STANDING),
            or_(
                voucher.type == "sales_order",
                and_(voucher.type == "pick_list", voucher.status == "draft"),
            ),
            or_(
                unit.batch_id.in_([key for kind, key in because if kind == "batch"]),
                unit.id.in_([key for kind, key in because if kind == "unit"]),
            ),
        )
        .order_by(_reservation.id)
    ).all()
    if not rows:
        return []
    released, picked = [], []
    for row in rows:
        hold = because.get(("unit", row.serial_id)) or because["batch", row.batch_id]
        why = f"{row.serial_no} is {HELD_AS[HoldKind(hold.kind)]}: {hold.reason}"[:500]
        released.append({"taken": row.id, "why": why, "hold": hold.id, "count": None})
        if row.type == "pick_list" and row.status == "chosen":
            picked.append(row.line_id)
    work.connection.execute(_RELEASE, released)
    count_out(work, picked)
    return [_taken(row) for row in rows]


def _tell(work: UnitOfWork, feeds: Iterable[SiteFeed], changed: Mapping[str, bool]) -> None:
    voucher = table(Voucher).c
    by_site = {feed.site_id: feed for feed in feeds}
    rows = work.connection.execute(
        select(voucher.id, voucher.site_id).where(voucher.id.in_(list(changed))).order_by(voucher.id)
    )
    for row in rows:
        if row.site_id in by_site:
            by_site[row.site_id].tell("pick_list_changed" if changed[row.id] else "order_changed", voucher_id=row.id)
