"""Ways in besides the scan: a typed list, numbers that the system draws, a file."""

from typing import Any

from flask_smorest import Blueprint

from backend.api import intake_schemas as schemas
from backend.api.access import requires
from backend.domain.people import Permission
from backend.domain.ranges import ParsedList, parse_list

bp: Any = Blueprint("intake", __name__, url_prefix="/api", description="Many serial numbers at once")


@bp.post("/serial-lists/parse")
@requires(Permission.RECEIVE)
@bp.arguments(schemas.ListText)
@bp.response(200, schemas.ParsedList)
def parse_serial_list(wanted: dict[str, Any]) -> ParsedList:
    """Read a typed or pasted list with its ranges; changes nothing."""
    return parse_list(wanted["text"], read_ranges=wanted["ranges"])
