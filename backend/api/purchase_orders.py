"""Purchase orders: drafted, edited, submitted, cancelled, imported, with what the supplier announced."""

from typing import Any

from flask import Response
from werkzeug.datastructures import FileStorage

from backend.api import purchase_order_schemas as schemas
from backend.api.access import MULTIPART, actor_or_refuse, requires
from backend.api.blueprints import Blueprint
from backend.api.receiving_schemas import PurchaseOrder as PurchaseOrderSchema
from backend.api.receiving_schemas import SubmitReceipt
from backend.api.table_uploads import BINARY, FILES_OF_ONE_PERSON, XLSX, download, of_bounded_size, read_upload
from backend.domain.errors import DomainError, Refusal, refuse
from backend.domain.order_rows import ORDER_COLUMNS, read_order_table
from backend.domain.people import Permission
from backend.domain.serial_rows import read_serial_table
from backend.extensions import end_reading, limiter, reading
from backend.models import PurchaseOrder, PurchaseReceipt
from backend.queries import expected, receipts
from backend.services import purchase_orders
from backend.services.order_files import count_orders, import_orders
from backend.services.purchase_orders import WantedLine, WantedOrder
from backend.unit_of_work import transact

bp: Any = Blueprint("purchase_orders", __name__, url_prefix="/api", description="What is ordered of suppliers")

ID = "<uuid:order_id>"


@bp.post("/purchase-orders")
@requires(Permission.ORDERS_MANAGE)
@bp.arguments(schemas.NewOrder)
@bp.response(200, PurchaseOrderSchema)
def draft_order(wanted: dict[str, Any]) -> dict[str, Any]:
    """Draft a purchase order."""
    actor, order_id, site_id = actor_or_refuse(), wanted.pop("id"), wanted.pop("site")
    order = _order(wanted)
    transact(lambda work: purchase_orders.draft_order(work, actor, order_id=order_id, site_id=site_id, wanted=order).id)
    return _shown(order_id)


@bp.post(f"/purchase-orders/{ID}")
@requires(Permission.ORDERS_MANAGE)
@bp.arguments(schemas.OrderContent)
@bp.response(200, PurchaseOrderSchema)
def edit_order(wanted: dict[str, Any], order_id: object) -> dict[str, Any]:
    """Write a draft anew."""
    actor, order = actor_or_refuse(), _order(wanted)
    transact(lambda work: purchase_orders.edit_order(work, actor, order_id=str(order_id), wanted=order).id)
    return _shown(str(order_id))


@bp.post(f"/purchase-orders/{ID}/submit")
@requires(Permission.ORDERS_MANAGE)
@bp.arguments(SubmitReceipt)
@bp.response(200, PurchaseOrderSchema)
def submit_order(_wanted: dict[str, Any], order_id: object) -> dict[str, Any]:
    """Order what a draft says; it can be received from now on."""
    actor = actor_or_refuse()
    transact(lambda work: purchase_orders.submit_order(work, actor, order_id=str(order_id)).id)
    return _shown(str(order_id))


@bp.post(f"/purchase-orders/{ID}/cancel")
@requires(Permission.ORDERS_MANAGE)
@bp.arguments(schemas.CancelOrder)
@bp.response(200, PurchaseOrderSchema)
def cancel_order(wanted: dict[str, str], order_id: object) -> dict[str, Any]:
    """Take an order back of which nothing was received."""
    actor, reason = actor_or_refuse(), wanted["reason"]
    transact(lambda work: purchase_orders.cancel_order(work, actor, order_id=str(order_id), reason=reason).id)
    return _shown(str(order_id))


@bp.get(f"/purchase-orders/{ID}/expected-serials")
@requires(Permission.ORDERS_READ)
@bp.response(200, schemas.Expected)
def show_expected(order_id: object) -> dict[str, Any]:
    """What the supplier announced against what is on the receipts of the order."""
    _must_read(PurchaseOrder, str(order_id))
    return {"items": expected.expected_of_order(reading(), str(order_id))}


@bp.post(f"/purchase-orders/{ID}/expected-serials")
@requires(Permission.ORDERS_MANAGE)
@bp.arguments(schemas.AnnouncedSerials)
@bp.response(200, schemas.Expected)
def announce(wanted: dict[str, Any], order_id: object) -> dict[str, Any]:
    """Put a supplier's list of an item's serial numbers in the place of the one that was there."""
    return _announced(str(order_id), wanted["item_id"], wanted["serial_nos"])


@bp.post(f"/purchase-orders/{ID}/expected-serials/upload")
@requires(Permission.ORDERS_MANAGE, body=MULTIPART)
@of_bounded_size
@limiter.limit(FILES_OF_ONE_PERSON, key_func=lambda: actor_or_refuse().username)
@bp.arguments(schemas.AnnouncedForm, location="form")
@bp.arguments(schemas.TableFile, location="files")
@bp.response(200, schemas.Expected)
def upload_expected(wanted: dict[str, Any], files: dict[str, FileStorage], order_id: object) -> dict[str, Any]:
    """The same list as a file with the column Serial No; taken whole or not at all."""
    _must_manage(str(order_id))
    rows = read_serial_table(read_upload(files.get("file"))).rows
    bad = [row for row in rows if row.refusal]
    if bad:
        raise DomainError(
            Refusal(
                "rows_refused",
                f"{len(bad)} of {len(rows)} rows cannot be read, the first is row {bad[0].row}: "
                f"{bad[0].refusal.message if bad[0].refusal else ''}",
                "Correct the file and upload it again; nothing of it was taken.",
                facts={"rows": [{"row": row.row} for row in bad[:1000]]},
            )
        )
    return _announced(str(order_id), wanted["item_id"], [row.serial_no for row in rows])


@bp.get("/purchase-receipts/<uuid:receipt_id>/expected-serials")
@requires(Permission.ORDERS_READ)
@bp.response(200, schemas.Expected)
def show_expected_of_receipt(receipt_id: object) -> dict[str, Any]:
    """What the supplier of a receipt's order announced: found, missing, unexpected."""
    _must_read(PurchaseReceipt, str(receipt_id))
    order_id = expected.source_of(reading(), str(receipt_id))
    return {"items": expected.expected_of_order(reading(), order_id) if order_id else []}


@bp.post("/purchase-order-uploads")
@requires(Permission.ORDERS_MANAGE, body=MULTIPART)
@of_bounded_size
@limiter.limit(FILES_OF_ONE_PERSON, key_func=lambda: actor_or_refuse().username)
@bp.arguments(schemas.OrdersForm, location="form")
@bp.arguments(schemas.TableFile, location="files")
@bp.response(200, schemas.OrdersAnswer)
def upload_orders(wanted: dict[str, Any], files: dict[str, FileStorage]) -> dict[str, Any]:
    """Judge a CSV or Excel file of orders row by row; with ``mode=commit`` make them, submitted.

    An order is taken whole or not at all. One whose number is there already stays as it is, so that the same
    file again adds nothing.
    """
    actor, site_id = actor_or_refuse(), wanted["site"]
    actor.must(Permission.ORDERS_MANAGE, site_id)
    table = read_order_table(read_upload(files.get("file"), ORDER_COLUMNS))
    is_dry_run = wanted["mode"] == "dry_run"
    answers = transact(
        lambda work: import_orders(
            work, actor, site_id=site_id, rows=table.rows, policy=wanted["policy"], is_dry_run=is_dry_run
        )
    )
    return {
        "committed": not is_dry_run,
        "counts": count_orders(answers),
        "ignored_columns": table.ignored_columns,
        "rows": answers,
    }


@bp.get("/purchase-order-template.csv")
@requires(Permission.ORDERS_MANAGE)
@bp.response(200, BINARY, content_type="text/csv")
def order_csv_template() -> Response:
    """A file of orders to fill in and upload, as CSV."""
    return download([ORDER_COLUMNS], "purchase-orders", "csv", title="Purchase orders")


@bp.get("/purchase-order-template.xlsx")
@requires(Permission.ORDERS_MANAGE)
@bp.response(200, BINARY, content_type=XLSX)
def order_xlsx_template() -> Response:
    """A file of orders to fill in and upload, as an Excel workbook."""
    return download([ORDER_COLUMNS], "purchase-orders", "xlsx", title="Purchase orders")


def _order(wanted: dict[str, Any]) -> WantedOrder:
    lines = tuple(WantedLine(**line) for line in wanted.pop("lines"))
    return WantedOrder(lines=lines, **wanted)


def _announced(order_id: str, item_id: int, serial_nos: list[str]) -> dict[str, Any]:
    actor = actor_or_refuse()
    transact(
        lambda work: purchase_orders.announce(work, actor, order_id=order_id, item_id=item_id, serial_nos=serial_nos).id
    )
    end_reading()  # Let go of what this request read before it wrote.
    return {"items": expected.expected_of_order(reading(), order_id)}


def _shown(order_id: str) -> dict[str, Any]:
    order = receipts.order(reading(), order_id)
    if order is None:
        raise _unknown()
    return order


def _must_read(kind: type[PurchaseOrder] | type[PurchaseReceipt], voucher_id: str) -> None:
    found = receipts.kind_and_site(reading(), voucher_id, (kind,))
    if found is None:
        raise _unknown()
    actor_or_refuse().must(Permission.ORDERS_READ, found[1])


def _must_manage(order_id: str) -> None:
    """Before what is in a file: reading one costs more than all the rest."""
    found = receipts.kind_and_site(reading(), order_id, (PurchaseOrder,))
    if found is None:
        raise _unknown()
    actor_or_refuse().must(Permission.ORDERS_MANAGE, found[1])


def _unknown() -> DomainError:
    return refuse("not_found", "There is no such voucher.", "Go back to the list.")
