"""What moved a unit, in the order of the ledger, leaving out what was cancelled."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from backend.domain.errors import DomainError, refuse
from backend.models import SerialNumber, StockLedgerEntry, Voucher, table

_CHUNK = 500
_entry, _unit, _voucher = table(StockLedgerEntry).c, table(SerialNumber).c, table(Voucher).c


@dataclass(frozen=True, slots=True)
class LaterMove:
    """The first movement of a unit after a point: which unit, by which voucher, dated when."""

    serial_no: str
    voucher_id: str
    number: str
    dated_on: date

    def contradicts(self, what: str) -> DomainError:
        """The refusal of something that this movement came after."""
        return refuse(
            "has_later_moves",
            f"{self.serial_no} has later moves: {self.number} of {self.dated_on}. {what}",
            f"Cancel {self.number} first, or leave it as it is.",
            serial_no=self.serial_no,
            voucher=self.number,
            voucher_id=self.voucher_id,
            dated_on=str(self.dated_on),
        )


def first_after_voucher(connection: Connection, voucher_id: str) -> LaterMove | None:
    """The first movement of any unit of a voucher after the voucher moved it.

    Movements of cancelled vouchers stand against nothing: their opposites undid them. Two sites have two
    chains; server time puts them in order, which only ever ties within one chain.
    """
    mine = (
        select(
            _entry.serial_id, _entry.site_id, func.max(_entry.seq).label("seq"), func.max(_entry.posted_at).label("at")
        )
        .where(_entry.voucher_id == voucher_id, _entry.serial_id.is_not(None))
        .group_by(_entry.serial_id, _entry.site_id)
        .subquery()
    )
    last = select(mine.c.serial_id, func.max(mine.c.at).label("at")).group_by(mine.c.serial_id).subquery()
    later = aliased(table(StockLedgerEntry))
    query = (
        select(_unit.serial_no, _voucher.id, _voucher.number, _voucher.dated_on)
        .select_from(later)
        .join(last, last.c.serial_id == later.c.serial_id)
        .outerjoin(mine, and_(mine.c.serial_id == later.c.serial_id, mine.c.site_id == later.c.site_id))
        .join(table(SerialNumber), _unit.id == later.c.serial_id)
        .join(table(Voucher), _voucher.id == later.c.voucher_id)
        .where(
            later.c.voucher_id != voucher_id,
            _voucher.status != "cancelled",
            or_(later.c.posted_at > last.c.at, and_(later.c.posted_at == last.c.at, later.c.seq > mine.c.seq)),
        )
        .order_by(later.c.posted_at, later.c.site_id, later.c.seq)
        .limit(1)
    )
    row = connection.execute(query).first()
    return LaterMove(*row) if row else None


def first_dated_after(connection: Connection, serial_ids: Collection[int], dated_on: date) -> LaterMove | None:
    """The first standing movement of any of these units whose business date is after a day."""
    ids = sorted(serial_ids)
    for start in range(0, len(ids), _CHUNK):
        row = connection.execute(_DATED_AFTER, {"units": ids[start : start + _CHUNK], "day": dated_on}).first()
        if row:
            return LaterMove(*row)
    return None


def first_of_unit_after(connection: Connection, serial_id: int, voucher_id: str) -> LaterMove | None:
    """The first standing movement of a unit after a voucher was posted, which need not have moved the unit."""
    posted_at = select(func.max(_entry.posted_at)).where(_entry.voucher_id == voucher_id).scalar_subquery()
    row = connection.execute(
        _moves()
        .where(_entry.serial_id == serial_id, _entry.posted_at > posted_at, _entry.voucher_id != voucher_id)
        .limit(1)
    ).first()
    return LaterMove(*row) if row else None


def _moves() -> Select[Any]:
    return (
        select(_unit.serial_no, _voucher.id, _voucher.number, _voucher.dated_on)
        .select_from(table(StockLedgerEntry))
        .join(table(SerialNumber), _unit.id == _entry.serial_id)
        .join(table(Voucher), _voucher.id == _entry.voucher_id)
        .where(_voucher.status != "cancelled")
        .order_by(_entry.posted_at, _entry.site_id, _entry.seq)
    )


_DATED_AFTER = (
    _moves()
    .where(_entry.serial_id.in_(bindparam("units", expanding=True)), _voucher.dated_on > bindparam("day"))
    .limit(1)
)
