"""The days of sites: what day it is there, for whoever reads; and how a site counts them, for whoever may say so."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy import select

from backend.api.access import actor_or_refuse, requires, settings
from backend.api.blueprints import Blueprint
from backend.api.schemas import Moment, Request, SiteQuery, string, whole
from backend.domain.people import Permission
from backend.domain.site_days import SiteCalendar
from backend.extensions import reading
from backend.models import SerialNumber, SiteDays, User
from backend.services.feed import calendar_of
from backend.services.site_days import set_days
from backend.unit_of_work import transact

bp: Any = Blueprint("site_days", __name__, url_prefix="/api/masters", description="The days of a site")


class DaysChange(Request):
    """How a site is to count its days; ``version`` is what the person saw before, 0 where it had said nothing."""

    site = whole(required=True)
    time_zone = string(64, least=1, required=True, metadata={"description": "IANA name, such as Europe/Berlin."})
    fiscal_month = fields.Integer(strict=True, required=True, validate=validate.Range(min=1, max=12))
    version = fields.Integer(strict=True, required=True, validate=validate.Range(min=0, max=2**31 - 1))


class Days(Schema):
    """How a site counts its days, and which one it is."""

    time_zone = fields.String()
    fiscal_month = fields.Integer()
    version = fields.Integer()
    today = fields.Date()
    fiscal_year = fields.String()
    edited_by = fields.String(allow_none=True)
    edited_at = Moment(allow_none=True)


@bp.get("/site-days")
@requires(Permission.ORDERS_READ)
@bp.arguments(SiteQuery, location="query")
@bp.response(200, Days)
def show_days(query: dict[str, int]) -> dict[str, Any]:
    """The time zone of a site, the first month of its fiscal year, and what day it is there."""
    actor_or_refuse().must(Permission.ORDERS_READ, query["site"])
    return _shown(query["site"])


@bp.post("/site-days")
@requires(Permission.MASTERS_MANAGE)
@bp.arguments(DaysChange)
@bp.response(200, Days)
def change_days(wanted: dict[str, Any]) -> dict[str, Any]:
    """Say in which time zone a site is and when its fiscal year begins; its day never goes back by that."""
    actor, site_id = actor_or_refuse(), wanted.pop("site")
    transact(lambda work: set_days(work, actor, site_id=site_id, **wanted))
    return _shown(site_id)


def calendar_at(site_id: int | None) -> SiteCalendar:
    """How a site counts its days, for a request that reads."""
    return calendar_of(reading().connection(), site_id)


def today_at(site_id: int | None) -> date:
    """The day that it is at a site now."""
    return calendar_at(site_id).day_of(settings().clock())


def moment_at(site_id: int) -> datetime:
    """This moment by the clock of a site."""
    return calendar_at(site_id).local(settings().clock())


def today_of_unit(unit_id: int) -> date:
    """The day that it is where a unit is, or was last."""
    return today_at(reading().scalar(select(SerialNumber.last_site_id).where(SerialNumber.id == unit_id)))


def calendar_for(sites: Collection[int], named: int | None) -> SiteCalendar:
    """How the site that a request names counts its days; the first of a person's sites where it names none of them."""
    return calendar_at(named if named in sites else min(sites, default=None))


def _shown(site_id: int) -> dict[str, Any]:
    known = reading().get(SiteDays, site_id, populate_existing=True)
    by = reading().get(User, known.edited_by_id) if known else None
    calendar, today = calendar_at(site_id), today_at(site_id)
    return {
        "time_zone": calendar.time_zone,
        "fiscal_month": calendar.fiscal_month,
        "version": known.version if known else 0,
        "today": today,
        "fiscal_year": calendar.fiscal_year(today),
        "edited_by": by and by.username,
        "edited_at": known and known.edited_at,
    }
