"""Warranty claims: enter, review, assign, end; and the queue of a technician or of support."""

from typing import Any

from backend.api import claim_schemas as schemas
from backend.api.access import actor_or_refuse, requires
from backend.api.actions import action
from backend.api.blueprints import Blueprint
from backend.domain.errors import refuse
from backend.domain.people import Actor, Permission
from backend.extensions import reading
from backend.models import WarrantyClaim
from backend.queries import claims as queries
from backend.services import claims
from backend.services.attachments import attach
from backend.unit_of_work import UnitOfWork, transact

bp: Any = Blueprint("claims", __name__, url_prefix="/api/warranty-claims", description="Warranty claims")


@bp.get("")
@requires(Permission.UNITS_READ)
@bp.arguments(schemas.ClaimsQuery, location="query")
@bp.response(200, schemas.Claims)
def list_claims(query: dict[str, Any]) -> dict[str, Any]:
    """Claims of a site, by status and technician, with those who can be given one."""
    actor_or_refuse().must(Permission.UNITS_READ, query["site"])
    wanted = queries.ClaimFilter(query["site"], query["status"], query["technician"], query["q"])
    return {
        "claims": queries.claims(reading(), wanted),
        "technicians": queries.technicians(reading(), query["site"]),
    }


@action("warranty_claim", schemas.ClaimRequest, Permission.SERVICE)
def _enter(work: UnitOfWork, actor: Actor, wanted: dict[str, Any]) -> WarrantyClaim:
    names = {"id": "claim_id", "site": "site_id"}
    pictures = wanted["attachment_ids"]
    asked = {names.get(name, name): value for name, value in wanted.items() if name != "attachment_ids"}
    entered = claims.enter(work, actor, claims.Claim(**asked))
    attach(work, actor, entered, pictures)
    return entered


@bp.post("")
@requires(Permission.SERVICE)
@bp.arguments(schemas.ClaimRequest)
@bp.response(200, schemas.ClaimDetails)
def enter_claim(wanted: dict[str, Any]) -> dict[str, Any]:
    """Enter a claim, which is decided at once. A refusal says why, and what a supervisor may do about it."""
    return _shown(_enter(wanted).id)


@bp.get("/<uuid:claim_id>")
@requires(Permission.UNITS_READ)
@bp.response(200, schemas.ClaimDetails)
def show_claim(claim_id: Any) -> dict[str, Any]:
    """One claim."""
    return _shown(str(claim_id))


@bp.post("/<uuid:claim_id>/unit")
@requires(Permission.SERVICE)
@bp.arguments(schemas.HeldClaimRequest)
@bp.response(200, schemas.ClaimDetails)
def decide_held_claim(wanted: dict[str, Any], claim_id: Any) -> dict[str, Any]:
    """Say which unit a claim that is held for review is about; it is decided as of its own day."""
    actor = actor_or_refuse()
    return _shown(transact(lambda work: claims.decide_held(work, actor, claim_id=str(claim_id), **wanted)).id)


@bp.post("/<uuid:claim_id>/technician")
@requires(Permission.SERVICE)
@bp.arguments(schemas.AssignRequest)
@bp.response(200, schemas.ClaimDetails)
def assign_claim(wanted: dict[str, Any], claim_id: Any) -> dict[str, Any]:
    """Give a claim to a technician."""
    actor = actor_or_refuse()
    return _shown(transact(lambda work: claims.assign(work, actor, claim_id=str(claim_id), **wanted)).id)


@bp.post("/<uuid:claim_id>/outcome")
@requires(Permission.SERVICE)
@bp.arguments(schemas.EndClaimRequest)
@bp.response(200, schemas.ClaimDetails)
def end_claim(wanted: dict[str, Any], claim_id: Any) -> dict[str, Any]:
    """End a claim with repair, replacement, refund or rejection."""
    actor = actor_or_refuse()
    return _shown(transact(lambda work: claims.end(work, actor, claim_id=str(claim_id), **wanted)).id)


def _shown(claim_id: str) -> dict[str, Any]:
    found = queries.claim(reading(), claim_id)
    if found is None:
        raise refuse("voucher_unknown", "There is no such claim.", "Go back to the list and open it again.")
    actor_or_refuse().must(Permission.UNITS_READ, found.site_id)
    return queries.claim_details(reading(), found)
