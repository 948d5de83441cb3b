"""Pick lists: made from sales orders, filled through the outbox, finished, delivered."""

from collections.abc import Callable
from typing import Any

from backend.api import pick_list_schemas as schemas
from backend.api.access import actor_or_refuse, requires
from backend.api.actions import action
from backend.api.blueprints import Blueprint
from backend.api.receiving_schemas import SubmitReceipt
from backend.api.sales_schemas import ReasonGiven
from backend.api.schemas import StatusQuery
from backend.domain.errors import refuse
from backend.domain.people import Actor, Permission
from backend.extensions import end_reading, reading
from backend.models import PickList
from backend.queries import pick_lists as shown
from backend.queries.sales_orders import site_of
from backend.services import overriding, pick_lists
from backend.unit_of_work import UnitOfWork, transact

bp: Any = Blueprint("picking", __name__, url_prefix="/api/pick-lists", description="Pick lists")


@action("pick_list.submit", SubmitReceipt, Permission.PICK, of_voucher=True)
def _finish(work: UnitOfWork, actor: Actor, _wanted: dict[str, Any], voucher_id: str) -> PickList:
    return pick_lists.finish_pick_list(work, actor, pick_list_id=voucher_id)


@bp.get("")
@requires(Permission.ORDERS_READ)
@bp.arguments(StatusQuery, location="query")
@bp.response(200, schemas.PickLists)
def list_pick_lists(query: dict[str, Any]) -> dict[str, Any]:
    """The pick lists of a site, newest first; ``status=open`` gives those that are not delivered."""
    actor_or_refuse().must(Permission.ORDERS_READ, query["site"])
    return {"pick_lists": shown.pick_lists(reading(), query["site"], query["status"])}


@bp.post("")
@requires(Permission.PICK)
@bp.arguments(schemas.MakePickList)
@bp.response(200, schemas.PickList)
def make_pick_list(wanted: dict[str, Any]) -> dict[str, Any]:
    """List what is still to be fetched for some orders; units are proposed by the item's rule and reserved."""
    actor = actor_or_refuse()
    return _written(
        lambda work: pick_lists.make_pick_list(
            work,
            actor,
            pick_list_id=wanted["id"],
            order_ids=wanted["sales_order_ids"],
            location_id=wanted["location_id"],
            is_manual=wanted["manual"],
            number=wanted["number"],
        )
    )


@bp.get("/<uuid:pick_list_id>")
@requires(Permission.ORDERS_READ)
@bp.response(200, schemas.PickList)
def show_pick_list(pick_list_id: object) -> dict[str, Any]:
    """One pick list: units in walking order, progress, and what was replaced."""
    _must_read(str(pick_list_id))
    return shown.pick_list(reading(), str(pick_list_id)) or {}


@bp.get("/<uuid:pick_list_id>/proposal")
@requires(Permission.ORDERS_READ)
@bp.response(200, schemas.Proposal)
def show_proposal(pick_list_id: object) -> dict[str, Any]:
    """What is still to be fetched, in walking order; a scan of another valid unit replaces a proposed one."""
    _must_read(str(pick_list_id))
    found = shown.pick_list(reading(), str(pick_list_id)) or {"units": [], "lines": []}
    return {
        "units": [unit for unit in found["units"] if unit["status"] == "proposed"],
        "lines": [line for line in found["lines"] if line["picked"] < line["qty"]],
    }


@bp.post("/<uuid:pick_list_id>/override")
@requires(Permission.OVERRIDE)
@bp.arguments(schemas.OverrideWanted)
@bp.response(200, schemas.PickList)
def override(wanted: dict[str, Any], pick_list_id: object) -> dict[str, Any]:
    """Take a unit that is reserved for another voucher, with a reason; that voucher stays short and shows why."""
    actor = actor_or_refuse()
    return _written(
        lambda work: overriding.take_reserved(
            work,
            actor,
            pick_list_id=str(pick_list_id),
            serial_no=wanted["serial_no"],
            item_id=wanted["item_id"],
            reason=wanted["reason"],
        )
    )


@bp.post("/<uuid:pick_list_id>/submit")
@requires(Permission.PICK)
@bp.arguments(SubmitReceipt)
@bp.response(200, schemas.PickList)
def finish_pick_list(wanted: dict[str, Any], pick_list_id: object) -> dict[str, Any]:
    """End the fetching; what was not fetched is free again, and its order stays short."""
    return _shown(_finish(wanted, voucher_id=str(pick_list_id)).id)


@bp.post("/<uuid:pick_list_id>/discard")
@requires(Permission.PICK)
@bp.arguments(ReasonGiven)
@bp.response(200, schemas.PickList)
def discard_pick_list(wanted: dict[str, Any], pick_list_id: object) -> dict[str, Any]:
    """Give a pick list up; all it had taken is free again."""
    actor = actor_or_refuse()
    return _written(
        lambda work: pick_lists.discard_pick_list(work, actor, pick_list_id=str(pick_list_id), reason=wanted["reason"])
    )


def _must_read(pick_list_id: str) -> None:
    site_id = site_of(reading(), PickList, pick_list_id)
    if site_id is None:
        raise refuse("not_found", "There is no such voucher.", "Go back to the list.")
    actor_or_refuse().must(Permission.ORDERS_READ, site_id)


def _written(write: Callable[[UnitOfWork], PickList]) -> dict[str, Any]:
    """Write, then answer with the pick list as everybody now sees it."""
    return _shown(transact(lambda work: write(work).id))


def _shown(pick_list_id: str) -> dict[str, Any]:
    end_reading()
    return shown.pick_list(reading(), pick_list_id) or {}
