"""The places of a site and its series, for the people who look after them."""

from typing import Any

from backend.api import place_schemas as schemas
from backend.api.access import actor_or_refuse, requires
from backend.api.blueprints import Blueprint
from backend.api.master_schemas import Version
from backend.api.schemas import SiteQuery
from backend.api.site_days import calendar_at, today_at
from backend.domain.errors import refuse
from backend.domain.people import Permission
from backend.extensions import reading
from backend.queries import place_tree as queries
from backend.queries.site_series import preview, series_of
from backend.services import place_tree
from backend.services.site_series import USUAL, set_series
from backend.unit_of_work import transact

bp: Any = Blueprint("places", __name__, url_prefix="/api/masters", description="Places and settings of a site")

ID = "<int(max=2147483647):place_id>"


@bp.get("/places")
@requires(Permission.ORDERS_READ)
@bp.arguments(schemas.PlaceQuery, location="query")
@bp.response(200, schemas.PlacePage)
def list_places(query: dict[str, Any]) -> dict[str, Any]:
    """Places of a site in walking order, a page at a time: all, those in ``parent_id``, or those that ``q`` fits."""
    site_id = query.pop("site")
    actor_or_refuse().must(Permission.ORDERS_READ, site_id)
    return queries.places(reading(), site_id, text=query.pop("q").strip(), **query)


@bp.post("/places")
@requires(Permission.MASTERS_MANAGE)
@bp.arguments(schemas.NewPlace)
@bp.response(200, schemas.PlaceDetails)
def create_place(wanted: dict[str, Any]) -> dict[str, Any]:
    """Make a place under another one."""
    actor, site_id, code = actor_or_refuse(), wanted.pop("site"), wanted.pop("code")
    return _shown(
        transact(lambda work: place_tree.create_place(work, actor, site_id=site_id, code=code, fields=wanted).id)
    )


@bp.get(f"/places/{ID}")
@requires(Permission.ORDERS_READ)
@bp.response(200, schemas.PlaceDetails)
def show_place(place_id: int) -> dict[str, Any]:
    """One place, the way to it, and whether it holds stock."""
    return _shown(place_id)


@bp.post(f"/places/{ID}")
@requires(Permission.MASTERS_MANAGE)
@bp.arguments(schemas.PlaceChange)
@bp.response(200, schemas.PlaceDetails)
def edit_place(wanted: dict[str, Any], place_id: int) -> dict[str, Any]:
    """Change a place, unless somebody else did since ``version``; another parent moves it with all that is in it."""
    actor, version = actor_or_refuse(), wanted.pop("version")
    return _shown(
        transact(lambda work: place_tree.edit_place(work, actor, place_id=place_id, version=version, fields=wanted).id)
    )


@bp.post(f"/places/{ID}/retire")
@requires(Permission.MASTERS_MANAGE)
@bp.arguments(Version)
@bp.response(200, schemas.PlaceDetails)
def retire_place(wanted: dict[str, int], place_id: int) -> dict[str, Any]:
    """Offer an empty place no more; its history stays."""
    actor = actor_or_refuse()
    return _shown(transact(lambda work: place_tree.retire_place(work, actor, place_id=place_id, **wanted).id))


@bp.post(f"/places/{ID}/bring-back")
@requires(Permission.MASTERS_MANAGE)
@bp.arguments(Version)
@bp.response(200, schemas.PlaceDetails)
def bring_place_back(wanted: dict[str, int], place_id: int) -> dict[str, Any]:
    """Offer a retired place again."""
    actor = actor_or_refuse()
    return _shown(transact(lambda work: place_tree.bring_place_back(work, actor, place_id=place_id, **wanted).id))


@bp.get("/series")
@requires(Permission.ORDERS_READ)
@bp.arguments(SiteQuery, location="query")
@bp.response(200, schemas.SeriesList)
def list_series(query: dict[str, int]) -> dict[str, Any]:
    """How a site numbers its vouchers and new items and parties, and what comes next."""
    actor_or_refuse().must(Permission.ORDERS_READ, query["site"])
    return _series(query["site"])


@bp.get("/series/preview")
@requires(Permission.ORDERS_READ)
@bp.arguments(schemas.PreviewQuery, location="query")
@bp.response(200, schemas.Preview)
def preview_series(query: dict[str, Any]) -> dict[str, Any]:
    """What a series would give next; nothing is drawn."""
    actor_or_refuse().must(Permission.ORDERS_READ, query["site"])
    return {"next": preview(reading(), query["pattern"], today_at(query["site"]), calendar_at(query["site"]))}


@bp.post("/series")
@requires(Permission.MASTERS_MANAGE)
@bp.arguments(schemas.SeriesChange)
@bp.response(200, schemas.SeriesList)
def change_series(wanted: dict[str, Any]) -> dict[str, Any]:
    """Give a site its own series for a kind of thing, or go back to the usual one."""
    actor, site_id = actor_or_refuse(), wanted.pop("site")
    transact(lambda work: set_series(work, actor, site_id=site_id, **wanted))
    return _series(site_id)


def _series(site_id: int) -> dict[str, Any]:
    return {"series": series_of(reading(), site_id, dict(USUAL), today_at(site_id), calendar_at(site_id))}


def _shown(place_id: int) -> dict[str, Any]:
    found = queries.place(reading(), place_id)
    if found is None:
        raise refuse("not_found", "There is no such place.", "Go back to the list.")
    actor_or_refuse().must(Permission.ORDERS_READ, found["site_id"])
    return found
