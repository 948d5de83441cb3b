"""What live screens read: the feed of a site, and the receiving board."""

import functools
import threading

from flask import Response, current_app
from marshmallow import Schema, fields, validate

from backend.api.access import actor_or_refuse, requires, settings
from backend.api.blueprints import Blueprint
from backend.api.schemas import Moment, Quantity, SiteQuery
from backend.domain.people import Permission
from backend.extensions import reading, reading_one_moment
from backend.queries import boards, feed
from backend.queries.board_memory import BoardMemory

bp = Blueprint("live", __name__, url_prefix="/api", description="The feed and the boards")


class FeedQuery(SiteQuery):
    """Where to go on."""

    since = fields.Integer(required=True, validate=validate.Range(min=0, max=2**62))
    limit = fields.Integer(load_default=500, validate=validate.Range(min=1, max=1000))


class Event(Schema):
    """Something that happened, by id only."""

    seq = fields.Integer()
    kind = fields.String()
    voucher_id = fields.String(allow_none=True)
    scan_id = fields.String(allow_none=True)
    unit_id = fields.Integer(allow_none=True)
    at = Moment()


class FeedPage(Schema):
    """Events after ``since``, without gaps, in the order in which they were committed."""

    events = fields.List(fields.Nested(Event))
    next = fields.Integer()
    head = fields.Integer()
    more = fields.Boolean()


class SiteCard(Schema):
    """A site."""

    id = fields.Integer()
    code = fields.String()
    name = fields.String()


class LastScan(Schema):
    """A scan in the stream."""

    scan_id = fields.String()
    at = Moment()
    receipt_id = fields.String()
    receipt_number = fields.String()
    by = fields.String()
    device = fields.String()
    serial_no = fields.String(allow_none=True)
    item_code = fields.String(allow_none=True)
    condition = fields.String(allow_none=True)
    text = fields.String()
    status = fields.String()
    code = fields.String()
    message = fields.String()


class BoardReceipt(Schema):
    """A receipt on the board."""

    id = fields.String()
    number = fields.String()
    status = fields.String()
    purchase_order_number = fields.String()
    supplier = fields.String()
    location = fields.String()
    expected = Quantity()
    accepted = Quantity()
    rejected = Quantity()
    refused = fields.Integer()
    scans_per_minute = fields.Float()
    last_scan = fields.Nested(LastScan, allow_none=True)
    opened_by = fields.String()
    opened_at = Moment()
    submitted_at = Moment(allow_none=True)
    people = fields.List(fields.String())
    curve = fields.List(fields.List(fields.Float()))


class ReceivingBoard(Schema):
    """All open receipts of a site and its last scans, as of the event ``head``."""

    site = fields.Nested(SiteCard)
    head = fields.Integer()
    server_time = Moment()
    receipts = fields.List(fields.Nested(BoardReceipt))
    stream = fields.List(fields.Nested(LastScan))


@bp.get("/feed")
@requires(Permission.ORDERS_READ)
@bp.arguments(FeedQuery, location="query")
@bp.response(200, FeedPage)
def read_feed(query: dict[str, int]) -> feed.FeedPage:
    """What happened at a site after an event; a screen that was away catches up here."""
    actor_or_refuse().must(Permission.ORDERS_READ, query["site"])
    return feed.page(reading(), query["site"], query["since"], query["limit"])


@bp.get("/boards/receiving")
@requires(Permission.BOARDS_READ)
@bp.arguments(SiteQuery, location="query")
@bp.alt_response(200, schema=ReceivingBoard)
def receiving_board(query: dict[str, int]) -> Response:
    """The receiving board of a site."""
    actor_or_refuse().must(Permission.BOARDS_READ, query["site"])
    head = feed.heads(reading(), {query["site"]}).get(query["site"], 0)
    shared: SharedBoards = current_app.extensions["serialtrail_boards"]
    return Response(shared.receiving(query["site"], head), content_type="application/json")


class SharedBoards:
    """A board is the same for everybody who may see it, so all screens share one reading of it.

    What a board shows changes with the feed and, for its rates, with time: a reading serves until the next
    event, and no longer than ``SECONDS``. 200 boards that follow 20 scans a second so cost five readings a
    second and not four hundred.
    """

    SECONDS = 5

    def __init__(self) -> None:
        self._read = functools.lru_cache(maxsize=64)(self._read_receiving)
        self._one_reader = threading.Lock()
        self._memories: dict[int, BoardMemory] = {}

    def receiving(self, site_id: int, head: int) -> str:
        """The receiving board as JSON, not older than the event ``head``."""
        period = int(settings().clock().timestamp()) // self.SECONDS
        with self._one_reader:
            return self._read(site_id, head, period)

    def _read_receiving(self, site_id: int, _head: int, _period: int) -> str:
        # A reading that breaks off may leave half of what is new behind: the next one begins with nothing.
        memory = self._memories.pop(site_id, None) or BoardMemory()
        board = boards.receiving(reading_one_moment(), site_id, settings().clock(), memory)
        self._memories[site_id] = memory
        return str(_board.dumps(board))


_board = ReceivingBoard()
