"""The boards of a site; each kind has its own address, as each has its own answer."""

from typing import Any

from flask import Response, current_app

from backend.api.access import actor_or_refuse, requires
from backend.api.blueprints import Blueprint
from backend.api.shared_boards import KINDS, Kind, SharedBoards
from backend.domain.errors import refuse
from backend.domain.people import Permission
from backend.extensions import end_reading, reading
from backend.queries import feed
from backend.queries.board_docks import BoardOfSite, is_dock

bp = Blueprint("boards", __name__, url_prefix="/api", description="The boards")


def _add_route(name: str, kind: Kind) -> None:
    def board(query: dict[str, Any]) -> Response:
        site_id, dock_id = query["site"], query.get("dock")
        actor_or_refuse().must(Permission.BOARDS_READ, site_id)
        if dock_id is not None and not is_dock(reading(), site_id, dock_id):
            raise refuse(
                "dock_unknown",
                "This site has no such dock.",
                "Open the receiving board again: it shows all docks, and a list of them.",
            )
        head = feed.heads(reading(), {site_id}).get(site_id, 0)
        # Whoever waits for a reading holds no connection meanwhile.
        end_reading()
        shared: SharedBoards = current_app.extensions["serialtrail_boards"]
        return Response(shared.show(BoardOfSite(name, site_id, dock_id), head).text, content_type="application/json")

    board.__name__ = f"{name}_board"
    board.__doc__ = kind.shows
    view = bp.alt_response(200, schema=kind.schema)(board)
    view = bp.arguments(kind.query, location="query")(view)
    bp.get(f"/boards/{name}")(requires(Permission.BOARDS_READ)(view))


for _name, _kind in KINDS.items():
    _add_route(_name, _kind)
