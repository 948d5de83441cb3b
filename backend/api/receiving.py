"""Purchase orders, their receipts, and the places and items that a receiving screen needs."""

from collections.abc import Callable
from typing import Any, TypeVar

from backend.api import receiving_schemas as schemas
from backend.api.access import actor_or_refuse, requires
from backend.api.blueprints import Blueprint
from backend.api.schemas import SiteQuery, StatusQuery
from backend.domain.errors import refuse
from backend.domain.people import Permission
from backend.extensions import reading
from backend.models import PurchaseOrder, PurchaseReceipt
from backend.queries import masters, receipts
from backend.services import receiving
from backend.unit_of_work import UnitOfWork, transact

bp: Any = Blueprint("receiving", __name__, url_prefix="/api", description="Orders and receipts")

Found = TypeVar("Found")
Write = Callable[[UnitOfWork], PurchaseReceipt]


@bp.get("/locations")
@requires(Permission.ORDERS_READ)
@bp.arguments(SiteQuery, location="query")
@bp.response(200, schemas.Locations)
def list_locations(query: dict[str, int]) -> dict[str, Any]:
    """The places of a site."""
    actor_or_refuse().must(Permission.ORDERS_READ, query["site"])
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
    _must_read(PurchaseOrder, str(order_id))
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
    actor = actor_or_refuse()
    return _written(
        lambda work: receiving.open_receipt(
            work,
            actor,
            receipt_id=wanted["id"],
            order_id=wanted["purchase_order_id"],
            location_id=wanted["location_id"],
        )
    )


@bp.get("/purchase-receipts/<uuid:receipt_id>")
@requires(Permission.ORDERS_READ)
@bp.response(200, schemas.PurchaseReceipt)
def show_receipt(receipt_id: object) -> dict[str, Any]:
    """One receipt with its newest units."""
    _must_read(PurchaseReceipt, str(receipt_id))
    return _found(receipts.receipt(reading(), str(receipt_id)))


@bp.get("/purchase-receipts/<uuid:receipt_id>/units")
@requires(Permission.ORDERS_READ)
@bp.arguments(schemas.UnitsPage, location="query")
@bp.response(200, schemas.ReceiptUnits)
def list_units(query: dict[str, Any], receipt_id: object) -> dict[str, Any]:
    """The units of a receipt, newest first; go on with the ``id`` of the last one as ``before``."""
    _must_read(PurchaseReceipt, str(receipt_id))
    return {"units": receipts.units(reading(), str(receipt_id), query["before"], query["limit"])}


@bp.post("/purchase-receipts/<uuid:receipt_id>/units")
@requires(Permission.RECEIVE)
@bp.arguments(schemas.SerialListSchema)
@bp.response(200, schemas.PurchaseReceipt)
def add_units(wanted: dict[str, Any], receipt_id: object) -> dict[str, Any]:
    """Put a typed or pasted list of serial numbers on a receipt, all or none."""
    actor = actor_or_refuse()
    serials = receiving.SerialList(**wanted | {"serial_nos": tuple(wanted["serial_nos"])})
    return _written(lambda work: receiving.add_list(work, actor, receipt_id=str(receipt_id), serials=serials))


@bp.post("/purchase-receipts/<uuid:receipt_id>/submit")
@requires(Permission.RECEIVE)
@bp.arguments(schemas.SubmitReceipt)
@bp.response(200, schemas.PurchaseReceipt)
def submit_receipt(_wanted: dict[str, Any], receipt_id: object) -> dict[str, Any]:
    """Post a receipt: its units enter stock."""
    actor = actor_or_refuse()
    return _written(lambda work: receiving.submit_receipt(work, actor, receipt_id=str(receipt_id)))


@bp.post("/purchase-receipts/<uuid:receipt_id>/discard")
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


def _must_read(kind: type[PurchaseOrder] | type[PurchaseReceipt], voucher_id: str) -> None:
    actor_or_refuse().must(Permission.ORDERS_READ, _found(receipts.site_of(reading(), kind, voucher_id)))


def _found(thing: Found | None) -> Found:
    if thing is None:
        raise refuse("not_found", "There is no such voucher.", "Go back to the list.")
    return thing
