"""What covers a unit: its warranty, installations that start one, and service contracts."""

from typing import Any

from backend.api import warranty_schemas as schemas
from backend.api.access import actor_or_refuse, requires
from backend.api.actions import action
from backend.api.blueprints import Blueprint
from backend.api.site_days import today_at, today_of_unit
from backend.domain.errors import refuse
from backend.domain.people import Actor, Permission
from backend.extensions import reading
from backend.models import Installation
from backend.queries import claims as queries
from backend.services import contracts, installing, warranties
from backend.unit_of_work import UnitOfWork, transact

bp: Any = Blueprint("warranties", __name__, url_prefix="/api", description="Warranties and service contracts")


@bp.get("/units/<int(max=2147483647):unit_id>/warranty")
@requires(Permission.UNITS_READ)
@bp.response(200, schemas.UnitWarranty)
def show_warranty(unit_id: int) -> dict[str, Any]:
    """What covers a unit today, and everything that changed its warranty."""
    return _shown(unit_id)


@bp.post("/units/<int(max=2147483647):unit_id>/warranty/extend")
@requires(Permission.OVERRIDE)
@bp.arguments(schemas.ExtendRequest)
@bp.response(200, schemas.UnitWarranty)
def extend_warranty(wanted: dict[str, Any], unit_id: int) -> dict[str, Any]:
    """Let a warranty end later."""
    actor = actor_or_refuse()
    transact(lambda work: warranties.extend(work, actor, unit_id=unit_id, **wanted))
    return _shown(unit_id)


@bp.post("/units/<int(max=2147483647):unit_id>/warranty/void")
@requires(Permission.OVERRIDE)
@bp.arguments(schemas.VoidRequest)
@bp.response(200, schemas.UnitWarranty)
def void_warranty(wanted: dict[str, Any], unit_id: int) -> dict[str, Any]:
    """Say that a warranty does not hold any more."""
    actor = actor_or_refuse()
    transact(lambda work: warranties.void(work, actor, unit_id=unit_id, **wanted))
    return _shown(unit_id)


@action("installation", schemas.InstallationRequest, Permission.SERVICE)
def _install(work: UnitOfWork, actor: Actor, wanted: dict[str, Any]) -> Installation:
    names = {"id": "voucher_id", "site": "site_id"}
    asked = {names.get(name, name): value for name, value in wanted.items()}
    return installing.install(work, actor, installing.NewInstallation(**asked))


@bp.post("/installations")
@requires(Permission.SERVICE)
@bp.arguments(schemas.InstallationRequest)
@bp.response(200, schemas.InstallationCard)
def install_unit(wanted: dict[str, Any]) -> Installation:
    """Note that a unit was set up at its customer's; starts a warranty that begins with it."""
    return _install(wanted)


@bp.get("/service-contracts")
@requires(Permission.UNITS_READ)
@bp.arguments(schemas.ContractsQuery, location="query")
@bp.response(200, schemas.Contracts)
def list_contracts(query: dict[str, Any]) -> dict[str, Any]:
    """Service contracts of a site, those that end first on top."""
    actor_or_refuse().must(Permission.UNITS_READ, query["site"])
    today = today_at(query["site"])
    return {"service_contracts": queries.contracts(reading(), query["site"], query["customer"], today)}


@bp.post("/service-contracts")
@requires(Permission.ORDERS_MANAGE)
@bp.arguments(schemas.ContractRequest)
@bp.response(200, schemas.Contract)
def make_contract(wanted: dict[str, Any]) -> dict[str, Any]:
    """Make a service contract with a customer for some of their units."""
    actor = actor_or_refuse()
    wanted["contract_id"], wanted["site_id"] = wanted.pop("id"), wanted.pop("site")
    wanted["serial_nos"] = tuple(wanted["serial_nos"])
    asked = contracts.NewContract(**wanted)
    return _contract(transact(lambda work: contracts.make(work, actor, asked)).id)


@bp.get("/service-contracts/<uuid:contract_id>")
@requires(Permission.UNITS_READ)
@bp.response(200, schemas.Contract)
def show_contract(contract_id: Any) -> dict[str, Any]:
    """One service contract."""
    return _contract(str(contract_id))


@bp.post("/service-contracts/<uuid:contract_id>")
@requires(Permission.ORDERS_MANAGE)
@bp.arguments(schemas.ContractChangeRequest)
@bp.response(200, schemas.Contract)
def change_contract(wanted: dict[str, Any], contract_id: Any) -> dict[str, Any]:
    """Change the days, the units and the remark of a contract; its events keep what it was."""
    actor = actor_or_refuse()
    wanted["serial_nos"] = tuple(wanted["serial_nos"])
    asked = contracts.ContractChange(contract_id=str(contract_id), **wanted)
    return _contract(transact(lambda work: contracts.change(work, actor, asked)).id)


@bp.post("/service-contracts/<uuid:contract_id>/end")
@requires(Permission.ORDERS_MANAGE)
@bp.arguments(schemas.EndContractRequest)
@bp.response(200, schemas.Contract)
def end_contract(wanted: dict[str, Any], contract_id: Any) -> dict[str, Any]:
    """Let a contract end sooner."""
    actor = actor_or_refuse()
    return _contract(transact(lambda work: contracts.end_early(work, actor, contract_id=str(contract_id), **wanted)).id)


def _shown(unit_id: int) -> dict[str, Any]:
    today, sites = today_of_unit(unit_id), actor_or_refuse().sites_with(Permission.UNITS_READ)
    found = queries.warranty(reading(), unit_id, today, sites)
    if found is None:
        raise refuse("not_found", "There is no such unit.", "Go back to the list.")
    return found


def _contract(contract_id: str) -> dict[str, Any]:
    found = queries.contract(reading(), contract_id)
    if found is None:
        raise refuse("contract_unknown", "There is no such contract.", "Go back to the list and open it again.")
    actor_or_refuse().must(Permission.UNITS_READ, found.site_id)
    return queries.contract_card(found)
