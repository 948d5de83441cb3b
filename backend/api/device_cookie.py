"""The cookie by which a browser is known again that has thrown its storage away, and its device's id with it.

A browser that runs short of space, and Safari after a week, clear what scripts have stored, but not the cookies of a
server. This one outlives a log-out, and the log-in of somebody else. It gives no right to anything.
"""

from datetime import timedelta
from uuid import UUID

from flask import Response, after_this_request, request

from backend.session_cookie import cookie_name

_KEPT = timedelta(days=400)
"""The longest that browsers keep a cookie."""


def known_device() -> str | None:
    """The id of the device that this browser was when it was last heard of; ``None`` when it does not say."""
    try:
        return str(UUID(request.cookies.get(_name(), "")))
    except ValueError:
        return None


def know_device(device_id: str) -> None:
    """Have the browser say the id of its device from the answer to this request on."""

    @after_this_request
    def set_cookie(response: Response) -> Response:
        response.set_cookie(
            _name(), device_id, max_age=_KEPT, secure=request.is_secure, httponly=True, samesite="Lax", path="/"
        )
        return response


def _name() -> str:
    return f"{cookie_name()}-device"
