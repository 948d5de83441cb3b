"""Traces: from a part to whoever has what it is in, and from a unit back to where it and its parts came from.

Both directions follow the same records of what was built into what, parts that were taken out again included, so
that a part is in the trace of a unit just when the unit is in the trace of the part.
"""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, select, union
from sqlalchemy.orm import Session

from backend.models import Component, Location, SerialNumber, StockLedgerEntry, Voucher, table, was_at
from backend.models.composition import holders, parts
from backend.queries.whereabouts import locate

_PIECE = 500
"""Units in memory at a time. With twice as many, PostgreSQL reads whole tables for each piece, in twice the time."""


class Direction(StrEnum):
    """Which way a trace goes."""

    FORWARD = "forward"
    """To the units that these are or were built into, and to the customers."""

    BACKWARD = "backward"
    """To the parts inside, and to the suppliers."""


def asked_for(*, sites: Collection[int], unit_id: int | None = None, units: Select[Any] | None = None) -> Select[Any]:
    """The statement for one unit or some, of which only those count that are or were at some sites."""
    which = SerialNumber.id == unit_id if units is None else SerialNumber.id.in_(units)
    return select(SerialNumber.id).where(which, was_at(sites))


def traced(units: Select[Any], direction: Direction) -> Select[Any]:
    """The ids of some units and of all that they lead to."""
    both = union(units, select(_led_to(units, direction))).subquery("traced")
    return select(both.c[0])


def traced_page(units: Select[Any], direction: Direction, offset: int, limit: int) -> CTE:
    """Some of the same ids, in order, of which no more are looked for than are needed."""
    id, more = units.selected_columns[0], _led_to(units, direction)
    first = (each.order_by(by).limit(offset + limit).subquery() for each, by in ((units, id), (select(more), more)))
    both = union(*(select(each.c[0]) for each in first)).subquery("traced")
    return select(both.c[0].label("id")).order_by(both.c[0]).offset(offset).limit(limit).cte("page")


def _led_to(units: Select[Any], direction: Direction) -> ColumnElement[int]:
    found = holders(units, also_former=True) if direction is Direction.FORWARD else parts(units)
    return found.c.unit_id


@dataclass(frozen=True, slots=True)
class Traced:
    """What a trace comes to: the ids of all its units in order, eight bytes each, and which were asked for."""

    ids: "array[int]"
    asked: bytearray

    def __len__(self) -> int:
        return len(self.ids)

    def units(self, session: Session, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """Units by id, a piece of them in memory at a time: origin, place now and before, what was built into what.

        Args:
            session: That which found them, still reading the same moment.
            limit: How many of them; all without it.
        """
        end = len(self) if limit is None else min(limit, len(self))
        for start in range(0, end, _PIECE):
            stop = min(start + _PIECE, end)
            is_asked_for = dict(zip(self.ids[start:stop], self.asked[start:stop], strict=True))
            wanted = select(SerialNumber.id).where(SerialNumber.id.in_(is_asked_for))
            into, inside = _links(session, wanted)
            moves = _moves(session, wanted)
            for each in locate(session, wanted):
                unit_id = each["id"]
                yield each | {
                    "is_asked_for": bool(is_asked_for[unit_id]),
                    "built_into": into[unit_id],
                    "parts": inside[unit_id],
                    "moves": moves[unit_id],
                }


def trace(session: Session, units: Select[Any], direction: Direction) -> Traced:
    """Find units and what they lead to."""
    found = traced(units, direction).subquery().c[0]
    ids, asked = array("q"), bytearray()
    rows = session.execute(
        select(found, found.in_(units)).order_by(found), execution_options={"yield_per": 10 * _PIECE}
    )
    for unit_id, is_asked_for in rows:
        ids.append(unit_id)
        asked.append(is_asked_for)
    return Traced(ids, asked)


Links = defaultdict[int, list[dict[str, Any]]]


def _links(session: Session, units: Select[Any]) -> tuple[Links, Links]:
    """What each unit was built into, and what was built into it."""
    part, parent, voucher = table(SerialNumber).alias("part"), table(SerialNumber).alias("parent"), table(Voucher)
    link = table(Component)
    rows = session.connection().execute(
        select(
            link.c.parent_id,
            parent.c.serial_no.label("parent"),
            link.c.serial_id,
            part.c.serial_no,
            link.c.put_in_at,
            link.c.removed_at,
            voucher.c.number,
        )
        .select_from(link)
        .join(parent, parent.c.id == link.c.parent_id)
        .join(part, part.c.id == link.c.serial_id)
        .join(voucher, voucher.c.id == link.c.voucher_id)
        .where(link.c.parent_id.in_(units) | link.c.serial_id.in_(units))
        .order_by(link.c.put_in_at, link.c.id)
    )
    into: Links = defaultdict(list)
    inside: Links = defaultdict(list)
    for row in rows:
        when = {"put_in_at": row.put_in_at, "removed_at": row.removed_at, "voucher": row.number}
        into[row.serial_id].append({"unit_id": row.parent_id, "serial_no": row.parent, **when})
        inside[row.parent_id].append({"unit_id": row.serial_id, "serial_no": row.serial_no, **when})
    return into, inside


def _moves(session: Session, units: Select[Any]) -> Links:
    """Where each unit came to, one after the other, and by which voucher."""
    entry, place, voucher = table(StockLedgerEntry).c, table(Location), table(Voucher)
    rows = session.connection().execute(
        select(entry.serial_id, place.c.code, voucher.c.number, voucher.c.dated_on)
        .select_from(table(StockLedgerEntry))
        .join(place, place.c.id == entry.location_id)
        .join(voucher, voucher.c.id == entry.voucher_id)
        .where(and_(entry.serial_id.in_(units), entry.qty > 0))
        .order_by(entry.serial_id, entry.posted_at, entry.site_id, entry.seq)
    )
    found: Links = defaultdict(list)
    for serial_id, code, number, dated_on in rows:
        found[serial_id].append({"place": code, "voucher": number, "dated_on": dated_on})
    return found
