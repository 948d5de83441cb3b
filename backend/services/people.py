"""People: who there is, with which roles, and their log-ins."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from backend.domain.errors import refuse
from backend.domain.people import Actor, Role
from backend.models import User, UserRole, UserSession, table
from backend.services.auditing import note
from backend.unit_of_work import UnitOfWork

# OWASP's second choice of parameters: 19 MiB and two passes cost 23 ms here, the library's defaults 188 ms.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _hasher.hash(secrets.token_hex(16))
MIN_PASSWORD = 8

# Asked for on every request, so made once and of plain columns.
ENDED_DAYS = 7
"""How long a log-in that has ended is kept."""
_open, _user, _role = table(UserSession).c, table(User).c, table(UserRole).c
_ACTOR = (
    select(_open.id, _open.expires_at, _user.id, _user.username, _role.site_id, _role.role)
    .select_from(table(UserSession))
    .join(table(User), _user.id == _open.user_id)
    .outerjoin(table(UserRole), _role.user_id == _user.id)
    .where(
        _open.token_hash == bindparam("hash"),
        _open.revoked_at.is_(None),
        _open.expires_at > bindparam("now"),
        _user.disabled_at.is_(None),
    )
)


def add_user(
    work: UnitOfWork, *, username: str, name: str, password: str, roles: Mapping[int, frozenset[Role]]
) -> User:
    """Add a person.

    Raises:
        DomainError: ``username_taken``, ``password_too_short``.
    """
    if len(password) < MIN_PASSWORD:
        raise refuse(
            "password_too_short",
            f"The password has {len(password)} characters; it needs at least {MIN_PASSWORD}.",
            "Choose a longer one.",
        )
    if work.session.scalar(select(User.id).where(User.username == username)):
        raise refuse("username_taken", f"There is a user {username} already.", "Choose another user name.")
    user = User(username=username, name=name, password_hash=_hasher.hash(password))
    user.roles = [UserRole(site_id=site_id, role=role) for site_id, given in roles.items() for role in sorted(given)]
    work.session.add(user)
    work.session.flush()
    for site_id, given in roles.items():
        note(work, None, kind="user_made", subject=username, facts=", ".join(sorted(given)), site_id=site_id)
    return user


def check_password(session: Session, username: str, password: str) -> int | None:
    """The id of the user whose password this is; ``None`` otherwise.

    An unknown user costs as much time as a wrong password, so that names cannot be found out.
    """
    user = session.execute(
        select(User.id, User.password_hash).where(User.username == username, User.disabled_at.is_(None))
    ).one_or_none()
    try:
        _hasher.verify(user.password_hash if user else _NOBODY, password)
    except (VerifyMismatchError, InvalidHashError):
        return None
    return user.id if user else None


def open_session(work: UnitOfWork, *, user_id: int, hours: int, user_agent: str) -> str:
    """Open a log-in; returns its token, of which only the hash is kept.

    Those that ended longer than ``ENDED_DAYS`` ago are deleted on this occasion, so that the table stays small.
    """
    long_ago = work.now - timedelta(days=ENDED_DAYS)
    work.session.execute(
        delete(UserSession).where(or_(UserSession.expires_at < long_ago, UserSession.revoked_at < long_ago))
    )
    token = secrets.token_urlsafe(32)
    work.session.execute(
        insert(UserSession).values(
            token_hash=token_hash(token),
            user_id=user_id,
            created_at=work.now,
            expires_at=work.now + timedelta(hours=hours),
            user_agent=user_agent[:200],
        )
    )
    return token


def revoke_session(work: UnitOfWork, actor: Actor) -> None:
    """End the log-in of this actor; its open sockets are closed within seconds."""
    work.session.execute(
        update(UserSession)
        .where(UserSession.id == actor.session_id, UserSession.revoked_at.is_(None))
        .values(revoked_at=work.now)
    )


def revoke_user(work: UnitOfWork, username: str) -> int:
    """End every log-in of a person; returns how many there were."""
    ended = work.session.execute(
        update(UserSession)
        .where(
            UserSession.user_id.in_(select(User.id).where(User.username == username)),
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > work.now,
        )
        .values(revoked_at=work.now)
        .execution_options(synchronize_session=False)
        .returning(UserSession.id)
    ).all()
    sites = select(UserRole.site_id).join(User).where(User.username == username).distinct()
    for site_id in work.session.scalars(sites).all() if ended else ():
        note(work, None, kind="log_ins_ended", subject=username, facts=str(len(ended)), site_id=site_id)
    return len(ended)


def actor_of(session: Session, token: str, now: datetime) -> tuple[Actor, datetime] | None:
    """The person behind a token and the end of the log-in; ``None`` when it is unknown, over or revoked."""
    rows = session.connection().execute(_ACTOR, {"hash": token_hash(token), "now": now}).all()
    if not rows:
        return None
    roles: dict[int, frozenset[Role]] = {}
    for *_, site_id, role in rows:
        if site_id is not None:
            roles[site_id] = roles.get(site_id, frozenset()) | {Role(role)}
    session_id, expires_at, user_id, username, _, _ = rows[0]
    return Actor(user_id, username, roles, session_id), expires_at


def token_hash(token: str) -> bytes:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).digest()
