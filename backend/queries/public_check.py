"""What anybody may know of a unit in their hands: its model and its coverage, and nothing else."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain import serials
from backend.domain.locations import LocationKind
from backend.domain.warranty import Coverage, WarrantyStatus
from backend.models import Item, ItemBarcode, Location, SerialNumber
from backend.models.coverages import coverages_of


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """The model and its coverage on a day."""

    model: str
    coverage: Coverage


def check(session: Session, gtin: str, serial_no: str, today: date) -> PublicAnswer | None:
    """The coverage of a unit that somebody outside has; ``None`` for every other pair of GTIN and serial number.

    A unit in stock is answered like one that does not exist, by the same statements: nobody learns what is here.
    """
    row = session.execute(
        select(SerialNumber.id, Item.name)
        .join(Item, Item.id == SerialNumber.item_id)
        .join(ItemBarcode, ItemBarcode.item_id == Item.id)
        .join(Location, Location.id == SerialNumber.location_id)
        .where(
            SerialNumber.serial_key == serials.key(serial_no),
            ItemBarcode.code == gtin,
            Location.kind == LocationKind.CUSTOMER,
        )
        .limit(1)
    ).first()
    covered = coverages_of(session, [row.id if row else 0], today)
    if row is None:
        return None
    said = covered[row.id]
    if said.status is WarrantyStatus.VOID:
        # Why a warranty is void is between the seller and the owner.
        said = replace(said, message="Warranty void: ask the seller.")
    return PublicAnswer(row.name, said)
