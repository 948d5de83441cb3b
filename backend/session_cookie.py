"""The cookie that carries a log-in, for requests and for sockets."""

from flask import request


def cookie_name() -> str:
    """``__Host-`` binds the cookie to this host and to HTTPS; browsers refuse that prefix on plain HTTP."""
    return "__Host-serialtrail" if request.is_secure else "serialtrail"


def session_token() -> str | None:
    """The token of the session cookie, if there is one. The plain name counts on plain HTTP only."""
    return request.cookies.get(cookie_name())
