"""Alerts and their rules as supervisors see them."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from backend.models import Alert, AlertRule, User

MOST = 200


def alerts(session: Session, site_id: int, *, is_open: bool) -> list[dict[str, Any]]:
    """The newest alerts of a site: those that nobody acknowledged, or those that somebody did."""
    rows = session.scalars(
        select(Alert)
        .options(joinedload(Alert.voucher), joinedload(Alert.acknowledged_by), joinedload(Alert.rule))
        .where(
            Alert.site_id == site_id,
            Alert.acknowledged_at.is_(None) if is_open else Alert.acknowledged_at.is_not(None),
        )
        .order_by(Alert.id.desc())
        .limit(MOST)
    )
    return [_shown(alert) for alert in rows]


def alert(session: Session, alert_id: int) -> dict[str, Any]:
    """One alert, whoever has seen it."""
    return _shown(session.get_one(Alert, alert_id))


def open_count(session: Session, site_id: int) -> int:
    """How many alerts of a site nobody has acknowledged."""
    of_site = select(func.count()).where(Alert.site_id == site_id, Alert.acknowledged_at.is_(None))
    return session.scalar(of_site) or 0


def rules(session: Session, site_id: int) -> list[dict[str, Any]]:
    """What is watched at a site, in the order in which it was asked for."""
    told = select(func.count()).where(Alert.rule_id == AlertRule.id).correlate(AlertRule).scalar_subquery()
    rows = session.execute(
        select(
            AlertRule.id,
            AlertRule.kind,
            AlertRule.threshold,
            AlertRule.email,
            User.username.label("made_by"),
            AlertRule.made_at,
            told.label("alerts"),
        )
        .join(User, User.id == AlertRule.made_by_id)
        .where(AlertRule.site_id == site_id, AlertRule.stopped_at.is_(None))
        .order_by(AlertRule.made_at, AlertRule.id)
    )
    return [dict(row._mapping) for row in rows]


def _shown(row: Alert) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "message": row.message,
        "voucher": row.voucher and {"id": row.voucher.id, "type": row.voucher.type, "number": row.voucher.number},
        "batch_id": row.batch_id,
        "item_id": row.item_id,
        "raised_at": row.raised_at,
        "acknowledged_by": row.acknowledged_by and row.acknowledged_by.username,
        "acknowledged_at": row.acknowledged_at,
        "remark": row.remark,
        "email": row.rule.email,
        "mail_status": row.mail_status,
        "mail_answer": row.mail_answer,
    }
