"""Masters as the command line makes them: sites with their places, items, parties, purchase orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from backend.domain.errors import refuse
from backend.domain.ledger import GENESIS
from backend.domain.locations import VIRTUAL, LocationKind
from backend.domain.people import Actor
from backend.models import Feed, Item, ItemBarcode, Location, Party, PurchaseOrder, VoucherLine
from backend.services.auditing import note
from backend.services.feed import SiteFeed
from backend.services.vouchers import next_number
from backend.unit_of_work import UnitOfWork


def add_site(work: UnitOfWork, *, code: str, name: str) -> Location:
    """Add a site with its feed and with its places outside the house."""
    if work.session.scalar(select(Location.id).where(Location.code == code, Location.kind == "site")):
        raise refuse("site_taken", f"There is a site {code} already.", "Choose another code.")
    site = Location(code=code, name=name, kind=LocationKind.SITE)
    work.session.add(site)
    work.session.flush()
    site.site_id = site.id
    for kind in VIRTUAL:
        work.session.add(
            Location(site_id=site.id, parent_id=site.id, code=kind.upper(), name=kind.capitalize(), kind=kind)
        )
    work.session.add(Feed(site_id=site.id, head=0, ledger_seq=0, ledger_hash=GENESIS))
    note(work, None, kind="site_made", subject=code, facts=name, site_id=site.id)
    work.session.flush()
    return site


def add_location(work: UnitOfWork, *, parent: Location, code: str, name: str, kind: LocationKind) -> Location:
    """Add a place under another one.

    Raises:
        DomainError: ``location_taken``.
    """
    if work.session.scalar(select(Location.id).where(Location.site_id == parent.site_id, Location.code == code)):
        raise refuse("location_taken", f"There is a place {code} at this site.", "Choose another code.")
    place = Location(site_id=parent.site_id, parent=parent, code=code, name=name, kind=kind)
    work.session.add(place)
    note(work, None, kind="place_made", subject=code, facts=name, site_id=parent.site_id)
    work.session.flush()
    return place


def add_item(work: UnitOfWork, *, gtin: str | None = None, **columns: Any) -> Item:
    """Add an item; ``gtin`` has 14 digits, ``columns`` are those of :class:`Item`."""
    item = Item(**columns)
    if gtin is not None:
        item.barcodes = [ItemBarcode(code=gtin, is_gtin=True)]
    work.session.add(item)
    note(work, None, kind="item_made", subject=item.item_code, facts=item.name)
    work.session.flush()
    return item


def add_party(work: UnitOfWork, *, code: str, kind: str, name: str, contact: str | None = None) -> Party:
    """Add a supplier or customer."""
    party = Party(code=code, kind=kind, name=name, contact=contact)
    work.session.add(party)
    note(work, None, kind="party_made", subject=code, facts=name)
    work.session.flush()
    return party


@dataclass(frozen=True, slots=True)
class OrderLine:
    """What is ordered of one item."""

    item: Item
    qty: int


def add_purchase_order(
    work: UnitOfWork,
    actor: Actor,
    *,
    order_id: str,
    site_id: int,
    supplier: Party,
    lines: Sequence[OrderLine],
    number: str | None = None,
    dated_on: date | None = None,
) -> PurchaseOrder:
    """Add a submitted purchase order; its number is drawn unless one is given."""
    feed = SiteFeed(work, site_id)
    order = PurchaseOrder(
        id=order_id,
        number=number or next_number(work, PurchaseOrder, site_id),
        status="submitted",
        site_id=site_id,
        party_id=supplier.id,
        dated_on=dated_on or work.today,
        opened_by_id=actor.user_id,
        opened_at=work.now,
        submitted_by_id=actor.user_id,
        submitted_at=work.now,
        lines=[VoucherLine(idx=idx, item_id=line.item.id, qty=line.qty) for idx, line in enumerate(lines, start=1)],
    )
    work.session.add(order)
    work.session.flush()
    feed.tell("order_changed", voucher_id=order.id)
    feed.close()
    return order


def site_by_code(work: UnitOfWork, code: str) -> Location:
    """The site with a code.

    Raises:
        DomainError: ``site_unknown``.
    """
    site = work.session.scalar(select(Location).where(Location.code == code, Location.kind == LocationKind.SITE))
    if site is None:
        raise refuse("site_unknown", f"There is no site {code}.", "Use the code of a site of yours.")
    return site
