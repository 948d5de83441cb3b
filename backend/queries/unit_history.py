"""A unit's movements, read from the ledger."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.locations import LocationKind
from backend.models import Device, Location, Party, Scan, StockLedgerEntry, User, Voucher
from backend.queries.receipts import place
from backend.queries.stock import places_by_id


def history_of(session: Session, unit_id: int) -> list[dict[str, Any]]:
    """The unit's movements, oldest first: the two entries of each shown as one line."""
    rows = session.execute(
        select(
            StockLedgerEntry.site_id,
            StockLedgerEntry.seq,
            StockLedgerEntry.qty,
            StockLedgerEntry.location_id,
            StockLedgerEntry.scanned_at,
            StockLedgerEntry.posted_at,
            User.username,
            Device.name.label("device"),
            Voucher.id.label("voucher_id"),
            Voucher.type,
            Voucher.number,
            Voucher.cancelled_at,
            Party.code.label("party"),
        )
        .join(User, User.id == StockLedgerEntry.actor_id)
        .join(Voucher, Voucher.id == StockLedgerEntry.voucher_id)
        .outerjoin(Party, Party.id == StockLedgerEntry.party_id)
        .outerjoin(Scan, Scan.id == StockLedgerEntry.scan_id)
        .outerjoin(Device, Device.id == Scan.device_id)
        .where(StockLedgerEntry.serial_id == unit_id)
        .order_by(StockLedgerEntry.posted_at, StockLedgerEntry.site_id, StockLedgerEntry.seq)
    ).all()
    places = places_by_id(session, {row.location_id for row in rows})
    return [
        {
            "seq": arrived.seq,
            "what": "cancelled"
            if _is_opposite(arrived)
            else _what(places[left.location_id], places[arrived.location_id]),
            "qty": arrived.qty,
            "from": place(places[left.location_id]),
            "to": place(places[arrived.location_id]),
            "party": arrived.party,
            "voucher": {"id": arrived.voucher_id, "type": arrived.type, "number": arrived.number},
            "actor": arrived.username,
            "device": arrived.device,
            "scanned_at": arrived.scanned_at,
            "posted_at": arrived.posted_at,
        }
        for left, arrived in zip(rows[::2], rows[1::2], strict=True)
    ]


_WHAT_TO = {
    LocationKind.CUSTOMER: "sold",
    LocationKind.SUPPLIER: "returned_to_supplier",
    LocationKind.CONSUMED: "consumed",
    LocationKind.SCRAP: "scrapped",
    LocationKind.LOST: "lost",
    LocationKind.REPAIR: "taken_for_repair",
}
_WHAT_FROM = {
    LocationKind.SUPPLIER: "received",
    LocationKind.CUSTOMER: "returned",
    LocationKind.LOST: "found",
    LocationKind.CONSUMED: "taken_out",
}


def _is_opposite(entry: Any) -> bool:
    """Whether an entry undoes one of its voucher: all of those are posted when the voucher is cancelled."""
    return entry.cancelled_at is not None and entry.posted_at >= entry.cancelled_at


def _what(left: Location, arrived: Location) -> str:
    if left.kind == LocationKind.SUPPLIER and arrived.kind == LocationKind.REJECT:
        return "rejected"
    if left.kind == LocationKind.CUSTOMER and arrived.kind == LocationKind.REPAIR:
        return "taken_for_repair"
    if left.kind == LocationKind.REPAIR and arrived.kind == LocationKind.CUSTOMER:
        return "given_back"
    return _WHAT_FROM.get(LocationKind(left.kind)) or _WHAT_TO.get(LocationKind(arrived.kind), "moved")
