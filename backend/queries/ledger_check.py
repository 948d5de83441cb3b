"""Replays the whole ledger and compares what it says with every projection."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.domain.ledger import GENESIS, Quantity, chained
from backend.domain.locations import NEVER_BELOW_ZERO
from backend.models import (
    Balance,
    Event,
    Feed,
    Location,
    OverReceipt,
    StockLedgerEntry,
    Voucher,
    VoucherLine,
    VoucherUnit,
    table,
)
from backend.queries.moves_check import check_moves
from backend.queries.reservation_check import check_reservations, check_sales
from backend.queries.unit_replay import UnitReplay, does_not_add_up

_CHUNK = 5_000
_LESS = 0.000_000_5
"""Half of the finest step of a quantity: SQLite adds fractions as doubles."""

Cell = tuple[int, int, int | None]
"""Place, item and batch."""


@dataclass(slots=True)
class LedgerReport:
    """What a check found. ``problems`` is empty when the ledger and everything derived from it agree."""

    entries: int = 0
    units: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Replayed:
    """What the chain alone says: one sum for each balance, whatever number of entries it has."""

    entries: int = 0
    balances: dict[Cell, Quantity] = field(default_factory=lambda: defaultdict(int))


def check_ledger(session: Session) -> LedgerReport:
    """Check the hash chain, the sums and the projections; reads everything, writes nothing.

    The session must read one moment, or what is posted meanwhile looks like a difference.
    """
    report = LedgerReport()
    replayed = Replayed()
    for feed in session.execute(select(table(Feed)).order_by(Feed.site_id)).all():
        report.problems += _replay_site(session, feed, replayed)
        report.problems += _check_events(session, feed)
    report.problems += _check_sites(session)
    report.entries = replayed.entries
    moved = UnitReplay(session)
    report.problems += moved.problems()
    report.units = moved.units
    report.problems += _check_untracked(session)
    report.problems += _check_balances(session, replayed)
    report.problems += _check_vouchers(session)
    report.problems += _check_receipts(session)
    report.problems += check_moves(session)
    report.problems += check_reservations(session)
    report.problems += check_sales(session)
    return report


def _replay_site(session: Session, feed: Any, replayed: Replayed) -> Iterator[str]:
    seq, previous = 0, GENESIS
    rows = session.execute(
        select(table(StockLedgerEntry))
        .where(StockLedgerEntry.site_id == feed.site_id)
        .order_by(StockLedgerEntry.seq)
        .execution_options(yield_per=_CHUNK)
    )
    for row in rows:
        seq += 1
        where = f"site {feed.site_id}, entry {row.seq}"
        if row.seq != seq:
            yield f"{where}: entry {seq} is missing"
            seq = row.seq
        digest = chained(
            row.prev_hash,
            (
                row.site_id,
                row.seq,
                row.item_id,
                row.serial_id,
                row.batch_id,
                row.location_id,
                row.qty,
                row.party_id,
                row.voucher_id,
                row.voucher_line_id,
                row.scan_id,
                row.actor_id,
                row.scanned_at,
                row.posted_at,
            ),
        )
        if row.prev_hash != previous:
            yield f"{where}: not chained to the entry before it"
        if row.hash != digest:
            yield f"{where}: changed after it was written"
        previous = row.hash
        replayed.entries += 1
        replayed.balances[row.location_id, row.item_id, row.batch_id] += row.qty
    if (seq, previous) != (feed.ledger_seq, feed.ledger_hash):
        yield f"site {feed.site_id}: the ledger ends at {seq}, the feed says {feed.ledger_seq}"


def _check_events(session: Session, feed: Any) -> Iterator[str]:
    count, last = session.execute(
        select(func.count(), func.coalesce(func.max(Event.seq), 0)).where(Event.site_id == feed.site_id)
    ).one()
    if not count == last == feed.head:
        yield f"site {feed.site_id}: the feed says {feed.head}, there are {count} events, the last is {last}"


def _check_sites(session: Session) -> Iterator[str]:
    """Entries of a site without a feed would be read by nobody."""
    known = select(Feed.site_id)
    without = select(StockLedgerEntry.site_id).where(StockLedgerEntry.site_id.not_in(known)).distinct()
    for site_id in session.scalars(without):
        yield f"site {site_id}: has entries and no feed"


def _check_untracked(session: Session) -> Iterator[str]:
    """The movements of goods without serial numbers add to zero, too; those of units are added with each unit."""
    entry = table(StockLedgerEntry).c
    of = (entry.voucher_id, entry.item_id, entry.batch_id)
    total = func.sum(entry.qty)
    rows = session.execute(
        select(*of, total.label("qty")).where(entry.serial_id.is_(None)).group_by(*of).having(func.abs(total) > _LESS)
    )
    for row in rows:
        yield does_not_add_up(row.voucher_id, row.item_id, None, row.batch_id, row.qty)


def _check_balances(session: Session, replayed: Replayed) -> Iterator[str]:
    stored = {
        (row.location_id, row.item_id, row.batch_id): row.qty
        for row in session.execute(select(Balance.location_id, Balance.item_id, Balance.batch_id, Balance.qty))
    }
    never_below_zero = set(session.scalars(select(Location.id).where(Location.kind.in_(NEVER_BELOW_ZERO))))
    for place in stored.keys() | replayed.balances.keys():
        expected, found = replayed.balances.get(place, 0), stored.get(place, 0)
        if expected < 0 and place[0] in never_below_zero:
            yield f"place {place[0]} holds {expected} of item {place[1]}, batch {place[2]}"
        if expected != found:
            yield f"balance of place {place[0]}, item {place[1]}, batch {place[2]}: {found}, the ledger says {expected}"


def _check_vouchers(session: Session) -> Iterator[str]:
    """The counts on the lines of receipts, against their units; the progress of orders, against the receipts."""
    units = select(
        VoucherUnit.line_id, VoucherUnit.condition, VoucherUnit.status, func.sum(VoucherUnit.qty).label("units")
    ).where(VoucherUnit.status != "undone")
    counted: defaultdict[int, dict[str, Quantity]] = defaultdict(lambda: defaultdict(int))
    posted: defaultdict[int, Quantity] = defaultdict(int)
    opened: defaultdict[int, Quantity] = defaultdict(int)
    for row in session.execute(units.group_by(VoucherUnit.line_id, VoucherUnit.condition, VoucherUnit.status)):
        counted[row.line_id][row.condition] += row.units
        (posted if row.status == "posted" else opened)[row.line_id] += row.units
    received: defaultdict[int, Quantity] = defaultdict(int)
    scanned: defaultdict[int, Quantity] = defaultdict(int)
    lines = session.execute(
        select(table(VoucherLine), Voucher.status, Voucher.type).join(Voucher, Voucher.id == VoucherLine.voucher_id)
    ).all()
    for line in lines:
        if line.source_line_id is not None and line.status != "cancelled":
            received[line.source_line_id] += posted[line.id]
            scanned[line.source_line_id] += opened[line.id]
    let_in = select(OverReceipt.line_id, func.sum(OverReceipt.qty).label("qty")).group_by(OverReceipt.line_id)
    admitted: dict[int, Quantity] = {row.line_id: row.qty for row in session.execute(let_in)}
    for line in lines:
        if line.admitted != admitted.get(line.id, 0):
            yield f"order line {line.id}: admitted {line.admitted}, supervisors let in {admitted.get(line.id, 0)}"
        if line.source_line_id is not None or line.type == "opening_stock":
            found = (line.accepted, line.rejected)
            expected = (counted[line.id]["accepted"], counted[line.id]["rejected"])
            # A receipt that was given up or cancelled keeps the counts that it had.
            if found != expected and line.status != "cancelled":
                yield f"receipt line {line.id}: counts {found}, its units are {expected}"
        elif line.type == "purchase_order" and (line.received, line.scanned) != (received[line.id], scanned[line.id]):
            yield (
                f"order line {line.id}: received {line.received}, scanned {line.scanned}; "
                f"its receipts say {received[line.id]} and {scanned[line.id]}"
            )


def _check_receipts(session: Session) -> Iterator[str]:
    """The counts that boards read, against the lines."""
    accepted, rejected = func.sum(VoucherLine.accepted), func.sum(VoucherLine.rejected)
    rows = session.execute(
        select(Voucher.number, Voucher.accepted, Voucher.rejected, accepted, rejected)
        .join(VoucherLine, VoucherLine.voucher_id == Voucher.id)
        .where(Voucher.type.in_(("purchase_receipt", "opening_stock")))
        .group_by(Voucher.id)
        .having((accepted != Voucher.accepted) | (rejected != Voucher.rejected))
    )
    for number, *counts in rows:
        yield f"receipt {number}: counts {tuple(counts[:2])}, its lines say {tuple(counts[2:])}"
