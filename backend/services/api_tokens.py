"""Tokens that other programs come in with: some permissions at one site, shown once, kept as a hash."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.errors import refuse
from backend.domain.people import Actor, Permission
from backend.models import ApiToken, User
from backend.services.people import token_hash
from backend.unit_of_work import UnitOfWork

PREFIX = "st_"
"""What a token begins with, so that a scanner of leaked secrets knows one when it sees it."""

_USED_EVERY = timedelta(minutes=1)
_NO_PASSWORD = "!"  # noqa: S105  # no hash: nobody logs in as a program


def make_token(
    work: UnitOfWork,
    actor: Actor,
    *,
    site_id: int,
    name: str,
    permissions: Sequence[Permission],
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """Make a token; the second part of the answer is shown now and never again.

    What the program does is written under a user of its own, ``api:`` and the name.

    Raises:
        DomainError: ``token_name_taken``, ``token_too_mighty``, ``forbidden``.
    """
    actor.must(Permission.USERS_MANAGE, site_id)
    beyond = {each for each in permissions if each is Permission.USERS_MANAGE or not actor.may(each, site_id)}
    if beyond:
        raise refuse(
            "token_too_mighty",
            f"A token cannot have the permission '{min(beyond)}' here.",
            "Leave it out: a token has no more than who makes it, and never makes people or tokens.",
        )
    username = f"api:{name}"[:64]
    if work.session.scalar(select(User.id).where(User.username == username)):
        raise refuse("token_name_taken", f"There is a token {name}, or was.", "Choose another name.")
    user = User(username=username, name=name, password_hash=_NO_PASSWORD)
    work.session.add(user)
    work.session.flush()
    token = PREFIX + secrets.token_urlsafe(32)
    made = ApiToken(
        token_hash=token_hash(token),
        name=name,
        site_id=site_id,
        permissions=sorted(set(permissions)),
        user_id=user.id,
        made_by_id=actor.user_id,
        made_at=work.now,
        expires_at=expires_at,
    )
    work.session.add(made)
    work.session.flush()
    return made, token


def revoke_token(work: UnitOfWork, actor: Actor, *, token_id: int) -> ApiToken:
    """End a token at once; again: the same answer.

    Raises:
        DomainError: ``not_found``, ``forbidden``.
    """
    made = work.session.get(ApiToken, token_id)
    if made is None:
        raise refuse("not_found", "There is no such token.", "Go back to the list.")
    actor.must(Permission.USERS_MANAGE, made.site_id)
    if made.revoked_at is None:
        made.revoked_at, made.revoked_by_id = work.now, actor.user_id
    work.session.flush()
    return made


def program_of(session: Session, token: str, now: datetime) -> tuple[Actor, ApiToken] | None:
    """The program behind a token; ``None`` when it is unknown, over or revoked, or its maker is gone."""
    row = session.execute(
        select(ApiToken, User.username)
        .join(User, User.id == ApiToken.user_id)
        .where(ApiToken.token_hash == token_hash(token), ApiToken.revoked_at.is_(None), User.disabled_at.is_(None))
    ).one_or_none()
    if row is None or (row[0].expires_at is not None and row[0].expires_at <= now):
        return None
    made: ApiToken = row[0]
    granted = {made.site_id: frozenset(Permission(each) for each in made.permissions)}
    return Actor(made.user_id, row[1], {made.site_id: frozenset()}, granted=granted), made


def is_use_to_be_kept(made: ApiToken, now: datetime) -> bool:
    """Whether the last use that is kept is more than a minute old: a write with every request would cost too much."""
    return made.used_at is None or now - made.used_at > _USED_EVERY


def keep_use(work: UnitOfWork, token_id: int) -> None:
    """Keep when a token was used last."""
    work.session.get_one(ApiToken, token_id).used_at = work.now
