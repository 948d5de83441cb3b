"""Fills a database with as many units as are asked for, in minutes, by bulk inserts.

Each 500 units come by one receipt, as one batch, into one bin; the older half of them is sold again, 500 on one
delivery note. So a million units have three million entries, chained by the same code that posts them.
"""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from backend.domain import serials
from backend.domain.ledger import Entry, Move, Posting, post
from backend.domain.locations import LocationKind
from backend.extensions import db
from backend.models import (
    Batch,
    Event,
    Feed,
    Hold,
    Location,
    Party,
    SerialNumber,
    StockLedgerEntry,
    User,
    Voucher,
    VoucherLine,
    table,
)
from backend.services import masters, projections
from backend.unit_of_work import UnitOfWork, transact

PER_RECEIPT = 500
BINS, ITEMS = 400, 100
START = datetime(2024, 1, 1, 6, tzinfo=UTC)
_ENTRY = tuple(field.name for field in fields(Entry))
Rows = Sequence[dict[str, Any]]


@dataclass(slots=True)
class Writer:
    """Writes rows of plain columns: COPY on PostgreSQL, prepared inserts on SQLite."""

    connection: sa.Connection

    def write(self, model: Any, rows: Rows) -> None:
        """Add rows that all have the same columns."""
        if not rows:
            return
        target = table(model)
        defaults = {
            column.name: column.default.arg
            for column in target.columns
            if column.default is not None and column.default.is_scalar and column.name not in rows[0]
        }
        rows = [row | defaults for row in rows]
        columns = tuple(rows[0])
        makers = [
            target.c[name].type.dialect_impl(self.connection.dialect).bind_processor(self.connection.dialect)
            for name in columns
        ]
        ready = (
            tuple(row[name] if make is None else make(row[name]) for name, make in zip(columns, makers, strict=True))
            for row in rows
        )
        names = ", ".join(columns)
        if self.connection.dialect.name == "postgresql":
            raw: Any = self.connection.connection.cursor()
            with raw, raw.copy(f"COPY {target.name} ({names}) FROM STDIN") as copy:
                for row in ready:
                    copy.write_row(row)
            return
        marks = ", ".join("?" * len(columns))
        raw = self.connection.connection.cursor()
        raw.executemany(f"INSERT INTO {target.name} ({names}) VALUES ({marks})", list(ready))


@dataclass(slots=True)
class Ledger:
    """The end of a site's chain and feed while the generator writes on."""

    writer: Writer
    site_id: int
    actor_id: int
    seq: int
    digest: bytes
    head: int
    now: datetime = START
    step: timedelta = timedelta(minutes=1)

    def post(self, voucher: dict[str, Any], line_id: int, moves: list[Move]) -> list[Entry]:
        """A submitted voucher with one line and its movements."""
        self.now += self.step
        common = {
            "status": "submitted",
            "site_id": self.site_id,
            "dated_on": self.now.date(),
            "opened_by_id": self.actor_id,
            "opened_at": self.now,
            "submitted_by_id": self.actor_id,
            "submitted_at": self.now,
        }
        self.writer.write(Voucher, [common | voucher])
        of_receipt = len(moves) if voucher["type"] == "purchase_receipt" else 0
        line = {"id": line_id, "voucher_id": voucher["id"], "idx": 1, "item_id": moves[0].item_id, "qty": len(moves)}
        self.writer.write(VoucherLine, [line | {"accepted": of_receipt}])
        posting = Posting(
            self.site_id, self.seq, self.digest, voucher["id"], self.actor_id, voucher["party_id"], self.now
        )
        entries = list(post(moves, posting))
        self.seq, self.digest = entries[-1].seq, entries[-1].hash
        self.head += 1
        event = {"site_id": self.site_id, "seq": self.head, "kind": "stock_moved", "voucher_id": voucher["id"]}
        self.writer.write(Event, [event | {"at": self.now}])
        return entries


def fill(count: int, start: datetime = START, span: timedelta | None = None) -> None:
    """Add so many units to a database that has the demo data.

    Args:
        count: How many.
        start: When the first came.
        span: Over what time all vouchers are spread; a minute for each without it.
    """
    step = span / (count // PER_RECEIPT + count // PER_RECEIPT // 2) if span else timedelta(minutes=1)
    transact(lambda work: _fill(work, count, start, step))
    transact(projections.rebuild_balances)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def _fill(work: UnitOfWork, count: int, start: datetime, step: timedelta) -> None:
    draw = random.Random(1)
    receipts = count // PER_RECEIPT
    kinds = max(1, min(ITEMS, receipts // 4))
    site = masters.site_by_code(work, "HQ")
    session = work.session
    party = dict(session.execute(sa.select(Party.kind, sa.func.min(Party.id)).group_by(Party.kind)).all())
    place = dict(
        session.execute(
            sa.select(Location.kind, sa.func.max(Location.id))
            .where(Location.site_id == site.id)
            .group_by(Location.kind)
        ).all()
    )
    user = session.scalars(sa.select(User.id).where(User.username == "ana")).one()
    bins = _bins(work, site)
    items = [
        masters.add_item(
            work, item_code=f"MIL-{number:03d}", name=f"Item {number}", tracking="serial_batch", warranty_days=365
        ).id
        for number in range(kinds)
    ]
    feed = session.execute(sa.select(table(Feed)).where(Feed.site_id == site.id)).one()
    ledger = Ledger(Writer(work.connection), site.id, user, feed.ledger_seq, feed.ledger_hash, feed.head, start, step)
    first = {
        model: (session.scalar(sa.select(sa.func.max(model.id))) or 0) + 1
        for model in (SerialNumber, Batch, VoucherLine)
    }
    session.flush()

    sold = receipts // 2
    for index in range(receipts):
        item, bin_id = items[index % kinds], bins[index % len(bins)]
        batch = first[Batch] + index
        ids = range(first[SerialNumber] + index * PER_RECEIPT, first[SerialNumber] + (index + 1) * PER_RECEIPT)
        receipt, note = (str(uuid.UUID(int=draw.getrandbits(128), version=4)) for _ in range(2))
        made = (START + timedelta(minutes=index)).date()
        ledger.writer.write(
            Batch,
            [
                {
                    "id": batch,
                    "item_id": item,
                    "batch_no": f"MB-{index:06d}",
                    "batch_key": f"mb-{index:06d}",
                    "manufactured_on": made,
                    "expires_on": date(2027, 1, 1) + timedelta(draw.randrange(1500)),
                    "supplier_id": party["supplier"],
                    "created_at": ledger.now,
                }
            ],
        )
        voucher = {"id": receipt, "type": "purchase_receipt", "number": f"PR-M-{index:06d}"}
        entries = ledger.post(
            voucher | {"party_id": party["supplier"], "location_id": bin_id, "accepted": PER_RECEIPT},
            first[VoucherLine] + 2 * index,
            [
                Move(item, unit, batch, place[LocationKind.SUPPLIER], bin_id, 1, first[VoucherLine] + 2 * index)
                for unit in ids
            ],
        )
        received = ledger.now
        sale: list[Entry] = []
        if index < sold:
            voucher = {"id": note, "type": "delivery_note", "number": f"DN-M-{index:06d}"}
            sale = ledger.post(
                voucher | {"party_id": party["customer"], "location_id": bin_id, "accepted": 0},
                first[VoucherLine] + 2 * index + 1,
                [
                    Move(item, unit, batch, bin_id, place[LocationKind.CUSTOMER], 1, first[VoucherLine] + 2 * index + 1)
                    for unit in ids
                ],
            )
        last = (sale or entries)[1::2]
        ledger.writer.write(
            SerialNumber,
            [
                {
                    "id": unit,
                    "item_id": item,
                    "serial_no": f"MIL{unit:09d}",
                    "serial_key": serials.key(f"MIL{unit:09d}"),
                    "batch_id": batch,
                    "supplier_id": party["supplier"],
                    "receipt_id": receipt,
                    "created_at": received,
                    "location_id": entry.location_id,
                    "owner_id": party["customer"] if sale else None,
                    "last_site_id": site.id,
                    "last_seq": entry.seq,
                }
                for unit, entry in zip(ids, last, strict=True)
            ],
        )
        ledger.writer.write(
            StockLedgerEntry, [{name: getattr(entry, name) for name in _ENTRY} for entry in (*entries, *sale)]
        )
    _hold_some(ledger, first[Batch], receipts, first[SerialNumber])
    work.connection.execute(
        sa.update(table(Feed))
        .where(table(Feed).c.site_id == site.id)
        .values(head=ledger.head, ledger_seq=ledger.seq, ledger_hash=ledger.digest)
    )
    if work.connection.dialect.name == "postgresql":
        for model in (SerialNumber, Batch, VoucherLine, Hold):
            work.connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table(model).name}', 'id'), (SELECT max(id) FROM {table(model).name}))"
            )


def _bins(work: UnitOfWork, site: Location) -> list[int]:
    halls = [
        masters.add_location(work, parent=site, code=f"HALL-{hall}", name=f"Hall {hall}", kind=LocationKind.WAREHOUSE)
        for hall in range(5)
    ]
    return [
        masters.add_location(
            work, parent=halls[number % 5], code=f"M-{number:04d}", name=f"Bin {number}", kind=LocationKind.BIN
        ).id
        for number in range(BINS)
    ]


def _hold_some(ledger: Ledger, first_batch: int, batches: int, first_unit: int) -> None:
    by = {"kind": "hold", "reason": "bench", "placed_by_id": ledger.actor_id, "placed_at": ledger.now}
    ledger.writer.write(Hold, [by | {"batch_id": first_batch + index} for index in range(0, batches, 47)])
    last = first_unit + batches * PER_RECEIPT - 1
    ledger.writer.write(Hold, [by | {"serial_id": last - 7 * index} for index in range(min(200, batches * 20))])
