"""What a device keeps of the server's answers, so that people go on without it: the first time whole, then changes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import current_app
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from backend.api import pick_list_schemas, receiving_schemas
from backend.api.access import actor_or_refuse, requires, settings
from backend.api.blueprints import Blueprint
from backend.api.purchase_order_schemas import Expected
from backend.api.schemas import Moment, Request, SiteQuery, string, whole
from backend.api.service_schemas import MyWork
from backend.api.site_days import calendar_at
from backend.api.units import Unit
from backend.api.warranty_schemas import UnitWarranty
from backend.domain.people import Actor, Permission
from backend.extensions import reading
from backend.models import Item, Location
from backend.queries import claims, expected, masters, pick_lists, receipts, servicing, unit_card
from backend.queries import offline_catalogue as queries

bp: Any = Blueprint("offline_catalogue", __name__, url_prefix="/api", description="What devices keep to work offline")

MOST_ORDERS, MOST_RECEIPTS, MOST_PICK_LISTS, MOST_UNITS = 200, 40, 60, 300
"""How much of each kind a device keeps; the answer says how much was left out."""
MOST_CUSTOMERS, MOST_UNITS_OF_CUSTOMERS = 20, 300
"""What a technician may choose to keep beside their own work."""
MOST_ITEMS = 5_000
MOST_HELD = 2_000
PAGE_ANSWERS, PAGE_BYTES = 100, 500_000


class CatalogueQuery(Request):
    """Whose catalogue it is, and what the device has of it."""

    site = whole(required=True)
    held = fields.Dict(
        keys=string(300),
        values=string(16),
        required=True,
        validate=validate.Length(max=MOST_HELD),
        metadata={"description": "The addresses of the answers that the device keeps, each with its version."},
    )
    customers = fields.List(
        string(64),
        load_default=list,
        validate=validate.Length(max=MOST_CUSTOMERS),
        metadata={"description": "Codes of customers whose units a technician wants to have along; others none."},
    )


class CustomerQuery(SiteQuery):
    """Which customers a technician looks for."""

    q = string(100, least=0, load_default="")


class ServedCustomer(Schema):
    """A customer that owns units."""

    code = fields.String()
    name = fields.String()
    units = fields.Integer(metadata={"description": "How many it owns of those that may be read."})


class ServedCustomers(Schema):
    """Customers that a technician may choose to have along, the first by code."""

    customers = fields.List(fields.Nested(ServedCustomer))


class KeptAnswer(Schema):
    """What the route of an address answers, or a list that is put together of such answers."""

    path = fields.String()
    version = fields.String()
    body = fields.Dict(allow_none=True)
    parts = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        allow_none=True,
        metadata={"description": "Of a list, in the place of the body: the addresses of its members by its name."},
    )


class Catalogue(Schema):
    """What has changed since."""

    as_of = Moment()
    answers = fields.List(fields.Nested(KeptAnswer))
    gone = fields.List(fields.String(), metadata={"description": "Addresses that are to be forgotten."})
    more = fields.Boolean(metadata={"description": "Whether to ask again, with what has come by now."})
    left_out = fields.Integer(metadata={"description": "Orders, lists and units that are more than a device keeps."})
    left_out_of = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "Of each chosen customer: the units that are more than a device keeps."},
    )


class _KnownUnit(Schema):
    serial_no = fields.String()
    item_id = fields.Integer()
    batch_no = fields.String(allow_none=True)
    expires_on = fields.Date(allow_none=True)
    availability = fields.String()


class _Announced(Schema):
    serial_no = fields.String()
    item_id = fields.Integer()
    purchase_order_id = fields.String()


class _KnownSerials(Schema):
    units = fields.List(fields.Nested(_KnownUnit))
    announced = fields.List(fields.Nested(_Announced))
    is_whole = fields.Boolean()


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer of the catalogue; its body is only read when the device has another version."""

    path: str
    version: str
    body: Callable[[], dict[str, Any]] | None = None
    parts: dict[str, list[str]] | None = None


@dataclass(slots=True)
class Reader:
    """Reads the catalogue of a person at a site."""

    session: Session
    actor: Actor
    site_id: int
    today: date
    customers: list[str] = field(default_factory=list)
    left_out: int = 0
    left_out_of: dict[str, int] = field(default_factory=dict)
    _lists: list[Entry] = field(default_factory=list)

    def entries(self) -> Iterator[Entry]:
        """All that the person may keep: what others are put together of comes first."""
        yield from self._masters()
        if self.actor.may(Permission.ORDERS_READ, self.site_id):
            yield from self._orders()
            yield from self._receipts()
            yield from self._pick_lists()
            known = queries.known_serials(self.session, self.site_id, self.today)
            yield _whole(f"serial-numbers?site={self.site_id}", _KnownSerials(), known)
        if self.actor.may(Permission.SERVICE, self.site_id):
            yield from self._service()
        yield from self._lists

    def _masters(self) -> Iterator[Entry]:
        of_site = Location.site_id == self.site_id
        yield Entry(
            f"/api/locations?site={self.site_id}",
            queries.stamp_of_masters(self.session, Location, of_site),
            lambda: _dumped(
                receiving_schemas.Locations(), {"locations": masters.locations(self.session, self.site_id)}
            ),
        )
        if masters.count_items(self.session) > MOST_ITEMS:
            self.left_out += 1
            return
        yield Entry(
            f"/api/items?site={self.site_id}",
            queries.stamp_of_masters(self.session, Item),
            lambda: _dumped(receiving_schemas.Items(), {"items": masters.items(self.session)}),
        )

    def _orders(self) -> Iterator[Entry]:
        found = self._bounded(receipts.orders(self.session, self.site_id, "open"), MOST_ORDERS)
        orders = [
            _whole(f"/api/purchase-orders/{order['id']}", receiving_schemas.PurchaseOrder(), order) for order in found
        ]
        yield from orders
        self._list(f"/api/purchase-orders?site={self.site_id}&status=open", "purchase_orders", orders)

    def _receipts(self) -> Iterator[Entry]:
        found = self._bounded(receipts.receipts(self.session, self.site_id, "draft"), MOST_RECEIPTS)
        schema = receiving_schemas.PurchaseReceipt()
        orders = [receipt["purchase_order"]["id"] for receipt in found if receipt["purchase_order"]]
        with_lists = queries.orders_with_lists(self.session, orders)
        drafts = []
        for receipt in found:
            path = f"/api/purchase-receipts/{receipt['id']}"
            whole_receipt = receipt | {"units": receipts.units(self.session, receipt["id"])}
            drafts.append(_whole(path, schema, whole_receipt))
            order_id = receipt["purchase_order"] and receipt["purchase_order"]["id"]
            items = expected.expected_of_order(self.session, order_id) if order_id in with_lists else []
            yield _whole(f"{path}/expected-serials", Expected(), {"items": items})
        yield from drafts
        self._list(f"/api/purchase-receipts?site={self.site_id}&status=draft", "purchase_receipts", drafts)

    def _pick_lists(self) -> Iterator[Entry]:
        found = self._bounded(pick_lists.pick_lists(self.session, self.site_id, "open"), MOST_PICK_LISTS)
        stamps = queries.stamps_of_pick_lists(self.session, [each["id"] for each in found])
        summary, schema = pick_list_schemas.PickListSummary(), pick_list_schemas.PickList()
        lists = [
            Entry(
                f"/api/pick-lists/{each['id']}",
                queries.stamp([_text(summary.dump(each)), stamps[each["id"]]]),
                lambda each=each: _dumped(schema, pick_lists.pick_list(self.session, each["id"])),  # type: ignore[misc]
            )
            for each in found
        ]
        yield from lists
        self._list(f"/api/pick-lists?site={self.site_id}&status=open", "pick_lists", lists)

    def _service(self) -> Iterator[Entry]:
        site_id = self.site_id
        work = servicing.my_work(self.session, site_id, self.actor, self.today, within_days=queries.LOOK_AHEAD_DAYS)
        yield _whole(f"/api/my-work?site={site_id}", MyWork(), work)
        sites = self.actor.sites_with(Permission.UNITS_READ)
        units, more = queries.units_of_work(self.session, work, sites=sites, limit=MOST_UNITS)
        chosen, self.left_out_of = queries.units_of_customers(
            self.session, dict.fromkeys(self.customers), sites=sites, beside=set(units), limit=MOST_UNITS_OF_CUSTOMERS
        )
        self.left_out += more + sum(self.left_out_of.values())
        units += chosen
        stamps = queries.stamps_of_units(self.session, units, self.today)
        for unit_id in units:
            yield Entry(
                f"/api/units/{unit_id}",
                stamps[unit_id],
                lambda unit_id=unit_id: _dumped(  # type: ignore[misc]
                    Unit(), unit_card.unit(self.session, unit_id, self.today, sites)
                ),
            )
            yield Entry(
                f"/api/units/{unit_id}/warranty",
                stamps[unit_id],
                lambda unit_id=unit_id: _dumped(  # type: ignore[misc]
                    UnitWarranty(), claims.warranty(self.session, unit_id, self.today, sites)
                ),
            )

    def _bounded(self, found: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
        self.left_out += max(len(found) - most, 0)
        return found[:most]

    def _list(self, path: str, name: str, members: list[Entry]) -> None:
        parts = [member.path for member in members]
        self._lists.append(Entry(path, queries.stamp(parts), parts={name: parts}))


@bp.post("/offline-catalogue")
@requires(Permission.UNITS_READ)
@bp.arguments(CatalogueQuery)
@bp.response(200, Catalogue)
def read_catalogue(wanted: dict[str, Any]) -> dict[str, Any]:
    """What a device may keep that it has not, or has in another version; and what it has to forget.

    Writes nothing: the device tells by POST what it has, as that is too much for an address. A page is bounded;
    while ``more`` is true, ask again. Of each kind a person keeps only what they may read.
    """
    actor, site_id, held = actor_or_refuse(), wanted["site"], wanted["held"]
    actor.must(Permission.UNITS_READ, site_id)
    now = settings().clock()
    reader = Reader(reading(), actor, site_id, calendar_at(site_id).day_of(now), wanted["customers"])
    entries = list(reader.entries())
    answers: list[dict[str, Any]] = []
    size, more = 0, False
    for entry in entries:
        if held.get(entry.path) == entry.version:
            continue
        if len(answers) >= PAGE_ANSWERS or size >= PAGE_BYTES:
            more = True
            break
        body = entry.body() if entry.body else None
        size += len(_text(body))
        answers.append({"path": entry.path, "version": entry.version, "body": body, "parts": entry.parts})
    current = {entry.path for entry in entries}
    return {
        "as_of": now,
        "answers": answers,
        "gone": sorted(path for path in held if path not in current),
        "more": more,
        "left_out": reader.left_out,
        "left_out_of": reader.left_out_of,
    }


@bp.get("/served-customers")
@requires(Permission.SERVICE)
@bp.arguments(CustomerQuery, location="query")
@bp.response(200, ServedCustomers)
def list_served_customers(wanted: dict[str, Any]) -> dict[str, Any]:
    """Customers that own units, for who chooses some to have along; ``q`` is looked for in code and name."""
    actor = actor_or_refuse()
    actor.must(Permission.SERVICE, wanted["site"])
    sites = actor.sites_with(Permission.UNITS_READ)
    return {
        "customers": queries.customers_with_units(reading(), wanted["q"].strip(), sites=sites, limit=MOST_CUSTOMERS)
    }


def _whole(path: str, schema: Schema, found: dict[str, Any]) -> Entry:
    """An entry that is known by all of its content."""
    body = _dumped(schema, found)
    return Entry(path, queries.stamp([_text(body)]), lambda: body)


def _dumped(schema: Schema, found: Any) -> dict[str, Any]:
    dumped: dict[str, Any] = schema.dump(found)
    return dumped


def _text(body: Any) -> str:
    return current_app.json.dumps(body, sort_keys=True)
