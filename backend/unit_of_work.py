"""One request, one transaction.

Nothing is announced from here: open screens follow the feed, which a transaction writes and its commit shows.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from backend.domain.site_days import UTC_DAYS, SiteCalendar
from backend.extensions import WRITE, db, end_reading

_one_writer = threading.RLock()
"""SQLite has one writer. Waiting here is fair and quick; waiting in SQLite's busy handler is neither.

Under gevent a greenlet that yielded inside a write transaction would stall the process, so nothing in a unit
of work may do input or output besides the database.
"""

_ATTEMPTS = 4
_LOST_A_RACE = frozenset({"40001", "40P01"})
"""SQLSTATE of a serialization failure and of a deadlock: the database rolled back one of two, try again."""

Result = TypeVar("Result")


@dataclass(slots=True)
class UnitOfWork:
    """What a service works with: a transaction, and the moment at which everything in it happens.

    Args:
        connection: For statements of plain columns, which are what is quick.
        session: For entities; it works in the same transaction.
        clock: Tells the server time.
        now: Server time of all that happens; read again when the lock of a site was waited for.
        backdate_days: How far back a voucher may be dated.
        calendar: How the site that is written to counts its days; its feed sets it, see
            :class:`backend.services.feed.SiteFeed`.
    """

    connection: Connection
    session: Session
    clock: Callable[[], datetime]
    now: datetime
    backdate_days: int
    calendar: SiteCalendar = UTC_DAYS

    @property
    def today(self) -> date:
        """The day that it is at the site; every rule about expiry, warranty and dates of vouchers asks here."""
        return self.calendar.day_of(self.now)


@contextmanager
def unit_of_work() -> Iterator[UnitOfWork]:
    """Open a write transaction; commit at the end, roll back on any exception.

    The session is the unit's own, so that what a request read before cannot leak into what it decides here; and
    the request lets go of that first: one that held two connections would wait for others that do the same.
    """
    end_reading()
    config = current_app.extensions["serialtrail"]
    if config.is_sqlite:
        _one_writer.acquire()
    try:
        with (
            db.engine.connect() as connection,
            connection.execution_options(**{WRITE: True}).begin(),
            Session(connection, expire_on_commit=False) as session,
        ):
            yield UnitOfWork(connection, session, config.clock, config.clock(), config.backdate_days)
            session.flush()
    finally:
        if config.is_sqlite:
            _one_writer.release()


def transact(job: Callable[[UnitOfWork], Result]) -> Result:
    """Run a job in a unit of work; run it again when it lost a race to another process or site.

    A unique constraint that fails means that somebody else was first: on the next run the job reads what they
    wrote and answers accordingly. So a job must be a function of the database alone.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with unit_of_work() as work:
                return job(work)
        except DBAPIError as error:
            lost = isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", "") in _LOST_A_RACE
            if not lost or attempt == _ATTEMPTS:
                raise
    raise AssertionError("unreachable")
