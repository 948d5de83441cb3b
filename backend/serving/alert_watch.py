"""The loop that looks at the rules of alerts and sends their mails, one in each process that serves.

Locks and claims in the database keep the processes apart, as they do for webhooks.
"""

from functools import partial

import gevent
import structlog
from flask import Flask
from gevent.pool import Pool

from backend.config import Config
from backend.extensions import end_reading, reading
from backend.services import alert_mail, alerts
from backend.services.mail_delivery import deliver
from backend.unit_of_work import transact

log = structlog.get_logger(__name__)

INTERVAL = 1.0
"""Seconds between two looks."""

_MAILS_AT_ONCE = 4


def start(app: Flask) -> gevent.Greenlet:
    """Look and send, beside the requests, until the greenlet is killed."""
    return gevent.spawn(_run, app)


def _run(app: Flask) -> None:
    pool = Pool(_MAILS_AT_ONCE)
    while True:
        gevent.sleep(INTERVAL)
        try:
            with app.app_context():
                look_once(app)
                send_due(app, pool)
        except Exception:
            # Whatever it is, it may pass, and every alert depends on this loop.
            log.exception("alerts_not_looked_for")
            gevent.sleep(10)


def look_once(app: Flask) -> int:
    """Look at every rule that is due, each in a transaction of its own; returns how many alerts were raised."""
    config: Config = app.extensions["serialtrail"]
    due = alerts.due_rules(reading(), config.clock())
    end_reading()
    return sum(transact(partial(alerts.look, rule_id=rule_id, can_mail=bool(config.smtp_url))) for rule_id in due)


def send_due(app: Flask, pool: Pool) -> int:
    """Begin to send the mails that are due; a server that hangs holds up its own greenlet only."""
    config: Config = app.extensions["serialtrail"]
    # A claim is a lease: what is claimed and waits for a place in the pool would be claimed again.
    if not config.smtp_url or pool.full() or not alert_mail.has_mail(reading(), config.clock()):
        end_reading()
        return 0
    claimed = transact(lambda work: alert_mail.claim_due(work, config.public_url, pool.free_count()))
    for mail in claimed:
        pool.spawn(_send, app, mail)
    return len(claimed)


def _send(app: Flask, mail: alert_mail.Claimed) -> None:
    config: Config = app.extensions["serialtrail"]
    is_sent, answer = deliver(mail.letter, smtp_url=config.smtp_url, sender=config.mail_from, at=config.clock())
    with app.app_context():
        transact(lambda work: alert_mail.keep_outcome(work, alert_ids=mail.alert_ids, is_sent=is_sent, answer=answer))
    log.info("alert_mail_sent", alerts=len(mail.alert_ids), is_sent=is_sent)
