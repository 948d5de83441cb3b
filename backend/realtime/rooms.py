"""Who is connected to this process, and which sites they watch. The server alone decides who joins what."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.people import Actor, Permission
from backend.models import User, UserSession
from backend.queries.board_docks import BoardOfSite

HOLDS = timedelta(seconds=15)
"""How long a board is shown to a socket that asked for it. Boards ask again every five seconds, and then it is known
that their person may still see it; one that sleeps, or takes nothing any more, is not shown anything."""


def room_of(site_id: int) -> str:
    """The room that hears the events of a site."""
    return f"site:{site_id}"


def room_of_docks(site_id: int) -> str:
    """The room of those who watch one dock of a site: it hears how far the site has come, and no event."""
    return f"docks:{site_id}"


def may_watch(actor: Actor, site_id: int) -> bool:
    """Whether a person may hear that something happened at a site."""
    return actor.may(Permission.ORDERS_READ, site_id) or actor.may(Permission.BOARDS_READ, site_id)


def may_see_boards(actor: Actor, site_id: int) -> bool:
    """Whether a person may be shown the boards of a site."""
    return actor.may(Permission.BOARDS_READ, site_id)


@dataclass(slots=True)
class Watchers:
    """The sockets of this process: which log-in each belongs to, the sites it watches, and the board it is shown."""

    sessions: dict[str, int] = field(default_factory=dict)
    sites: dict[str, set[int]] = field(default_factory=dict)
    shown: dict[str, tuple[BoardOfSite, datetime]] = field(default_factory=dict)

    def connect(self, sid: str, session_id: int) -> None:
        """Note a socket and the log-in it belongs to."""
        self.sessions[sid] = session_id
        self.sites[sid] = set()

    def watch(self, sid: str, site_id: int) -> None:
        """Note that a socket watches a site; nothing when it has gone meanwhile."""
        if sid in self.sites:
            self.sites[sid].add(site_id)

    def show(self, sid: str, board: BoardOfSite, now: datetime) -> None:
        """Note that a socket wants to be shown a board, instead of any other; nothing when it has gone meanwhile."""
        if sid in self.sites:
            self.shown[sid] = (board, now + HOLDS)

    def disconnect(self, sid: str) -> None:
        """Forget a socket."""
        self.sessions.pop(sid, None)
        self.sites.pop(sid, None)
        self.shown.pop(sid, None)

    def boards(self, now: datetime) -> dict[BoardOfSite, list[str]]:
        """The boards that are to be shown, each with the sockets that wait for it."""
        waiting: defaultdict[BoardOfSite, list[str]] = defaultdict(list)
        for sid, (board, until) in self.shown.copy().items():
            if until > now:
                waiting[board].append(sid)
            else:
                self.shown.pop(sid, None)
        return dict(waiting)

    def watched(self) -> set[int]:
        """All sites that anybody here watches."""
        return set().union(*self.sites.copy().values())

    def ended(self, session: Session, now: datetime) -> list[str]:
        """The sockets whose log-in is over or revoked, or whose person is shut out."""
        open_sessions = set(
            session.scalars(
                select(UserSession.id)
                .join(User, User.id == UserSession.user_id)
                .where(
                    UserSession.id.in_(set(self.sessions.values())),
                    UserSession.revoked_at.is_(None),
                    UserSession.expires_at > now,
                    User.disabled_at.is_(None),
                )
            )
        )
        return [sid for sid, session_id in self.sessions.copy().items() if session_id not in open_sessions]
