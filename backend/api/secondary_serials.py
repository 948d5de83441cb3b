"""Further numbers of a unit, such as its IMEI."""

from typing import Any

from marshmallow import Schema, fields

from backend.api.access import actor_or_refuse, requires
from backend.api.blueprints import Blueprint
from backend.api.schemas import Request, scanned
from backend.domain.people import Permission
from backend.domain.standards import SecondaryKind
from backend.services import secondary_serials as services
from backend.unit_of_work import transact

bp: Any = Blueprint("secondary_serials", __name__, url_prefix="/api", description="Further numbers of units")

UNIT = "<int(max=2147483647):unit_id>"


class NewSecondary(Request):
    """A further number of a unit, as scanned or typed."""

    kind = fields.Enum(SecondaryKind, by_value=True, required=True)
    text = scanned(least=1, required=True)


class SecondarySerial(Schema):
    """A further number of a unit."""

    id = fields.Integer()
    kind = fields.String()
    secondary_no = fields.String()


@bp.post(f"/units/{UNIT}/secondary-serials")
@requires(Permission.RECEIVE)
@bp.arguments(NewSecondary)
@bp.response(200, SecondarySerial)
def add_secondary_serial(wanted: dict[str, Any], unit_id: int) -> object:
    """Give a unit a further number; IMEI and VIN are checked by their check digit, and belong to one unit."""
    actor = actor_or_refuse()
    return transact(lambda work: services.add_secondary(work, actor, unit_id=unit_id, **wanted))


@bp.delete(f"/units/{UNIT}/secondary-serials/<int(max=2147483647):secondary_id>")
@requires(Permission.CANCEL)
@bp.response(204)
def remove_secondary_serial(unit_id: int, secondary_id: int) -> None:
    """Take a further number away from a unit that never had it."""
    actor = actor_or_refuse()
    transact(lambda work: services.remove_secondary(work, actor, unit_id=unit_id, secondary_id=secondary_id))
