"""The boards of a site; each kind has its own address, as each has its own answer."""

from flask import Response, current_app

from backend.api.access import actor_or_refuse, requires
from backend.api.blueprints import Blueprint
from backend.api.schemas import SiteQuery
from backend.api.shared_boards import KINDS, Kind, SharedBoards
from backend.domain.people import Permission
from backend.extensions import end_reading, reading
from backend.queries import feed

bp = Blueprint("boards", __name__, url_prefix="/api", description="The boards")


def _add_route(name: str, kind: Kind) -> None:
    def board(query: dict[str, int]) -> Response:
        site_id = query["site"]
        actor_or_refuse().must(Permission.BOARDS_READ, site_id)
        head = feed.heads(reading(), {site_id}).get(site_id, 0)
        # Whoever waits for a reading holds no connection meanwhile.
        end_reading()
        shared: SharedBoards = current_app.extensions["serialtrail_boards"]
        return Response(shared.show(name, site_id, head).text, content_type="application/json")

    board.__name__ = f"{name}_board"
    board.__doc__ = kind.shows
    view = bp.alt_response(200, schema=kind.schema)(board)
    view = bp.arguments(SiteQuery, location="query")(view)
    bp.get(f"/boards/{name}")(requires(Permission.BOARDS_READ)(view))


for _name, _kind in KINDS.items():
    _add_route(_name, _kind)
