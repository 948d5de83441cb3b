"""What is where: quantities by item, batch and place, each split into what may be sold and what may not, and why."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from backend.domain import serials
from backend.domain.availability import Availability, HoldKind
from backend.domain.ledger import Quantity
from backend.domain.locations import LocationKind
from backend.models import Balance, Batch, Item, Location, SerialNumber, table
from backend.queries.availability import (
    HOUSE_KINDS,
    ON_HOLD_KINDS,
    availability,
    batch,
    held_batches,
    held_units,
    kinds_of,
    named_units,
    place,
    reserved_units,
    unit,
)

_balance, _item = table(Balance).c, table(Item).c
_of_batch = func.coalesce(_balance.batch_id, 0)
_LIES_IN = unit.location_id + 0
"""The place of a unit where few units are asked for by their ids: no index on places, and all in them, serves it."""


@dataclass(frozen=True, slots=True)
class StockFilter:
    """Which stock is asked for; what is not given does not narrow it.

    Args:
        site_id: The site.
        item_id: One item.
        batch_id: One batch.
        place_id: One place with all that lies inside.
        state: One availability; otherwise all that is in the house or on its way.
        q: A part of an item's code or name, the beginning of a batch number, or a whole serial number.
        older_than: Received at least so many days ago; of units.
        expires_within: With a batch that expires in at most so many days, and has not yet.
    """

    site_id: int
    item_id: int | None = None
    batch_id: int | None = None
    place_id: int | None = None
    state: Availability | None = None
    q: str = ""
    older_than: int | None = None
    expires_within: int | None = None


Cursor = tuple[str, int, int]
"""The last line that was read: item code, place, batch or 0."""


def lines(
    session: Session, wanted: StockFilter, today: date, after: Cursor | None = None, limit: int = 50
) -> tuple[list[dict[str, Any]], Cursor | None]:
    """Lines of stock by item, place and batch, and the cursor of the next ones; ``None`` when these were the last."""
    found: list[dict[str, Any]] = []
    while True:
        rows = session.execute(_lines(session, wanted, today, after).limit(limit + 1)).all()
        page = rows[:limit]
        states = _states(session, page, today)
        places = places_by_id(session, {row.location_id for row in page})
        for row in page:
            after = (row.item_code, row.location_id, row.batch_id or 0)
            of_line = states[row.location_id, row.item_id, row.batch_id]
            # A unit of these may be reserved or held by itself, so that none of the wanted is left.
            if wanted.state is None or of_line.get(wanted.state):
                found.append(_line(row, places[row.location_id], of_line))
            if len(found) == limit:
                return found, after if row is not rows[-1] else None
        if len(rows) <= limit:
            return found, None


def totals(session: Session, wanted: StockFilter, today: date) -> dict[str, Quantity]:
    """How much there is of each availability in all lines together."""
    counted: defaultdict[str, Quantity] = defaultdict(int)
    each = cells(session, wanted, today, availability(today, by_itself=False).label("state"), _balance.qty).subquery().c
    for state, qty in session.execute(select(each.state, func.sum(each.qty)).group_by(each.state)):
        counted[state] += qty
    for row in session.execute(_by_themselves(today, *_unit_conditions(session, wanted, today))):
        counted[row.base] -= row.units
        counted[row.state] += row.units
    if wanted.state is not None:
        counted = defaultdict(int, {wanted.state: counted[wanted.state]})
    return {state: qty for state, qty in counted.items() if qty}


def cells(session: Session, wanted: StockFilter, today: date, *columns: Any) -> Select[Any]:
    """Balances that can hold what is asked for, with ``location``, ``item`` and, outer, ``batch`` to select from."""
    query = (
        select(*columns)
        .select_from(table(Balance))
        .join(table(Location), place.id == _balance.location_id)
        .join(table(Item), _item.id == _balance.item_id)
        .outerjoin(table(Batch), batch.id == _balance.batch_id)
        .where(_balance.qty > 0, *place_conditions(wanted))
    )
    if wanted.item_id is not None:
        query = query.where(_balance.item_id == wanted.item_id)
    if wanted.batch_id is not None:
        query = query.where(_balance.batch_id == wanted.batch_id)
    if wanted.expires_within is not None:
        query = query.where(batch.expires_on.between(today, today + timedelta(wanted.expires_within)))
    if wanted.q:
        query = query.where(_fits(session, wanted.q))
    if wanted.state is not None:
        query = query.where(*_can_hold(wanted.state, today))
    return query


def item(session: Session, item_id: int) -> dict[str, Any] | None:
    """An item in one line."""
    row = session.execute(select(_item.id, _item.item_code, _item.name, _item.tracking).where(_item.id == item_id))
    found = row.one_or_none()
    return dict(found._mapping) if found else None


def subtree(place_id: int) -> Select[Any]:
    """The ids of a place and of all that lies inside."""
    tree = select(Location.id).where(Location.id == place_id).cte(recursive=True)
    tree = tree.union_all(select(Location.id).join(tree, Location.parent_id == tree.c.id))
    return select(tree.c.id)


def places_by_id(session: Session, ids: Collection[int]) -> dict[int, Location]:
    """Places with what they lie in."""
    found = session.scalars(select(Location).where(Location.id.in_(ids)).options(joinedload(Location.parent)))
    return {location.id: location for location in found}


def place_conditions(wanted: StockFilter) -> list[ColumnElement[bool]]:
    """Which places are meant, for statements that have ``location``."""
    conditions: list[ColumnElement[bool]] = [place.site_id == wanted.site_id]
    if wanted.state is not None:
        conditions.append(place.kind.in_(kinds_of(wanted.state)))
    elif wanted.place_id is None:
        conditions.append(place.kind.in_(HOUSE_KINDS | {LocationKind.TRANSIT}))
    if wanted.place_id is not None:
        conditions.append(place.id.in_(subtree(wanted.place_id)))
    return conditions


def _unit_conditions(session: Session, wanted: StockFilter, today: date) -> list[ColumnElement[bool]]:
    conditions = place_conditions(replace(wanted, state=None))
    if wanted.item_id is not None:
        conditions.append(unit.item_id == wanted.item_id)
    if wanted.batch_id is not None:
        conditions.append(unit.batch_id == wanted.batch_id)
    if wanted.expires_within is not None:
        conditions.append(batch.expires_on.between(today, today + timedelta(wanted.expires_within)))
    if wanted.q:
        in_cell = (unit.location_id, unit.item_id, func.coalesce(unit.batch_id, 0))
        only = cells(session, replace(wanted, state=None), today, _balance.location_id, _balance.item_id, _of_batch)
        conditions.append(tuple_(*in_cell).in_(only))
    return conditions


def _lines(session: Session, wanted: StockFilter, today: date, after: Cursor | None) -> Select[Any]:
    query = cells(
        session,
        wanted,
        today,
        _balance.location_id,
        _balance.item_id,
        _balance.batch_id,
        _balance.qty,
        _item.item_code,
        _item.name,
        _item.tracking,
        batch.batch_no,
        batch.expires_on,
        availability(today, by_itself=False).label("base"),
    ).order_by(_item.item_code, _balance.location_id, _of_batch)
    if after is not None:
        code, location_id, batch_id = after
        query = query.where(
            # The first condition is in the third; alone an index can serve it.
            _item.item_code >= code,
            or_(
                _item.item_code > code,
                _balance.location_id > location_id,
                and_(_balance.location_id == location_id, _of_batch > batch_id),
            ),
        )
    return query


def _can_hold(state: Availability, today: date) -> list[ColumnElement[bool]]:
    """What must be so of a balance for a unit of an availability to be in it; there need be none for all that."""
    lies = tuple_(_balance.location_id, _balance.item_id)
    match state:
        case Availability.EXPIRED:
            return [batch.expires_on < today]
        case Availability.RESERVED:
            return [lies.in_(select(unit.location_id, unit.item_id).where(unit.id.in_(reserved_units())))]
        case Availability.RECALLED | Availability.ON_HOLD:
            kind = HoldKind.RECALL if state is Availability.RECALLED else HoldKind.HOLD
            by_units = select(unit.location_id, unit.item_id).where(unit.id.in_(held_units(kind)))
            held = [_balance.batch_id.in_(held_batches(kind)), lies.in_(by_units)]
            return [or_(*held, place.kind.in_(ON_HOLD_KINDS) if kind is HoldKind.HOLD else held[0])]
        case Availability.AVAILABLE:
            return [or_(batch.expires_on.is_(None), batch.expires_on >= today)]
        case _:
            return []


def is_item(q: str) -> ColumnElement[bool]:
    """Whether a text is a part of the item's code or name."""
    part = f"%{_escaped(q.strip().lower())}%"
    return or_(func.lower(_item.item_code).like(part, escape="\\"), func.lower(_item.name).like(part, escape="\\"))


def is_batch(q: str) -> ColumnElement[bool]:
    """Whether a batch number begins with a text."""
    return batch.batch_key.like(f"{_escaped(serials.key(q))}%", escape="\\")


def _fits(session: Session, q: str) -> ColumnElement[bool]:
    lie = session.execute(
        select(SerialNumber.location_id, SerialNumber.item_id, SerialNumber.batch_id)
        .where(SerialNumber.serial_key == serials.key(q))
        .limit(20)
    ).all()
    return or_(
        is_item(q),
        is_batch(q),
        *(
            and_(
                _balance.location_id == row.location_id,
                _balance.item_id == row.item_id,
                _of_batch == (row.batch_id or 0),
            )
            for row in lie
        ),
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


Cell = tuple[int, int, int | None]


def _states(session: Session, rows: Sequence[Any], today: date) -> dict[Cell, dict[str, Quantity]]:
    """The quantity of each line by availability; only units that something names by itself need be counted."""
    states: dict[Cell, dict[str, Quantity]] = {
        (row.location_id, row.item_id, row.batch_id): {row.base: row.qty} for row in rows
    }
    if not states:
        return states
    named = _by_themselves(
        today,
        _LIES_IN.in_({location_id for location_id, _, _ in states}),
        unit.item_id.in_({item_id for _, item_id, _ in states}),
        by_cell=True,
    )
    for row in session.execute(named):
        of_line = states.get((row.location_id, row.item_id, row.batch_id))
        if of_line is not None:
            of_line[row.base] -= row.units
            of_line[row.state] = of_line.get(row.state, 0) + row.units
    return {cell: {state: qty for state, qty in of_line.items() if qty} for cell, of_line in states.items()}


def _by_themselves(today: date, *conditions: ColumnElement[bool], by_cell: bool = False) -> Select[Any]:
    """Units that a hold or a reservation names, counted by what they are and by what the others around them are."""
    each = (
        select(
            availability(today, by_itself=False).label("base"),
            availability(today).label("state"),
            unit.location_id,
            unit.item_id,
            unit.batch_id,
        )
        .select_from(table(SerialNumber))
        .join(table(Location), place.id == _LIES_IN)
        .outerjoin(table(Batch), batch.id == unit.batch_id)
        .where(unit.id.in_(named_units()), *conditions)
        .subquery()
        .c
    )
    by = (each.base, each.state, *((each.location_id, each.item_id, each.batch_id) if by_cell else ()))
    return select(*by, func.count().label("units")).where(each.base != each.state).group_by(*by)


def _line(row: Any, location: Location, states: dict[str, Quantity]) -> dict[str, Any]:
    return {
        "item": {"id": row.item_id, "item_code": row.item_code, "name": row.name, "tracking": row.tracking},
        "batch": row.batch_id and {"id": row.batch_id, "batch_no": row.batch_no, "expires_on": row.expires_on},
        "place": {"id": location.id, "code": location.code, "path": location.path, "kind": location.kind},
        "qty": row.qty,
        "states": states,
    }
