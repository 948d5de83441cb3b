"""Vouchers of every type as one list and one page: what they say, what they moved, and what they follow from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, String, and_, case, cast, func, literal, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from backend.models import (
    Batch,
    Item,
    Location,
    Party,
    Reservation,
    SerialNumber,
    StockLedgerEntry,
    User,
    Voucher,
    VoucherLine,
    VoucherUnit,
    table,
)
from backend.queries.receipts import party
from backend.queries.receipts import place as place_card
from backend.queries.stock import places_by_id

TYPES = tuple(sorted(kind for kind in Voucher.__mapper__.polymorphic_map if isinstance(kind, str)))
"""Every type of voucher there is."""

_voucher = table(Voucher).c


@dataclass(frozen=True, slots=True)
class VoucherFilter:
    """Which vouchers of a site are asked for; ``party`` is a code, ``q`` a part of a number."""

    site_id: int
    type: str | None = None
    status: str | None = None
    party: str | None = None
    q: str = ""


Cursor = tuple[datetime, str]
"""When the last voucher that was read was opened, and its id."""


def vouchers(
    session: Session, wanted: VoucherFilter, after: Cursor | None = None, limit: int = 50
) -> tuple[list[dict[str, Any]], Cursor | None]:
    """Vouchers, newest first, and the cursor of the next ones; ``None`` when these were the last."""
    query = _cards().where(_voucher.site_id == wanted.site_id)
    if wanted.type is not None:
        query = query.where(_voucher.type == wanted.type)
    if wanted.status is not None:
        query = query.where(_voucher.status == wanted.status)
    if wanted.party is not None:
        query = query.where(Party.code == wanted.party)
    if wanted.q.strip():
        query = query.where(func.lower(_voucher.number).contains(wanted.q.strip().lower(), autoescape=True))
    if after is not None:
        opened_at, voucher_id = after
        # The first condition is in the second; alone an index can serve it.
        query = query.where(
            _voucher.opened_at <= opened_at,
            or_(_voucher.opened_at < opened_at, _voucher.id < voucher_id),
        )
    rows = session.execute(query.order_by(_voucher.opened_at.desc(), _voucher.id.desc()).limit(limit + 1)).all()
    page = rows[:limit]
    return [_card(row) for row in page], (page[-1].opened_at, page[-1].id) if len(rows) > limit else None


def site_of(session: Session, voucher_id: str) -> int | None:
    """The site of a voucher, for the question who may see it."""
    return session.scalar(select(_voucher.site_id).where(_voucher.id == voucher_id))


def voucher(session: Session, voucher_id: str, sites: Collection[int]) -> dict[str, Any] | None:
    """One voucher; of those it follows from or that follow from it, only the ones of these sites."""
    found = session.scalar(select(Voucher).where(Voucher.id == voucher_id).options(*_PARTS))
    if found is None:
        return None
    opened = [
        {"what": "opened", "by": found.opened_by.username, "at": found.opened_at},
        found.submitted_by and {"what": "submitted", "by": found.submitted_by.username, "at": found.submitted_at},
        found.cancelled_by and {"what": "cancelled", "by": found.cancelled_by.username, "at": found.cancelled_at},
    ]
    return {
        "id": found.id,
        "type": found.type,
        "number": found.number,
        "status": found.status,
        "site_id": found.site_id,
        "party": party(found.party),
        "place": place_card(found.location),
        "to_place": place_card(found.to_location),
        "reject_place": place_card(found.reject_location),
        "dated_on": found.dated_on,
        "remark": found.remark,
        "cancel_reason": found.cancel_reason,
        "acts": [act for act in opened if act],
        "sources": _related(session, _source_ids(voucher_id), voucher_id, sites),
        "follow_ups": _related(session, _follow_up_ids(voucher_id), voucher_id, sites),
        "lines": _lines(session, voucher_id),
        "movements": _movements(session, voucher_id),
    }


def units(
    session: Session, voucher_id: str, after: int = 0, limit: int = 100
) -> tuple[list[dict[str, Any]], int | None]:
    """The units of a voucher: those it moved, else those that wait on it, else those it has taken; and the cursor."""
    for query, key in (_moved(voucher_id), _waiting(voucher_id), _taken(voucher_id)):
        if session.execute(query.limit(1)).first() is None:
            continue
        rows = session.execute(query.where(key > after).order_by(key).limit(limit + 1)).all()
        page = rows[:limit]
        places = places_by_id(session, {row.location_id for row in page if row.location_id is not None})
        return [_unit(row, places) for row in page], page[-1].key if len(rows) > limit else None
    return [], None


_PARTS = (
    joinedload(Voucher.party),
    joinedload(Voucher.location).joinedload(Location.parent),
    joinedload(Voucher.to_location).joinedload(Location.parent),
    joinedload(Voucher.reject_location).joinedload(Location.parent),
    joinedload(Voucher.opened_by),
    joinedload(Voucher.submitted_by),
    joinedload(Voucher.cancelled_by),
)


def _cards() -> Select[Any]:
    return (
        select(
            _voucher.id,
            _voucher.type,
            _voucher.number,
            _voucher.status,
            _voucher.dated_on,
            _voucher.opened_at,
            Party.code.label("party_code"),
            Party.name.label("party_name"),
            User.username.label("opened_by"),
        )
        .select_from(table(Voucher))
        .join(User, User.id == _voucher.opened_by_id)
        .outerjoin(Party, Party.id == _voucher.party_id)
    )


def _card(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "type": row.type,
        "number": row.number,
        "status": row.status,
        "dated_on": row.dated_on,
        "opened_by": row.opened_by,
        "opened_at": row.opened_at,
        "party": {"code": row.party_code, "name": row.party_name} if row.party_code else None,
    }


def _related(session: Session, ids: Select[Any], voucher_id: str, sites: Collection[int]) -> list[dict[str, Any]]:
    rows = session.execute(
        _cards()
        .where(_voucher.id.in_(ids), _voucher.id != voucher_id, _voucher.site_id.in_(sites))
        .order_by(_voucher.opened_at, _voucher.id)
        .limit(200)
    )
    return [_card(row) for row in rows]


def _source_ids(voucher_id: str) -> Any:
    """A voucher follows from one as a whole, and by each of its lines, as a pick list for many orders does."""
    line, source = aliased(VoucherLine), aliased(VoucherLine)
    return (
        select(_voucher.source_id)
        .where(_voucher.id == voucher_id, _voucher.source_id.is_not(None))
        .union(
            select(source.voucher_id).join(line, line.source_line_id == source.id).where(line.voucher_id == voucher_id)
        )
    )


def _follow_up_ids(voucher_id: str) -> Any:
    line, source = aliased(VoucherLine), aliased(VoucherLine)
    follower = aliased(table(Voucher))
    return (
        select(follower.c.id)
        .where(follower.c.source_id == voucher_id)
        .union(
            select(line.voucher_id)
            .join(source, line.source_line_id == source.id)
            .where(source.voucher_id == voucher_id)
        )
    )


def _lines(session: Session, voucher_id: str) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(VoucherLine)
        .where(VoucherLine.voucher_id == voucher_id)
        .order_by(VoucherLine.idx)
        .options(
            joinedload(VoucherLine.item),
            joinedload(VoucherLine.batch),
            joinedload(VoucherLine.location).joinedload(Location.parent),
        )
    )
    return [
        {
            "id": line.id,
            "idx": line.idx,
            "item": {"id": line.item.id, "item_code": line.item.item_code, "name": line.item.name},
            "qty": line.qty,
            "batch": line.batch and {"id": line.batch.id, "batch_no": line.batch.batch_no},
            "place": place_card(line.location),
            "received": line.received,
            "accepted": line.accepted,
            "rejected": line.rejected,
        }
        for line in rows
    ]


def _movements(session: Session, voucher_id: str) -> list[dict[str, Any]]:
    """What left which places and arrived in which, by item and batch; a cancel shows as much the other way."""
    entry = table(StockLedgerEntry).c
    arrives = case((entry.qty > 0, 1), else_=0)
    each = (
        select(entry.item_id, entry.batch_id, entry.location_id, arrives.label("arrives"), entry.qty)
        .where(entry.voucher_id == voucher_id)
        .subquery()
        .c
    )
    by = (each.item_id, each.batch_id, each.location_id, each.arrives)
    sums = select(*by, func.sum(each.qty).label("qty")).group_by(*by).subquery().c
    rows = session.execute(
        select(sums.location_id, sums.qty, Item.id, Item.item_code, Item.name, sums.batch_id, Batch.batch_no)
        .join(Item, Item.id == sums.item_id)
        .outerjoin(Batch, Batch.id == sums.batch_id)
        .order_by(Item.item_code, sums.batch_id, sums.arrives, sums.location_id)
    ).all()
    places = places_by_id(session, {row.location_id for row in rows})
    return [
        {
            "item": {"id": row.id, "item_code": row.item_code, "name": row.name},
            "batch": row.batch_id and {"id": row.batch_id, "batch_no": row.batch_no},
            "place": place_card(places[row.location_id]),
            "qty": row.qty,
        }
        for row in rows
    ]


_UNIT_COLUMNS = (Item.id.label("item_id"), Item.item_code, Item.name, Batch.batch_no, User.username.label("by"))
_SITES_APART = 2**40
"""Entries are numbered per site; a voucher can move units at two of them."""

UnitsOf = tuple[Any, ColumnElement[int]]
"""A statement, and what its rows are ordered by."""


def _moved(voucher_id: str) -> UnitsOf:
    key = cast(StockLedgerEntry.site_id, BigInteger) * _SITES_APART + StockLedgerEntry.seq
    return (
        select(
            key.label("key"),
            SerialNumber.id.label("unit_id"),
            SerialNumber.serial_no,
            *_UNIT_COLUMNS,
            StockLedgerEntry.batch_id,
            StockLedgerEntry.location_id,
            StockLedgerEntry.posted_at.label("at"),
            literal("moved", String).label("what"),
        )
        .select_from(StockLedgerEntry)
        .join(SerialNumber, SerialNumber.id == StockLedgerEntry.serial_id)
        .join(Item, Item.id == StockLedgerEntry.item_id)
        .join(User, User.id == StockLedgerEntry.actor_id)
        .outerjoin(Batch, Batch.id == StockLedgerEntry.batch_id)
        .where(StockLedgerEntry.voucher_id == voucher_id, StockLedgerEntry.qty > 0)
    ), key


def _waiting(voucher_id: str) -> UnitsOf:
    known = and_(SerialNumber.serial_key == VoucherUnit.serial_key, SerialNumber.item_id == VoucherUnit.item_id)
    key = table(VoucherUnit).c.id
    return (
        select(
            key.label("key"),
            SerialNumber.id.label("unit_id"),
            VoucherUnit.serial_no,
            *_UNIT_COLUMNS,
            VoucherUnit.batch_id,
            SerialNumber.location_id,
            VoucherUnit.recorded_at.label("at"),
            VoucherUnit.condition.label("what"),
        )
        .select_from(VoucherUnit)
        .join(Item, Item.id == VoucherUnit.item_id)
        .join(User, User.id == VoucherUnit.user_id)
        .outerjoin(SerialNumber, known)
        .outerjoin(Batch, Batch.id == VoucherUnit.batch_id)
        .where(
            VoucherUnit.voucher_id == voucher_id,
            VoucherUnit.status != "undone",
            VoucherUnit.serial_no.is_not(None),
        )
    ), key


def _taken(voucher_id: str) -> UnitsOf:
    key = table(Reservation).c.id
    return (
        select(
            key.label("key"),
            SerialNumber.id.label("unit_id"),
            SerialNumber.serial_no,
            *_UNIT_COLUMNS,
            SerialNumber.batch_id,
            SerialNumber.location_id,
            Reservation.at,
            Reservation.status.label("what"),
        )
        .select_from(Reservation)
        .join(SerialNumber, SerialNumber.id == Reservation.serial_id)
        .join(Item, Item.id == SerialNumber.item_id)
        .join(User, User.id == Reservation.user_id)
        .outerjoin(Batch, Batch.id == SerialNumber.batch_id)
        .where(Reservation.voucher_id == voucher_id)
    ), key


def _unit(row: Any, places: dict[int, Location]) -> dict[str, Any]:
    return {
        "unit_id": row.unit_id,
        "serial_no": row.serial_no,
        "item": {"id": row.item_id, "item_code": row.item_code, "name": row.name},
        "batch": row.batch_id and {"id": row.batch_id, "batch_no": row.batch_no},
        "place": place_card(places.get(row.location_id)),
        "what": row.what,
        "by": row.by,
        "at": row.at,
    }
