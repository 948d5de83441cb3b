"""Customer returns and their inspection."""

from typing import Any

from backend.api import return_schemas as schemas
from backend.api.access import actor_or_refuse, requires
from backend.api.actions import action
from backend.api.blueprints import Blueprint
from backend.domain.errors import refuse
from backend.domain.people import Actor, Permission
from backend.extensions import reading
from backend.models import CustomerReturn
from backend.queries import claims as queries
from backend.services import customer_returns, inspecting
from backend.services.goods import GoodsWanted
from backend.unit_of_work import UnitOfWork, transact

bp: Any = Blueprint("customer_returns", __name__, url_prefix="/api/customer-returns", description="Customer returns")


@bp.get("")
@requires(Permission.UNITS_READ)
@bp.arguments(schemas.ReturnsQuery, location="query")
@bp.response(200, schemas.Returns)
def list_returns(query: dict[str, Any]) -> dict[str, Any]:
    """Customer returns of a site; the open ones have units to inspect."""
    actor_or_refuse().must(Permission.UNITS_READ, query["site"])
    return {"customer_returns": queries.returns(reading(), query["site"], query["status"])}


@action("customer_return", schemas.ReturnRequest, Permission.RECEIVE)
def _take_back(work: UnitOfWork, actor: Actor, wanted: dict[str, Any]) -> CustomerReturn:
    asked = {name: value for name, value in wanted.items() if name not in ("id", "serial_nos", "goods")}
    asked["goods"] = tuple(GoodsWanted(**each) for each in wanted["goods"])
    units = tuple(wanted["serial_nos"])
    return customer_returns.take_back(
        work, actor, customer_returns.Return(voucher_id=wanted["id"], serial_nos=units, **asked)
    )


@bp.post("")
@requires(Permission.RECEIVE)
@bp.arguments(schemas.ReturnRequest)
@bp.response(200, schemas.Return)
def take_back(wanted: dict[str, Any]) -> dict[str, Any]:
    """Take units back from their customer; their warranties stop on that day."""
    return _shown(_take_back(wanted).id)


@bp.get("/<uuid:return_id>")
@requires(Permission.UNITS_READ)
@bp.response(200, schemas.Return)
def show_return(return_id: Any) -> dict[str, Any]:
    """One return with its units."""
    return _shown(str(return_id))


@bp.post("/<uuid:return_id>/inspections")
@requires(Permission.OVERRIDE)
@bp.arguments(schemas.InspectionRequest)
@bp.response(200, schemas.Return)
def inspect_unit(wanted: dict[str, Any], return_id: Any) -> dict[str, Any]:
    """Say what becomes of a returned unit: restock, repair, replace or scrap."""
    actor = actor_or_refuse()
    asked = inspecting.Inspection(str(return_id), **wanted)
    return _shown(transact(lambda work: inspecting.inspect(work, actor, asked)).id)


def _shown(return_id: str) -> dict[str, Any]:
    found = queries.customer_return(reading(), return_id)
    if found is None:
        raise refuse("voucher_unknown", "There is no such return.", "Go back to the list and open it again.")
    actor_or_refuse().must(Permission.UNITS_READ, found["site"])
    return found
