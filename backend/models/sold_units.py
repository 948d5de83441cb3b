"""The unit that a label outside means: by GTIN and serial number, while a customer has it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain import serials
from backend.domain.locations import LocationKind
from backend.domain.warranty import Basis
from backend.models.catalog import Item, ItemBarcode
from backend.models.documents import Voucher
from backend.models.ledger import StockLedgerEntry
from backend.models.locations import Location
from backend.models.serials import SerialNumber
from backend.models.warranty import Warranty


@dataclass(frozen=True, slots=True)
class SoldUnit:
    """A unit that a customer has, the voucher of its sale, and whether its warranty waits to be registered."""

    unit_id: int
    site_id: int
    model: str
    sale_id: str
    waits_for_registration: bool


def sold_unit(session: Session, gtin: str, serial_no: str) -> SoldUnit | None:
    """The unit of a label; ``None`` for one in stock as for one that does not exist, after the same statement."""
    sale = (
        select(Voucher.id)
        .join(StockLedgerEntry, StockLedgerEntry.voucher_id == Voucher.id)
        .where(
            StockLedgerEntry.serial_id == SerialNumber.id,
            Voucher.type.in_(("delivery_note", "sales_invoice")),
            Voucher.status != "cancelled",
        )
        .order_by(StockLedgerEntry.posted_at.desc())
        .limit(1)
        .correlate(SerialNumber)
        .scalar_subquery()
    )
    of_this_sale = select(Warranty.voucher_id).where(Warranty.serial_id == SerialNumber.id, Warranty.voucher_id == sale)
    standing = select(Warranty.voucher_id).where(Warranty.serial_id == SerialNumber.id, Warranty.voided_at.is_(None))
    has_terms = Item.warranty_days.is_not(None) | Item.warranty_months.is_not(None)
    row = session.execute(
        select(
            SerialNumber.id,
            Location.site_id,
            Item.name,
            sale.label("sale_id"),
            (
                (Item.warranty_basis == Basis.REGISTRATION) & has_terms & ~of_this_sale.exists() & ~standing.exists()
            ).label("waits"),
        )
        .join(Item, Item.id == SerialNumber.item_id)
        .join(ItemBarcode, ItemBarcode.item_id == Item.id)
        .join(Location, Location.id == SerialNumber.location_id)
        .where(
            SerialNumber.serial_key == serials.key(serial_no),
            ItemBarcode.code == gtin,
            Location.kind == LocationKind.CUSTOMER,
            sale.is_not(None),
        )
        .limit(1)
    ).first()
    return SoldUnit(row.id, row.site_id, row.name, row.sale_id, bool(row.waits)) if row else None
