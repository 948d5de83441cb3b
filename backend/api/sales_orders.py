"""Sales orders: written, submitted, given particular units, taken back."""

from collections.abc import Callable
from typing import Any

from backend.api import sales_schemas as schemas
from backend.api.access import actor_or_refuse, requires
from backend.api.blueprints import Blueprint
from backend.api.receiving_schemas import SubmitReceipt
from backend.api.schemas import StatusQuery
from backend.domain.errors import refuse
from backend.domain.people import Permission
from backend.extensions import end_reading, reading
from backend.models import SalesOrder
from backend.queries import sales_orders as shown
from backend.services import sales_orders
from backend.services.sales_orders import WantedLine
from backend.unit_of_work import UnitOfWork, transact

bp: Any = Blueprint("sales_orders", __name__, url_prefix="/api/sales-orders", description="Sales orders")


@bp.get("")
@requires(Permission.ORDERS_READ)
@bp.arguments(StatusQuery, location="query")
@bp.response(200, schemas.SalesOrders)
def list_sales_orders(query: dict[str, Any]) -> dict[str, Any]:
    """The sales orders of a site, newest first; ``status=open`` gives those that still wait for something."""
    actor_or_refuse().must(Permission.ORDERS_READ, query["site"])
    return {"sales_orders": shown.orders(reading(), query["site"], query["status"])}


@bp.post("")
@requires(Permission.ORDERS_MANAGE)
@bp.arguments(schemas.CreateSalesOrder)
@bp.response(200, schemas.SalesOrder)
def create_sales_order(wanted: dict[str, Any]) -> dict[str, Any]:
    """Write a sales order, with a number of its own if it has one; ``submit`` lets it be picked at once."""
    actor = actor_or_refuse()

    def write(work: UnitOfWork) -> SalesOrder:
        order = sales_orders.create_order(
            work,
            actor,
            order_id=wanted["id"],
            site_id=wanted["site"],
            customer_code=wanted["customer"],
            lines=[WantedLine(**line) for line in wanted["lines"]],
            number=wanted["number"],
            remark=wanted["remark"],
        )
        if wanted["submit"]:
            sales_orders.submit_order(work, actor, order_id=order.id)
        return order

    return _written(write)


@bp.get("/<uuid:order_id>")
@requires(Permission.ORDERS_READ)
@bp.response(200, schemas.SalesOrder)
def show_sales_order(order_id: object) -> dict[str, Any]:
    """One sales order: how far each line is, and the units that were chosen for it."""
    site_id = shown.site_of(reading(), SalesOrder, str(order_id))
    if site_id is None:
        raise refuse("not_found", "There is no such voucher.", "Go back to the list.")
    actor_or_refuse().must(Permission.ORDERS_READ, site_id)
    return shown.order(reading(), str(order_id)) or {}


@bp.post("/<uuid:order_id>/edit")
@requires(Permission.ORDERS_MANAGE)
@bp.arguments(schemas.EditSalesOrder)
@bp.response(200, schemas.SalesOrder)
def edit_sales_order(wanted: dict[str, Any], order_id: object) -> dict[str, Any]:
    """Write a draft anew."""
    actor = actor_or_refuse()
    return _written(
        lambda work: sales_orders.edit_order(
            work,
            actor,
            order_id=str(order_id),
            customer_code=wanted["customer"],
            lines=[WantedLine(**line) for line in wanted["lines"]],
            remark=wanted["remark"],
        )
    )


@bp.post("/<uuid:order_id>/submit")
@requires(Permission.ORDERS_MANAGE)
@bp.arguments(SubmitReceipt)
@bp.response(200, schemas.SalesOrder)
def submit_sales_order(_wanted: dict[str, Any], order_id: object) -> dict[str, Any]:
    """Let an order be picked."""
    actor = actor_or_refuse()
    return _written(lambda work: sales_orders.submit_order(work, actor, order_id=str(order_id)))


@bp.post("/<uuid:order_id>/cancel")
@requires(Permission.ORDERS_MANAGE)
@bp.arguments(schemas.ReasonGiven)
@bp.response(200, schemas.SalesOrder)
def cancel_sales_order(wanted: dict[str, Any], order_id: object) -> dict[str, Any]:
    """Take an order back of which nothing was fetched or delivered."""
    actor = actor_or_refuse()
    return _written(
        lambda work: sales_orders.cancel_order(work, actor, order_id=str(order_id), reason=wanted["reason"])
    )


@bp.post("/<uuid:order_id>/reserve")
@requires(Permission.ORDERS_MANAGE)
@bp.arguments(schemas.UnitsWanted)
@bp.response(200, schemas.SalesOrder)
def reserve_units(wanted: dict[str, Any], order_id: object) -> dict[str, Any]:
    """Choose particular units for an order, all or none; nobody else gets them while it stands."""
    actor = actor_or_refuse()
    return _written(
        lambda work: sales_orders.reserve_units(work, actor, order_id=str(order_id), serial_nos=wanted["serial_nos"])
    )


@bp.post("/<uuid:order_id>/release")
@requires(Permission.ORDERS_MANAGE)
@bp.arguments(schemas.UnitsGivenFree)
@bp.response(200, schemas.SalesOrder)
def release_units(wanted: dict[str, Any], order_id: object) -> dict[str, Any]:
    """Give units free that were chosen for an order."""
    actor = actor_or_refuse()
    return _written(
        lambda work: sales_orders.release_units(
            work, actor, order_id=str(order_id), serial_nos=wanted["serial_nos"], reason=wanted["reason"]
        )
    )


def _written(write: Callable[[UnitOfWork], SalesOrder]) -> dict[str, Any]:
    """Write, then answer with the order as everybody now sees it."""
    order_id = transact(lambda work: write(work).id)
    end_reading()
    return shown.order(reading(), order_id) or {}
