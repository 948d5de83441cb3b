"""What a unit is for somebody who looks for one, in SQL: ``domain.availability.availability_of`` for many at once."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    String,
    and_,
    bindparam,
    case,
    exists,
    literal,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Session

from backend.domain.availability import IN_HOUSE, Availability, HoldKind
from backend.domain.locations import STATE_AT, LocationKind, UnitState
from backend.models import Batch, Hold, Location, Reservation, SerialNumber, User, Voucher, table

unit, place, batch = table(SerialNumber).c, table(Location).c, table(Batch).c
# By names of their own, so that a statement which reads these tables for itself does not lend its rows.
_hold, _taken = table(Hold).alias("standing_hold").c, table(Reservation).alias("standing_reservation").c

HOUSE_KINDS = frozenset(kind for kind, state in STATE_AT.items() if state in IN_HOUSE)
"""Kinds of places of ours, where goods lie."""

ON_HOLD_KINDS = frozenset(kind for kind, state in STATE_AT.items() if state is UnitState.ON_HOLD)
"""Kinds of places where everything is on hold."""

STANDING = ("proposed", "chosen")
"""Statuses of a reservation that keeps a unit for its voucher."""


def kinds_of(availability: Availability) -> frozenset[LocationKind]:
    """The kinds of places where units of an availability are."""
    if availability is Availability.ON_HOLD or availability is Availability.RECALLED:
        return HOUSE_KINDS
    if availability in (Availability.AVAILABLE, Availability.RESERVED, Availability.EXPIRED):
        return HOUSE_KINDS - ON_HOLD_KINDS
    return frozenset(kind for kind, state in STATE_AT.items() if str(state) == str(availability))


def is_held(kind: HoldKind, *, by_itself: bool = True) -> ColumnElement[bool]:
    """Whether a hold of a kind stands on the batch or, ``by_itself``, on the unit."""
    stands = and_(_hold.kind == kind, _hold.lifted_at.is_(None))
    of_batch = exists().where(stands, _hold.batch_id == batch.id)
    return or_(of_batch, exists().where(stands, _hold.serial_id == unit.id)) if by_itself else of_batch


def availability(today: date | BindParameter[date], *, by_itself: bool = True) -> ColumnElement[Any]:
    """The availability of a unit, for statements that have ``serial_number``, ``location`` and, outer, ``batch``.

    Without ``by_itself`` that of all in a place and batch which no hold and no reservation names; for these
    ``serial_number`` is not needed.
    """
    conditions = [
        *(
            (place.kind == kind, literal(str(state), String))
            for kind, state in STATE_AT.items()
            if kind not in HOUSE_KINDS
        ),
        (is_held(HoldKind.RECALL, by_itself=by_itself), _word(Availability.RECALLED)),
        (
            or_(place.kind.in_(ON_HOLD_KINDS), is_held(HoldKind.HOLD, by_itself=by_itself)),
            _word(Availability.ON_HOLD),
        ),
        (batch.expires_on < today, _word(Availability.EXPIRED)),
    ]
    if by_itself:
        conditions.append(
            (exists().where(_taken.serial_id == unit.id, _taken.status.in_(STANDING)), _word(Availability.RESERVED))
        )
    return case(*conditions, else_=_word(Availability.AVAILABLE))


def availabilities(session: Session, serial_ids: Collection[int], today: date) -> dict[int, str]:
    """The availability of some units, by their ids."""
    rows = session.execute(_OF_SOME, {"units": serial_ids, "today": today})
    return {unit_id: state for unit_id, state in rows}  # noqa: C416  # a Row is no pair to the type checker


def _word(availability: Availability) -> ColumnElement[str]:
    return literal(str(availability), String)


# Made once, since every look-up asks it: building it costs more than running it.
_OF_SOME = (
    select(unit.id, availability(bindparam("today", type_=Date)))
    .select_from(table(SerialNumber))
    .join(table(Location), place.id == unit.location_id)
    .outerjoin(table(Batch), batch.id == unit.batch_id)
    .where(unit.id.in_(bindparam("units", expanding=True)))
)


def held_batches(kind: HoldKind) -> Any:
    """The batches on which a hold of a kind stands, as a subquery."""
    return select(_hold.batch_id).where(_hold.kind == kind, _hold.lifted_at.is_(None), _hold.batch_id.is_not(None))


def held_units(kind: HoldKind | None = None) -> Any:
    """The units on which a hold stands by themselves, as a subquery."""
    held = select(_hold.serial_id).where(_hold.lifted_at.is_(None), _hold.serial_id.is_not(None))
    return held if kind is None else held.where(_hold.kind == kind)


def reserved_units() -> Any:
    """The units that a voucher has taken, as a subquery."""
    return select(_taken.serial_id).where(_taken.status.in_(STANDING))


def named_units() -> Any:
    """The units that a hold or a reservation names by themselves, as a subquery.

    One list: with two, of which either will do, PostgreSQL asks them of every unit that lies in the house.
    """
    return union(held_units(), reserved_units())


def holds(
    session: Session, *, serial_ids: Collection[int] = (), batch_ids: Collection[int] = ()
) -> list[dict[str, Any]]:
    """All holds on some units and batches, lifted ones, too, newest first: who, when and why."""
    lifted_by = table(User).alias("lifted_by")
    rows = session.execute(
        select(
            Hold.id,
            Hold.kind,
            Hold.reason,
            Hold.batch_id,
            Hold.serial_id,
            User.username.label("placed_by"),
            Hold.placed_at,
            lifted_by.c.username.label("lifted_by"),
            Hold.lifted_at,
            Hold.lift_reason,
        )
        .join(User, User.id == Hold.placed_by_id)
        .outerjoin(lifted_by, lifted_by.c.id == Hold.lifted_by_id)
        .where(or_(Hold.serial_id.in_(serial_ids), Hold.batch_id.in_(batch_ids)))
        .order_by(Hold.id.desc())
    )
    return [dict(row._mapping) for row in rows]


def reservation_of(session: Session, serial_id: int) -> dict[str, Any] | None:
    """The voucher that has taken a unit, with its order, and who took it when."""
    order = table(Voucher).alias("sales_order")
    row = session.execute(
        select(
            Voucher.id.label("voucher_id"),
            Voucher.number,
            order.c.number.label("order_number"),
            User.username.label("by"),
            Reservation.at,
            Reservation.status,
        )
        .select_from(Reservation)
        .join(Voucher, Voucher.id == Reservation.voucher_id)
        .join(User, User.id == Reservation.user_id)
        .outerjoin(order, order.c.id == Voucher.source_id)
        .where(Reservation.serial_id == serial_id, Reservation.status.in_(STANDING))
    ).one_or_none()
    return dict(row._mapping) if row else None
