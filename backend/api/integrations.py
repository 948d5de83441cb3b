"""Tokens for other programs, and webhooks that tell them what happened: for administrators."""

from typing import Any

from marshmallow import Schema, fields, validate

from backend.api.access import actor_or_refuse, requires, settings
from backend.api.blueprints import Blueprint
from backend.api.schemas import Moment, Request, SiteQuery, string, whole
from backend.domain.people import Permission
from backend.extensions import end_reading, reading
from backend.queries import integrations
from backend.services import api_tokens, webhooks
from backend.unit_of_work import transact

bp: Any = Blueprint("integrations", __name__, url_prefix="/api", description="Tokens and webhooks of other programs")


class Ending(Request):
    """When somebody did it to what the address names; the server's time is what counts."""

    done_at = Moment(load_default=None, allow_none=True)


class TokenWanted(Request):
    """What a program may do at a site, and until when."""

    site = whole(required=True)
    name = string(50, required=True)
    permissions = fields.List(
        fields.Enum(Permission, by_value=True), required=True, validate=validate.Length(min=1, max=len(Permission))
    )
    expires_at = Moment(load_default=None, allow_none=True)


class Token(Schema):
    """A token, without itself."""

    id = fields.Integer()
    name = fields.String()
    permissions = fields.List(fields.String(validate=validate.OneOf(list(Permission))))
    made_by = fields.String()
    made_at = Moment()
    expires_at = Moment(allow_none=True)
    used_at = Moment(allow_none=True)
    revoked_at = Moment(allow_none=True)
    revoked_by = fields.String(allow_none=True)


class NewToken(Schema):
    """A token that was made now: the only time that it is shown."""

    id = fields.Integer()
    token = fields.String()


class Tokens(Schema):
    """The tokens of a site, those that hold first."""

    tokens = fields.List(fields.Nested(Token))


class WebhookWanted(Request):
    """Which address is to be told of what."""

    site = whole(required=True)
    url = string(500, required=True)
    kinds = fields.List(
        fields.String(validate=validate.OneOf(webhooks.EVENT_KINDS)), required=True, validate=validate.Length(min=1)
    )


class NewWebhook(Schema):
    """A webhook that was made now: the only time that its secret is shown."""

    id = fields.Integer()
    secret = fields.String()


class Webhook(Schema):
    """An address with how its messages fare."""

    id = fields.Integer()
    url = fields.String()
    kinds = fields.List(fields.String())
    made_by = fields.String()
    made_at = Moment()
    stopped_at = Moment(allow_none=True)
    waiting = fields.Integer()
    delivered = fields.Integer()
    dead = fields.Integer()


class Webhooks(Schema):
    """The webhooks of a site, and what they can be told of."""

    webhooks = fields.List(fields.Nested(Webhook))
    kinds = fields.List(fields.String())


class Message(Schema):
    """A message: how often it was tried and what the receiver said last."""

    id = fields.String()
    kind = fields.String()
    status = fields.String(validate=validate.OneOf(["waiting", "delivered", "dead"]))
    attempts = fields.Integer()
    queued_at = Moment()
    tried_at = Moment(allow_none=True)
    due_at = Moment()
    answer = fields.String(allow_none=True)


class Messages(Schema):
    """The last hundred messages of a webhook, newest first."""

    messages = fields.List(fields.Nested(Message))


@bp.get("/tokens")
@requires(Permission.USERS_MANAGE)
@bp.arguments(SiteQuery, location="query")
@bp.response(200, Tokens)
def list_tokens(query: dict[str, int]) -> dict[str, Any]:
    """The tokens of a site, with their last use."""
    actor_or_refuse().must(Permission.USERS_MANAGE, query["site"])
    return {"tokens": integrations.tokens(reading(), query["site"])}


@bp.post("/tokens")
@requires(Permission.USERS_MANAGE)
@bp.arguments(TokenWanted)
@bp.response(200, NewToken)
def make_token(wanted: dict[str, Any]) -> dict[str, Any]:
    """Make a token; it comes in as ``Authorization: Bearer …`` and is shown this once."""
    actor, site_id = actor_or_refuse(), wanted.pop("site")

    def make(work: Any) -> dict[str, Any]:
        made, token = api_tokens.make_token(work, actor, site_id=site_id, **wanted)
        return {"id": made.id, "token": token}

    return transact(make)


@bp.post("/tokens/<int(max=2147483647):token_id>/revoke")
@requires(Permission.USERS_MANAGE)
@bp.arguments(Ending)
@bp.response(200, Token)
def revoke_token(_ending: dict[str, Any], token_id: int) -> dict[str, Any]:
    """End a token at once."""
    actor = actor_or_refuse()
    site_id = transact(lambda work: api_tokens.revoke_token(work, actor, token_id=token_id).site_id)
    end_reading()
    return next(each for each in integrations.tokens(reading(), site_id) if each["id"] == token_id)


@bp.get("/webhooks")
@requires(Permission.USERS_MANAGE)
@bp.arguments(SiteQuery, location="query")
@bp.response(200, Webhooks)
def list_webhooks(query: dict[str, int]) -> dict[str, Any]:
    """The webhooks of a site."""
    actor_or_refuse().must(Permission.USERS_MANAGE, query["site"])
    return {"webhooks": integrations.webhooks(reading(), query["site"]), "kinds": webhooks.EVENT_KINDS}


@bp.post("/webhooks")
@requires(Permission.USERS_MANAGE)
@bp.arguments(WebhookWanted)
@bp.response(200, NewWebhook)
def add_webhook(wanted: dict[str, Any]) -> dict[str, Any]:
    """Tell an address what happens from now on."""
    actor, site_id, hosts = actor_or_refuse(), wanted.pop("site"), settings().webhook_hosts

    def add(work: Any) -> dict[str, Any]:
        hook, secret = webhooks.add_webhook(work, actor, site_id=site_id, allowed_hosts=hosts, **wanted)
        return {"id": hook.id, "secret": secret}

    return transact(add)


@bp.post("/webhooks/<int(max=2147483647):webhook_id>/stop")
@requires(Permission.USERS_MANAGE)
@bp.arguments(Ending)
@bp.response(200, Webhook)
def stop_webhook(_ending: dict[str, Any], webhook_id: int) -> dict[str, Any]:
    """Tell an address nothing any more."""
    actor = actor_or_refuse()
    site_id = transact(lambda work: webhooks.stop_webhook(work, actor, webhook_id=webhook_id).site_id)
    end_reading()
    return next(each for each in integrations.webhooks(reading(), site_id) if each["id"] == webhook_id)


@bp.post("/webhooks/<int(max=2147483647):webhook_id>/test")
@requires(Permission.USERS_MANAGE)
@bp.arguments(Ending)
@bp.response(200, Message)
def send_test(_ending: dict[str, Any], webhook_id: int) -> Any:
    """Send a message of the kind test to an address, so that somebody sees whether it arrives."""
    actor = actor_or_refuse()
    return transact(lambda work: webhooks.queue_test(work, actor, webhook_id=webhook_id))


@bp.get("/webhooks/<int(max=2147483647):webhook_id>/messages")
@requires(Permission.USERS_MANAGE)
@bp.response(200, Messages)
def list_messages(webhook_id: int) -> dict[str, Any]:
    """What an address was told, and what it answered."""
    site_id = integrations.site_of_webhook(reading(), webhook_id)
    actor_or_refuse().must(Permission.USERS_MANAGE, site_id)
    return {"messages": integrations.messages(reading(), webhook_id)}
