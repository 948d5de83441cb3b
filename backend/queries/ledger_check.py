"""Replays the whole ledger and compares what it says with every projection."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.domain.ledger import GENESIS, Quantity, chained
from backend.domain.locations import NEVER_BELOW_ZERO, SOURCES, LocationKind
from backend.models import (
    Balance,
    Event,
    Feed,
    Location,
    OverReceipt,
    SerialNumber,
    StockLedgerEntry,
    Voucher,
    VoucherLine,
    VoucherUnit,
    table,
)

_CHUNK = 5_000


@dataclass(slots=True)
class LedgerReport:
    """What a check found. ``problems`` is empty when the ledger and everything derived from it agree."""

    entries: int = 0
    units: int = 0
    problems: list[str] = field(default_factory=list)


class Arrival(NamedTuple):
    """The last time a unit came to a place, as the ledger has it."""

    posted_at: datetime
    site_id: int
    seq: int
    batch_id: int | None
    party_id: int | None
    location_id: int


@dataclass(slots=True)
class Replayed:
    """What the ledger alone says."""

    entries: int = 0
    balances: dict[tuple[int, int, int | None], Quantity] = field(default_factory=lambda: defaultdict(int))
    moved: dict[tuple[str, int, int | None, int | None], Quantity] = field(default_factory=lambda: defaultdict(int))
    places: dict[int, dict[int, Quantity]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    arrivals: dict[int, Arrival] = field(default_factory=dict)
    tied: dict[int, list[Arrival]] = field(default_factory=dict)
    """Of units that moved at two sites in one tick of the clock; any of them may be the last."""


def check_ledger(session: Session) -> LedgerReport:
    """Check the hash chain, the sums and the projections; reads everything, writes nothing.

    The session must read one moment, or what is posted meanwhile looks like a difference.
    """
    report = LedgerReport()
    replayed = Replayed()
    standing = {
        row.id: row.dated_on
        for row in session.execute(select(Voucher.id, Voucher.dated_on).where(Voucher.status != "cancelled"))
    }
    for feed in session.execute(select(table(Feed)).order_by(Feed.site_id)).all():
        report.problems += _replay_site(session, feed, replayed, standing)
        report.problems += _check_events(session, feed)
    report.problems += _check_sites(session)
    report.entries, report.units = replayed.entries, len(replayed.places)
    report.problems += [
        f"voucher {voucher}: the movements of item {item} (unit {unit}, batch {batch}) do not add to zero: {qty}"
        for (voucher, item, unit, batch), qty in replayed.moved.items()
        if qty
    ]
    report.problems += _check_units(session, replayed)
    report.problems += _check_balances(session, replayed)
    report.problems += _check_vouchers(session)
    report.problems += _check_receipts(session)
    return report


def _replay_site(session: Session, feed: Any, replayed: Replayed, standing: Mapping[str, date]) -> Iterator[str]:
    seq, previous = 0, GENESIS
    last_dated: dict[int, date] = {}
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
        replayed.moved[row.voucher_id, row.item_id, row.serial_id, row.batch_id] += row.qty
        if row.serial_id is not None:
            replayed.places[row.serial_id][row.location_id] += row.qty
            dated_on = standing.get(row.voucher_id)
            if dated_on is not None and dated_on < last_dated.get(row.serial_id, dated_on):
                yield f"{where}: dated {dated_on}, before an earlier movement of unit {row.serial_id}"
            if dated_on is not None:
                last_dated[row.serial_id] = dated_on
            if row.qty > 0:
                _arrive(
                    replayed,
                    row.serial_id,
                    Arrival(row.posted_at, row.site_id, row.seq, row.batch_id, row.party_id, row.location_id),
                )
    if (seq, previous) != (feed.ledger_seq, feed.ledger_hash):
        yield f"site {feed.site_id}: the ledger ends at {seq}, the feed says {feed.ledger_seq}"


def _arrive(replayed: Replayed, unit: int, arrival: Arrival) -> None:
    known = replayed.arrivals.get(unit)
    if known is None or known[:1] < arrival[:1] or known.site_id == arrival.site_id:
        replayed.arrivals[unit] = arrival
        replayed.tied.pop(unit, None)
    elif known.posted_at == arrival.posted_at:
        replayed.tied.setdefault(unit, [known]).append(arrival)


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


def _check_units(session: Session, replayed: Replayed) -> Iterator[str]:
    seen = 0
    sources = set(session.scalars(select(Location.id).where(Location.kind.in_(SOURCES))))
    rows = session.execute(
        select(
            SerialNumber.id,
            SerialNumber.serial_no,
            SerialNumber.location_id,
            SerialNumber.last_site_id,
            SerialNumber.last_seq,
            SerialNumber.batch_id,
            SerialNumber.owner_id,
            Location.kind,
        )
        .join(Location, Location.id == SerialNumber.location_id)
        .execution_options(yield_per=_CHUNK)
    )
    for row in rows:
        seen += 1
        # What a supplier gave, and got back, says nothing about where the unit is.
        places = {place: qty for place, qty in replayed.places.get(row.id, {}).items() if qty and place not in sources}
        if places != ({} if row.location_id in sources else {row.location_id: 1}):
            yield f"unit {row.serial_no} ({row.id}): the ledger has it in {places}, the unit in {row.location_id}"
            continue
        found = (row.last_site_id, row.last_seq, row.batch_id, row.owner_id, row.location_id)
        expected = [
            (
                arrival.site_id,
                arrival.seq,
                arrival.batch_id,
                arrival.party_id if row.kind == LocationKind.CUSTOMER else None,
                arrival.location_id,
            )
            for arrival in replayed.tied.get(row.id) or [replayed.arrivals[row.id]]
        ]
        if found not in expected:
            yield (
                f"unit {row.serial_no} ({row.id}): last site, last entry, batch, owner and place are {found}, "
                f"the ledger says {expected[-1]}"
            )
    if seen != len(replayed.places):
        yield f"the ledger moves {len(replayed.places)} units, there are {seen}"


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
        elif (line.received, line.scanned) != (received[line.id], scanned[line.id]):
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
