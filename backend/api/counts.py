"""Stock counts: counted on the phone, reviewed and approved by a supervisor who did not count."""

from dataclasses import asdict
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from backend.api.access import actor_or_refuse, requires
from backend.api.actions import action
from backend.api.blueprints import Blueprint
from backend.api.schemas import (
    Moment,
    Place,
    Quantity,
    Request,
    StatusQuery,
    guid,
    scanned,
    string,
    whole,
)
from backend.domain.counting import CountKind
from backend.domain.errors import refuse
from backend.domain.people import Actor, Permission
from backend.extensions import reading
from backend.models import StockCount as StockCountVoucher
from backend.queries import counts
from backend.services import count_books, count_scans, counting
from backend.services.count_scans import CountedScan
from backend.services.scan_batches import Outcome
from backend.unit_of_work import UnitOfWork, transact

bp: Any = Blueprint("counts", __name__, url_prefix="/api", description="Stock counts")

MOST_SCANS = 500


class OpenCount(Request):
    """A place to count, with all that lies inside; blind means that who counts is not told what should be there."""

    id = guid(required=True)
    location_id = whole(required=True)
    is_blind = fields.Boolean(load_default=True)
    remark = string(500, load_default=None, allow_none=True)


class CountScanRequest(Request):
    """A scanned text, or goods by quantity, on a shelf; or the wish to take a scan back."""

    id = guid(required=True)
    location_id = whole(load_default=None, allow_none=True)
    text = scanned(load_default="")
    symbology = string(8, least=0, load_default="")
    item_id = whole(load_default=None, allow_none=True)
    batch_no = scanned(64, load_default=None, allow_none=True)
    qty = Quantity(load_default=None, allow_none=True)
    scanned_at = Moment(load_default=None, allow_none=True)
    undoes = guid(load_default=None, allow_none=True)

    @validates_schema
    def _says_something(self, data: dict[str, Any], **_: Any) -> None:
        if not (data["undoes"] or data["item_id"] or data["text"].strip()):
            raise ValidationError("Names a text, an item or a scan to take back.")
        if "\0" in data["text"]:
            raise ValidationError("Has characters that are no text.", "text")


class CountScans(Request):
    """What was seen, in order; ids are made on the device, and one sent twice counts once."""

    scans = fields.List(fields.Nested(CountScanRequest), required=True, validate=validate.Length(min=1, max=MOST_SCANS))


class Recount(Request):
    """Which round this is."""

    round = whole(100, least=2, required=True)
    is_blind = fields.Boolean(load_default=True)


class CountDone(Request):
    """Which round is meant; when it is no longer the last one, nothing is done."""

    round = whole(100, load_default=None, allow_none=True)


class CountOutcome(Schema):
    """What became of a scan."""

    id = fields.String()
    status = fields.String(
        validate=validate.OneOf(["counted", "misplaced", "unknown", "duplicate", "undone", "refused"])
    )
    message = fields.String()
    serial_no = fields.String(allow_none=True)
    code = fields.String(allow_none=True)


class CountOutcomes(Schema):
    """One outcome for each scan."""

    outcomes = fields.List(fields.Nested(CountOutcome))


class CountRound(Schema):
    """One person's walk along the shelves."""

    round = fields.Integer()
    by = fields.String()
    started_at = Moment()
    submitted_at = Moment(allow_none=True)


class StockCountCard(Schema):
    """A count in one line."""

    id = fields.String()
    number = fields.String()
    status = fields.String()
    place = fields.Nested(Place)
    remark = fields.String(allow_none=True)
    round = fields.Integer()
    is_blind = fields.Boolean()
    rounds = fields.List(fields.Nested(CountRound))
    approved_by = fields.String(allow_none=True)
    opened_at = Moment()


class Shelf(Place):
    """A place of a count; what should be there is told only when it is not blind."""

    counted = fields.Integer()
    expected = fields.Integer(allow_none=True)


class KeptScan(Schema):
    """A scan of the round that counts."""

    id = fields.String()
    location_id = fields.Integer()
    text = fields.String()
    qty = Quantity()
    outcome = fields.String()
    message = fields.String()
    recorded_at = Moment()
    serial_no = fields.String(allow_none=True)
    by = fields.String()


class StockCount(StockCountCard):
    """A count with its shelves and its newest scans."""

    shelves = fields.List(fields.Nested(Shelf))
    scans = fields.List(fields.Nested(KeptScan))
    cancel_reason = fields.String(allow_none=True)


class StockCounts(Schema):
    """The counts of a site, newest first."""

    counts = fields.List(fields.Nested(StockCountCard))


class CountLine(Schema):
    """What the books and the shelf say of one unit, text or sort of goods."""

    kind = fields.String(validate=validate.OneOf(list(CountKind)))
    text = fields.String()
    qty = Quantity()
    unit_id = fields.Integer(allow_none=True)
    item_code = fields.String(allow_none=True)
    batch_no = fields.String(allow_none=True)
    book = fields.String(allow_none=True)
    shelf = fields.String(allow_none=True)
    note = fields.String()
    posted = fields.Boolean()


class CountReview(Schema):
    """How many of each kind, and each of them."""

    totals = fields.Dict(keys=fields.String(), values=fields.Integer())
    lines = fields.List(fields.Nested(CountLine))


@action("stock_count", OpenCount, Permission.COUNT)
def _open(work: UnitOfWork, actor: Actor, wanted: dict[str, Any]) -> StockCountVoucher:
    return counting.open_count(
        work,
        actor,
        count_id=wanted["id"],
        location_id=wanted["location_id"],
        is_blind=wanted["is_blind"],
        remark=wanted["remark"],
    )


@action("stock_count.scan", CountScanRequest, Permission.COUNT, of_voucher=True)
def _record(work: UnitOfWork, actor: Actor, wanted: dict[str, Any], voucher_id: str) -> Outcome:
    scans = [CountedScan(**wanted)]
    (counted,) = count_scans.record_count_scans(work, actor, count_id=voucher_id, scans=scans)
    code = counted.code or "ok"
    return Outcome(
        id=counted.id,
        status=counted.status if counted.status in ("duplicate", "refused") else "accepted",
        code=code,
        message=counted.message,
        facts={"counted": counted.status, "serial_no": counted.serial_no},
    )


@action("stock_count.submit", CountDone, Permission.COUNT, of_voucher=True)
def _submit(work: UnitOfWork, actor: Actor, wanted: dict[str, Any], voucher_id: str) -> StockCountVoucher:
    return counting.submit_count(work, actor, count_id=voucher_id, round_no=wanted["round"])


@bp.get("/stock-counts")
@requires(Permission.ORDERS_READ)
@bp.arguments(StatusQuery, location="query")
@bp.response(200, StockCounts)
def list_counts(query: dict[str, Any]) -> dict[str, Any]:
    """The counts of a site; ``status=open`` gives those that are not posted."""
    actor_or_refuse().must(Permission.ORDERS_READ, query["site"])
    return {"counts": counts.counts(reading(), query["site"], query["status"])}


@bp.post("/stock-counts")
@requires(Permission.COUNT)
@bp.arguments(OpenCount)
@bp.response(200, StockCount)
def open_count(wanted: dict[str, Any]) -> dict[str, Any]:
    """Begin to count a place."""
    return _count(_open(wanted).id)


@bp.get("/stock-counts/<uuid:count_id>")
@requires(Permission.ORDERS_READ)
@bp.response(200, StockCount)
def show_count(count_id: object) -> dict[str, Any]:
    """One count with its shelves and its newest scans."""
    _must_read(str(count_id))
    return _count(str(count_id))


@bp.post("/stock-counts/<uuid:count_id>/scans")
@requires(Permission.COUNT)
@bp.arguments(CountScans)
@bp.response(200, CountOutcomes)
def record_scans(wanted: dict[str, Any], count_id: object) -> dict[str, Any]:
    """Record what was seen on the shelves; nothing is posted by it."""
    actor = actor_or_refuse()
    scans = [CountedScan(**scan) for scan in wanted["scans"]]
    outcomes = transact(lambda work: count_scans.record_count_scans(work, actor, count_id=str(count_id), scans=scans))
    return {"outcomes": [asdict(outcome) for outcome in outcomes]}


@bp.post("/stock-counts/<uuid:count_id>/submit")
@requires(Permission.COUNT)
@bp.arguments(CountDone)
@bp.response(200, StockCount)
def submit_count(wanted: dict[str, Any], count_id: object) -> dict[str, Any]:
    """Say that all is counted; a supervisor looks at it next."""
    return _count(_submit(wanted, voucher_id=str(count_id)).id)


@bp.post("/stock-counts/<uuid:count_id>/recount")
@requires(Permission.COUNT)
@bp.arguments(Recount)
@bp.response(200, StockCount)
def recount(wanted: dict[str, Any], count_id: object) -> dict[str, Any]:
    """Count the place once more, by a person who has not counted it yet."""
    actor = actor_or_refuse()
    return _count(
        transact(
            lambda work: (
                counting.recount(
                    work, actor, count_id=str(count_id), round_no=wanted["round"], is_blind=wanted["is_blind"]
                ).id
            )
        )
    )


@bp.post("/stock-counts/<uuid:count_id>/approve")
@requires(Permission.OVERRIDE)
@bp.arguments(CountDone)
@bp.response(200, StockCount)
def approve_count(wanted: dict[str, Any], count_id: object) -> dict[str, Any]:
    """Post what the last round says; who counted cannot approve."""
    actor = actor_or_refuse()
    return _count(
        transact(lambda work: counting.approve_count(work, actor, count_id=str(count_id), round_no=wanted["round"]).id)
    )


@bp.get("/stock-counts/<uuid:count_id>/result")
@requires(Permission.OVERRIDE)
@bp.response(200, CountReview)
def show_result(count_id: object) -> dict[str, Any]:
    """Found, missing, misplaced, unknown; before the approval as the books stand now, after it as approved."""
    actor_or_refuse().must(Permission.OVERRIDE, _must_read(str(count_id)))
    lines = counts.results(reading(), str(count_id))
    judged = count_books.judged(reading(), str(count_id))
    if judged is not None:
        lines = counts.named_results(reading(), [asdict(result) | {"posted": False} for result in judged])
    totals = {str(kind): sum(line["kind"] == kind for line in lines) for kind in CountKind}
    return {"totals": totals, "lines": lines}


def _must_read(count_id: str) -> int:
    site_id = counts.site_of(reading(), count_id)
    if site_id is None:
        raise refuse("not_found", "There is no such count.", "Go back to the list.")
    actor_or_refuse().must(Permission.ORDERS_READ, site_id)
    return site_id


def _count(count_id: str) -> dict[str, Any]:
    found = counts.count(reading(), count_id)
    if found is None:
        raise refuse("not_found", "There is no such count.", "Go back to the list.")
    return found
