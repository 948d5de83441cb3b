"""Drafts of the vouchers that are posted in one request.

Who may post one of these vouchers comes in at the door; a draft asks for what posting its kind asks for.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from backend.api.access import actor_or_refuse, requires
from backend.api.blueprints import Blueprint
from backend.api.moves import StockEntryRequest, SupplierReturnRequest, TransferRequest
from backend.api.receiving_schemas import VoucherRef
from backend.api.sales_schemas import GoodsWanted
from backend.api.schemas import Moment, Request, SiteQuery, guid, whole
from backend.domain.people import forbidden
from backend.extensions import end_reading, reading
from backend.queries import voucher_drafts as shown
from backend.services import voucher_drafts
from backend.services.voucher_drafts import PERMISSIONS, Seen, draft_unknown
from backend.unit_of_work import transact

bp: Any = Blueprint("voucher_drafts", __name__, url_prefix="/api", description="Drafts of vouchers")


def _with_gaps(schema: type[Schema]) -> Schema:
    return schema(partial=True, exclude=("id", "draft"))


BODIES: Mapping[str, Schema] = {
    "stock_transfer": _with_gaps(TransferRequest),
    "supplier_return": _with_gaps(SupplierReturnRequest),
    "stock_entry": _with_gaps(StockEntryRequest),
    "delivery_note": _with_gaps(GoodsWanted),
    "sales_invoice": _with_gaps(GoodsWanted),
}
"""What a draft may say: what its route takes, each field as it must be there, and any of them missing."""

ANY = tuple(dict.fromkeys(PERMISSIONS.values()))
"""The permissions of which one lets somebody in."""

a_kind = validate.OneOf(list(BODIES))


class DraftsQuery(SiteQuery):
    """Whose drafts; of one kind, or of all that the person may post."""

    kind = fields.String(load_default=None, validate=a_kind)


class SaveDraft(Request):
    """A draft as it is to be kept; ``revision`` is the one that the person saw, 0 for a new draft."""

    id = guid(required=True, metadata={"description": "Made by the caller, so that asking twice keeps one."})
    site = whole(required=True)
    kind = fields.String(required=True, validate=a_kind)
    revision = whole(required=True, least=0)
    body = fields.Dict(keys=fields.String(), required=True)

    @validates_schema(skip_on_field_errors=True)
    def body_is_of_its_kind(self, data: dict[str, Any], **_: object) -> None:
        """What is there must be what the route of the voucher would take."""
        errors = BODIES[data["kind"]].validate(data["body"])
        if errors:
            raise ValidationError({"body": errors})


class DiscardDraft(Request):
    """The revision that the person saw."""

    revision = whole(required=True)


class DraftCard(Schema):
    """A draft in one line; ``entries`` is how many units and lines of goods it names."""

    id = fields.String()
    kind = fields.String(validate=a_kind)
    status = fields.String(validate=validate.OneOf(["draft", "submitted", "discarded"]))
    revision = fields.Integer()
    entries = fields.Integer()
    remark = fields.String(allow_none=True)
    opened_by = fields.String()
    opened_at = Moment()
    changed_by = fields.String()
    changed_at = Moment()


class Drafts(Schema):
    """Open drafts, the one that was changed last first."""

    drafts = fields.List(fields.Nested(DraftCard))


class Draft(DraftCard):
    """A draft whole; once it is closed its body is empty, and ``voucher`` is what it became."""

    site_id = fields.Integer()
    body = fields.Dict(keys=fields.String())
    voucher = fields.Nested(VoucherRef, allow_none=True)


@bp.get("/voucher-drafts")
@requires(*ANY)
@bp.arguments(DraftsQuery, location="query")
@bp.response(200, Drafts)
def list_drafts(query: dict[str, Any]) -> dict[str, Any]:
    """The open drafts of a site that the person may finish."""
    actor, kind, site_id = actor_or_refuse(), query["kind"], query["site"]
    kinds = [each for each in PERMISSIONS if kind in (None, each) and actor.may(PERMISSIONS[each], site_id)]
    if not kinds:
        raise forbidden(actor.username, *([PERMISSIONS[kind]] if kind else ANY))
    return {"drafts": shown.drafts(reading(), site_id, kinds, voucher_drafts.MOST_DRAFTS)}


@bp.post("/voucher-drafts")
@requires(*ANY)
@bp.arguments(SaveDraft)
@bp.response(200, Draft)
def save_draft(wanted: dict[str, Any]) -> dict[str, Any]:
    """Keep a draft, a new one or one that was kept before."""
    actor, seen = actor_or_refuse(), Seen(wanted["id"], wanted["revision"])
    transact(
        lambda work: voucher_drafts.save(
            work, actor, seen, kind=wanted["kind"], site_id=wanted["site"], body=wanted["body"]
        )
    )
    return _shown(seen.id)


@bp.get("/voucher-drafts/<uuid:draft_id>")
@requires(*ANY)
@bp.response(200, Draft)
def show_draft(draft_id: object) -> dict[str, Any]:
    """One draft, also one that is closed."""
    found = _shown(str(draft_id))
    actor_or_refuse().must(PERMISSIONS[found["kind"]], found["site_id"])
    return found


@bp.post("/voucher-drafts/<uuid:draft_id>/discard")
@requires(*ANY)
@bp.arguments(DiscardDraft)
@bp.response(200, Draft)
def discard_draft(wanted: dict[str, Any], draft_id: object) -> dict[str, Any]:
    """Give a draft up."""
    actor, seen = actor_or_refuse(), Seen(str(draft_id), wanted["revision"])
    transact(lambda work: voucher_drafts.discard(work, actor, seen))
    return _shown(seen.id)


def _shown(draft_id: str) -> dict[str, Any]:
    end_reading()
    found = shown.draft(reading(), draft_id)
    if found is None:
        raise draft_unknown()
    return found
