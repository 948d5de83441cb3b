"""Repair orders, service visits, maintenance plans, and a technician's day."""

from typing import Any

from backend.api import service_schemas as schemas
from backend.api.access import actor_or_refuse, requires
from backend.api.actions import action
from backend.api.blueprints import Blueprint
from backend.api.schemas import SiteQuery, StatusQuery
from backend.api.site_days import today_at
from backend.domain.errors import refuse
from backend.domain.people import Actor, Permission
from backend.domain.servicing import RepairOutcome
from backend.extensions import reading
from backend.models import RepairOrder, ServiceVisit
from backend.queries import claims
from backend.queries import servicing as queries
from backend.services import maintenance, repairs, visits
from backend.services.goods import GoodsWanted
from backend.services.visit_parts import Parts
from backend.services.visits import ReadingTaken, Report
from backend.unit_of_work import UnitOfWork, transact

bp: Any = Blueprint("servicing", __name__, url_prefix="/api", description="Repairs, visits and maintenance")


@action("repair_order", schemas.IntakeRequest, Permission.SERVICE)
def _take_in(work: UnitOfWork, actor: Actor, wanted: dict[str, Any]) -> RepairOrder:
    fields = {name: value for name, value in wanted.items() if name not in ("id", "site")}
    return repairs.take_in(
        work, actor, repairs.Intake(order_id=wanted["id"], site_id=wanted["site"], **_tuples(fields))
    )


@action("repair_order.technician", schemas.TechnicianRequest, Permission.SERVICE, of_voucher=True)
def _assign(work: UnitOfWork, actor: Actor, wanted: dict[str, Any], *, voucher_id: str) -> RepairOrder:
    return repairs.assign(work, actor, order_id=voucher_id, technician=wanted["technician"])


@action("repair_order.give_back", schemas.GiveBackRequest, Permission.SERVICE, of_voucher=True)
def _give_back(work: UnitOfWork, actor: Actor, wanted: dict[str, Any], *, voucher_id: str) -> RepairOrder:
    return repairs.end_repair(
        work, actor, order_id=voucher_id, outcome=RepairOutcome.GIVEN_BACK, remark=wanted["remark"]
    )


@action("repair_order.scrap", schemas.ScrapRequest, Permission.SERVICE, of_voucher=True)
def _scrap(work: UnitOfWork, actor: Actor, wanted: dict[str, Any], *, voucher_id: str) -> RepairOrder:
    return repairs.end_repair(work, actor, order_id=voucher_id, outcome=RepairOutcome.SCRAPPED, remark=wanted["remark"])


@action("service_visit", schemas.VisitRequest, Permission.SERVICE)
def _close_visit(work: UnitOfWork, actor: Actor, wanted: dict[str, Any]) -> ServiceVisit:
    parts = wanted["parts"] or {}
    fields = {name: value for name, value in wanted.items() if name not in ("id", "site", "parts", "readings")}
    report = Report(
        visit_id=wanted["id"],
        site_id=wanted["site"],
        parts=Parts(**_tuples(parts | {"goods": [GoodsWanted(**each) for each in parts.get("goods", ())]})),
        readings=tuple(ReadingTaken(**each) for each in wanted["readings"]),
        **_tuples(fields),
    )
    return visits.close_visit(work, actor, report)


@bp.get("/technicians")
@requires(Permission.UNITS_READ)
@bp.arguments(SiteQuery, location="query")
@bp.response(200, schemas.Technicians)
def list_technicians(query: dict[str, int]) -> dict[str, Any]:
    """Who can be given work at a site."""
    actor_or_refuse().must(Permission.UNITS_READ, query["site"])
    return {"technicians": claims.technicians(reading(), query["site"])}


@bp.get("/my-work")
@requires(Permission.SERVICE)
@bp.arguments(schemas.DueQuery, location="query")
@bp.response(200, schemas.MyWork)
def show_my_work(query: dict[str, int]) -> dict[str, Any]:
    """What waits for the person at a site: their claims and repairs, and visits due to them or to nobody."""
    actor = actor_or_refuse()
    actor.must(Permission.SERVICE, query["site"])
    today = today_at(query["site"])
    return queries.my_work(reading(), query["site"], actor, today, within_days=query["within"])


@bp.get("/repair-orders")
@requires(Permission.UNITS_READ)
@bp.arguments(StatusQuery, location="query")
@bp.response(200, schemas.RepairCards)
def list_repair_orders(query: dict[str, Any]) -> dict[str, Any]:
    """The repair orders of a site, newest first; ``status=open`` gives those whose unit is here."""
    actor_or_refuse().must(Permission.UNITS_READ, query["site"])
    return {"repair_orders": queries.repair_orders(reading(), query["site"], query["status"])}


@bp.post("/repair-orders")
@requires(Permission.SERVICE)
@bp.arguments(schemas.IntakeRequest)
@bp.response(200, schemas.RepairDetails)
def take_in(asked: dict[str, Any]) -> dict[str, Any]:
    """Take a customer's unit in for repair, without a return: it stays theirs and is in no stock."""
    return _repair(_take_in(asked).id)


@bp.get("/repair-orders/<uuid:order_id>")
@requires(Permission.UNITS_READ)
@bp.response(200, schemas.RepairDetails)
def show_repair_order(order_id: object) -> dict[str, Any]:
    """One repair order with its visits and pictures."""
    return _repair(str(order_id))


@bp.post("/repair-orders/<uuid:order_id>/technician")
@requires(Permission.SERVICE)
@bp.arguments(schemas.TechnicianRequest)
@bp.response(200, schemas.RepairDetails)
def assign(asked: dict[str, str], order_id: object) -> dict[str, Any]:
    """Give an open repair order to a technician."""
    return _repair(_assign(asked, voucher_id=str(order_id)).id)


@bp.post("/repair-orders/<uuid:order_id>/give-back")
@requires(Permission.SERVICE)
@bp.arguments(schemas.GiveBackRequest)
@bp.response(200, schemas.RepairDetails)
def give_back(asked: dict[str, Any], order_id: object) -> dict[str, Any]:
    """Give the unit back to its customer; sent again, the same answer."""
    return _repair(_give_back(asked, voucher_id=str(order_id)).id)


@bp.post("/repair-orders/<uuid:order_id>/scrap")
@requires(Permission.SERVICE)
@bp.arguments(schemas.ScrapRequest)
@bp.response(200, schemas.RepairDetails)
def scrap(asked: dict[str, Any], order_id: object) -> dict[str, Any]:
    """Scrap the unit as its customer wishes; sent again, the same answer."""
    return _repair(_scrap(asked, voucher_id=str(order_id)).id)


@bp.post("/service-visits")
@requires(Permission.SERVICE)
@bp.arguments(schemas.VisitRequest)
@bp.response(200, schemas.Visit)
def close_visit(asked: dict[str, Any]) -> dict[str, Any]:
    """Close a visit whole: parts out and in, readings, pictures, signature."""
    return _visit(_close_visit(asked).id)


@bp.get("/service-visits/<uuid:visit_id>")
@requires(Permission.UNITS_READ)
@bp.response(200, schemas.Visit)
def show_visit(visit_id: object) -> dict[str, Any]:
    """One visit with its parts, readings and pictures."""
    return _visit(str(visit_id))


@bp.get("/maintenance-due")
@requires(Permission.UNITS_READ)
@bp.arguments(schemas.DueQuery, location="query")
@bp.response(200, schemas.DueVisits)
def list_due(query: dict[str, int]) -> dict[str, Any]:
    """What is to be visited within some days: dates of maintenance plans and visits that were promised."""
    actor_or_refuse().must(Permission.UNITS_READ, query["site"])
    today = today_at(query["site"])
    return {"due": queries.due(reading(), query["site"], today, within_days=query["within"])}


@bp.post("/maintenance-plans")
@requires(Permission.SERVICE)
@bp.arguments(schemas.PlanRequest)
@bp.response(200, schemas.PlanCard)
def make_plan(asked: dict[str, Any]) -> dict[str, Any]:
    """Plan the maintenance of a unit."""
    actor = actor_or_refuse()
    wanted = maintenance.PlanWanted(plan_id=asked.pop("id"), site_id=asked.pop("site"), **asked)
    return _plan(transact(lambda work: maintenance.make_plan(work, actor, wanted).id))


@bp.post("/maintenance-plans/<uuid:plan_id>/end")
@requires(Permission.SERVICE)
@bp.arguments(schemas.EndPlan)
@bp.response(200, schemas.PlanCard)
def end_plan(asked: dict[str, str], plan_id: object) -> dict[str, Any]:
    """End a maintenance plan; sent again, the same answer."""
    actor = actor_or_refuse()
    return _plan(transact(lambda work: maintenance.end_plan(work, actor, str(plan_id), asked["reason"]).id))


def _tuples(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}


def _repair(order_id: str) -> dict[str, Any]:
    return _readable(queries.repair_order(reading(), order_id), "There is no such repair order.")


def _visit(visit_id: str) -> dict[str, Any]:
    return _readable(queries.visit(reading(), visit_id), "There is no such visit.")


def _plan(plan_id: str) -> dict[str, Any]:
    plan = queries.plan(reading(), plan_id)
    return _readable(queries.plan_card(plan) if plan else None, "There is no such maintenance plan.")


def _readable(found: dict[str, Any] | None, missing: str) -> dict[str, Any]:
    if found is None:
        raise refuse("not_found", missing, "Go back to the list.")
    actor_or_refuse().must(Permission.UNITS_READ, found.pop("site_id"))
    return found
