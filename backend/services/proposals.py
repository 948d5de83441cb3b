"""What a pick list might fetch, read from the database in the order in which a rule wants it."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from backend.domain.ledger import Quantity
from backend.domain.picking import Candidate, Goods, PickRule, Share, Stop, propose, share_out
from backend.models import Balance, Batch, Hold, Location, Reservation, SerialNumber, table
from backend.services.reservations import STANDING, promised_goods
from backend.unit_of_work import UnitOfWork

_unit, _batch, _balance = table(SerialNumber).c, table(Batch).c, table(Balance).c
_hold, _reservation = table(Hold).c, table(Reservation).c


def propose_units(
    work: UnitOfWork,
    *,
    item_id: int,
    rule: PickRule,
    qty: int,
    places: Collection[int],
    but: Collection[int] = (),
) -> list[Candidate]:
    """Units of an item to fetch from some places, first what goes first; fewer when there are no more.

    ``but`` are units that are as good as taken, though the database does not know it yet.
    """
    free = _free(item_id, places, work.today)
    if but:
        free = free.where(_unit.id.not_in(sorted(but)))
    if rule is PickRule.FEFO:
        found = _by_batch(work.connection, free, item_id, qty, places, work.today)
    else:
        found = _by_receipt(work.connection, free, qty, newest_first=rule is PickRule.LIFO)
    return propose(found, rule, qty, today=work.today, places=places)


def propose_goods(
    work: UnitOfWork, *, item_id: int, rule: PickRule, qty: Quantity, places: Collection[int]
) -> list[Share]:
    """Counted goods to fetch from some places, without what open pick lists have promised."""
    return share_out(free_goods(work, item_id, places), rule, qty, today=work.today)


def free_goods(work: UnitOfWork, item_id: int, places: Collection[int]) -> list[Goods]:
    """Counted goods of an item in some places, with what of them no pick list has promised."""
    promised = promised_goods(work, {item_id})
    rows = work.connection.execute(
        select(
            _balance.location_id,
            _balance.batch_id,
            _balance.qty,
            _batch.expires_on,
            _batch.created_at,
            select(_hold.id)
            .where(_hold.batch_id == _balance.batch_id, _hold.lifted_at.is_(None))
            .exists()
            .label("is_held"),
        )
        .select_from(table(Balance))
        .outerjoin(table(Batch), _batch.id == _balance.batch_id)
        .where(_balance.item_id == item_id, _balance.location_id.in_(sorted(places)), _balance.qty > 0)
    )
    return [
        Goods(
            item_id,
            row.location_id,
            row.batch_id,
            row.expires_on,
            row.created_at or work.now,
            row.qty - promised.get((row.location_id, item_id, row.batch_id), 0),
            row.is_held,
        )
        for row in rows
    ]


def stops(connection: Connection, places: Collection[int]) -> dict[int, Stop]:
    """The places of a walk by their ids; the path of a bin is its warehouse's and its own code."""
    place, parent = table(Location).c, table(Location).alias("parent")
    rows = connection.execute(
        select(place.id, place.walk_order, place.code, parent.c.code.label("parent"), parent.c.kind)
        .select_from(table(Location))
        .outerjoin(parent, parent.c.id == place.parent_id)
        .where(place.id.in_(sorted(places)))
    )
    return {
        row.id: Stop(row.walk_order, row.code if row.kind in (None, "site") else f"{row.parent} / {row.code}")
        for row in rows
    }


def _by_receipt(connection: Connection, free: Select[Any], qty: int, *, newest_first: bool) -> list[Candidate]:
    order = [column.desc() if newest_first else column for column in (_unit.created_at, _unit.id)]
    return _candidates(connection, free.order_by(*order).limit(qty))


def _by_batch(
    connection: Connection, free: Select[Any], item_id: int, qty: int, places: Collection[int], today: date
) -> list[Candidate]:
    """Batch by batch, first the one that expires first, so that no more units are read than are wanted."""
    in_stock = connection.execute(
        select(_balance.batch_id, func.min(_batch.expires_on).label("expires_on"))
        .select_from(table(Balance))
        .outerjoin(table(Batch), _batch.id == _balance.batch_id)
        .where(_balance.item_id == item_id, _balance.location_id.in_(sorted(places)), _balance.qty > 0)
        .group_by(_balance.batch_id)
    ).all()
    by_date: dict[date, list[int | None]] = {}
    for row in in_stock:
        by_date.setdefault(row.expires_on or date.max, []).append(row.batch_id)
    found: list[Candidate] = []
    for expires_on in sorted(day for day in by_date if day >= today):
        batches = by_date[expires_on]
        named = _unit.batch_id.in_([batch for batch in batches if batch is not None])
        query = free.where(or_(named, _unit.batch_id.is_(None)) if None in batches else named)
        found += _candidates(connection, query.order_by(_unit.created_at, _unit.id).limit(qty - len(found)))
        if len(found) >= qty:
            break
    return found


def _free(item_id: int, places: Collection[int], today: date) -> Select[Any]:
    held = or_(_hold.serial_id == _unit.id, _hold.batch_id == _unit.batch_id)
    return (
        select(
            _unit.id,
            _unit.serial_no,
            _unit.item_id,
            _unit.location_id,
            _unit.batch_id,
            _batch.expires_on,
            _unit.created_at,
        )
        .select_from(table(SerialNumber))
        .outerjoin(table(Batch), _batch.id == _unit.batch_id)
        .where(
            _unit.item_id == item_id,
            _unit.location_id.in_(sorted(places)),
            or_(_batch.expires_on.is_(None), _batch.expires_on >= today),
            ~select(_reservation.id)
            .where(_reservation.serial_id == _unit.id, _reservation.status.in_(STANDING))
            .exists(),
            ~select(_hold.id).where(_hold.lifted_at.is_(None), held).exists(),
        )
    )


def _candidates(connection: Connection, query: Select[Any]) -> list[Candidate]:
    return [Candidate(*row) for row in connection.execute(query)]
