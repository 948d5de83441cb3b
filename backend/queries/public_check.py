"""What anybody may know of a unit in their hands: its model and its coverage, and nothing else."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain import serials
from backend.domain.locations import LocationKind
from backend.domain.warranty import Coverage, coverage
from backend.models import Item, ItemBarcode, Location, SerialNumber, Warranty


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """The model and its coverage on a day."""

    model: str
    coverage: Coverage


def check(session: Session, gtin: str, serial_no: str, today: date) -> PublicAnswer | None:
    """The coverage of a unit that somebody outside has; ``None`` for every other pair of GTIN and serial number.

    A unit in stock is answered like one that does not exist, by the same statement: nobody learns what is here.
    """
    row = session.execute(
        select(
            Item.name,
            Item.warranty_days,
            Item.warranty_months,
            Warranty.start_on,
            Warranty.end_on,
            Warranty.void_reason,
        )
        .select_from(SerialNumber)
        .join(Item, Item.id == SerialNumber.item_id)
        .join(ItemBarcode, ItemBarcode.item_id == Item.id)
        .join(Location, Location.id == SerialNumber.location_id)
        .outerjoin(Warranty, Warranty.serial_id == SerialNumber.id)
        .where(
            SerialNumber.serial_key == serials.key(serial_no),
            ItemBarcode.code == gtin,
            Location.kind == LocationKind.CUSTOMER,
        )
        .order_by(Warranty.voided_at.is_not(None), Warranty.voided_at.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    period = row.warranty_months if row.warranty_days is None else row.warranty_days
    # Why a warranty is void is between the seller and the owner.
    void_reason = None if row.void_reason is None else "ask the seller."
    return PublicAnswer(row.name, coverage(row.start_on, row.end_on, period, today, void_reason=void_reason))
