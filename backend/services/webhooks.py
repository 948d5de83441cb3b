"""Telling other programs what happened: queued from the feed after the commit, sent with retries, given up in the end.

Nothing here waits for a receiver inside a transaction: messages are queued in one, claimed in a second, sent outside
of any, and what came of it is kept in a third. A claim is a lease, so that two processes do not send one message at
the same time, and one whose process died is sent by another.
"""

import json
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from backend.domain.errors import refuse
from backend.domain.people import Actor, Permission
from backend.domain.webhooks import ATTEMPTS, must_be_allowed, wait_after
from backend.models import Event, Feed, Webhook, WebhookMessage, table
from backend.unit_of_work import UnitOfWork

EVENT_KINDS = (
    "receipt_opened",
    "receipt_submitted",
    "order_changed",
    "stock_moved",
    "voucher_cancelled",
    "invoice_made",
    "pick_list_changed",
    "count_changed",
    "batch_changed",
    "hold_changed",
    "serial_corrected",
    "rule_overridden",
    "alert",
)
"""What a webhook can be told of: kinds of events of the feed, and alerts."""

_LEASE = timedelta(seconds=60)
AT_ONCE = 20
_EVENTS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that this process has claimed."""

    id: str
    url: str
    secret: str
    body: bytes
    attempts: int


def add_webhook(
    work: UnitOfWork, actor: Actor, *, site_id: int, url: str, kinds: Sequence[str], allowed_hosts: tuple[str, ...]
) -> tuple[Webhook, str]:
    """Tell an address from now on; returns the secret that its messages are signed with.

    Raises:
        DomainError: ``webhook_address_refused``, ``forbidden``.
    """
    actor.must(Permission.USERS_MANAGE, site_id)
    must_be_allowed(url, allowed_hosts)
    head = work.session.scalar(select(Feed.head).where(Feed.site_id == site_id)) or 0
    hook = Webhook(
        site_id=site_id,
        url=url,
        secret=secrets.token_urlsafe(32),
        kinds=sorted(set(kinds)),
        next_seq=head + 1,
        made_by_id=actor.user_id,
        made_at=work.now,
    )
    work.session.add(hook)
    work.session.flush()
    return hook, hook.secret


def stop_webhook(work: UnitOfWork, actor: Actor, *, webhook_id: int) -> Webhook:
    """Tell an address nothing any more; what waits for it is given up.

    Raises:
        DomainError: ``not_found``, ``forbidden``.
    """
    hook = work.session.get(Webhook, webhook_id)
    if hook is None:
        raise refuse("not_found", "There is no such webhook.", "Go back to the list.")
    actor.must(Permission.USERS_MANAGE, hook.site_id)
    if hook.stopped_at is None:
        hook.stopped_at, hook.stopped_by_id = work.now, actor.user_id
        work.session.execute(
            update(WebhookMessage)
            .where(WebhookMessage.webhook_id == webhook_id, WebhookMessage.status == "waiting")
            .values(status="dead", answer="The webhook was stopped.")
        )
    work.session.flush()
    return hook


def queue_test(work: UnitOfWork, actor: Actor, *, webhook_id: int) -> WebhookMessage:
    """Queue a message of the kind ``test`` to one webhook, whatever it wants to be told of.

    Raises:
        DomainError: ``not_found``, ``webhook_stopped``, ``forbidden``.
    """
    hook = work.session.get(Webhook, webhook_id)
    if hook is None:
        raise refuse("not_found", "There is no such webhook.", "Go back to the list.")
    actor.must(Permission.USERS_MANAGE, hook.site_id)
    if hook.stopped_at is not None:
        raise refuse("webhook_stopped", "This webhook was stopped.", "Add another one for the address.")
    body = {"site": hook.site_id, "by": actor.username, "at": work.now.isoformat().replace("+00:00", "Z")}
    message = WebhookMessage(**_row(work, webhook_id, "test", f"test:{uuid.uuid4()}", body))
    work.session.add(message)
    work.session.flush()
    return message


def queue_message(work: UnitOfWork, *, site_id: int, kind: str, key: str, body: Mapping[str, Any]) -> int:
    """Queue a message to every webhook of a site that wants its kind; returns to how many.

    ``key`` names the message: queued again under the same key it is not sent a second time.
    """
    hooks = work.session.scalars(select(Webhook).where(Webhook.site_id == site_id, Webhook.stopped_at.is_(None))).all()
    wanting = [hook.id for hook in hooks if kind in hook.kinds]
    known = set(
        work.session.scalars(
            select(WebhookMessage.webhook_id).where(WebhookMessage.key == key, WebhookMessage.webhook_id.in_(wanting))
        )
    )
    rows = [_row(work, hook_id, kind, key, body) for hook_id in wanting if hook_id not in known]
    if rows:
        work.connection.execute(insert(table(WebhookMessage)), rows)
    return len(rows)


def queue_from_feed(work: UnitOfWork) -> int:
    """Queue what happened since the last look, for every webhook; returns how many messages."""
    event = table(Event).c
    queued = 0
    hooks = work.session.scalars(
        select(Webhook)
        .join(Feed, Feed.site_id == Webhook.site_id)
        .where(Webhook.stopped_at.is_(None), Feed.head >= Webhook.next_seq)
        .with_for_update(of=Webhook)
    ).all()
    for hook in hooks:
        found = work.connection.execute(
            select(table(Event))
            .where(event.site_id == hook.site_id, event.seq >= hook.next_seq)
            .order_by(event.seq)
            .limit(_EVENTS_AT_ONCE)
        ).all()
        rows = [
            _row(work, hook.id, each.kind, f"feed:{each.seq}", _told(each)) for each in found if each.kind in hook.kinds
        ]
        if rows:
            work.connection.execute(insert(table(WebhookMessage)), rows)
        if found:
            hook.next_seq = found[-1].seq + 1
        queued += len(rows)
    return queued


def has_work(session: Session, work_now: Any) -> bool:
    """Whether anything is to be queued or sent; asked often, so it takes no lock."""
    behind = (
        select(Webhook.id)
        .join(Feed, Feed.site_id == Webhook.site_id)
        .where(Webhook.stopped_at.is_(None), Feed.head >= Webhook.next_seq)
    )
    due = select(WebhookMessage.id).where(WebhookMessage.status == "waiting", WebhookMessage.due_at <= work_now)
    return session.scalar(behind.limit(1)) is not None or session.scalar(due.limit(1)) is not None


def claim_due(work: UnitOfWork) -> list[Outgoing]:
    """Claim the messages that are due, the longest waiting first."""
    rows = work.session.scalars(
        select(WebhookMessage)
        .where(WebhookMessage.status == "waiting", WebhookMessage.due_at <= work.now)
        .order_by(WebhookMessage.due_at, WebhookMessage.queued_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    claimed = []
    for row in rows:
        row.due_at, row.attempts, row.tried_at = work.now + _LEASE, row.attempts + 1, work.now
        body = json.dumps({"id": row.id, "kind": row.kind, **row.body}, default=str).encode()
        claimed.append(Outgoing(row.id, row.webhook.url, row.webhook.secret, body, row.attempts))
    return claimed


def keep_outcome(work: UnitOfWork, *, message_id: str, delivered: bool, answer: str) -> str:
    """Keep what came of an attempt; after the last one the message is dead. Returns its status."""
    row = work.session.get_one(WebhookMessage, message_id)
    row.answer = answer[:300]
    if delivered:
        row.status = "delivered"
    elif row.attempts >= ATTEMPTS:
        row.status = "dead"
    elif row.status == "waiting":
        row.due_at = work.now + timedelta(seconds=wait_after(row.attempts))
    return row.status


def _row(work: UnitOfWork, webhook_id: int, kind: str, key: str, body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "webhook_id": webhook_id,
        "key": key,
        "kind": kind,
        "body": dict(body),
        "status": "waiting",
        "attempts": 0,
        "queued_at": work.now,
        "due_at": work.now,
    }


def _told(event: Any) -> dict[str, Any]:
    return {
        "site": event.site_id,
        "seq": event.seq,
        "voucher_id": event.voucher_id,
        "scan_id": event.scan_id,
        "unit_id": event.unit_id,
        "at": event.at.isoformat().replace("+00:00", "Z"),
    }
