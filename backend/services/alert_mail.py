"""The mails of alerts: claimed in one transaction, sent outside of any, what came of them kept in a third.

Alerts of one site that wait for one address travel in one mail, so that a pallet of wrong labels is one.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.alerts import letter
from backend.domain.mail import Letter
from backend.domain.webhooks import ATTEMPTS, wait_after
from backend.models import Alert, AlertRule, Location
from backend.unit_of_work import UnitOfWork

_LEASE = timedelta(seconds=60)
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that this process has claimed, and the alerts that it tells."""

    letter: Letter
    alert_ids: tuple[int, ...]


def has_mail(session: Session, now: datetime) -> bool:
    """Whether anything is to be sent; asked often, so it takes no lock."""
    due = select(Alert.id).where(Alert.mail_status == "waiting", Alert.mail_due_at <= now)
    return session.scalar(due.limit(1)) is not None


def claim_due(work: UnitOfWork, address: str, most: int = 4) -> list[Claimed]:
    """Claim the mails that are due, the longest waiting first, and so many at most.

    Args:
        work: The unit of work.
        address: Where the app is found; empty when nobody said.
        most: How many mails can be sent now: a claim is a lease, and must not wait.
    """
    alerts = work.session.scalars(
        select(Alert)
        .where(Alert.mail_status == "waiting", Alert.mail_due_at <= work.now)
        .order_by(Alert.mail_due_at, Alert.id)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True, of=Alert)
    ).all()
    rules = {
        rule.id: rule
        for rule in work.session.scalars(select(AlertRule).where(AlertRule.id.in_({each.rule_id for each in alerts})))
    }
    sites = {
        row.id: row.name
        for row in work.session.execute(
            select(Location.id, Location.name).where(Location.id.in_({each.site_id for each in alerts}))
        )
    }
    together: defaultdict[tuple[int, str], list[Alert]] = defaultdict(list)
    for alert in alerts:
        to = rules[alert.rule_id].email
        if to is None:  # It was taken off the rule while the mail waited.
            alert.mail_status = "none"
            continue
        if (alert.site_id, to) not in together and len(together) >= most:
            continue
        alert.mail_due_at, alert.mail_attempts = work.now + _LEASE, alert.mail_attempts + 1
        together[alert.site_id, to].append(alert)
    return [_claimed(to, together[site_id, to], sites[site_id], address) for site_id, to in together]


def keep_outcome(work: UnitOfWork, *, alert_ids: Sequence[int], is_sent: bool, answer: str) -> None:
    """Keep what came of an attempt; after the last one the mail is given up."""
    for alert in work.session.scalars(select(Alert).where(Alert.id.in_(alert_ids))):
        alert.mail_answer = answer[:300]
        if is_sent:
            alert.mail_status = "sent"
        elif alert.mail_attempts >= ATTEMPTS:
            alert.mail_status = "dead"
        elif alert.mail_status == "waiting":
            alert.mail_due_at = work.now + timedelta(seconds=wait_after(alert.mail_attempts))


def _claimed(to: str, alerts: Sequence[Alert], site: str, address: str) -> Claimed:
    ids = tuple(alert.id for alert in alerts)
    subject, text = letter(site, [alert.message for alert in alerts], address)
    return Claimed(Letter(f"alert-{ids[0]}-{ids[-1]}-{len(ids)}", to, subject, text), ids)
