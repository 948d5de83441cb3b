"""Who is asking: the session cookie, the CSRF token, and the permission that every route declares."""

import functools
import hashlib
import hmac
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request
from werkzeug.exceptions import UnsupportedMediaType

from backend.config import Config
from backend.domain.errors import refuse
from backend.domain.people import Actor, Permission, forbidden
from backend.extensions import reading
from backend.services import api_tokens
from backend.services.people import actor_of
from backend.session_cookie import session_token
from backend.unit_of_work import transact

View = TypeVar("View", bound=Callable[..., Any])

JSON, MULTIPART, FORM = "application/json", "multipart/form-data", "application/x-www-form-urlencoded"
PUBLIC = "public"
LOGGED_IN = "logged_in"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def requires(*asked: Permission | str, body: str = JSON) -> Callable[[View], View]:
    """Declare what a route asks for; a test fails for a route that declares nothing.

    A permission must be held at some site to come in at all, of several any one; the site of the thing itself, and
    what the thing asks for, is checked where it is known, by ``Actor.must``. ``LOGGED_IN`` asks for a session only,
    ``PUBLIC`` for nothing.

    ``body`` is the content type that an unsafe request may have. A form of another site can send text/plain
    and multipart bodies without asking, JSON it cannot.
    """

    permissions = [each for each in asked if isinstance(each, Permission)]

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if PUBLIC not in asked:
                _check_person(permissions)
            if request.method not in SAFE:
                _check_body(body)
            return view(*args, **kwargs)

        guarded.asked = frozenset(asked)  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


def actor_or_refuse() -> Actor:
    """The person of this request.

    Raises:
        DomainError: ``not_logged_in``, ``token_invalid``.
    """
    actor = actor_if_any()
    if actor is None:
        raise refuse(
            "not_logged_in",
            "Nobody is logged in here, or the log-in has ended.",
            "Log in; what waits on the device is kept and sent after that.",
        )
    return actor


def actor_if_any() -> Actor | None:
    """The person of this request, ``None`` without an open log-in.

    Raises:
        DomainError: ``token_invalid``.
    """
    if "actor" not in g and _bearer() is not None:
        g.actor, g.session_ends = _program(), None
    if "actor" not in g:
        token = session_token()
        found = actor_of(reading(), token, settings().clock()) if token else None
        g.actor, g.session_ends = found or (None, None)
    return cast(Actor | None, g.actor)


def _bearer() -> str | None:
    """The token of a program. No browser sends this header by itself, so no other site can make it send one."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def _program() -> Actor:
    now = settings().clock()
    found = api_tokens.program_of(reading(), _bearer() or "", now)
    if found is None:
        raise refuse(
            "token_invalid",
            "The token is not known here, is over or was revoked.",
            "Ask an administrator for another one.",
        )
    actor, made = found
    if api_tokens.is_use_to_be_kept(made, now):
        token_id = made.id
        transact(lambda work: api_tokens.keep_use(work, token_id))
    return actor


def settings() -> Config:
    """The settings of the running application."""
    return cast(Config, current_app.extensions["serialtrail"])


def csrf_token(token: str) -> str:
    """What unsafe requests of a session carry in X-CSRF-Token; another site cannot read or guess it."""
    return hmac.new(settings().secret_key.encode(), b"csrf" + token.encode(), hashlib.sha256).hexdigest()


def check_origin() -> None:
    """Refuse an unsafe request that a page of another origin caused.

    Raises:
        DomainError: ``csrf_failed``.
    """
    origin = request.headers.get("Origin")
    if origin is None or origin in settings().origins:
        return
    if _host_of(origin) != request.host:
        raise refuse(
            "csrf_failed",
            f"The page at {origin} may not use this server.",
            "Open the app at its own address.",
        )


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def _check_person(permissions: Sequence[Permission]) -> None:
    actor = actor_or_refuse()
    if request.method not in SAFE and _bearer() is None:
        _check_csrf()
    if permissions and not any(actor.may_anywhere(each) for each in permissions):
        raise forbidden(actor.username, *permissions)


def _check_body(content_type: str) -> None:
    has_body = request.content_length or "Transfer-Encoding" in request.headers
    if has_body and request.mimetype != content_type:
        raise UnsupportedMediaType(f"The body is {request.mimetype or 'of no known type'}, not {content_type}.")


def _check_csrf() -> None:
    check_origin()
    expected = csrf_token(session_token() or "")
    if not hmac.compare_digest(request.headers.get("X-CSRF-Token", "").encode(), expected.encode()):
        raise refuse(
            "csrf_failed",
            "The request does not carry the token of this session.",
            "Reload the app, then try again.",
        )


def add_headers(app: Flask) -> None:
    """The security headers of every answer."""

    @app.after_request
    def secure(response: Any) -> Any:
        response.headers.setdefault("Content-Security-Policy", _CSP)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if request.path.startswith(("/api", "/socket.io")):
            response.headers.setdefault("Cache-Control", "no-store")
        if request.is_secure and settings().trusted_proxies:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response


_CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self'",
        "connect-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob: mediastream:",
        "style-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
