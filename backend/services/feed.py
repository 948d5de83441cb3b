"""The feed of a site: its write lock, its gap-free event numbers, and the end of its ledger chain."""

from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from backend.domain.errors import refuse
from backend.domain.site_days import UTC_DAYS, SiteCalendar
from backend.models import Event, Feed, SiteDays, table
from backend.unit_of_work import UnitOfWork

_feed = table(Feed).c
_LOCK = (
    select(_feed.head, _feed.ledger_seq, _feed.ledger_hash).where(_feed.site_id == bindparam("site")).with_for_update()
)
_days = table(SiteDays).c
_DAYS = select(_days.time_zone, _days.fiscal_month).where(_days.site_id == bindparam("site"))
_TELL = insert(table(Event))
_CLOSE = (
    update(table(Feed))
    .where(_feed.site_id == bindparam("site"))
    .values(head=bindparam("end"), ledger_seq=bindparam("last"), ledger_hash=bindparam("digest"))
)


class SiteFeed:
    """The locked feed of a site, for the length of a unit of work.

    Taking it is the first thing a service that changes stock does: whoever holds it is the site's only
    writer, so numbers drawn from it are in the order of the commits. Other sites do not wait. The clock is
    read again then, so that server times are in the same order; what was read before may be out of date. From
    here on ``work.today`` is the day at this site.

    Raises:
        DomainError: ``site_unknown``.
    """

    def __init__(self, work: UnitOfWork, site_id: int) -> None:
        row = work.connection.execute(_LOCK, {"site": site_id}).one_or_none()
        if row is None:
            raise refuse("site_unknown", f"There is no site {site_id}.", "Choose a site of the list.")
        work.now = work.clock()
        work.calendar = calendar_of(work.connection, site_id)
        self._work = work
        self._events: list[dict[str, Any]] = []
        self.site_id = site_id
        self.head: int = row.head
        self.ledger_seq: int = row.ledger_seq
        self.ledger_hash: bytes = row.ledger_hash

    def tell(
        self,
        kind: str,
        *,
        voucher_id: str | None = None,
        scan_id: str | None = None,
        unit_id: int | None = None,
    ) -> int:
        """Number an event; returns its ``seq``. It is written by :meth:`close`."""
        self.head += 1
        self._events.append(
            {
                "site_id": self.site_id,
                "seq": self.head,
                "kind": kind,
                "voucher_id": voucher_id,
                "scan_id": scan_id,
                "unit_id": unit_id,
                "at": self._work.now,
            }
        )
        return self.head

    def close(self) -> None:
        """Write the events and the new ends; the lock itself falls with the commit."""
        connection = self._work.connection
        if self._events:
            connection.execute(_TELL, self._events)
        connection.execute(
            _CLOSE,
            {"site": self.site_id, "end": self.head, "last": self.ledger_seq, "digest": self.ledger_hash},
        )
        self._events = []


def calendar_of(connection: Connection, site_id: int | None) -> SiteCalendar:
    """How a site counts its days; in UTC where it did not say, or where no site is known."""
    row = connection.execute(_DAYS, {"site": site_id}).one_or_none() if site_id is not None else None
    return SiteCalendar(row.time_zone, row.fiscal_month) if row else UTC_DAYS


def lock_sites(work: UnitOfWork, *site_ids: int) -> dict[int, SiteFeed]:
    """The locked feeds of some sites, taken in the order of their ids, so that no two vouchers wait for each other.

    The day is that of the first one named, whose voucher it is.
    """
    feeds = {site_id: SiteFeed(work, site_id) for site_id in sorted(set(site_ids))}
    if site_ids:
        work.calendar = calendar_of(work.connection, site_ids[0])
    return feeds
