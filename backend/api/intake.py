"""Ways in besides the scan: a typed list, numbers that the system draws, a file."""

from typing import Any

from flask_smorest import Blueprint

from backend.api import intake_schemas as schemas
from backend.api.access import actor_or_refuse, requires, settings
from backend.domain.errors import refuse
from backend.domain.people import Permission
from backend.domain.ranges import ParsedList, parse_list
from backend.extensions import reading
from backend.models import Item
from backend.queries import receipts
from backend.services.numbered_receiving import WantedUnits, add_numbered
from backend.services.numbering import next_serial
from backend.unit_of_work import transact

bp: Any = Blueprint("intake", __name__, url_prefix="/api", description="Many serial numbers at once")


@bp.post("/serial-lists/parse")
@requires(Permission.RECEIVE)
@bp.arguments(schemas.ListText)
@bp.response(200, schemas.ParsedList)
def parse_serial_list(wanted: dict[str, Any]) -> ParsedList:
    """Read a typed or pasted list with its ranges; changes nothing."""
    return parse_list(wanted["text"], read_ranges=wanted["ranges"])


@bp.get("/items/<int:item_id>/next-serial")
@requires(Permission.RECEIVE)
@bp.response(200, schemas.NextSerial)
def show_next_serial(item_id: int) -> dict[str, Any]:
    """The serial number that the item's series would give next; nothing is drawn."""
    item = reading().get(Item, item_id)
    if item is None:
        raise refuse("not_found", "There is no such item.", "Go back to the list.")
    serial_no = next_serial(reading().connection(), item, settings().clock().date())
    return {"series": item.serial_no_series, "serial_no": serial_no}


@bp.post("/purchase-receipts/<uuid:receipt_id>/numbered-units")
@requires(Permission.RECEIVE)
@bp.arguments(schemas.NumberedUnits)
@bp.response(200, schemas.NumberedReceipt)
def add_numbered_units(wanted: dict[str, Any], receipt_id: object) -> dict[str, Any]:
    """Let the system number units by the item's series and put them on the receipt, all or none."""
    actor = actor_or_refuse()
    units = WantedUnits(**wanted)
    drawn = transact(lambda work: add_numbered(work, actor, receipt_id=str(receipt_id), wanted=units))
    reading().rollback()  # Let go of what this request read before it wrote.
    return (receipts.receipt(reading(), str(receipt_id)) or {}) | {"serial_nos": drawn}
