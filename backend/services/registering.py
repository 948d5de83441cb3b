"""Registrations: somebody outside says that they have a unit, and a warranty that begins with that begins."""

from datetime import date

from backend.domain.errors import DomainError, refuse
from backend.domain.warranty import Basis
from backend.models import Item, SerialNumber, Voucher, Warranty
from backend.models.sold_units import sold_unit
from backend.services import warranties
from backend.services.feed import SiteFeed
from backend.unit_of_work import UnitOfWork


def register(work: UnitOfWork, *, gtin: str, serial_no: str, registered_on: date) -> Warranty:
    """Start the warranty of a sold unit on the day that its owner names, where its item's terms say so.

    There is nobody to name: the owner is not logged in. So the sale is what the warranty stands on, and a sale that is
    cancelled takes it along. A unit in stock is refused like one that does not exist.

    Raises:
        DomainError: ``registration_unknown``, ``date_in_future``, ``registration_before_sale``, ``warranty_started``
            for one that is registered, and ``warranty_basis`` or ``claim_no_warranty`` by the terms of the item.
    """
    before = sold_unit(work.session, gtin, serial_no)
    if before is None:
        raise unknown()
    feed = SiteFeed(work, before.site_id)
    # Again: it may have come back while the lock of the site was waited for.
    sold = sold_unit(work.session, gtin, serial_no)
    if sold is None or sold.site_id != before.site_id:
        raise unknown()
    unit = work.session.get_one(SerialNumber, sold.unit_id)
    sale = work.session.get_one(Voucher, sold.sale_id)
    item = work.session.get_one(Item, unit.item_id)
    if item.warranty_basis != Basis.REGISTRATION:
        raise refuse(
            "warranty_basis",
            f"The warranty of this unit begins with the {item.warranty_basis}, without a registration.",
            "Check the unit: the answer says what covers it.",
        )
    if registered_on > work.today:
        raise refuse("date_in_future", f"{registered_on} is still to come.", "Choose today or a day before.")
    if registered_on < sale.dated_on:
        raise refuse(
            "registration_before_sale",
            f"The unit was not sold yet on {registered_on}.",
            "Choose the day on which you got it, or a later one.",
        )
    if work.session.get(Warranty, (unit.id, sale.id)) is not None:
        raise refuse(
            "warranty_started",
            "The warranty of this unit was registered before.",
            "Check the unit: the answer says what covers it.",
        )
    started = warranties.start_by(work, sale, unit, Basis.REGISTRATION, registered_on=registered_on)
    feed.tell("warranty_changed", voucher_id=sale.id, unit_id=unit.id)
    feed.close()
    return started


def unknown() -> DomainError:
    """The refusal of a pair that means no unit outside."""
    return refuse(
        "registration_unknown",
        "No coverage is known for this product code and serial number.",
        "Check both on the label, or ask where you bought it.",
    )
