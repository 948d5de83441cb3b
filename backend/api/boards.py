"""The boards of a site; each kind has its own address, as each has its own answer."""

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
    def board(query: dict[str, int | None]) -> Response:
        board = BoardOfSite(name, int(query["site"] or 0), query.get("dock"))
        site_id = board.site_id
        actor_or_refuse().must(Permission.BOARDS_READ, site_id)
        if board.dock_id is not None and not is_dock(reading(), site_id, board.dock_id):
            raise refuse(
                "dock_unknown",
                "This site has no such dock.",
                "Open the receiving board again: it shows all docks, and a list of them.",
            )
        head = feed.heads(reading(), {site_id}).get(site_id, 0)
        # Whoever waits for a reading holds no connection meanwhile.
        end_reading()
        shared: SharedBoards = current_app.extensions["serialtrail_boards"]
        return Response(shared.show(board, head).text, content_type="application/json")

    board.__name__ = f"{name}_board"
    board.__doc__ = kind.shows
    view = bp.alt_response(200, schema=kind.schema)(board)
    view = bp.arguments(kind.query, location="query")(view)
    bp.get(f"/boards/{name}")(requires(Permission.BOARDS_READ)(view))


for _name, _kind in KINDS.items():
    _add_route(_name, _kind)
