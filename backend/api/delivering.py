"""Delivery notes and sales invoices."""

from typing import Any

from backend.api import sales_schemas as schemas
from backend.api.access import actor_or_refuse, requires
from backend.api.actions import action
from backend.api.blueprints import Blueprint
from backend.api.finishing_drafts import finishing
from backend.api.schemas import StatusQuery
from backend.domain.errors import refuse
from backend.domain.people import Actor, Permission
from backend.extensions import end_reading, reading
from backend.models import DeliveryNote, SalesInvoice
from backend.queries import sold_goods as shown
from backend.queries.sales_orders import site_of
from backend.services import delivering, delivering_picks, invoicing
from backend.services.wanted_goods import GoodsLine, Wanted
from backend.unit_of_work import UnitOfWork

bp: Any = Blueprint("delivering", __name__, url_prefix="/api", description="Deliveries and invoices")


@action("sales_invoice", schemas.InvoiceWanted, Permission.ORDERS_MANAGE)
def _invoice(work: UnitOfWork, actor: Actor, wanted: dict[str, Any]) -> SalesInvoice:
    def post() -> SalesInvoice:
        if wanted["delivery_note_id"] is None:
            return invoicing.invoice_goods(work, actor, _goods(wanted))
        return invoicing.invoice_delivery(
            work, actor, invoice_id=wanted["id"], note_id=wanted["delivery_note_id"], number=wanted["number"]
        )

    return finishing(work, actor, "sales_invoice", wanted, post)


@action("delivery_note", schemas.DeliveryWanted, Permission.DELIVER)
def _deliver(work: UnitOfWork, actor: Actor, wanted: dict[str, Any]) -> DeliveryNote:
    def post() -> DeliveryNote:
        if wanted["pick_list_id"] is None:
            return delivering.deliver_goods(work, actor, DeliveryNote, _goods(wanted))
        return delivering_picks.deliver_pick_list(
            work,
            actor,
            note_id=wanted["id"],
            pick_list_id=wanted["pick_list_id"],
            order_id=wanted["sales_order_id"],
            number=wanted["number"],
        )

    return finishing(work, actor, "delivery_note", wanted, post)


@bp.get("/delivery-notes")
@requires(Permission.ORDERS_READ)
@bp.arguments(StatusQuery, location="query")
@bp.response(200, schemas.DeliveryNotes)
def list_delivery_notes(query: dict[str, Any]) -> dict[str, Any]:
    """The deliveries of a site, newest first."""
    actor_or_refuse().must(Permission.ORDERS_READ, query["site"])
    return {"delivery_notes": shown.vouchers(reading(), "delivery_note", query["site"], query["status"])}


@bp.post("/delivery-notes")
@requires(Permission.DELIVER)
@bp.arguments(schemas.DeliveryWanted)
@bp.response(200, schemas.SoldGoods)
def deliver(wanted: dict[str, Any]) -> dict[str, Any]:
    """Deliver goods that are named, or what a pick list has fetched; warranties start."""
    return _shown("delivery_note", _deliver(wanted).id)


@bp.get("/delivery-notes/<uuid:note_id>")
@requires(Permission.ORDERS_READ)
@bp.response(200, schemas.SoldGoods)
def show_delivery_note(note_id: object) -> dict[str, Any]:
    """One delivery; its lines name the serial numbers."""
    _must_read(DeliveryNote, str(note_id))
    return _shown("delivery_note", str(note_id))


@bp.get("/sales-invoices")
@requires(Permission.ORDERS_READ)
@bp.arguments(StatusQuery, location="query")
@bp.response(200, schemas.SalesInvoices)
def list_sales_invoices(query: dict[str, Any]) -> dict[str, Any]:
    """The invoices of a site, newest first."""
    actor_or_refuse().must(Permission.ORDERS_READ, query["site"])
    return {"sales_invoices": shown.vouchers(reading(), "sales_invoice", query["site"], query["status"])}


@bp.post("/sales-invoices")
@requires(Permission.ORDERS_MANAGE)
@bp.arguments(schemas.InvoiceWanted)
@bp.response(200, schemas.SoldGoods)
def make_sales_invoice(wanted: dict[str, Any]) -> dict[str, Any]:
    """Bill a delivery, or bill goods and move the stock with the same voucher."""
    return _shown("sales_invoice", _invoice(wanted).id)


@bp.get("/sales-invoices/<uuid:invoice_id>")
@requires(Permission.ORDERS_READ)
@bp.response(200, schemas.SoldGoods)
def show_sales_invoice(invoice_id: object) -> dict[str, Any]:
    """One invoice; its lines name the serial numbers."""
    _must_read(SalesInvoice, str(invoice_id))
    return _shown("sales_invoice", str(invoice_id))


def _goods(wanted: dict[str, Any]) -> Wanted:
    return Wanted(
        wanted["id"],
        wanted["location_id"],
        wanted["customer"],
        serial_nos=tuple(wanted["serial_nos"]),
        lines=tuple(GoodsLine(**line | {"serial_nos": tuple(line["serial_nos"])}) for line in wanted["lines"]),
        order_id=wanted["sales_order_id"],
        number=wanted["number"],
        remark=wanted["remark"],
        dated_on=wanted["dated_on"],
    )


def _must_read(kind: type[DeliveryNote] | type[SalesInvoice], voucher_id: str) -> None:
    site_id = site_of(reading(), kind, voucher_id)
    if site_id is None:
        raise refuse("not_found", "There is no such voucher.", "Go back to the list.")
    actor_or_refuse().must(Permission.ORDERS_READ, site_id)


def _shown(kind: str, voucher_id: str) -> dict[str, Any]:
    end_reading()
    return shown.voucher(reading(), kind, voucher_id) or {}
