"""Stock transfers, returns to suppliers, and stock entries."""

from typing import Any

from marshmallow import Schema, fields, validate

from backend.api.access import actor_or_refuse, requires
from backend.api.actions import action
from backend.api.blueprints import Blueprint
from backend.api.finishing_drafts import finishing, of_draft
from backend.api.schemas import (
    Moment,
    Place,
    Quantity,
    Request,
    SiteQuery,
    StatusQuery,
    guid,
    scanned,
    string,
    whole,
)
from backend.domain.errors import refuse
from backend.domain.people import Actor, Permission
from backend.domain.ranges import MAX_LIST
from backend.extensions import reading
from backend.models import StockEntry, StockTransfer, SupplierReturn
from backend.queries import transfers
from backend.services import stock_entries, supplier_returns, transferring
from backend.services.goods import GoodsWanted
from backend.services.moving import Wanted
from backend.services.stock_entries import EntryPurpose
from backend.services.transferring import Arrived
from backend.unit_of_work import UnitOfWork

bp: Any = Blueprint("moves", __name__, url_prefix="/api", description="Transfers, supplier returns, stock entries")


class GoodsRequest(Request):
    """Goods without serial numbers, by quantity."""

    item_id = whole(required=True)
    qty = Quantity(required=True)
    batch_no = scanned(64, load_default=None, allow_none=True)


class MoveRequest(Request):
    """What leaves a place; the id is made by the caller and means this voucher for ever."""

    id = guid(required=True)
    location_id = whole(required=True, metadata={"description": "Where it is taken from."})
    serial_nos = fields.List(scanned(), load_default=list, validate=validate.Length(max=MAX_LIST))
    goods = fields.List(fields.Nested(GoodsRequest), load_default=list, validate=validate.Length(max=1000))
    remark = string(500, load_default=None, allow_none=True)
    dated_on = fields.Date(load_default=None, allow_none=True)
    draft = of_draft()


class TransferRequest(MoveRequest):
    """A transfer in one step, or over the place in transit."""

    to_location_id = whole(required=True)
    over_transit = fields.Boolean(load_default=False)


class ArrivedGoods(Request):
    """How much of the goods of a line has arrived in all."""

    line_id = whole(required=True)
    qty = Quantity(required=True)


class TransferArrival(Request):
    """What arrived of a transfer; sent again, it changes nothing."""

    serial_nos = fields.List(scanned(), load_default=list, validate=validate.Length(max=MAX_LIST))
    goods = fields.List(fields.Nested(ArrivedGoods), load_default=list, validate=validate.Length(max=1000))
    location_id = whole(load_default=None, allow_none=True)


class SupplierReturnRequest(MoveRequest):
    """Goods back to their supplier, against a receipt or free; the remark says why."""

    supplier = string(64, required=True)
    receipt_id = guid(load_default=None, allow_none=True)
    remark = string(500, required=True)


class StockEntryRequest(MoveRequest):
    """Issue, scrap, build into another unit, take out of it; the remark says why."""

    purpose = fields.String(required=True, validate=validate.OneOf(list(EntryPurpose)))
    parent_serial_no = scanned(load_default=None, allow_none=True)
    remark = string(500, required=True)


class MoveVoucher(Schema):
    """The voucher of a movement in one line."""

    id = fields.String()
    type = fields.String()
    number = fields.String()
    status = fields.String()
    purpose = fields.String(allow_none=True)
    dated_on = fields.Date()
    remark = fields.String(allow_none=True)


class SitePlace(Place):
    """A place and the site that it is at."""

    site = fields.String()


class TransferLine(Schema):
    """An item of a transfer, and how much of it has arrived."""

    id = fields.Integer()
    item_code = fields.String()
    name = fields.String()
    batch_no = fields.String(allow_none=True)
    by_serial = fields.Boolean()
    qty = Quantity()
    received = Quantity()


class TransferUnit(Schema):
    """A unit of a transfer."""

    id = fields.Integer()
    serial_no = fields.String()
    item_code = fields.String()
    in_transit = fields.Boolean()
    place = fields.String()


class TransferCard(MoveVoucher):
    """A transfer in one line."""

    from_ = fields.Nested(SitePlace, data_key="from", attribute="from")
    to = fields.Nested(SitePlace)
    by = fields.String()
    at = Moment()
    qty = Quantity()
    received = Quantity()


class Transfer(TransferCard):
    """A transfer with its lines and units."""

    lines = fields.List(fields.Nested(TransferLine))
    units = fields.List(fields.Nested(TransferUnit))


class Transfers(Schema):
    """The transfers of a site, out of it and into it, newest first."""

    transfers = fields.List(fields.Nested(TransferCard))


class Destination(SitePlace):
    """A place that goods can be sent to."""

    kind = fields.String()
    is_here = fields.Boolean()


class Destinations(Schema):
    """Where goods can be sent: every place for goods of this site, and the warehouses of the others."""

    destinations = fields.List(fields.Nested(Destination))


@action("stock_transfer", TransferRequest, Permission.MOVE)
def _transfer_goods(work: UnitOfWork, actor: Actor, wanted: dict[str, Any]) -> StockTransfer:
    def post() -> StockTransfer:
        return transferring.transfer(
            work,
            actor,
            _wanted(wanted),
            to_location_id=wanted["to_location_id"],
            over_transit=wanted["over_transit"],
        )

    return finishing(work, actor, "stock_transfer", wanted, post)


@action("stock_transfer.receive", TransferArrival, Permission.MOVE, of_voucher=True)
def _receive_goods(work: UnitOfWork, actor: Actor, arrived: dict[str, Any], voucher_id: str) -> StockTransfer:
    return transferring.receive_transfer(
        work,
        actor,
        transfer_id=voucher_id,
        serial_nos=arrived["serial_nos"],
        goods=[Arrived(**each) for each in arrived["goods"]],
        location_id=arrived["location_id"],
    )


@action("supplier_return", SupplierReturnRequest, Permission.MOVE)
def _return_goods(work: UnitOfWork, actor: Actor, wanted: dict[str, Any]) -> SupplierReturn:
    def post() -> SupplierReturn:
        return supplier_returns.return_to_supplier(
            work, actor, _wanted(wanted), supplier_code=wanted["supplier"], receipt_id=wanted["receipt_id"]
        )

    return finishing(work, actor, "supplier_return", wanted, post)


@action("stock_entry", StockEntryRequest, Permission.MOVE)
def _enter_goods(work: UnitOfWork, actor: Actor, wanted: dict[str, Any]) -> StockEntry:
    def post() -> StockEntry:
        return stock_entries.enter_stock(
            work,
            actor,
            _wanted(wanted),
            purpose=EntryPurpose(wanted["purpose"]),
            parent_serial_no=wanted["parent_serial_no"],
        )

    return finishing(work, actor, "stock_entry", wanted, post)


@bp.get("/transfer-destinations")
@requires(Permission.MOVE)
@bp.arguments(SiteQuery, location="query")
@bp.response(200, Destinations)
def list_destinations(query: dict[str, int]) -> dict[str, Any]:
    """Where goods of a site can be moved: its own places, and the warehouses of other sites."""
    actor_or_refuse().must(Permission.MOVE, query["site"])
    return {"destinations": transfers.destinations(reading(), query["site"])}


@bp.get("/stock-transfers")
@requires(Permission.ORDERS_READ)
@bp.arguments(StatusQuery, location="query")
@bp.response(200, Transfers)
def list_transfers(query: dict[str, Any]) -> dict[str, Any]:
    """The transfers out of a site and into it; ``status=open`` gives those of which something is in transit."""
    actor_or_refuse().must(Permission.ORDERS_READ, query["site"])
    return {"transfers": transfers.transfers(reading(), query["site"], query["status"])}


@bp.get("/stock-transfers/<uuid:transfer_id>")
@requires(Permission.ORDERS_READ)
@bp.response(200, Transfer)
def show_transfer(transfer_id: object) -> dict[str, Any]:
    """One transfer, for the people of the sites at both its ends."""
    return _transfer(str(transfer_id))


@bp.post("/stock-transfers")
@requires(Permission.MOVE)
@bp.arguments(TransferRequest)
@bp.response(200, Transfer)
def transfer(wanted: dict[str, Any]) -> dict[str, Any]:
    """Move units and goods to another place, at once or over the place in transit."""
    return _transfer(_transfer_goods(wanted).id)


@bp.post("/stock-transfers/<uuid:transfer_id>/receive")
@requires(Permission.MOVE)
@bp.arguments(TransferArrival)
@bp.response(200, Transfer)
def receive_transfer(arrived: dict[str, Any], transfer_id: object) -> dict[str, Any]:
    """Put away what arrived of a transfer; the rest stays in transit."""
    return _transfer(_receive_goods(arrived, voucher_id=str(transfer_id)).id)


@bp.post("/supplier-returns")
@requires(Permission.MOVE)
@bp.arguments(SupplierReturnRequest)
@bp.response(200, MoveVoucher)
def return_to_supplier(wanted: dict[str, Any]) -> object:
    """Send units and goods back to their supplier."""
    return _return_goods(wanted)


@bp.post("/stock-entries")
@requires(Permission.MOVE)
@bp.arguments(StockEntryRequest)
@bp.response(200, MoveVoucher)
def enter_stock(wanted: dict[str, Any]) -> object:
    """Issue units and goods, scrap them, build them into a unit, or take units out of it."""
    return _enter_goods(wanted)


def _wanted(asked: dict[str, Any]) -> Wanted:
    return Wanted(
        voucher_id=asked["id"],
        location_id=asked["location_id"],
        serial_nos=tuple(asked["serial_nos"]),
        goods=tuple(GoodsWanted(**each) for each in asked["goods"]),
        remark=asked["remark"],
        dated_on=asked["dated_on"],
    )


def _transfer(transfer_id: str) -> dict[str, Any]:
    found = transfers.transfer(reading(), transfer_id)
    if found is None:
        raise refuse("not_found", "There is no such transfer.", "Go back to the list.")
    actor, sites = actor_or_refuse(), found.pop("sites")
    if not any(actor.may(Permission.ORDERS_READ, site_id) for site_id in sites):
        actor.must(Permission.ORDERS_READ, sites[0])
    return found
