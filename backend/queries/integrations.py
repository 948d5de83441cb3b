"""Tokens and webhooks as administrators see them."""

from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from backend.domain.errors import refuse
from backend.models import ApiToken, User, Webhook, WebhookMessage

MOST_MESSAGES = 100


def tokens(session: Session, site_id: int) -> list[dict[str, Any]]:
    """The tokens of a site, those that hold first."""
    maker, revoker = aliased(User), aliased(User)
    rows = session.execute(
        select(
            ApiToken.id,
            ApiToken.name,
            ApiToken.permissions,
            maker.username.label("made_by"),
            ApiToken.made_at,
            ApiToken.expires_at,
            ApiToken.used_at,
            ApiToken.revoked_at,
            revoker.username.label("revoked_by"),
        )
        .join(maker, maker.id == ApiToken.made_by_id)
        .outerjoin(revoker, revoker.id == ApiToken.revoked_by_id)
        .where(ApiToken.site_id == site_id)
        .order_by(ApiToken.revoked_at.is_not(None), ApiToken.id.desc())
    )
    return [dict(row._mapping) for row in rows]


def webhooks(session: Session, site_id: int) -> list[dict[str, Any]]:
    """The webhooks of a site with how many of their messages wait, arrived or were given up."""
    rows = session.execute(
        select(
            Webhook.id,
            Webhook.url,
            Webhook.kinds,
            User.username.label("made_by"),
            Webhook.made_at,
            Webhook.stopped_at,
            *(
                func.coalesce(func.sum(case((WebhookMessage.status == status, 1), else_=0)), 0).label(status)
                for status in ("waiting", "delivered", "dead")
            ),
        )
        .join(User, User.id == Webhook.made_by_id)
        .outerjoin(WebhookMessage, WebhookMessage.webhook_id == Webhook.id)
        .where(Webhook.site_id == site_id)
        # Kinds are JSON, which PostgreSQL does not group by; the key carries them.
        .group_by(Webhook.id, User.username)
        .order_by(Webhook.stopped_at.is_not(None), Webhook.id.desc())
    )
    return [dict(row._mapping) for row in rows]


def site_of_webhook(session: Session, webhook_id: int) -> int:
    """The site of a webhook.

    Raises:
        DomainError: ``not_found``.
    """
    site_id = session.scalar(select(Webhook.site_id).where(Webhook.id == webhook_id))
    if site_id is None:
        raise refuse("not_found", "There is no such webhook.", "Go back to the list.")
    return site_id


def messages(session: Session, webhook_id: int) -> list[dict[str, Any]]:
    """The last messages of a webhook, newest first."""
    rows = session.scalars(
        select(WebhookMessage)
        .where(WebhookMessage.webhook_id == webhook_id)
        .order_by(WebhookMessage.queued_at.desc(), WebhookMessage.id)
        .limit(MOST_MESSAGES)
    )
    names = ("id", "kind", "status", "attempts", "queued_at", "tried_at", "due_at", "answer")
    return [{name: getattr(row, name) for name in names} for row in rows]
