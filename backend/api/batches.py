"""Batches, and the holds on batches and units."""

from typing import Any

from backend.api import stock_schemas as schemas
from backend.api.access import actor_or_refuse, requires, settings
from backend.api.blueprints import Blueprint
from backend.api.schemas import AnySiteQuery
from backend.api.site_days import calendar_for
from backend.api.units import Unit, unit_or_refuse
from backend.domain.errors import refuse
from backend.domain.people import Permission
from backend.extensions import reading
from backend.queries import batches as batch_pages
from backend.services import batches
from backend.services.holds import Subject, lift_hold, place_hold
from backend.unit_of_work import transact

bp: Any = Blueprint("batches", __name__, url_prefix="/api", description="Batches and holds")


@bp.get("/batches/<int(max=2147483647):batch_id>")
@requires(Permission.UNITS_READ)
@bp.arguments(AnySiteQuery, location="query")
@bp.response(200, schemas.Batch)
def show_batch(query: dict[str, int | None], batch_id: int) -> dict[str, Any]:
    """One batch; its places are those of the sites whose units the person may read."""
    return _batch(batch_id, query["site"])


@bp.post("/batches/<int(max=2147483647):batch_id>/hold")
@requires(Permission.HOLD)
@bp.arguments(schemas.HoldRequest)
@bp.response(200, schemas.Batch)
def hold_batch(wanted: dict[str, Any], batch_id: int) -> dict[str, Any]:
    """Keep a batch from being picked and sold, at every site."""
    actor = actor_or_refuse()
    transact(lambda work: place_hold(work, actor, Subject(batch_id=batch_id), **wanted))
    return _batch(batch_id)


@bp.post("/batches/<int(max=2147483647):batch_id>/lift")
@requires(Permission.HOLD)
@bp.arguments(schemas.HoldRequest)
@bp.response(200, schemas.Batch)
def lift_batch(wanted: dict[str, Any], batch_id: int) -> dict[str, Any]:
    """Lift the hold on a batch."""
    actor = actor_or_refuse()
    transact(lambda work: lift_hold(work, actor, Subject(batch_id=batch_id), **wanted))
    return _batch(batch_id)


@bp.post("/batches/<int(max=2147483647):batch_id>/dates")
@requires(Permission.MASTERS_MANAGE)
@bp.arguments(schemas.DatesRequest)
@bp.response(200, schemas.Batch)
def change_batch_dates(wanted: dict[str, Any], batch_id: int) -> dict[str, Any]:
    """Give a batch the dates that its label has."""
    actor = actor_or_refuse()
    transact(lambda work: batches.change_dates(work, actor, batch_id=batch_id, **wanted))
    return _batch(batch_id)


@bp.post("/units/<int(max=2147483647):unit_id>/hold")
@requires(Permission.HOLD)
@bp.arguments(schemas.HoldRequest)
@bp.response(200, Unit)
def hold_unit(wanted: dict[str, Any], unit_id: int) -> dict[str, Any]:
    """Keep one unit from being picked and sold."""
    actor = actor_or_refuse()
    transact(lambda work: place_hold(work, actor, Subject(unit_id=unit_id), **wanted))
    return unit_or_refuse(unit_id)


@bp.post("/units/<int(max=2147483647):unit_id>/lift")
@requires(Permission.HOLD)
@bp.arguments(schemas.HoldRequest)
@bp.response(200, Unit)
def lift_unit(wanted: dict[str, Any], unit_id: int) -> dict[str, Any]:
    """Lift the hold on a unit."""
    actor = actor_or_refuse()
    transact(lambda work: lift_hold(work, actor, Subject(unit_id=unit_id), **wanted))
    return unit_or_refuse(unit_id)


def _batch(batch_id: int, site_id: int | None = None) -> dict[str, Any]:
    sites = actor_or_refuse().sites_with(Permission.UNITS_READ)
    today = calendar_for(sites, site_id).day_of(settings().clock())
    found = batch_pages.batch(reading(), batch_id, today, sites)
    if found is None:
        raise refuse("not_found", "There is no such batch.", "Go back to the list.")
    return found
