"""The ledger as EPCIS events: read in pieces, so that an export of any length needs the memory of one piece."""

import heapq
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from backend.domain.epcis import Event, Goods, HoldMark, Movement, Undoing, events_of, hold_event, undone
from backend.domain.epcis_ids import Names
from backend.models import (
    Balance,
    Batch,
    Hold,
    Item,
    ItemBarcode,
    Location,
    Party,
    SerialNumber,
    StockLedgerEntry,
    Voucher,
    table,
)
from backend.queries.epcis_facts import PieceFacts

PIECE = 500
"""Movements that are held at once."""

_arriving, _leaving = table(StockLedgerEntry).alias("arrived"), table(StockLedgerEntry).alias("departed")
_arrived, _left = _arriving.c, _leaving.c
_order = aliased(Voucher, name="source")


@dataclass(frozen=True, slots=True)
class Exported:
    """Which events are wanted.

    Args:
        unit_ids: The whole history of these units, unit by unit in the order given.
        batch_id: What happened to a batch at ``site_ids``.
        voucher_id: What a voucher moved, and its undoing.
        site_ids: The sites; for a period one.
        since: The first moment of a period.
        until: The moment after its last.
    """

    unit_ids: Sequence[int] | None = None
    batch_id: int | None = None
    voucher_id: str | None = None
    site_ids: Collection[int] = ()
    since: datetime | None = None
    until: datetime | None = None


def events(session: Session, wanted: Exported, names: Names) -> Iterator[Event]:
    """The events in the order in which they happened; of many units, those of one after those of another.

    The session must see one moment while the events are read (``reading_one_moment``).
    """
    if wanted.unit_ids is None:
        yield from _merged(session, wanted, _movements_of(session, wanted), _holds_of(wanted), names)
        return
    for unit_id in wanted.unit_ids:
        movements = _arrived.serial_id == unit_id
        of_unit = select(SerialNumber.batch_id).where(SerialNumber.id == unit_id).scalar_subquery()
        holds = or_(Hold.serial_id == unit_id, Hold.batch_id == of_unit)
        yield from _merged(session, wanted, movements, holds, names)


def _merged(
    session: Session,
    wanted: Exported,
    movements: ColumnElement[bool],
    holds: ColumnElement[bool] | None,
    names: Names,
) -> Iterator[Event]:
    streams = [_ledger_events(session, movements, names)]
    if holds is not None:
        streams += [_hold_events(session, wanted, holds, names, is_lifted=is_lifted) for is_lifted in (False, True)]
    for _, event in heapq.merge(*streams, key=lambda timed: timed[0]):
        yield event


def _ledger_events(session: Session, where: ColumnElement[bool], names: Names) -> Iterator[tuple[datetime, Event]]:
    rows = session.execute(_statement(where), execution_options={"yield_per": PIECE})
    for piece in rows.partitions():
        facts = PieceFacts(session, piece, movement_columns().where(_arrived.qty > 0), _arrived)
        for row in piece:
            if facts.is_opposite(row):
                original = facts.original_of(row)
                undoing = Undoing(row.posted_at, row.cancel_reason)
                yield row.posted_at, undone(_movement(original, facts), undoing, names)
                continue
            for event in events_of(_movement(row, facts), names):
                yield row.posted_at, event


def _movements_of(session: Session, wanted: Exported) -> ColumnElement[bool]:
    if wanted.voucher_id is not None:
        return _arrived.voucher_id == wanted.voucher_id
    at_sites = _arrived.site_id.in_(sorted(wanted.site_ids))
    if wanted.batch_id is not None:
        units = select(SerialNumber.id).where(SerialNumber.batch_id == wanted.batch_id)
        untracked = and_(_arrived.serial_id.is_(None), _arrived.batch_id == wanted.batch_id)
        return and_(at_sites, or_(_arrived.serial_id.in_(units), untracked))
    (site_id,) = wanted.site_ids
    conditions = [_arrived.site_id == site_id]
    # Server times never run backwards along the chain of a site, so a period is a range of its numbers.
    if wanted.since is not None:
        conditions.append(_arrived.seq >= _first_seq(session, site_id, wanted.since))
    if wanted.until is not None:
        conditions.append(_arrived.seq < _first_seq(session, site_id, wanted.until))
    return and_(*conditions)


def _first_seq(session: Session, site_id: int, moment: datetime) -> int:
    """The number of the first entry of a site at or after a moment, found by halving."""
    entry = table(StockLedgerEntry).c
    low, high = 1, (session.scalar(select(func.max(entry.seq)).where(entry.site_id == site_id)) or 0) + 1
    while low < high:
        middle = (low + high) // 2
        posted_at = session.scalar(select(entry.posted_at).where(entry.site_id == site_id, entry.seq == middle))
        low, high = (middle + 1, high) if posted_at and posted_at < moment else (low, middle)
    return low


def _holds_of(wanted: Exported) -> ColumnElement[bool] | None:
    if wanted.voucher_id is not None:
        return None
    if wanted.batch_id is not None:
        units = select(SerialNumber.id).where(SerialNumber.batch_id == wanted.batch_id)
        return or_(Hold.batch_id == wanted.batch_id, Hold.serial_id.in_(units))
    (site_id,) = wanted.site_ids
    entry = table(StockLedgerEntry).c
    was_here = exists().where(entry.serial_id == Hold.serial_id, entry.site_id == site_id)
    is_here = exists().where(
        Balance.batch_id == Hold.batch_id, Location.id == Balance.location_id, Location.site_id == site_id
    )
    return or_(was_here, is_here)


def _hold_events(
    session: Session, wanted: Exported, where: ColumnElement[bool], names: Names, *, is_lifted: bool
) -> Iterator[tuple[datetime, Event]]:
    at = Hold.lifted_at if is_lifted else Hold.placed_at
    batch_id = func.coalesce(Hold.batch_id, SerialNumber.batch_id)
    item_id = func.coalesce(SerialNumber.item_id, Batch.item_id)
    gtin = (
        select(func.min(ItemBarcode.code))
        .where(ItemBarcode.item_id == Item.id, ItemBarcode.is_gtin)
        .correlate(Item)
        .scalar_subquery()
    )
    query = (
        select(Hold, at, Item.item_code, gtin, SerialNumber.serial_no, Batch.batch_no)
        .outerjoin(SerialNumber, SerialNumber.id == Hold.serial_id)
        .outerjoin(Batch, Batch.id == batch_id)
        .join(Item, Item.id == item_id)
        .where(where, at.is_not(None))
        .order_by(at, Hold.id)
    )
    if wanted.since is not None:
        query = query.where(at >= wanted.since)
    if wanted.until is not None:
        query = query.where(at < wanted.until)
    for hold, moment, item_code, code, serial_no, batch_no in session.execute(
        query, execution_options={"yield_per": PIECE}
    ):
        reason = hold.lift_reason if is_lifted else hold.reason
        goods = Goods(item_code, code, serial_no, batch_no)
        yield moment, hold_event(HoldMark(hold.id, goods, hold.kind, is_lifted, moment, reason), names)


def _statement(where: ColumnElement[bool]) -> Select[Any]:
    """A row a movement: the entry that arrived beside the one before it, which left."""
    return (
        movement_columns().where(_arrived.qty > 0, where).order_by(_arrived.posted_at, _arrived.site_id, _arrived.seq)
    )


def movement_columns() -> Select[Any]:
    """What a movement needs, but for its places and what else a piece knows."""
    return (
        select(
            _arrived.site_id,
            _arrived.seq,
            _arrived.hash,
            _arrived.serial_id,
            _arrived.batch_id,
            _arrived.item_id,
            _arrived.qty,
            _arrived.voucher_id,
            _arrived.voucher_line_id,
            _arrived.scanned_at,
            _arrived.posted_at,
            _arrived.location_id.label("to_id"),
            _left.location_id.label("from_id"),
            Item.item_code,
            SerialNumber.serial_no,
            Batch.batch_no,
            Batch.expires_on,
            Voucher.type.label("voucher_type"),
            Voucher.number.label("voucher_no"),
            Voucher.cancelled_at,
            Voucher.cancel_reason,
            _order.type.label("order_type"),
            _order.number.label("order_no"),
            Party.kind.label("party_kind"),
            Party.code.label("party_code"),
        )
        .select_from(_arriving)
        .join(_leaving, and_(_left.site_id == _arrived.site_id, _left.seq == _arrived.seq - 1))
        .join(Item, Item.id == _arrived.item_id)
        .join(Voucher, Voucher.id == _arrived.voucher_id)
        .outerjoin(_order, _order.id == Voucher.source_id)
        .outerjoin(SerialNumber, SerialNumber.id == _arrived.serial_id)
        .outerjoin(Batch, Batch.id == _arrived.batch_id)
        .outerjoin(Party, Party.id == _arrived.party_id)
    )


def _movement(row: Any, facts: PieceFacts) -> Movement:
    return Movement(
        hash=row.hash,
        goods=Goods(
            row.item_code,
            facts.gtin(row.item_id),
            row.serial_no,
            row.batch_no,
            row.expires_on,
            None if row.serial_no is not None else row.qty,
        ),
        left=facts.place(row.from_id),
        arrived=facts.place(row.to_id),
        voucher_type=row.voucher_type,
        voucher_no=row.voucher_no,
        posted_at=row.posted_at,
        scanned_at=row.scanned_at,
        order_type=row.order_type,
        order_no=row.order_no,
        party_kind=row.party_kind,
        party_code=row.party_code,
        parent=facts.parent(row),
        is_numbered=facts.is_numbered(row),
    )
