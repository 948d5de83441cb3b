"""What anybody may know of a unit in their hands: its model and its coverage, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from backend.domain.warranty import Basis, Coverage, WarrantyStatus, begins_with
from backend.models.coverages import coverages_of
from backend.models.sold_units import sold_unit


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """The model and its coverage on a day, and whether that coverage waits to be registered."""

    model: str
    today: date
    coverage: Coverage
    waits_for_registration: bool


def check(session: Session, gtin: str, serial_no: str, today_at: Callable[[int], date]) -> PublicAnswer | None:
    """The coverage of a unit that somebody outside has; ``None`` for every other pair of GTIN and serial number.

    The day is that of the site that sold it. A unit in stock is answered like one that does not exist, by the same
    statements: nobody learns what is here.
    """
    sold = sold_unit(session, gtin, serial_no)
    today = today_at(sold.site_id if sold else 0)
    covered = coverages_of(session, [sold.unit_id if sold else 0], today)
    if sold is None:
        return None
    said = covered[sold.unit_id]
    if sold.waits_for_registration and said.status is WarrantyStatus.VOID:
        # What is void was of a sale before.
        said = begins_with(Basis.REGISTRATION)
    if said.status is WarrantyStatus.VOID:
        # Why a warranty is void is between the seller and the owner.
        said = replace(said, message="Warranty void: ask the seller.", facts={})
    return PublicAnswer(sold.model, today, said, sold.waits_for_registration)
