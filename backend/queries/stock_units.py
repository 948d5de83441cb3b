"""Units of the stock in pages, in the order in which they came to us.

A page goes on after the id of the last unit that was read. Ids never change, so that whoever turns the pages sees
every unit once that fits all the while, wherever it moves meanwhile.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, func, nulls_last, or_, select, true
from sqlalchemy.orm import Session

from backend.domain import serials
from backend.domain.availability import Availability, HoldKind
from backend.domain.locations import STATE_AT, LocationKind
from backend.models import Balance, Batch, Item, Location, Reservation, SerialNumber, Voucher, table
from backend.queries.availability import (
    ON_HOLD_KINDS,
    STANDING,
    availability,
    batch,
    held_batches,
    held_units,
    holds,
    place,
    reserved_units,
    unit,
)
from backend.queries.receipts import place as place_card
from backend.queries.stock import StockFilter, cells, is_batch, is_item, place_conditions, places_by_id

_balance, _item, _reservation = table(Balance).c, table(Item).c, table(Reservation).c


def units(
    session: Session, wanted: StockFilter, now: datetime, after: int = 0, limit: int = 50
) -> tuple[list[dict[str, Any]], int | None]:
    """Units that fit, and the cursor of the next ones; ``None`` when these were the last."""
    branches = _branches(session, wanted, now, after, limit + 1)
    found = sorted({unit_id for branch in branches for unit_id in session.scalars(branch)})
    page = found[:limit]
    return _shown(session, page, now.date()), page[-1] if len(found) > limit else None


def _branches(session: Session, wanted: StockFilter, now: datetime, after: int, limit: int) -> list[Select[Any]]:
    """Statements of which each gives the first ids of a part of what fits: together the first of all.

    What is rare, such as a reservation, is where the search begins; what is common is read place by place, since
    the balances know which places have any.
    """
    today = now.date()
    conditions = [unit.id > after, *_conditions(wanted, now)]

    def one_by_one(*which: ColumnElement[bool]) -> Select[Any]:
        return (
            _joined(unit.id)
            .where(*which, *conditions, *place_conditions(wanted), *_is_wanted(wanted, today))
            .order_by(unit.id)
            .limit(limit)
        )

    def by_place(*which: ColumnElement[bool], **by: bool) -> Select[Any]:
        return _by_place(session, replace(wanted, q=""), now, conditions, which, limit, **by)

    if wanted.q:
        named = one_by_one(unit.serial_key == serials.key(wanted.q))
        return [named, by_place(is_item(wanted.q), by_item=True), by_place(is_batch(wanted.q), by_batch=True)]
    match wanted.state:
        case Availability.RESERVED:
            return [one_by_one(unit.id.in_(reserved_units()))]
        case Availability.RECALLED:
            in_batches = by_place(batch.id.in_(held_batches(HoldKind.RECALL)), by_batch=True)
            return [one_by_one(unit.id.in_(held_units(HoldKind.RECALL))), in_batches]
        case Availability.ON_HOLD:
            in_batches = by_place(batch.id.in_(held_batches(HoldKind.HOLD)), by_batch=True)
            in_places = by_place(place.kind.in_(ON_HOLD_KINDS))
            return [one_by_one(unit.id.in_(held_units(HoldKind.HOLD))), in_batches, in_places]
        case Availability.EXPIRED:
            return [by_place(by_batch=True)]
        case _:
            return [by_place(by_batch=wanted.expires_within is not None)]


def _by_place(
    session: Session,
    wanted: StockFilter,
    now: datetime,
    conditions: list[ColumnElement[bool]],
    which: tuple[ColumnElement[bool], ...],
    limit: int,
    *,
    by_item: bool = False,
    by_batch: bool = False,
) -> Select[Any]:
    """The first ids of each place that has any, and of these the first: as many short walks along an index."""
    today = now.date()
    key = [_balance.location_id]
    if by_batch or wanted.batch_id is not None:
        key.append(_balance.batch_id)
    if by_item:
        key.append(_balance.item_id)
    held = cells(session, wanted, today, *key).where(*which).distinct().subquery("held_in")

    def walk(along: FromClause, most: int) -> Select[Any]:
        found = _joined(unit.id).where(unit.location_id == along.c.location_id)
        if wanted.batch_id is not None:
            found = found.where(unit.batch_id == wanted.batch_id)
        elif by_batch:
            found = found.where(unit.batch_id == along.c.batch_id)
        if by_item:
            found = found.where(unit.item_id == along.c.item_id)
        fits = (*conditions, *_is_wanted(wanted, today))
        return found.where(*fits).order_by(unit.id).limit(most).correlate(along)

    # The first ids of all are in the places whose own first ids are the first: of so many places, as many ids.
    heads = select(*held.c, walk(held, 1).scalar_subquery().label("head")).subquery("heads")
    near = select(heads).order_by(nulls_last(heads.c.head)).limit(limit).subquery("near")
    if session.get_bind().dialect.name == "postgresql":
        ids = walk(near, limit).lateral("ids")
        return select(ids.c.id).select_from(near.join(ids, true())).order_by(ids.c.id).limit(limit)
    # SQLite has no LATERAL; it finds the rows that a list names by their ids, one list a place.
    named = table(SerialNumber).alias("named")
    in_a_walk = named.c.id.in_(walk(near, limit))
    return select(named.c.id).select_from(near.join(named, in_a_walk)).order_by(named.c.id).limit(limit)


def _joined(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(table(SerialNumber))
        .join(table(Location), place.id == unit.location_id)
        .outerjoin(table(Batch), batch.id == unit.batch_id)
    )


def _conditions(wanted: StockFilter, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.item_id is not None:
        conditions.append(unit.item_id == wanted.item_id)
    if wanted.batch_id is not None:
        conditions.append(unit.batch_id == wanted.batch_id)
    if wanted.older_than is not None:
        conditions.append(unit.created_at <= now - timedelta(wanted.older_than))
    if wanted.expires_within is not None:
        conditions.append(batch.expires_on.between(now.date(), now.date() + timedelta(wanted.expires_within)))
    return conditions


def _is_wanted(wanted: StockFilter, today: date) -> list[ColumnElement[bool]]:
    if wanted.state is None:
        return []
    if wanted.state is not Availability.AVAILABLE:
        return [availability(today) == str(wanted.state)]
    # The same as of the others, in lists that the database makes once: this one is asked of very many units.
    held = [held_batches(HoldKind.HOLD), held_batches(HoldKind.RECALL)]
    return [
        *(or_(unit.batch_id.is_(None), unit.batch_id.not_in(batches)) for batches in held),
        unit.id.not_in(held_units()),
        unit.id.not_in(reserved_units()),
        or_(batch.expires_on.is_(None), batch.expires_on >= today),
    ]


def _shown(session: Session, ids: list[int], today: date) -> list[dict[str, Any]]:
    order = table(Voucher).alias("sales_order")
    rows = session.execute(
        _joined(
            unit.id,
            unit.serial_no,
            unit.item_id,
            _item.item_code,
            _item.name,
            unit.location_id,
            place.kind,
            unit.batch_id,
            batch.batch_no,
            batch.expires_on,
            unit.created_at.label("received_at"),
            availability(today).label("availability"),
            func.coalesce(order.c.number, table(Voucher).c.number).label("reserved_for"),
        )
        .join(table(Item), _item.id == unit.item_id)
        .outerjoin(table(Reservation), (_reservation.serial_id == unit.id) & _reservation.status.in_(STANDING))
        .outerjoin(table(Voucher), table(Voucher).c.id == _reservation.voucher_id)
        .outerjoin(order, order.c.id == table(Voucher).c.source_id)
        .where(unit.id.in_(ids))
        .order_by(unit.id)
    ).all()
    places = places_by_id(session, {row.location_id for row in rows})
    reasons = _reasons(session, rows)
    return [
        {
            "id": row.id,
            "serial_no": row.serial_no,
            "item": {"id": row.item_id, "item_code": row.item_code, "name": row.name},
            "state": STATE_AT[LocationKind(row.kind)],
            "availability": row.availability,
            "location": place_card(places[row.location_id]),
            "batch_id": row.batch_id,
            "batch_no": row.batch_no,
            "expires_on": row.expires_on,
            "received_at": row.received_at,
            "reserved_for": row.reserved_for,
            "hold_reason": reasons.get((row.id, None)) or reasons.get((None, row.batch_id)),
        }
        for row in rows
    ]


def _reasons(session: Session, rows: Any) -> dict[tuple[int | None, int | None], str]:
    """Why units and batches are held, by unit and batch; the reason of a recall comes before that of a hold."""
    standing = [
        hold
        for hold in holds(
            session,
            serial_ids=[row.id for row in rows],
            batch_ids={row.batch_id for row in rows if row.batch_id is not None},
        )
        if hold["lifted_at"] is None
    ]
    standing.sort(key=lambda hold: hold["kind"] == HoldKind.RECALL)
    return {(hold["serial_id"], hold["batch_id"]): hold["reason"] for hold in standing}
