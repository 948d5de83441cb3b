"""Vouchers of every type: the list, one voucher with what it moved and follows from, and its units."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, fields, validate

from backend.api.access import actor_or_refuse, requires
from backend.api.blueprints import Blueprint
from backend.api.cursors import Cursor, word
from backend.api.schemas import Moment, Named, Place, Quantity, Request, SiteQuery, scanned, string
from backend.api.stock_schemas import MOST_ROWS, BatchRef, ItemRef
from backend.domain.errors import refuse
from backend.domain.people import Permission
from backend.extensions import reading
from backend.queries import vouchers
from backend.queries.vouchers import VoucherFilter

bp: Any = Blueprint("vouchers", __name__, url_prefix="/api", description="Vouchers of every type")


class VouchersQuery(SiteQuery):
    """Which vouchers of a site, and where the page goes on."""

    type = fields.String(load_default=None, validate=validate.OneOf(vouchers.TYPES))
    status = fields.String(load_default=None, validate=validate.OneOf(["draft", "submitted", "closed", "cancelled"]))
    party = string(64, load_default=None)
    q = scanned(64, load_default="")
    cursor = Cursor(int, str)
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=MOST_ROWS))


class VoucherUnitsQuery(Request):
    """A page of units."""

    cursor = Cursor(int)
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=MOST_ROWS))


class VoucherCard(Schema):
    """A voucher in one line."""

    id = fields.String()
    type = fields.String(validate=validate.OneOf(vouchers.TYPES))
    number = fields.String()
    status = fields.String()
    dated_on = fields.Date()
    opened_by = fields.String()
    opened_at = Moment()
    party = fields.Nested(Named, allow_none=True)


class Vouchers(Schema):
    """Vouchers, newest first."""

    vouchers = fields.List(fields.Nested(VoucherCard))
    next_cursor = fields.String(allow_none=True)


class Act(Schema):
    """Who did what to a voucher, and when."""

    what = fields.String(validate=validate.OneOf(["opened", "submitted", "cancelled"]))
    by = fields.String()
    at = Moment()


class VoucherLine(Schema):
    """An item of a voucher."""

    id = fields.Integer()
    idx = fields.Integer()
    item = fields.Nested(ItemRef)
    qty = Quantity()
    batch = fields.Nested(BatchRef, allow_none=True)
    place = fields.Nested(Place, allow_none=True)
    received = fields.Integer()
    accepted = fields.Integer()
    rejected = fields.Integer()


class VoucherMovement(Schema):
    """How much left a place, below zero, or came to it."""

    item = fields.Nested(ItemRef)
    batch = fields.Nested(BatchRef, allow_none=True)
    place = fields.Nested(Place)
    qty = Quantity()


class Voucher(Schema):
    """A voucher whole, but for its units."""

    id = fields.String()
    type = fields.String(validate=validate.OneOf(vouchers.TYPES))
    number = fields.String()
    status = fields.String()
    site_id = fields.Integer()
    party = fields.Nested(Named, allow_none=True)
    place = fields.Nested(Place, allow_none=True)
    to_place = fields.Nested(Place, allow_none=True)
    reject_place = fields.Nested(Place, allow_none=True)
    dated_on = fields.Date()
    remark = fields.String(allow_none=True)
    cancel_reason = fields.String(allow_none=True)
    acts = fields.List(fields.Nested(Act))
    sources = fields.List(fields.Nested(VoucherCard))
    follow_ups = fields.List(fields.Nested(VoucherCard))
    lines = fields.List(fields.Nested(VoucherLine))
    movements = fields.List(fields.Nested(VoucherMovement))


class UnitOfVoucher(Schema):
    """A unit on a voucher: what the voucher did with it, and the place that this ended in."""

    unit_id = fields.Integer(allow_none=True)
    serial_no = fields.String()
    item = fields.Nested(ItemRef)
    batch = fields.Nested(BatchRef, allow_none=True)
    place = fields.Nested(Place, allow_none=True)
    what = fields.String()
    by = fields.String()
    at = Moment()


class UnitsOfVoucher(Schema):
    """Units of a voucher, the first one first."""

    units = fields.List(fields.Nested(UnitOfVoucher))
    next_cursor = fields.String(allow_none=True)


@bp.get("/vouchers")
@requires(Permission.ORDERS_READ)
@bp.arguments(VouchersQuery, location="query")
@bp.response(200, Vouchers)
def list_vouchers(query: dict[str, Any]) -> dict[str, Any]:
    """The vouchers of a site, newest first."""
    actor_or_refuse().must(Permission.ORDERS_READ, query["site"])
    wanted = VoucherFilter(query["site"], query["type"], query["status"], query["party"], query["q"])
    found, after = vouchers.vouchers(reading(), wanted, _after(query["cursor"]), query["limit"])
    return {"vouchers": found, "next_cursor": after and word(_microseconds(after[0]), after[1])}


@bp.get("/vouchers/<uuid:voucher_id>")
@requires(Permission.ORDERS_READ)
@bp.response(200, Voucher)
def show_voucher(voucher_id: object) -> dict[str, Any]:
    """One voucher: its lines, what it moved, where it came from and what followed, and who did what."""
    _must_read(str(voucher_id))
    sites = actor_or_refuse().sites_with(Permission.ORDERS_READ)
    found = vouchers.voucher(reading(), str(voucher_id), sites)
    if found is None:
        raise refuse("not_found", "There is no such voucher.", "Go back to the list.")
    return found


@bp.get("/vouchers/<uuid:voucher_id>/units")
@requires(Permission.ORDERS_READ)
@bp.arguments(VoucherUnitsQuery, location="query")
@bp.response(200, UnitsOfVoucher)
def list_voucher_units(query: dict[str, Any], voucher_id: object) -> dict[str, Any]:
    """The units of a voucher: those it moved; of a draft those that wait on it or that it has taken."""
    _must_read(str(voucher_id))
    (after,) = query["cursor"] or (0,)
    units, last = vouchers.units(reading(), str(voucher_id), after, query["limit"])
    return {"units": units, "next_cursor": last and word(last)}


def _must_read(voucher_id: str) -> None:
    site_id = vouchers.site_of(reading(), voucher_id)
    if site_id is None:
        raise refuse("not_found", "There is no such voucher.", "Go back to the list.")
    actor_or_refuse().must(Permission.ORDERS_READ, site_id)


def _microseconds(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)


def _after(cursor: tuple[int, str] | None) -> vouchers.Cursor | None:
    return cursor and (datetime.fromtimestamp(cursor[0] / 1_000_000, UTC), cursor[1])
