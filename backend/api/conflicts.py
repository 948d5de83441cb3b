"""What two people's phones disagree about, and what phones have lost: listed until somebody has decided."""

from typing import Any

from marshmallow import Schema, fields, validate

from backend.api.access import actor_or_refuse, requires
from backend.api.actions import action
from backend.api.blueprints import Blueprint
from backend.api.schemas import Moment, Request, SiteQuery, guid, string, whole
from backend.domain.people import Actor, Permission
from backend.extensions import reading
from backend.queries import conflicts as shown
from backend.queries.devices import open_cleared
from backend.services import cleared_devices, conflicts, devices
from backend.services.scan_batches import Outcome
from backend.unit_of_work import UnitOfWork, transact

bp: Any = Blueprint("conflicts", __name__, url_prefix="/api", description="Conflicts of picks, lost entries of devices")


class ConflictsQuery(SiteQuery):
    """A site, and whether those are wanted that are decided already."""

    status = fields.String(load_default="open", validate=validate.OneOf(["open", "decided"]))


class Decision(Request):
    """What becomes of a conflict."""

    decision = fields.String(required=True, validate=validate.OneOf(["other_unit", "left_short", "overridden"]))
    reason = string(500, load_default=None, allow_none=True)


class GapSettled(Request):
    """What was found out about entries that never arrived."""

    site = whole(required=True)
    device_id = guid(required=True)
    reason = string(500, required=True)


class Taken(Schema):
    """Who had the unit first, by which device, when by its clock and when by ours."""

    by = fields.String()
    device = fields.String(allow_none=True)
    scanned_at = fields.String()
    received_at = fields.String()
    voucher = fields.String(allow_none=True)
    location = fields.String()


class ConflictPickList(Schema):
    """The pick list that stays short."""

    id = fields.String()
    number = fields.String()


class ConflictCard(Schema):
    """A pick that met another person's."""

    id = fields.String()
    serial_no = fields.String()
    item_code = fields.String()
    pick_list = fields.Nested(ConflictPickList)
    by = fields.String()
    device = fields.String()
    scanned_at = Moment()
    received_at = Moment()
    code = fields.String()
    message = fields.String()
    taken = fields.Nested(Taken, allow_none=True)
    decision = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    decided_by = fields.String(allow_none=True)
    decided_at = Moment(allow_none=True)


class LostEntries(Schema):
    """What never arrived from a device."""

    device_id = fields.String()
    device = fields.String()
    last_seen_at = Moment()
    count = fields.Integer()
    numbers = fields.String()


class ClearedDevice(Schema):
    """A device whose browser threw its storage away, and with it what it had not sent."""

    device_id = fields.String()
    device = fields.String()
    by = fields.String(metadata={"description": "Who used it last."})
    last_seen_at = Moment()
    unsent = fields.Integer(metadata={"description": "How many entries it had told of; there may be more."})
    noticed_at = Moment()


class Conflicts(Schema):
    """The conflicts of a site, and what devices that work there have lost."""

    conflicts = fields.List(fields.Nested(ConflictCard))
    lost = fields.List(fields.Nested(LostEntries))
    cleared = fields.List(fields.Nested(ClearedDevice))


@action("conflict.settle", Decision, Permission.PICK, of_voucher=True)
def _settle(work: UnitOfWork, actor: Actor, wanted: dict[str, Any], voucher_id: str) -> Outcome:
    conflict = conflicts.settle(work, actor, scan_id=voucher_id, **wanted)
    said = str(conflict.decision).replace("_", " ")
    return Outcome(id=voucher_id, status="accepted", code="ok", message=f"Decided: {said}.")


@bp.get("/conflicts")
@requires(Permission.PICK)
@bp.arguments(ConflictsQuery, location="query")
@bp.response(200, Conflicts)
def list_conflicts(query: dict[str, Any]) -> dict[str, Any]:
    """Picks that met another person's, and entries of devices that never arrived."""
    actor_or_refuse().must(Permission.PICK, query["site"])
    is_open = query["status"] == "open"
    return {
        "conflicts": shown.conflicts(reading(), query["site"], is_open=is_open),
        "lost": shown.open_gaps(reading(), query["site"]) if is_open else [],
        "cleared": open_cleared(reading(), query["site"]) if is_open else [],
    }


@bp.post("/conflicts/<uuid:scan_id>/settle")
@requires(Permission.PICK)
@bp.arguments(Decision)
@bp.response(204)
def settle_conflict(wanted: dict[str, Any], scan_id: object) -> None:
    """Decide a conflict: another unit is taken, the order stays short, or the unit was given to it all the same."""
    _settle(wanted, voucher_id=str(scan_id))


@bp.post("/device-gaps/settle")
@requires(Permission.OVERRIDE)
@bp.arguments(GapSettled)
@bp.response(204)
def settle_gap(wanted: dict[str, Any]) -> None:
    """Say what became of entries that never arrived, of a cleared device, too; they are named no more."""
    actor = actor_or_refuse()
    found_out = {"site_id": wanted["site"], "device_id": wanted["device_id"], "reason": wanted["reason"]}

    def settle(work: UnitOfWork) -> None:
        devices.settle_gaps(work, actor, **found_out)
        cleared_devices.settle_cleared(work, actor, **found_out)

    transact(settle)
