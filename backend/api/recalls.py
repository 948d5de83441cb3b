"""Recalls: looked at before they start, started, followed, closed, and handed over as a file."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from flask import Response

from backend.api import recall_schemas as schemas
from backend.api.access import actor_or_refuse, requires
from backend.api.actions import action
from backend.api.blueprints import Blueprint
from backend.api.cursors import word
from backend.api.epcis import JSON_LD, events_response
from backend.api.schemas import SiteQuery
from backend.api.streaming import streamed
from backend.domain.cell_texts import TableCell
from backend.domain.errors import refuse
from backend.domain.people import Actor, Permission
from backend.extensions import reading, reading_one_moment
from backend.models import Recall
from backend.queries import recalls
from backend.queries.epcis import Exported
from backend.services.recall_scope import Scope, meant
from backend.services.recalling import Step, close_recall, record_step, start_recall
from backend.services.table_files import csv_chunks
from backend.unit_of_work import UnitOfWork, transact

bp: Any = Blueprint("recalls", __name__, url_prefix="/api", description="Recalls")

_PAGE = 1_000
_PREVIEWED = 50
_HEAD = (
    "Serial No",
    "Item",
    "Batch No",
    "Expires On",
    "Outcome",
    "Accounted For",
    "State",
    "Place",
    "Inside",
    "Customer",
    "Contact",
    "Document",
    "Dated On",
    "Supplier",
    "Receipt",
    "Received On",
    "Purchase Order",
    "Last Step",
    "Note",
)


@bp.get("/recalls")
@requires(Permission.REPORTS_READ)
@bp.arguments(SiteQuery, location="query")
@bp.response(200, schemas.Recalls)
def list_recalls(query: dict[str, int]) -> dict[str, Any]:
    """The recalls that a site runs or ran."""
    actor_or_refuse().must(Permission.REPORTS_READ, query["site"])
    return {"recalls": recalls.recalls(reading(), query["site"])}


@bp.post("/recalls/preview")
@requires(Permission.HOLD)
@bp.arguments(schemas.RecallPreviewRequest)
@bp.response(200, schemas.RecallPreview)
def preview_recall(wanted: dict[str, Any]) -> dict[str, Any]:
    """What a recall would take in; nothing is changed."""
    actor = actor_or_refuse()
    actor.must(Permission.HOLD, wanted["site"])
    session = reading_one_moment()
    found = meant(session, _scope(wanted["scope"]), actor.sites_with(Permission.HOLD))
    units = list(recalls.located(session, sorted(found.units)))
    return {
        "scope": found.said,
        "total": len(units) + len(found.unknown),
        "by_state": Counter(str(unit["state"]) for unit in units),
        "units": units[:_PREVIEWED],
        "unknown_serial_nos": found.unknown,
        "elsewhere": found.elsewhere,
    }


@bp.post("/recalls")
@requires(Permission.HOLD)
@bp.arguments(schemas.RecallRequest)
@bp.response(200, schemas.Recall)
def start(wanted: dict[str, Any]) -> dict[str, Any]:
    """Recall units: they are frozen at once, and open picks of them released."""
    actor = actor_or_refuse()
    recall_id = transact(
        lambda work: (
            start_recall(
                work,
                actor,
                recall_id=wanted["id"],
                site_id=wanted["site"],
                scope=_scope(wanted["scope"]),
                reason=wanted["reason"],
            ).id
        )
    )
    return _recall(recall_id)


@bp.get("/recalls/<uuid:recall_id>")
@requires(Permission.REPORTS_READ)
@bp.response(200, schemas.Recall)
def show_recall(recall_id: object) -> dict[str, Any]:
    """One recall."""
    return _recall(str(recall_id))


@bp.get("/recalls/<uuid:recall_id>/units")
@requires(Permission.REPORTS_READ)
@bp.arguments(schemas.RecallUnitsQuery, location="query")
@bp.response(200, schemas.RecalledUnits)
def list_recalled_units(query: dict[str, Any], recall_id: object) -> dict[str, Any]:
    """The units of a recall, each with where it came from, where it is and its steps."""
    _recall(str(recall_id))
    (after,) = query["cursor"] or (0,)
    units, last = recalls.units(reading_one_moment(), str(recall_id), query["show"], after, query["limit"])
    return {"units": units, "next_cursor": last and word(last)}


@bp.get("/recalls/<uuid:recall_id>/units.csv")
@requires(Permission.REPORTS_READ)
@bp.response(200, {"type": "string", "format": "binary"}, content_type="text/csv")
def export_recalled_units(recall_id: object) -> Response:
    """All units of a recall as a file."""
    number = _recall(str(recall_id))["number"]
    return streamed(csv_chunks(_rows(str(recall_id))), "text/csv; charset=utf-8", name=f"{number}.csv")


@bp.get("/recalls/<uuid:recall_id>/events.jsonld")
@requires(Permission.REPORTS_READ)
@bp.response(200, {"type": "string", "format": "binary"}, content_type=JSON_LD)
def export_recalled_events(recall_id: object) -> Response:
    """The whole history of all units of a recall, in EPCIS 2.0."""
    number = _recall(str(recall_id))["number"]
    units = reading().scalars(recalls.units_of(str(recall_id))).all()
    return events_response(Exported(unit_ids=[unit for unit in units if unit is not None]), number)


@action("recall_step", schemas.RecallStepRequest, Permission.HOLD)
def _record_step(work: UnitOfWork, actor: Actor, wanted: dict[str, Any]) -> Recall:
    step = Step(
        step_id=wanted["id"],
        recall_id=wanted["recall_id"],
        recall_unit_ids=tuple(wanted["recall_unit_ids"]),
        outcome=wanted["outcome"],
        done_at=wanted["done_at"],
        note=wanted["note"],
    )
    return record_step(work, actor, step)


@bp.post("/recall-steps")
@requires(Permission.HOLD)
@bp.arguments(schemas.RecallStepRequest)
@bp.response(200, schemas.Recall)
def add_step(wanted: dict[str, Any]) -> dict[str, Any]:
    """Say what became of some units; steps are added, never edited."""
    return _recall(_record_step(wanted).id)


@bp.post("/recalls/<uuid:recall_id>/close")
@requires(Permission.HOLD)
@bp.arguments(schemas.CloseRequest)
@bp.response(200, schemas.Recall)
def close(wanted: dict[str, Any], recall_id: object) -> dict[str, Any]:
    """Close a recall: when all is resolved, or with a reason."""
    actor = actor_or_refuse()
    transact(lambda work: close_recall(work, actor, recall_id=str(recall_id), reason=wanted["reason"]).id)
    return _recall(str(recall_id))


def _scope(asked: dict[str, Any]) -> Scope:
    return Scope(**{**asked, "serial_nos": tuple(asked["serial_nos"])})


def _recall(recall_id: str) -> dict[str, Any]:
    found = recalls.recall(reading(), recall_id)
    if found is None:
        raise refuse("not_found", "There is no such recall.", "Go back to the list.")
    actor_or_refuse().must(Permission.REPORTS_READ, found["site_id"])
    return found


def _rows(recall_id: str) -> Iterator[tuple[TableCell, ...]]:
    yield _HEAD
    session, after = reading_one_moment(), 0
    while True:
        units, last = recalls.units(session, recall_id, after=after, limit=_PAGE)
        yield from map(_row, units)
        if last is None:
            return
        after = last


def _row(each: dict[str, Any]) -> tuple[TableCell, ...]:
    unit = each["unit"] or {}
    batch, receipt, customer = (unit.get(part) or {} for part in ("batch", "receipt", "customer"))
    step = each["steps"][-1] if each["steps"] else None
    return (
        each["serial_no"],
        unit.get("item", {}).get("item_code"),
        batch.get("batch_no"),
        _day(batch.get("expires_on")),
        each["outcome"],
        "yes" if each["is_accounted_for"] else "NO",
        unit.get("state", "unknown"),
        unit.get("place", {}).get("path"),
        (unit.get("inside") or {}).get("serial_no"),
        customer.get("name"),
        customer.get("contact"),
        unit.get("voucher", {}).get("number"),
        _day(unit.get("since")),
        (unit.get("supplier") or {}).get("name"),
        receipt.get("number"),
        _day(receipt.get("dated_on")),
        receipt.get("purchase_order"),
        step and f"{step['outcome']} by {step['by']} {step['done_at']:%Y-%m-%dT%H:%M:%SZ}",
        step and step["note"],
    )


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None
