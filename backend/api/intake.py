"""Ways in besides the scan: a typed list, numbers that the system draws, a file."""

import hashlib
from collections.abc import Sequence
from typing import Any

from flask import Response
from flask_smorest import Blueprint
from werkzeug.datastructures import FileStorage

from backend.api import intake_schemas as schemas
from backend.api.access import MULTIPART, actor_or_refuse, requires, settings
from backend.api.schemas import AnySiteQuery
from backend.api.site_days import calendar_for
from backend.api.table_uploads import BINARY, FILES_OF_ONE_PERSON, XLSX, content_of, download, of_bounded_size
from backend.domain.errors import refuse
from backend.domain.people import Actor, Permission
from backend.domain.quantity_rows import QUANTITY_COLUMNS, read_quantity_table
from backend.domain.ranges import ParsedList, parse_list
from backend.domain.receiving import Tracking
from backend.domain.serial_rows import COLUMNS, columns_of, read_serial_table
from backend.domain.tables import Row
from backend.extensions import end_reading, limiter, reading
from backend.models import Item
from backend.queries import receipts
from backend.services.filling import permission_to_fill
from backend.services.importing import RowAnswer, SerialFile, add_file, count, try_file
from backend.services.importing_goods import QuantityFile, add_goods_of, try_goods
from backend.services.numbered_receiving import WantedBatch, WantedUnits, add_numbered, number_batch
from backend.services.numbering import next_batch, next_serials
from backend.services.table_files import read_table
from backend.unit_of_work import transact

bp: Any = Blueprint("intake", __name__, url_prefix="/api", description="Many serial numbers at once")


@bp.post("/serial-lists/parse")
@requires(Permission.RECEIVE)
@bp.arguments(schemas.ListText)
@bp.response(200, schemas.ParsedList)
def parse_serial_list(wanted: dict[str, Any]) -> ParsedList:
    """Read a typed or pasted list with its ranges; changes nothing."""
    return parse_list(wanted["text"], read_ranges=wanted["ranges"])


@bp.get("/items/<int(max=2147483647):item_id>/next-serial")
@requires(Permission.RECEIVE)
@bp.arguments(schemas.NextSerialQuery, location="query")
@bp.response(200, schemas.NextSerial)
def show_next_serial(query: dict[str, int], item_id: int) -> dict[str, Any]:
    """The serial numbers that the item's series would give next; nothing is drawn."""
    item = _item(item_id)
    calendar = calendar_for(actor_or_refuse().sites_with(Permission.RECEIVE), query["site"])
    on = calendar.day_of(settings().clock())
    first, last = next_serials(reading().connection(), item, on, calendar, query["count"])
    return {"series": item.serial_no_series, "serial_no": first, "last_serial_no": last}


@bp.get("/items/<int(max=2147483647):item_id>/next-batch")
@requires(Permission.RECEIVE)
@bp.arguments(AnySiteQuery, location="query")
@bp.response(200, schemas.NextBatch)
def show_next_batch(query: dict[str, int], item_id: int) -> dict[str, Any]:
    """The batch number that the item's batch series would give next; nothing is drawn."""
    item = _item(item_id)
    calendar = calendar_for(actor_or_refuse().sites_with(Permission.RECEIVE), query["site"])
    batch_no = next_batch(reading().connection(), item, calendar.day_of(settings().clock()), calendar)
    return {"series": item.batch_no_series, "batch_no": batch_no}


@bp.post("/purchase-receipts/<uuid:receipt_id>/numbered-units")
@bp.post("/opening-stocks/<uuid:receipt_id>/numbered-units", endpoint="number_opening_units")
@requires(Permission.RECEIVE)
@bp.arguments(schemas.NumberedUnits)
@bp.response(200, schemas.NumberedReceipt)
def add_numbered_units(wanted: dict[str, Any], receipt_id: object) -> dict[str, Any]:
    """Let the system number units by the item's series and put them on the receipt, all or none."""
    actor, intake_id = actor_or_refuse(), wanted.pop("id")
    units = WantedUnits(**wanted)
    drawn = transact(
        lambda work: add_numbered(work, actor, receipt_id=str(receipt_id), wanted=units, intake_id=intake_id)
    )
    end_reading()  # Let go of what this request read before it wrote.
    return (receipts.receipt(reading(), str(receipt_id)) or {}) | {"serial_nos": drawn}


@bp.post("/purchase-receipts/<uuid:receipt_id>/batches")
@bp.post("/opening-stocks/<uuid:receipt_id>/batches", endpoint="number_opening_batch")
@requires(Permission.RECEIVE)
@bp.arguments(schemas.NumberedBatch)
@bp.response(200, schemas.BatchNumber)
def number_a_batch(wanted: dict[str, Any], receipt_id: object) -> dict[str, Any]:
    """Let the system number a batch by the item's batch series, for units that come without one."""
    actor, intake_id = actor_or_refuse(), wanted.pop("id")
    batch = WantedBatch(**wanted)
    return {
        "batch_no": transact(
            lambda work: number_batch(work, actor, receipt_id=str(receipt_id), wanted=batch, intake_id=intake_id)
        )
    }


@bp.post("/purchase-receipts/<uuid:receipt_id>/upload")
@bp.post("/opening-stocks/<uuid:receipt_id>/upload", endpoint="upload_opening_units")
@requires(Permission.RECEIVE, body=MULTIPART)
@of_bounded_size
@limiter.limit(FILES_OF_ONE_PERSON, key_func=lambda: actor_or_refuse().username)
@bp.arguments(schemas.UploadForm, location="form")
@bp.arguments(schemas.UploadFile, location="files")
@bp.response(200, schemas.UploadAnswer)
def upload_units(wanted: dict[str, Any], files: dict[str, FileStorage], receipt_id: object) -> dict[str, Any]:
    """Judge a CSV or Excel file of serial numbers row by row; with ``mode=commit`` take it.

    Columns such as IMEI and MAC give units their further numbers. For an item without serial numbers the file has a
    quantity a row, with its batch.

    The file comes as multipart/form-data in the field ``file``: at most 8 MiB and 10,000 rows. Nothing is taken
    while a row cannot be received, unless ``policy=good_rows``. The same file again adds nothing.
    """
    actor, voucher_id = actor_or_refuse(), str(receipt_id)
    # Whose receipt it is before what is in the file: reading one costs more than all the rest.
    found = receipts.kind_and_site(reading(), voucher_id)
    if found is None:
        raise refuse("receipt_unknown", "There is no such receipt.", "Open the order again.")
    kind, site_id = found
    actor.must(permission_to_fill(kind), site_id)
    mode, policy, intake_id = wanted.pop("mode"), wanted.pop("policy"), wanted.pop("id")
    content, name = content_of(files.get("file"))
    rows = read_table(content, name)
    item = reading().get(Item, wanted["item_id"])
    end_reading()  # The read is over; a write transaction must not wait behind it.
    take = _take_serials if item is None or Tracking(item.tracking).has_serial else _take_quantities
    of_file = {"sha256": hashlib.sha256(content).hexdigest(), **wanted}
    asked = {"policy": policy, "intake_id": intake_id} if mode == "commit" else None
    answers, ignored_columns = take(actor, voucher_id, rows, of_file, asked)
    return {
        "committed": asked is not None,
        "counts": count(answers),
        "ignored_columns": ignored_columns,
        "rows": answers,
    }


@bp.get("/serial-template.csv")
@requires(Permission.RECEIVE)
@bp.arguments(schemas.TemplateQuery, location="query")
@bp.response(200, BINARY, content_type="text/csv")
def csv_template(query: dict[str, Any]) -> Response:
    """A file to fill in and upload, as CSV, with the columns that an item needs."""
    return _template(query["item_id"], "csv")


@bp.get("/serial-template.xlsx")
@requires(Permission.RECEIVE)
@bp.arguments(schemas.TemplateQuery, location="query")
@bp.response(200, BINARY, content_type=XLSX)
def xlsx_template(query: dict[str, Any]) -> Response:
    """A file to fill in and upload, as an Excel workbook whose columns are text, with those that an item needs."""
    return _template(query["item_id"], "xlsx")


def _template(item_id: int | None, ending: str) -> Response:
    if item_id is None:
        return download([COLUMNS], "serial-numbers", ending, title="Serial numbers")
    item = _item(item_id)
    if not Tracking(item.tracking).has_serial:
        return download([QUANTITY_COLUMNS], "quantities", ending, title="Quantities")
    return download([columns_of(item.secondary_kinds)], "serial-numbers", ending, title="Serial numbers")


def _take_serials(
    actor: Actor, voucher_id: str, rows: Sequence[Row], of_file: dict[str, Any], asked: dict[str, Any] | None
) -> tuple[list[RowAnswer], tuple[str, ...]]:
    """Judge a file of serial numbers, and take it where that is asked for."""
    table = read_serial_table(rows, with_secondaries=True)
    file = SerialFile(rows=table.rows, **of_file)
    if asked is None:
        answers = transact(lambda work: try_file(work, actor, receipt_id=voucher_id, file=file))
    else:
        answers = transact(lambda work: add_file(work, actor, receipt_id=voucher_id, file=file, **asked))
    return answers, table.ignored_columns


def _take_quantities(
    actor: Actor, voucher_id: str, rows: Sequence[Row], of_file: dict[str, Any], asked: dict[str, Any] | None
) -> tuple[list[RowAnswer], tuple[str, ...]]:
    """Judge a file of quantities, and take it where that is asked for."""
    table = read_quantity_table(rows)
    of_file.pop("takes_unexpected")
    file = QuantityFile(rows=table.rows, **of_file)
    if asked is None:
        answers = transact(lambda work: try_goods(work, actor, receipt_id=voucher_id, file=file))
    else:
        answers = transact(lambda work: add_goods_of(work, actor, receipt_id=voucher_id, file=file, **asked))
    return answers, table.ignored_columns


def _item(item_id: int) -> Item:
    item = reading().get(Item, item_id)
    if item is None:
        raise refuse("not_found", "There is no such item.", "Go back to the list.")
    return item
