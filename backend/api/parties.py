"""Suppliers and customers for the people who look after them."""

from typing import Any

from backend.api import party_schemas as schemas
from backend.api.access import actor_or_refuse, requires
from backend.api.blueprints import Blueprint
from backend.api.master_schemas import Version
from backend.domain.errors import refuse
from backend.domain.people import Permission
from backend.extensions import reading
from backend.queries import parties as queries
from backend.services import parties
from backend.unit_of_work import transact

bp: Any = Blueprint("parties", __name__, url_prefix="/api/masters", description="Suppliers and customers")

ID = "<int(max=2147483647):party_id>"


@bp.get("/parties")
@requires(Permission.ORDERS_READ)
@bp.arguments(schemas.PartyQuery, location="query")
@bp.response(200, schemas.PartyPage)
def list_parties(query: dict[str, Any]) -> dict[str, Any]:
    """Parties by code, a page at a time; ``q`` is looked for in code, name and contact."""
    return queries.parties(reading(), text=query.pop("q").strip(), **query)


@bp.post("/parties")
@requires(Permission.MASTERS_MANAGE)
@bp.arguments(schemas.NewParty)
@bp.response(200, schemas.PartyDetails)
def create_party(wanted: dict[str, Any]) -> dict[str, Any]:
    """Make a supplier or customer."""
    actor, site_id, code = actor_or_refuse(), wanted.pop("site"), wanted.pop("code")
    return _shown(
        transact(lambda work: parties.create_party(work, actor, site_id=site_id, code=code, fields=wanted).id)
    )


@bp.get(f"/parties/{ID}")
@requires(Permission.ORDERS_READ)
@bp.response(200, schemas.PartyDetails)
def show_party(party_id: int) -> dict[str, Any]:
    """One supplier or customer."""
    return _shown(party_id)


@bp.post(f"/parties/{ID}")
@requires(Permission.MASTERS_MANAGE)
@bp.arguments(schemas.PartyChange)
@bp.response(200, schemas.PartyDetails)
def edit_party(wanted: dict[str, Any], party_id: int) -> dict[str, Any]:
    """Change a party, unless somebody else did since ``version``."""
    actor, version = actor_or_refuse(), wanted.pop("version")
    return _shown(
        transact(lambda work: parties.edit_party(work, actor, party_id=party_id, version=version, fields=wanted).id)
    )


@bp.post(f"/parties/{ID}/retire")
@requires(Permission.MASTERS_MANAGE)
@bp.arguments(Version)
@bp.response(200, schemas.PartyDetails)
def retire_party(wanted: dict[str, int], party_id: int) -> dict[str, Any]:
    """Offer a party no more; its history stays."""
    actor = actor_or_refuse()
    return _shown(transact(lambda work: parties.retire_party(work, actor, party_id=party_id, **wanted).id))


@bp.post(f"/parties/{ID}/bring-back")
@requires(Permission.MASTERS_MANAGE)
@bp.arguments(Version)
@bp.response(200, schemas.PartyDetails)
def bring_party_back(wanted: dict[str, int], party_id: int) -> dict[str, Any]:
    """Offer a retired party again."""
    actor = actor_or_refuse()
    return _shown(transact(lambda work: parties.bring_party_back(work, actor, party_id=party_id, **wanted).id))


def _shown(party_id: int) -> dict[str, Any]:
    found = queries.party(reading(), party_id)
    if found is None:
        raise refuse("not_found", "There is no such party.", "Go back to the list.")
    return found
