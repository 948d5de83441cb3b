"""Demo data: the people, places and goods of the scenarios, made by the same services as everything else."""

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from backend.domain.locations import LocationKind
from backend.domain.people import Actor, Role
from backend.domain.receiving import Tracking
from backend.domain.servicing import Period, VisitResult
from backend.models import Item, Location, Party
from backend.services import delivering, listed_receiving, maintenance, masters, people, receiving, visits
from backend.services.maintenance import PlanWanted
from backend.services.masters import OrderLine
from backend.services.visit_parts import Parts
from backend.services.visits import ReadingTaken, Report
from backend.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A person to try the system as."""

    username: str
    name: str
    role: Role

    @property
    def password(self) -> str:
        """Known to everybody who reads this: demo data is for trying out only."""
        return f"demo-{self.username}"


DEMO_USERS = (
    DemoUser("ana", "Ana Ramos", Role.PICKER),
    DemoUser("ben", "Ben Fischer", Role.PICKER),
    DemoUser("tom", "Tom Okafor", Role.TECHNICIAN),
    DemoUser("sue", "Sue Lindqvist", Role.SUPERVISOR),
    DemoUser("kim", "Kim Tanaka", Role.SUPPORT),
    DemoUser("admin", "Administrator", Role.ADMINISTRATOR),
)


def load_demo(work: UnitOfWork) -> bool:
    """Fill an empty database; ``False``, and nothing done, when there is a site already."""
    if work.session.scalar(select(Location.id).limit(1)) is not None:
        return False
    site = masters.add_site(work, code="HQ", name="Headquarters")
    north = masters.add_site(work, code="NORTH", name="North branch")
    places = _places(work, site)
    main, van = places["MAIN"], places["VAN-7"]
    masters.add_location(work, parent=north, code="N-MAIN", name="North store", kind=LocationKind.WAREHOUSE)
    masters.add_location(work, parent=north, code="N-REJECT", name="Rejected", kind=LocationKind.REJECT)
    actors = _people(work, site, north)
    supplier = masters.add_party(
        work, code="NorthStar", kind="supplier", name="NorthStar Devices", contact="orders@northstar.example"
    )
    for code, name in (("ACME", "ACME Hospital"), ("BETA", "Beta Clinics")):
        masters.add_party(work, code=code, kind="customer", name=name, contact=f"desk@{code.lower()}.example")
    laptop, pump, cable = _items(work)
    sue = actors["sue"]
    _sold_last_year(work, actors, site, supplier, laptop, main)
    masters.add_purchase_order(
        work,
        sue,
        order_id=_uuid(),
        site_id=site.id,
        supplier=supplier,
        lines=[OrderLine(laptop, 50)],
        number="PO-1",
    )
    masters.add_purchase_order(
        work,
        sue,
        order_id=_uuid(),
        site_id=site.id,
        supplier=supplier,
        lines=[OrderLine(pump, 6), OrderLine(laptop, 10), OrderLine(cable, 40)],
        number="PO-2",
    )
    masters.add_purchase_order(
        work,
        actors["admin"],
        order_id=_uuid(),
        site_id=north.id,
        supplier=supplier,
        lines=[OrderLine(laptop, 5)],
        number="PO-3",
    )
    _earlier_goods(work, sue, site, supplier, laptop, van, "NB24-", 3)
    _earlier_goods(work, sue, site, supplier, laptop, main, "NB23-", 2)
    delivering.deliver(
        work,
        actors["ana"],
        note_id=_uuid(),
        customer_code="ACME",
        location_id=main.id,
        serial_nos=["NB23-0001"],
    )
    _after_the_sale(work, actors, site, supplier, van)
    return True


def _sold_last_year(
    work: UnitOfWork, actors: dict[str, Actor], site: Location, supplier: Party, laptop: Item, main: Location
) -> None:
    """A laptop whose warranty ended some weeks ago, for the refusal of its claims."""
    past = work.now - timedelta(days=400)
    then = replace(work, clock=lambda: past, now=past)
    _earlier_goods(then, actors["sue"], site, supplier, laptop, main, "NB22-", 1)
    delivering.deliver(
        then,
        actors["ana"],
        note_id=_uuid(),
        customer_code="BETA",
        location_id=main.id,
        serial_nos=["NB22-0001"],
    )


def _after_the_sale(work: UnitOfWork, actors: dict[str, Actor], site: Location, supplier: Party, van: Location) -> None:
    """Spare fans in the technician's van, and a laptop that got one of them and is looked after every year."""
    fan = masters.add_item(work, item_code="FAN-80", name="Fan 80 mm", tracking=Tracking.SERIAL, warranty_days=180)
    _earlier_goods(work, actors["sue"], site, supplier, fan, van, "FAN-", 4)
    tom, laptop = actors["tom"], "NB23-0001"
    maintenance.make_plan(
        work,
        tom,
        PlanWanted(_uuid(), site.id, laptop, "Yearly inspection", 12, Period.MONTHS, work.today),
    )
    visits.close_visit(
        work,
        tom,
        Report(
            visit_id=_uuid(),
            site_id=site.id,
            serial_no=laptop,
            done_at=work.now,
            work_done="Fan replaced",
            result=VisitResult.FIXED,
            parts=Parts(from_location_id=van.id, put_in=("FAN-0004",)),
            readings=(ReadingTaken("Temperature after an hour", "41", "°C"),),
            signer_name="Ms Grey",
        ),
    )


def _places(work: UnitOfWork, site: Location) -> dict[str, Location]:
    main = masters.add_location(work, parent=site, code="MAIN", name="Main warehouse", kind=LocationKind.WAREHOUSE)
    return {
        place.code: place
        for place in (
            main,
            masters.add_location(work, parent=main, code="A-01", name="Bin A-01", kind=LocationKind.BIN),
            masters.add_location(work, parent=main, code="A-02", name="Bin A-02", kind=LocationKind.BIN),
            masters.add_location(work, parent=site, code="VAN-7", name="Van 7", kind=LocationKind.WAREHOUSE),
            masters.add_location(work, parent=site, code="REJECT", name="Rejected goods", kind=LocationKind.REJECT),
        )
    }


def _people(work: UnitOfWork, site: Location, north: Location) -> dict[str, Actor]:
    actors = {}
    for demo_user in DEMO_USERS:
        roles = {site.id: frozenset({demo_user.role})}
        if demo_user.role is Role.ADMINISTRATOR:
            roles[north.id] = frozenset({demo_user.role})
        user = people.add_user(
            work,
            username=demo_user.username,
            name=demo_user.name,
            password=demo_user.password,
            roles=roles,
        )
        actors[user.username] = Actor(user.id, user.username, roles)
    return actors


def _items(work: UnitOfWork) -> tuple[Item, Item, Item]:
    return (
        masters.add_item(
            work,
            item_code="LAP-15",
            name="Laptop 15 inch",
            tracking=Tracking.SERIAL_BATCH,
            serial_no_series="LAP-.YYYY.-.#####",
            warranty_days=365,
            gtin="09506000134352",
        ),
        masters.add_item(
            work,
            item_code="PUMP-1",
            name="Infusion pump",
            tracking=Tracking.SERIAL_BATCH,
            expiry_required=True,
            pick_rule="fefo",
            warranty_days=730,
            gtin="09506000134369",
        ),
        masters.add_item(work, item_code="CAB-2", name="Power cable", tracking=Tracking.NONE, gtin="09506000134376"),
    )


def _earlier_goods(
    work: UnitOfWork,
    actor: Actor,
    site: Location,
    supplier: Party,
    item: Item,
    place: Location,
    prefix: str,
    count: int,
) -> None:
    """Goods of an earlier delivery, so that the refusals of known units can be tried."""
    order = masters.add_purchase_order(
        work,
        actor,
        order_id=_uuid(),
        site_id=site.id,
        supplier=supplier,
        lines=[OrderLine(item, count)],
    )
    receipt = receiving.open_receipt(work, actor, receipt_id=_uuid(), order_id=order.id, location_id=place.id)
    serials = tuple(f"{prefix}{number:04d}" for number in range(1, count + 1))
    listed_receiving.add_list(
        work,
        actor,
        receipt_id=receipt.id,
        serials=listed_receiving.SerialList(
            item.id, serials, batch_no=f"{prefix}OLD" if Tracking(item.tracking).has_batch else None
        ),
    )
    receiving.submit_receipt(work, actor, receipt_id=receipt.id)


def _uuid() -> str:
    return str(uuid.uuid4())
