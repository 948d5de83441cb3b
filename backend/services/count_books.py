"""What the books say of a place that is counted, and what a round of a count makes of it."""

from collections import Counter, defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from backend.domain.counting import BookUnit, CountKind, Result, Sort, judge_goods, judge_units
from backend.domain.ledger import Quantity
from backend.domain.locations import STATE_AT, LocationKind
from backend.models import (
    Balance,
    CountRound,
    CountScan,
    Item,
    Location,
    Party,
    Reservation,
    SerialNumber,
    StockCount,
    StockLedgerEntry,
    Voucher,
    table,
)

_CHUNK = 500
_unit, _entry, _place = table(SerialNumber).c, table(StockLedgerEntry).c, table(Location).c

COUNTS = ("counted", "misplaced")
"""Outcomes of scans that name a unit or goods."""


def judged(session: Session, count_id: str) -> list[Result] | None:
    """What the last round of a count says as the books stand now; ``None`` once it is posted or cancelled."""
    count = session.get(StockCount, count_id)
    if count is None or count.status in ("closed", "cancelled"):
        return None
    last = session.scalars(
        select(CountRound).where(CountRound.voucher_id == count.id).order_by(CountRound.round.desc())
    ).first()
    tree = select(Location.id).where(Location.id == count.location_id).cte(recursive=True)
    tree = tree.union_all(select(Location.id).join(tree, Location.parent_id == tree.c.id))
    return judge_round(session, count, last, set(session.scalars(select(tree.c.id)))) if last else None


def judge_round(session: Session, count: StockCount, of: CountRound, inside: Collection[int]) -> list[Result]:
    """What a round says, as the books stand now.

    Args:
        session: Of a transaction that reads one moment.
        count: The count.
        of: The round.
        inside: Ids of the place that is counted and of all places in it.
    """
    connection = session.connection()
    scans = connection.execute(
        select(table(CountScan))
        .where(
            CountScan.voucher_id == count.id,
            CountScan.round == of.round,
            CountScan.undone_at.is_(None),
            CountScan.outcome != "duplicate",
        )
        .order_by(CountScan.recorded_at, CountScan.id)
    ).all()
    seen = {scan.serial_id: scan.location_id for scan in scans if scan.serial_id is not None}
    expected = connection.scalars(
        select(_unit.id).where(_unit.location_id.in_(inside)).order_by(_unit.serial_key, _unit.id)
    ).all()
    books = _books(connection, {*expected, *seen}, count.site_id, of.after_seq)
    results = judge_units(expected, books, list(seen.items()))
    counted: Counter[Sort] = Counter()
    for scan in scans:
        if scan.serial_id is None and scan.outcome in COUNTS and scan.item_id is not None:
            counted[scan.location_id, scan.item_id, scan.batch_id] += scan.qty
    results += judge_goods(
        counted, _at_start(connection, counted, count.site_id, of.after_seq), _names(connection, counted)
    )
    unknown = {scan.text.strip().casefold(): scan for scan in scans if scan.outcome == "unknown"}
    results += [
        Result(CountKind.UNKNOWN, scan.text[:200], 1, shelf_location_id=scan.location_id, note=scan.message)
        for scan in unknown.values()
    ]
    order = list(CountKind)
    return sorted(results, key=lambda result: (order.index(result.kind), result.text))


def _books(connection: Connection, serial_ids: Collection[int], site_id: int, after_seq: int) -> dict[int, BookUnit]:
    books: dict[int, BookUnit] = {}
    ids = sorted(serial_ids)
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        visited: defaultdict[int, set[int]] = defaultdict(set)
        for row in connection.execute(
            select(_entry.serial_id, _entry.location_id).where(
                _entry.serial_id.in_(chunk), _entry.site_id == site_id, _entry.seq > after_seq
            )
        ):
            visited[row.serial_id].add(row.location_id)
        fetched = set(
            connection.scalars(
                select(Reservation.serial_id)
                .join(Voucher, Voucher.id == Reservation.voucher_id)
                .where(Reservation.serial_id.in_(chunk), Reservation.status == "chosen", Voucher.type == "pick_list")
            )
        )
        rows = connection.execute(
            select(
                _unit.id,
                _unit.serial_no,
                _unit.item_id,
                _unit.batch_id,
                _unit.location_id,
                _place.kind,
                _place.code,
                _place.site_id,
                Party.code.label("owner"),
            )
            .join(table(Location), _place.id == _unit.location_id)
            .outerjoin(table(Party), Party.id == _unit.owner_id)
            .where(_unit.id.in_(chunk))
        )
        for row in rows:
            books[row.id] = BookUnit(
                row.id,
                row.serial_no,
                row.item_id,
                row.batch_id,
                STATE_AT[LocationKind(row.kind)],
                row.location_id,
                row.code,
                row.site_id == site_id,
                frozenset(visited[row.id]),
                row.owner,
                row.id in fetched,
            )
    return books


def _at_start(connection: Connection, sorts: Collection[Sort], site_id: int, after_seq: int) -> dict[Sort, Quantity]:
    """How much the books had when the round began: what they have, less what came and went since."""
    if not sorts:
        return {}
    places, items = {place for place, _, _ in sorts}, {item for _, item, _ in sorts}
    stock: defaultdict[Sort, Quantity] = defaultdict(int)
    balances = select(Balance.location_id, Balance.item_id, Balance.batch_id, Balance.qty).where(
        Balance.location_id.in_(places), Balance.item_id.in_(items)
    )
    since = (
        select(_entry.location_id, _entry.item_id, _entry.batch_id, func.sum(_entry.qty).label("qty"))
        .where(
            _entry.location_id.in_(places),
            _entry.item_id.in_(items),
            _entry.site_id == site_id,
            _entry.seq > after_seq,
        )
        .group_by(_entry.location_id, _entry.item_id, _entry.batch_id)
    )
    for sign, query in ((1, balances), (-1, since)):
        for row in connection.execute(query):
            stock[row.location_id, row.item_id, row.batch_id] += sign * row.qty
    return stock


def _names(connection: Connection, sorts: Collection[Sort]) -> dict[int, str]:
    rows: Any = connection.execute(
        select(table(Item).c.id, table(Item).c.item_code).where(
            table(Item).c.id.in_({item_id for _, item_id, _ in sorts})
        )
    )
    return {row.id: row.item_code for row in rows}
