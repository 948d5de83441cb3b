"""The loop that sends webhooks, one in each process that serves; the claims in the database keep them apart."""

import gevent
import structlog
from flask import Flask
from gevent.pool import Pool

from backend.config import Config
from backend.extensions import reading
from backend.services import webhooks
from backend.services.webhook_delivery import deliver
from backend.unit_of_work import transact

log = structlog.get_logger(__name__)

INTERVAL = 1.0
"""Seconds between two looks."""


def start(app: Flask) -> gevent.Greenlet:
    """Send what is due, beside the requests, until the greenlet is killed."""
    return gevent.spawn(_run, app)


def _run(app: Flask) -> None:
    pool = Pool(webhooks.AT_ONCE)
    while True:
        gevent.sleep(INTERVAL)
        try:
            with app.app_context():
                send_due(app, pool)
        except Exception:
            # Whatever it is, it may pass, and every webhook depends on this loop.
            log.exception("webhooks_not_sent")
            gevent.sleep(10)


def send_due(app: Flask, pool: Pool) -> int:
    """Queue what happened and begin to send what is due; a receiver that hangs holds up its own greenlet only."""
    config: Config = app.extensions["serialtrail"]
    if not webhooks.has_work(reading(), config.clock()):
        return 0
    transact(webhooks.queue_from_feed)
    claimed = transact(webhooks.claim_due)
    for message in claimed:
        pool.spawn(_send, app, message)
    return len(claimed)


def _send(app: Flask, message: webhooks.Outgoing) -> None:
    config: Config = app.extensions["serialtrail"]
    delivered, answer = deliver(message, config.webhook_hosts)
    with app.app_context():
        status = transact(
            lambda work: webhooks.keep_outcome(work, message_id=message.id, delivered=delivered, answer=answer)
        )
    log.info("webhook_sent", message=message.id, attempt=message.attempts, status=status)
