"""Replays the movements of every unit, one unit after the other, so that memory does not grow with the ledger."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.ledger import Quantity
from backend.domain.locations import OWNED, SOURCES
from backend.models import Location, SerialNumber, StockLedgerEntry, Voucher, table

_CHUNK = 5_000
_entry, _unit, _voucher = table(StockLedgerEntry).c, table(SerialNumber).c, table(Voucher).c


class Arrival(NamedTuple):
    """A time that a unit came to a place, as the ledger has it."""

    posted_at: datetime
    site_id: int
    seq: int
    batch_id: int | None
    party_id: int | None
    location_id: int


@dataclass(slots=True)
class UnitReplay:
    """Walks along the units and their entries, both in the order of the units' ids."""

    session: Session
    units: int = 0

    def problems(self) -> Iterator[str]:
        """What the ledger says of each unit, against what the unit says of itself."""
        sources = set(self.session.scalars(select(Location.id).where(Location.kind.in_(SOURCES))))
        moved = groupby(self._entries(), key=lambda entry: entry.serial_id)
        unit_id, entries = _next(moved)
        seen = 0
        for unit in self._rows():
            seen += 1
            while unit_id is not None and unit_id < unit.id:
                unit_id, entries = _next(moved)
            its_own = entries if unit_id == unit.id else []
            self.units += bool(its_own)
            yield from _of_unit(unit, its_own, sources)
        if seen != self.units:
            yield f"the ledger moves {self.units} units, there are {seen}"

    def _entries(self) -> Any:
        return self.session.execute(
            select(
                _entry.serial_id,
                _entry.site_id,
                _entry.seq,
                _entry.item_id,
                _entry.batch_id,
                _entry.location_id,
                _entry.qty,
                _entry.party_id,
                _entry.voucher_id,
                _entry.posted_at,
                _voucher.dated_on,
                _voucher.status,
            )
            .join(table(Voucher), _voucher.id == _entry.voucher_id)
            .where(_entry.serial_id.is_not(None))
            .order_by(_entry.serial_id, _entry.site_id, _entry.seq)
            .execution_options(yield_per=_CHUNK)
        )

    def _rows(self) -> Any:
        return self.session.execute(
            select(
                _unit.id,
                _unit.serial_no,
                _unit.location_id,
                _unit.last_site_id,
                _unit.last_seq,
                _unit.batch_id,
                _unit.owner_id,
                Location.kind,
            )
            .join(Location, Location.id == _unit.location_id)
            .order_by(_unit.id)
            .execution_options(yield_per=_CHUNK)
        )


def does_not_add_up(voucher: str, item: int, unit: int | None, batch: int | None, qty: Quantity) -> str:
    """A voucher whose movements are no movements: goods that came from nowhere or went there."""
    return f"voucher {voucher}: the movements of item {item} (unit {unit}, batch {batch}) do not add to zero: {qty}"


def _next(moved: Iterator[tuple[int, Iterable[Any]]]) -> tuple[int | None, list[Any]]:
    unit_id, entries = next(moved, (None, ()))
    return unit_id, list(entries)


def _of_unit(unit: Any, entries: Sequence[Any], sources: set[int]) -> Iterator[str]:
    sums: defaultdict[tuple[str, int, int | None], Quantity] = defaultdict(int)
    held: defaultdict[int, Quantity] = defaultdict(int)
    last_dated: dict[int, date] = {}
    last: list[Arrival] = []
    for entry in entries:
        sums[entry.voucher_id, entry.item_id, entry.batch_id] += entry.qty
        held[entry.location_id] += entry.qty
        if entry.status != "cancelled":
            before = last_dated.setdefault(entry.site_id, entry.dated_on)
            if entry.dated_on < before:
                where = f"site {entry.site_id}, entry {entry.seq}"
                yield f"{where}: dated {entry.dated_on}, before an earlier movement of unit {unit.id}"
            last_dated[entry.site_id] = entry.dated_on
        if entry.qty > 0:
            last = _arrived(last, entry)
    yield from (
        does_not_add_up(voucher, item, unit.id, batch, qty) for (voucher, item, batch), qty in sums.items() if qty
    )
    # What a supplier gave, and got back, says nothing about where the unit is.
    places = {place: qty for place, qty in held.items() if qty and place not in sources}
    if not last or places != ({} if unit.location_id in sources else {unit.location_id: 1}):
        yield f"unit {unit.serial_no} ({unit.id}): the ledger has it in {places}, the unit in {unit.location_id}"
        return
    found = (unit.last_site_id, unit.last_seq, unit.batch_id, unit.owner_id, unit.location_id)
    expected = [
        (
            arrival.site_id,
            arrival.seq,
            arrival.batch_id,
            arrival.party_id if unit.kind in OWNED else None,
            arrival.location_id,
        )
        for arrival in last
    ]
    if found not in expected:
        yield (
            f"unit {unit.serial_no} ({unit.id}): last site, last entry, batch, owner and place are {found}, "
            f"the ledger says {expected[-1]}"
        )


def _arrived(last: list[Arrival], entry: Any) -> list[Arrival]:
    """The last arrival; several when a unit moved at two sites in one tick of the clock, and any may be the last."""
    arrival = Arrival(entry.posted_at, entry.site_id, entry.seq, entry.batch_id, entry.party_id, entry.location_id)
    if not last or last[0].posted_at < arrival.posted_at or last[0].site_id == arrival.site_id:
        return [arrival]
    return [*last, arrival] if last[0].posted_at == arrival.posted_at else last
