"""Alerts: rules set by supervisors, looked at beside the requests, raised once a cause, acknowledged by a person.

Posting waits for none of this. What happened is read from the feed, a second later; what time brings about is looked
for every minute. A rule is locked while it is looked at, so that of several processes one does it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session

from backend.domain.alerts import MOST_WORDS, OF_THE_FEED, AlertKind, Cause, must_fit
from backend.domain.errors import DomainError, refuse
from backend.domain.mail import must_be_address
from backend.domain.people import Actor, Permission
from backend.models import Alert, AlertRule, Event, Feed, table
from backend.services import webhooks
from backend.services.alert_facts import causes
from backend.services.alert_looks import Look
from backend.services.feed import SiteFeed, calendar_of
from backend.services.vouchers import id_reused
from backend.unit_of_work import UnitOfWork

LOOK_EVERY = timedelta(minutes=1)
MOST = 500
"""Alerts that one look at a rule raises; the next look raises those that are left."""

_SPEAKING = ("receipt_submitted", "list_added", "scan_refused")
_BEHIND = 500
"""Events that a rule of the feed lets pass before it notes that none of them concerned it."""


def set_rule(
    work: UnitOfWork,
    actor: Actor,
    *,
    rule_id: str,
    site_id: int,
    kind: AlertKind,
    threshold: int | None,
    email: str | None,
) -> AlertRule:
    """Watch something from now on; the same id again answers with the same rule.

    Raises:
        DomainError: ``alert_threshold``, ``email_invalid``, ``id_reused``, ``alert_rule_stopped``,
            ``site_unknown``, ``forbidden``.
    """
    actor.must(Permission.ALERTS_MANAGE, site_id)
    must_fit(kind, threshold)
    if email is not None:
        must_be_address(email)
    known = work.session.get(AlertRule, rule_id)
    if known is not None:
        if (known.site_id, known.kind, known.threshold, known.email) != (site_id, kind, threshold, email):
            raise id_reused(rule_id)
        if known.stopped_at is not None:
            raise _stopped()
        return known
    head = work.session.scalar(select(Feed.head).where(Feed.site_id == site_id))
    if head is None:
        raise refuse("site_unknown", f"There is no site {site_id}.", "Choose a site of the list.")
    rule = AlertRule(
        id=rule_id,
        site_id=site_id,
        kind=kind,
        threshold=threshold,
        email=email,
        next_seq=head + 1,
        look_at=work.now,
        made_by_id=actor.user_id,
        made_at=work.now,
    )
    work.session.add(rule)
    work.session.flush()
    return rule


def change_rule(work: UnitOfWork, actor: Actor, *, rule_id: str, threshold: int | None, email: str | None) -> AlertRule:
    """Give a rule another number or address; what it told already is not told again.

    Raises:
        DomainError: ``not_found``, ``alert_rule_stopped``, ``alert_threshold``, ``email_invalid``, ``forbidden``.
    """
    rule = _locked(work, actor, rule_id)
    if rule.stopped_at is not None:
        raise _stopped()
    must_fit(AlertKind(rule.kind), threshold)
    if email is not None:
        must_be_address(email)
    rule.threshold, rule.email, rule.look_at = threshold, email, work.now
    work.session.flush()
    return rule


def stop_rule(work: UnitOfWork, actor: Actor, *, rule_id: str) -> AlertRule:
    """Watch it no longer; its alerts stay.

    Raises:
        DomainError: ``not_found``, ``forbidden``.
    """
    rule = _locked(work, actor, rule_id)
    if rule.stopped_at is None:
        rule.stopped_at, rule.stopped_by_id = work.now, actor.user_id
        work.session.flush()
    return rule


def acknowledge(work: UnitOfWork, actor: Actor, *, alert_id: int, remark: str | None) -> Alert:
    """Say that a person knows; the first who says so is kept.

    Raises:
        DomainError: ``not_found``, ``forbidden``.
    """
    site_id = work.session.scalar(select(Alert.site_id).where(Alert.id == alert_id))
    if site_id is None:
        raise refuse("not_found", "There is no such alert.", "Go back to the list.")
    actor.must(Permission.ALERTS_MANAGE, site_id)
    feed = SiteFeed(work, site_id)
    alert = work.session.get_one(Alert, alert_id)
    if alert.acknowledged_at is None:
        alert.acknowledged_at, alert.acknowledged_by_id, alert.remark = work.now, actor.user_id, remark
        work.session.flush()
        feed.tell("alert_seen", voucher_id=alert.voucher_id)
        feed.close()
    return alert


def due_rules(session: Session, now: datetime) -> Sequence[str]:
    """The rules that are to be looked at; asked often, so it takes no lock."""
    spoken = exists().where(
        Event.site_id == AlertRule.site_id, Event.seq >= AlertRule.next_seq, Event.kind.in_(_SPEAKING)
    )
    of_feed = AlertRule.kind.in_(OF_THE_FEED)
    return session.scalars(
        select(AlertRule.id)
        .join(Feed, Feed.site_id == AlertRule.site_id)
        .where(
            AlertRule.stopped_at.is_(None),
            (of_feed & (Feed.head >= AlertRule.next_seq) & (spoken | (Feed.head - AlertRule.next_seq > _BEHIND)))
            | (~of_feed & (AlertRule.look_at <= now)),
        )
        .order_by(AlertRule.id)
    ).all()


def look(work: UnitOfWork, rule_id: str, *, can_mail: bool) -> int:
    """Look at one rule and raise what is new; returns how many alerts. Nothing while another process looks at it.

    ``can_mail`` says whether there is a mail server: without one nothing waits to be sent.
    """
    rule = work.session.scalar(
        select(AlertRule)
        .where(AlertRule.id == rule_id, AlertRule.stopped_at.is_(None))
        .with_for_update(skip_locked=True)
    )
    if rule is None:
        return 0
    head = work.session.scalar(select(Feed.head).where(Feed.site_id == rule.site_id)) or 0
    today = calendar_of(work.connection, rule.site_id).day_of(work.now)
    asked = Look(rule.site_id, rule.threshold or 0, work.now, today, rule.next_seq, head)
    found = _untold(work, rule, causes(work.session, AlertKind(rule.kind), asked))
    told, left = found[:MOST], found[MOST:]
    if told:
        _raise(work, rule, told, is_mailed=can_mail and rule.email is not None)
    if not left:
        rule.next_seq, rule.look_at = head + 1, work.now + LOOK_EVERY
    work.session.flush()
    return len(told)


def _untold(work: UnitOfWork, rule: AlertRule, found: Sequence[Cause]) -> list[Cause]:
    keys = [cause.key for cause in found]
    known: set[str] = set()
    for start in range(0, len(keys), MOST):
        known |= set(
            work.session.scalars(
                select(Alert.key).where(Alert.rule_id == rule.id, Alert.key.in_(keys[start : start + MOST]))
            )
        )
    return [cause for cause in found if cause.key not in known]


def _raise(work: UnitOfWork, rule: AlertRule, told: Sequence[Cause], *, is_mailed: bool) -> None:
    feed = SiteFeed(work, rule.site_id)
    rows = [
        {
            "rule_id": rule.id,
            "site_id": rule.site_id,
            "kind": rule.kind,
            "key": cause.key,
            "message": cause.message[:MOST_WORDS],
            "voucher_id": cause.voucher_id,
            "batch_id": cause.batch_id,
            "item_id": cause.item_id,
            "raised_at": work.now,
            "mail_status": "waiting" if is_mailed else "none",
            "mail_attempts": 0,
            "mail_due_at": work.now,
        }
        for cause in told
    ]
    work.connection.execute(insert(table(Alert)), rows)
    raised = work.session.scalars(
        select(Alert).where(Alert.rule_id == rule.id, Alert.key.in_([cause.key for cause in told])).order_by(Alert.id)
    )
    for alert in raised:
        webhooks.queue_message(work, site_id=rule.site_id, kind="alert", key=f"alert:{alert.id}", body=_told(alert))
        feed.tell("alert_raised", voucher_id=alert.voucher_id)
    feed.close()


def _told(alert: Alert) -> dict[str, object]:
    return {
        "site": alert.site_id,
        "alert_id": alert.id,
        "alert": alert.kind,
        "message": alert.message,
        "voucher_id": alert.voucher_id,
        "batch_id": alert.batch_id,
        "item_id": alert.item_id,
        "at": alert.raised_at.isoformat().replace("+00:00", "Z"),
    }


def _stopped() -> DomainError:
    return refuse("alert_rule_stopped", "This rule was stopped.", "Set a new one.")


def _locked(work: UnitOfWork, actor: Actor, rule_id: str) -> AlertRule:
    rule = work.session.get(AlertRule, rule_id, with_for_update=True)
    if rule is None:
        raise refuse("not_found", "There is no such rule.", "Go back to the list.")
    actor.must(Permission.ALERTS_MANAGE, rule.site_id)
    return rule
