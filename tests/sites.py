"""Sites of their own for tests that make goods: with places, items, orders and people, built by the services."""

import itertools
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from backend.domain.locations import LocationKind
from backend.domain.people import Actor, Role
from backend.domain.receiving import Tracking
from backend.models import ItemBarcode, Party, User
from backend.services import masters
from backend.services.masters import OrderLine
from backend.services.scan_batches import IncomingScan, ScanBatch
from backend.unit_of_work import UnitOfWork

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)

_numbers = itertools.count(1)


def new_id() -> str:
    """An id that was not used before; in order, so that a failing run reads well."""
    return str(uuid.UUID(int=next(_numbers)))


@dataclass(frozen=True, slots=True)
class Site:
    """A site, what is ordered there, and who works there.

    Args:
        places: Ids by code: ``MAIN``, ``VAN``, ``REJECT``.
        laptop: Item with serial numbers and batches.
        cable: Item without; its barcode is ``cable_code``.
        orders: Ids of the open purchase orders.
        ana: A picker.
        ben: Another one.
        kim: Support, who reads only.
    """

    id: int
    code: str
    places: dict[str, int]
    laptop: int
    cable: int
    cable_code: str
    orders: list[str]
    ana: Actor
    ben: Actor
    kim: Actor

    def serial(self, number: int) -> str:
        """A serial number that no other site's item has."""
        return f"{self.code}-{number:04d}"

    def batch(self, actor: Actor, *scans: IncomingScan) -> ScanBatch:
        """Scans as an actor's own device sends them."""
        device = str(uuid.UUID(int=2**100 + actor.user_id))
        return ScanBatch(actor, device, f"{actor.username}'s phone", NOON, scans)


def new_site(work: UnitOfWork, *orders: dict[str, int]) -> Site:
    """Add a site with a purchase order for each argument: how many of ``laptop`` and of ``cable``."""
    code = f"S{next(_numbers)}"
    site = masters.add_site(work, code=code, name=f"Site {code}")
    places = {
        name: masters.add_location(work, parent=site, code=name, name=name, kind=kind).id
        for name, kind in (
            ("MAIN", LocationKind.WAREHOUSE),
            ("VAN", LocationKind.WAREHOUSE),
            ("REJECT", LocationKind.REJECT),
        )
    }
    laptop = masters.add_item(
        work, item_code=f"LAP-{code}", name="Laptop", tracking=Tracking.SERIAL_BATCH, warranty_days=365
    )
    cable = masters.add_item(work, item_code=f"CAB-{code}", name="Cable", tracking=Tracking.NONE)
    cable.barcodes = [ItemBarcode(code=f"CABLE {code}", is_gtin=False)]
    people = {
        username: Actor(user_id, username, {site.id: frozenset({role})})
        for username, role in (("ana", Role.PICKER), ("ben", Role.PICKER), ("kim", Role.SUPPORT))
        for user_id in work.session.scalars(select(User.id).where(User.username == username))
    }
    supplier = work.session.scalars(select(Party).where(Party.kind == "supplier")).first()
    assert supplier is not None
    items = {"laptop": laptop, "cable": cable}
    order_ids = [
        masters.add_purchase_order(
            work,
            people["ana"],
            order_id=new_id(),
            site_id=site.id,
            supplier=supplier,
            lines=[OrderLine(items[name], qty) for name, qty in order.items()],
        ).id
        for order in orders
    ]
    return Site(site.id, code, places, laptop.id, cable.id, f"CABLE {code}", order_ids, **people)


def scan_of(receipt_id: str, text: str, **more: Any) -> IncomingScan:
    """A scan with a batch beside it."""
    defaults: dict[str, Any] = {"id": new_id(), "n": 1, "purpose": "receive", "scanned_at": NOON, "batch_no": "B-1"}
    return IncomingScan(voucher_id=receipt_id, text=text, **defaults | more)


def undo_of(scan: IncomingScan, *, through: str | None = None, **more: Any) -> IncomingScan:
    """The wish to take a scan back, in its own receipt or through another one."""
    defaults: dict[str, Any] = {"purpose": "undo", "undoes": scan.id, "batch_no": None}
    return scan_of(through or scan.voucher_id, "", **defaults | more)
