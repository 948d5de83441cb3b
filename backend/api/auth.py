"""Log-in, the present session, log-out."""

from typing import Any

from flask import Response, g, make_response, request
from marshmallow import Schema, fields

from backend.api.access import (
    LOGGED_IN,
    PUBLIC,
    actor_if_any,
    actor_or_refuse,
    check_origin,
    csrf_token,
    requires,
    settings,
)
from backend.api.blueprints import Blueprint
from backend.api.schemas import Moment, Request, string
from backend.api.site_days import calendar_at
from backend.domain.errors import refuse
from backend.extensions import limiter, reading
from backend.queries import masters
from backend.services import people
from backend.session_cookie import cookie_name, session_token
from backend.unit_of_work import transact

bp: Any = Blueprint("session", __name__, url_prefix="/api", description="Log-in and log-out")


class Credentials(Request):
    """A user name and a password."""

    username = string(64, required=True)
    password = string(200, required=True)


class SiteOfMine(Schema):
    """A site, and what the person may do there."""

    id = fields.Integer()
    code = fields.String()
    name = fields.String()
    time_zone = fields.String(metadata={"description": "IANA name of the zone whose days count there."})
    roles = fields.List(fields.String())
    permissions = fields.List(fields.String())


class UserCard(Schema):
    """Who is logged in."""

    username = fields.String()
    name = fields.String()


class Session(Schema):
    """The present log-in. ``csrf_token`` goes into the header X-CSRF-Token of every unsafe request."""

    user = fields.Nested(UserCard, allow_none=True, metadata={"description": "None when nobody is logged in."})
    csrf_token = fields.String(allow_none=True)
    expires_at = Moment(allow_none=True)
    sites = fields.List(fields.Nested(SiteOfMine))


_session = Session()


@bp.post("/session")
@requires(PUBLIC)
@limiter.limit(lambda: settings().login_limit)
@bp.arguments(Credentials)
@bp.doc(responses={"200": {"description": "Logged in", "content": {"application/json": {"schema": Session}}}})
def log_in(credentials: dict[str, str]) -> Response:
    """Log in; the answer sets the session cookie."""
    check_origin()
    user_id = people.check_password(reading(), credentials["username"], credentials["password"])
    if user_id is None:
        raise refuse(
            "wrong_credentials",
            "The user name or the password is wrong.",
            "Check both; a supervisor can set a new password.",
        )
    hours = settings().session_hours
    token = transact(
        lambda work: people.open_session(work, user_id=user_id, hours=hours, user_agent=request.user_agent.string)
    )
    found = people.actor_of(reading(), token, settings().clock())
    if found is None:
        raise refuse("user_disabled", "This log-in was closed while it opened.", "Ask an administrator.")
    g.actor, g.session_ends = found
    response = make_response(_session.dump(_present(token)))
    response.set_cookie(
        cookie_name(),
        token,
        max_age=hours * 3600,
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


@bp.get("/session")
@requires(PUBLIC)
@bp.response(200, Session)
def present_session() -> dict[str, Any]:
    """Who is logged in, and what they may do where; ``user`` is null when nobody is.

    That is an answer and no error: whoever opens the app asks first.
    """
    if actor_if_any() is None:
        return {"user": None, "csrf_token": None, "expires_at": None, "sites": []}
    return _present(session_token() or "")


@bp.delete("/session")
@requires(LOGGED_IN)
@bp.response(204)
def log_out() -> Response:
    """Log out: the session ends at once, its open sockets within seconds."""
    actor = actor_or_refuse()
    transact(lambda work: people.revoke_session(work, actor))
    response = make_response("", 204)
    response.delete_cookie(cookie_name(), path="/", secure=request.is_secure, httponly=True, samesite="Lax")
    return response


def _present(token: str) -> dict[str, Any]:
    actor = actor_or_refuse()
    return {
        "user": {"username": actor.username, "name": masters.full_name(reading(), actor.user_id)},
        "csrf_token": csrf_token(token),
        "expires_at": g.session_ends,
        "sites": [
            site
            | {
                "time_zone": calendar_at(site["id"]).time_zone,
                "roles": sorted(actor.roles[site["id"]]),
                "permissions": sorted(actor.permissions(site["id"])),
            }
            for site in masters.sites(reading(), actor.roles.keys())
        ],
    }
