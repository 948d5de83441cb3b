"""Who is connected to this process, and which sites they watch. The server alone decides who joins what."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.people import Actor, Permission
from backend.models import User, UserSession


def room_of(site_id: int) -> str:
    """The room that hears the events of a site."""
    return f"site:{site_id}"


def may_watch(actor: Actor, site_id: int) -> bool:
    """Whether a person may hear that something happened at a site."""
    return actor.may(Permission.ORDERS_READ, site_id) or actor.may(Permission.BOARDS_READ, site_id)


@dataclass(slots=True)
class Watchers:
    """The sockets of this process: which log-in each belongs to, and the sites it watches."""

    sessions: dict[str, int] = field(default_factory=dict)
    sites: dict[str, set[int]] = field(default_factory=dict)

    def connect(self, sid: str, session_id: int) -> None:
        """Note a socket and the log-in it belongs to."""
        self.sessions[sid] = session_id
        self.sites[sid] = set()

    def watch(self, sid: str, site_id: int) -> None:
        """Note that a socket watches a site; nothing when it has gone meanwhile."""
        if sid in self.sites:
            self.sites[sid].add(site_id)

    def disconnect(self, sid: str) -> None:
        """Forget a socket."""
        self.sessions.pop(sid, None)
        self.sites.pop(sid, None)

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
