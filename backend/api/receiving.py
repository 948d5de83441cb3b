"""Purchase orders, their receipts, and the places and items that a receiving screen needs."""

from collections.abc import Callable
from typing import Any, TypeVar

from backend.api import receiving_schemas as schemas
from backend.api.access import actor_or_refuse, requires
from backend.api.actions import action
from backend.api.blueprints import Blueprint
from backend.api.schemas import SiteQuery, StatusQuery
from backend.domain.errors import refuse
from backend.domain.people import Actor, Permission
from backend.extensions import reading
from backend.models import OpeningStock, PurchaseOrder, PurchaseReceipt, Voucher
from backend.queries import masters, receipts
from backend.services import opening, over_receipts, receiving
from backend.services.filling import Filled
from backend.services.listed_receiving import CountedGoods, SerialList, add_goods, add_list
from backend.services.over_receipts import WantedMore
from backend.services.received_secondaries import note_secondaries
from backend.unit_of_work import UnitOfWork, transact

bp: Any = Blueprint("receiving", __name__, url_prefix="/api", description="Orders and receipts")

Found = TypeVar("Found")
Write = Callable[[UnitOfWork], Filled]


@action("purchase_receipt", schemas.OpenReceipt, Permission.RECEIVE)
def _open(work: UnitOfWork, actor: Actor, wanted: dict[str, Any]) -> PurchaseReceipt:
    return receiving.open_receipt(
        work,
        actor,
        receipt_id=wanted["id"],
        order_id=wanted["purchase_order_id"],
        location_id=wanted["location_id"],
    )


@action("purchase_receipt.submit", schemas.SubmitReceipt, Permission.RECEIVE, of_voucher=True)
def _submit(work: UnitOfWork, actor: Actor, wanted: dict[str, Any], voucher_id: str) -> Filled:
    return receiving.submit_receipt(work, actor, receipt_id=voucher_id, dated_on=wanted["dated_on"])


@action("purchase_receipt.secondary_serials", schemas.SecondariesOfUnit, Permission.RECEIVE, of_voucher=True)
def _note(work: UnitOfWork, actor: Actor, wanted: dict[str, Any], voucher_id: str) -> Filled:
    numbers = [(each["kind"], each["text"]) for each in wanted["secondary_serials"]]
    return note_secondaries(work, actor, receipt_id=voucher_id, unit=wanted["unit"], numbers=numbers)


@bp.get("/locations")
@requires(Permission.UNITS_READ)
@bp.arguments(SiteQuery, location="query")
@bp.response(200, schemas.Locations)
def list_locations(query: dict[str, int]) -> dict[str, Any]:
    """The places of a site."""
    actor_or_refuse().must(Permission.UNITS_READ, query["site"])
    return {"locations": masters.locations(reading(), query["site"])}


@bp.get("/items")
@requires(Permission.UNITS_READ)
@bp.arguments(SiteQuery, location="query")
@bp.response(200, schemas.Items)
def list_items(query: dict[str, int]) -> dict[str, Any]:
    """All items, with the GTINs that stand for them."""
    actor_or_refuse().must(Permission.UNITS_READ, query["site"])
    return {"items": masters.items(reading())}


@bp.get("/purchase-orders")
@requires(Permission.ORDERS_READ)
@bp.arguments(StatusQuery, location="query")
@bp.response(200, schemas.PurchaseOrders)
def list_orders(query: dict[str, Any]) -> dict[str, Any]:
    """The purchase orders of a site; ``status=open`` gives those that still expect something."""
    actor_or_refuse().must(Permission.ORDERS_READ, query["site"])
    return {"purchase_orders": receipts.orders(reading(), query["site"], query["status"])}


@bp.get("/purchase-orders/<uuid:order_id>")
@requires(Permission.ORDERS_READ)
@bp.response(200, schemas.PurchaseOrder)
def show_order(order_id: object) -> dict[str, Any]:
    """One purchase order."""
    _must_read((PurchaseOrder,), str(order_id))
    return _found(receipts.order(reading(), str(order_id)))


@bp.get("/purchase-receipts")
@requires(Permission.ORDERS_READ)
@bp.arguments(StatusQuery, location="query")
@bp.response(200, schemas.PurchaseReceipts)
def list_receipts(query: dict[str, Any]) -> dict[str, Any]:
    """The receipts of a site, newest first."""
    actor_or_refuse().must(Permission.ORDERS_READ, query["site"])
    return {"purchase_receipts": receipts.receipts(reading(), query["site"], query["status"])}


@bp.post("/purchase-receipts")
@requires(Permission.RECEIVE)
@bp.arguments(schemas.OpenReceipt)
@bp.response(200, schemas.PurchaseReceipt)
def open_receipt(wanted: dict[str, Any]) -> dict[str, Any]:
    """Open a receipt for an order at a place."""
    return _found(receipts.receipt(reading(), _open(wanted).id))


@bp.get("/purchase-receipts/<uuid:receipt_id>")
@bp.get("/opening-stocks/<uuid:receipt_id>", endpoint="show_opening_stock")
@requires(Permission.ORDERS_READ)
@bp.response(200, schemas.PurchaseReceipt)
def show_receipt(receipt_id: object) -> dict[str, Any]:
    """One receipt with its newest units."""
    _must_read(receipts.FILLED, str(receipt_id))
    return _found(receipts.receipt(reading(), str(receipt_id)))


@bp.get("/purchase-receipts/<uuid:receipt_id>/units")
@bp.get("/opening-stocks/<uuid:receipt_id>/units", endpoint="list_opening_units")
@requires(Permission.ORDERS_READ)
@bp.arguments(schemas.UnitsPage, location="query")
@bp.response(200, schemas.ReceiptUnits)
def list_units(query: dict[str, Any], receipt_id: object) -> dict[str, Any]:
    """The units of a receipt, newest first; go on with the ``id`` of the last one as ``before``."""
    _must_read(receipts.FILLED, str(receipt_id))
    return {"units": receipts.units(reading(), str(receipt_id), query["before"], query["limit"])}


@bp.post("/purchase-receipts/<uuid:receipt_id>/units")
@bp.post("/opening-stocks/<uuid:receipt_id>/units", endpoint="add_opening_units")
@requires(Permission.RECEIVE)
@bp.arguments(schemas.SerialListSchema)
@bp.response(200, schemas.AddedReceipt)
def add_units(wanted: dict[str, Any], receipt_id: object) -> dict[str, Any]:
    """Put a typed or pasted list of serial numbers on a receipt, all or none."""
    actor, intake_id, voucher_id = actor_or_refuse(), wanted.pop("id"), str(receipt_id)
    numbers = tuple((each["serial_no"], (each["kind"], each["text"])) for each in wanted["secondary_serials"])
    serials = SerialList(**wanted | {"serial_nos": tuple(wanted["serial_nos"]), "secondary_serials": numbers})
    added = transact(lambda work: add_list(work, actor, receipt_id=voucher_id, serials=serials, intake_id=intake_id))
    return _found(receipts.receipt(reading(), voucher_id)) | {"added": added}


@bp.post("/purchase-receipts/<uuid:receipt_id>/secondary-serials")
@bp.post("/opening-stocks/<uuid:receipt_id>/secondary-serials", endpoint="note_opening_secondaries")
@requires(Permission.RECEIVE)
@bp.arguments(schemas.SecondariesOfUnit)
@bp.response(200, schemas.PurchaseReceipt)
def note_secondaries_of_unit(wanted: dict[str, Any], receipt_id: object) -> dict[str, Any]:
    """Note the IMEI, MAC or other further numbers of a unit on an open receipt; posting it gives them to the unit."""
    return _found(receipts.receipt(reading(), _note(wanted, voucher_id=str(receipt_id)).id))


@bp.post("/purchase-receipts/<uuid:receipt_id>/quantities")
@bp.post("/opening-stocks/<uuid:receipt_id>/quantities", endpoint="add_opening_quantity")
@requires(Permission.RECEIVE)
@bp.arguments(schemas.CountedGoods)
@bp.response(200, schemas.AddedReceipt)
def add_quantity(wanted: dict[str, Any], receipt_id: object) -> dict[str, Any]:
    """Put a quantity of an item without serial numbers on a receipt."""
    actor, intake_id, voucher_id = actor_or_refuse(), wanted.pop("id"), str(receipt_id)
    goods = CountedGoods(**wanted)
    added = transact(lambda work: add_goods(work, actor, receipt_id=voucher_id, goods=goods, intake_id=intake_id))
    return _found(receipts.receipt(reading(), voucher_id)) | {"added": added}


@bp.post("/purchase-receipts/<uuid:receipt_id>/over-receipts")
@requires(Permission.OVERRIDE)
@bp.arguments(schemas.OverReceipt)
@bp.response(200, schemas.PurchaseReceipt)
def admit_more(wanted: dict[str, Any], receipt_id: object) -> dict[str, Any]:
    """Let in more of an item than was ordered; who, when and why are kept."""
    actor, more, voucher_id = actor_or_refuse(), WantedMore(**wanted), str(receipt_id)
    transact(lambda work: over_receipts.admit_more(work, actor, receipt_id=voucher_id, wanted=more))
    return _found(receipts.receipt(reading(), voucher_id))


@bp.get("/purchase-receipts/<uuid:receipt_id>/over-receipts")
@requires(Permission.ORDERS_READ)
@bp.response(200, schemas.OverReceipts)
def list_over_receipts(receipt_id: object) -> dict[str, Any]:
    """What supervisors let in beyond the order: what, how much, who, when and why."""
    _must_read((PurchaseReceipt,), str(receipt_id))
    return {"over_receipts": receipts.over_receipts(reading(), str(receipt_id))}


@bp.post("/opening-stocks")
@requires(Permission.MOVE)
@bp.arguments(schemas.OpenOpeningStock)
@bp.response(200, schemas.PurchaseReceipt)
def open_opening_stock(wanted: dict[str, Any]) -> dict[str, Any]:
    """Begin to record what is in a place already; then it is filled, posted or given up like a receipt."""
    actor = actor_or_refuse()
    return _written(
        lambda work: opening.open_opening_stock(
            work,
            actor,
            opening_id=wanted["id"],
            site_id=wanted["site"],
            location_id=wanted["location_id"],
        )
    )


@bp.get("/opening-stocks")
@requires(Permission.ORDERS_READ)
@bp.arguments(StatusQuery, location="query")
@bp.response(200, schemas.OpeningStocks)
def list_opening_stocks(query: dict[str, Any]) -> dict[str, Any]:
    """The opening stock of a site, newest first."""
    actor_or_refuse().must(Permission.ORDERS_READ, query["site"])
    return {"opening_stocks": receipts.receipts(reading(), query["site"], query["status"], OpeningStock)}


@bp.post("/purchase-receipts/<uuid:receipt_id>/submit")
@bp.post("/opening-stocks/<uuid:receipt_id>/submit", endpoint="submit_opening_stock")
@requires(Permission.RECEIVE)
@bp.arguments(schemas.SubmitReceipt)
@bp.response(200, schemas.PurchaseReceipt)
def submit_receipt(wanted: dict[str, Any], receipt_id: object) -> dict[str, Any]:
    """Post a receipt: its units enter stock."""
    return _found(receipts.receipt(reading(), _submit(wanted, voucher_id=str(receipt_id)).id))


@bp.post("/purchase-receipts/<uuid:receipt_id>/discard")
@bp.post("/opening-stocks/<uuid:receipt_id>/discard", endpoint="discard_opening_stock")
@requires(Permission.RECEIVE)
@bp.arguments(schemas.DiscardReceipt)
@bp.response(200, schemas.PurchaseReceipt)
def discard_receipt(wanted: dict[str, str], receipt_id: object) -> dict[str, Any]:
    """Give an open receipt up; nothing of it is posted."""
    actor = actor_or_refuse()
    return _written(
        lambda work: receiving.discard_receipt(work, actor, receipt_id=str(receipt_id), reason=wanted["reason"])
    )


def _written(write: Write) -> dict[str, Any]:
    """Write, then answer with the receipt as everybody now sees it."""
    receipt_id = transact(lambda work: write(work).id)
    return _found(receipts.receipt(reading(), receipt_id))


def _must_read(kinds: tuple[type[Voucher], ...], voucher_id: str) -> None:
    _, site_id = _found(receipts.kind_and_site(reading(), voucher_id, kinds))
    actor_or_refuse().must(Permission.ORDERS_READ, site_id)


def _found(thing: Found | None) -> Found:
    if thing is None:
        raise refuse("not_found", "There is no such voucher.", "Go back to the list.")
    return thing
