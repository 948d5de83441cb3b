"""EPCIS 2.0: what happened as a stream of events, and a supplier's events as what a purchase order expects."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Response, request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from backend.api.access import actor_or_refuse, requires, settings
from backend.api.blueprints import Blueprint
from backend.api.schemas import SiteQuery, guid
from backend.api.site_days import calendar_at
from backend.api.streaming import streamed
from backend.api.table_uploads import BINARY
from backend.api.units import unit_or_refuse
from backend.domain.epcis import Event, document
from backend.domain.epcis_ids import Names
from backend.domain.errors import refuse
from backend.domain.people import Permission
from backend.domain.ranges import MAX_LIST
from backend.extensions import reading_one_moment
from backend.queries import epcis, vouchers
from backend.queries.epcis import Exported
from backend.services.epcis_capture import expect_events
from backend.unit_of_work import transact

bp: Any = Blueprint("epcis", __name__, url_prefix="/api", description="EPCIS 2.0 out and in")

JSON_LD = "application/ld+json"
_SUBJECTS = ("unit", "batch", "voucher", "first_day")


class EventsQuery(SiteQuery):
    """Of one unit, one batch, one voucher or a range of days; days begin at midnight of the site."""

    unit = fields.Integer(load_default=None, validate=validate.Range(min=1, max=2**31 - 1))
    batch = fields.Integer(load_default=None, validate=validate.Range(min=1, max=2**31 - 1))
    voucher = guid(load_default=None)
    first_day = fields.Date(load_default=None)
    last_day = fields.Date(load_default=None)

    @validates_schema
    def _one_subject(self, query: dict[str, Any], **_: Any) -> None:
        if sum(query[subject] is not None for subject in _SUBJECTS) != 1:
            raise ValidationError(f"Name one of {', '.join(_SUBJECTS)}.")
        if (query["last_day"] is not None) != (query["first_day"] is not None):
            raise ValidationError("A range of days has a first and a last one.", "last_day")


class EpcisBody(Schema):
    """The events; what else EPCIS allows is passed over, as the standard asks of who does not know it."""

    class Meta:
        unknown = EXCLUDE

    eventList = fields.List(fields.Dict(), required=True, validate=validate.Length(max=MAX_LIST))


class EpcisDocument(Schema):
    """An EPCIS 2.0 document in JSON-LD."""

    class Meta:
        unknown = EXCLUDE

    type = fields.String(required=True, validate=validate.Equal("EPCISDocument"))
    schemaVersion = fields.String(required=True, validate=validate.Regexp(r"2\.[0-9]"))
    epcisBody = fields.Nested(EpcisBody, required=True)


class Captured(Schema):
    """How many units are expected now, of how many events, and how many events said nothing of units to come."""

    units = fields.Integer()
    events = fields.Integer()
    ignored = fields.Integer()


@bp.post("/purchase-orders/<uuid:order_id>/epcis-events")
@requires(Permission.ORDERS_MANAGE)
@bp.arguments(EpcisDocument)
@bp.response(200, Captured)
def capture_events(wanted: dict[str, Any], order_id: object) -> object:
    """Expect the units of a supplier's object events on an order; the same document again changes nothing."""
    actor, events = actor_or_refuse(), wanted["epcisBody"]["eventList"]
    return transact(lambda work: expect_events(work, actor, order_id=str(order_id), events=events))


@bp.get("/epcis/events")
@requires(Permission.UNITS_READ)
@bp.arguments(EventsQuery, location="query")
@bp.response(200, BINARY, content_type=JSON_LD)
def list_events(query: dict[str, Any]) -> Response:
    """What happened as an EPCIS 2.0 document, sent while it is read.

    A unit is exported with its whole history, as its page shows it; all else with what happened at the site.
    """
    return events_response(_exported(query), "serialtrail-events")


def events_response(exported: Exported, name: str) -> Response:
    """An EPCIS document to save, whose events are sent while they are read."""

    def events() -> Iterator[Event]:
        yield from epcis.events(reading_one_moment(), exported, names())

    body = _written(document(settings().clock(), names()), events())
    return streamed(body, JSON_LD, name=f"{name}.jsonld")


def names() -> Names:
    """How this installation names things."""
    return Names(settings().public_url or request.host_url.rstrip("/"), settings().gs1_company_prefix)


def _exported(query: dict[str, Any]) -> Exported:
    actor = actor_or_refuse()
    actor.must(Permission.UNITS_READ, query["site"])
    if query["unit"] is not None:
        return Exported(unit_ids=[unit_or_refuse(query["unit"])["id"]])
    if query["batch"] is not None:
        return Exported(batch_id=query["batch"], site_ids={query["site"]})
    if query["voucher"] is not None:
        site_id = vouchers.site_of(reading_one_moment(), query["voucher"])
        if site_id is None:
            raise refuse("not_found", "There is no such voucher.", "Go back to the list.")
        actor.must(Permission.UNITS_READ, site_id)
        return Exported(voucher_id=query["voucher"])
    calendar = calendar_at(query["site"])
    since, until = (calendar.first_moment(day) for day in (query["first_day"], query["last_day"] + timedelta(1)))
    return Exported(site_ids={query["site"]}, since=since, until=until)


def _written(frame: dict[str, Any], events: Iterator[Event]) -> Iterator[str]:
    before, after = json.dumps(frame, ensure_ascii=False).rsplit("[]", 1)
    yield before + "["
    separator = "\n"
    for event in events:
        yield separator + json.dumps(event, ensure_ascii=False)
        separator = ",\n"
    yield "\n]" + after
