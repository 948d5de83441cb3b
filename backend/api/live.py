"""The feed of a site, which live screens read."""

from marshmallow import Schema, fields, validate

from backend.api.access import actor_or_refuse, requires
from backend.api.blueprints import Blueprint
from backend.api.schemas import Moment, SiteQuery
from backend.domain.people import Permission
from backend.extensions import reading
from backend.queries import feed

bp = Blueprint("live", __name__, url_prefix="/api", description="The feed")


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


@bp.get("/feed")
@requires(Permission.ORDERS_READ)
@bp.arguments(FeedQuery, location="query")
@bp.response(200, FeedPage)
def read_feed(query: dict[str, int]) -> feed.FeedPage:
    """What happened at a site after an event; a screen that was away catches up here."""
    actor_or_refuse().must(Permission.ORDERS_READ, query["site"])
    return feed.page(reading(), query["site"], query["since"], query["limit"])
