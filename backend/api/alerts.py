"""Alerts: what a site is watched for, what was found, and who has seen it."""

from typing import Any

from marshmallow import Schema, fields, validate

from backend.api.access import actor_or_refuse, requires, settings
from backend.api.blueprints import Blueprint
from backend.api.schemas import Moment, Request, SiteQuery, guid, string, whole
from backend.domain.alerts import THRESHOLDS, AlertKind
from backend.domain.people import Permission
from backend.extensions import end_reading, reading
from backend.queries import alerts as shown
from backend.services import alerts
from backend.unit_of_work import transact

bp: Any = Blueprint("alerts", __name__, url_prefix="/api", description="Alerts that a supervisor sets")

_THRESHOLD: dict[str, Any] = {"metadata": {"description": "In the unit of the kind; null where it has none."}}
_EMAIL: dict[str, Any] = {"metadata": {"description": "Who gets a mail, where the server can send any."}}


class AlertsQuery(SiteQuery):
    """A site, and whether those are wanted that somebody has seen already."""

    status = fields.String(load_default="open", validate=validate.OneOf(["open", "acknowledged"]))


class RuleWanted(Request):
    """What is to be watched; the id is made by the app, so that a rule that is sent twice is set once."""

    id = guid(required=True)
    site = whole(required=True)
    kind = fields.Enum(AlertKind, by_value=True, required=True)
    threshold = whole(10_080, least=0, load_default=None, allow_none=True, **_THRESHOLD)
    email = string(254, load_default=None, allow_none=True, **_EMAIL)


class RuleChange(Request):
    """Another number or address for a rule."""

    threshold = whole(10_080, least=0, load_default=None, allow_none=True, **_THRESHOLD)
    email = string(254, load_default=None, allow_none=True, **_EMAIL)


class RuleEnd(Request):
    """When somebody ended a rule; the server's time is what counts."""

    done_at = Moment(load_default=None, allow_none=True)


class Seen(Request):
    """That a person knows, and what they say about it."""

    remark = string(500, load_default=None, allow_none=True)


class AlertVoucher(Schema):
    """The voucher that an alert is about."""

    id = fields.String()
    type = fields.String()
    number = fields.String()


class Alert(Schema):
    """What was found, who has seen it, and what became of its mail."""

    id = fields.Integer()
    kind = fields.String(validate=validate.OneOf(list(AlertKind)))
    message = fields.String()
    voucher = fields.Nested(AlertVoucher, allow_none=True)
    batch_id = fields.Integer(allow_none=True)
    item_id = fields.Integer(allow_none=True)
    raised_at = Moment()
    acknowledged_by = fields.String(allow_none=True)
    acknowledged_at = Moment(allow_none=True)
    remark = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    mail_status = fields.String(validate=validate.OneOf(["none", "waiting", "sent", "dead"]))
    mail_answer = fields.String(allow_none=True)


class Alerts(Schema):
    """The newest alerts of a site, and how many are open."""

    alerts = fields.List(fields.Nested(Alert))
    open = fields.Integer()


class Rule(Schema):
    """What is watched, and how many alerts came of it."""

    id = fields.String()
    kind = fields.String(validate=validate.OneOf(list(AlertKind)))
    threshold = fields.Integer(allow_none=True)
    email = fields.String(allow_none=True)
    made_by = fields.String()
    made_at = Moment()
    alerts = fields.Integer()


class Kind(Schema):
    """What can be watched, and the number that it needs."""

    kind = fields.String()
    unit = fields.String(allow_none=True)
    least = fields.Integer(allow_none=True)
    most = fields.Integer(allow_none=True)
    usual = fields.Integer(allow_none=True)


class Rules(Schema):
    """The rules of a site, what can be watched, and whether the server can send mails."""

    rules = fields.List(fields.Nested(Rule))
    kinds = fields.List(fields.Nested(Kind))
    can_mail = fields.Boolean()


@bp.get("/alerts")
@requires(Permission.BOARDS_READ)
@bp.arguments(AlertsQuery, location="query")
@bp.response(200, Alerts)
def list_alerts(query: dict[str, Any]) -> dict[str, Any]:
    """The alerts of a site, the newest first."""
    site_id = query["site"]
    actor_or_refuse().must(Permission.BOARDS_READ, site_id)
    return {
        "alerts": shown.alerts(reading(), site_id, is_open=query["status"] == "open"),
        "open": shown.open_count(reading(), site_id),
    }


@bp.post("/alerts/<int(max=2147483647):alert_id>/acknowledge")
@requires(Permission.ALERTS_MANAGE)
@bp.arguments(Seen)
@bp.response(200, Alert)
def acknowledge_alert(seen: dict[str, Any], alert_id: int) -> dict[str, Any]:
    """Say that an alert was seen; whoever was first is kept."""
    actor = actor_or_refuse()
    transact(lambda work: alerts.acknowledge(work, actor, alert_id=alert_id, remark=seen["remark"]))
    end_reading()
    return shown.alert(reading(), alert_id)


@bp.get("/alert-rules")
@requires(Permission.ALERTS_MANAGE)
@bp.arguments(SiteQuery, location="query")
@bp.response(200, Rules)
def list_rules(query: dict[str, int]) -> dict[str, Any]:
    """What a site is watched for, and what it can be watched for."""
    actor_or_refuse().must(Permission.ALERTS_MANAGE, query["site"])
    return {
        "rules": shown.rules(reading(), query["site"]),
        "kinds": [
            {"kind": str(kind)} | {name: getattr(bounds, name, None) for name in ("unit", "least", "most", "usual")}
            for kind, bounds in THRESHOLDS.items()
        ],
        "can_mail": bool(settings().smtp_url),
    }


@bp.post("/alert-rules")
@requires(Permission.ALERTS_MANAGE)
@bp.arguments(RuleWanted)
@bp.response(200, Rule)
def set_rule(wanted: dict[str, Any]) -> dict[str, Any]:
    """Watch something from now on."""
    actor, rule_id, site_id = actor_or_refuse(), wanted.pop("id"), wanted.pop("site")
    transact(lambda work: alerts.set_rule(work, actor, rule_id=rule_id, site_id=site_id, **wanted))
    return _rule(site_id, rule_id)


@bp.post("/alert-rules/<uuid:rule_id>")
@requires(Permission.ALERTS_MANAGE)
@bp.arguments(RuleChange)
@bp.response(200, Rule)
def change_rule(wanted: dict[str, Any], rule_id: object) -> dict[str, Any]:
    """Give a rule another number or address."""
    actor = actor_or_refuse()
    site_id = transact(lambda work: alerts.change_rule(work, actor, rule_id=str(rule_id), **wanted).site_id)
    return _rule(site_id, str(rule_id))


@bp.post("/alert-rules/<uuid:rule_id>/stop")
@requires(Permission.ALERTS_MANAGE)
@bp.arguments(RuleEnd)
@bp.response(204)
def stop_rule(_ending: dict[str, Any], rule_id: object) -> None:
    """Watch it no longer."""
    actor = actor_or_refuse()
    transact(lambda work: alerts.stop_rule(work, actor, rule_id=str(rule_id)))


def _rule(site_id: int, rule_id: str) -> dict[str, Any]:
    end_reading()
    return next(each for each in shown.rules(reading(), site_id) if each["id"] == rule_id)
