"""The feed of a site: its write lock, its gap-free event numbers, and the end of its ledger chain."""

from typing import Any

from sqlalchemy import insert, select, update

from backend.domain.errors import refuse
from backend.models import Event, Feed
from backend.unit_of_work import UnitOfWork


class SiteFeed:
    """The locked feed of a site, for the length of a unit of work.

    Taking it is the first thing a service that changes stock does: whoever holds it is the site's only
    writer, so numbers drawn from it are in the order of the commits. Other sites do not wait.

    Raises:
        DomainError: ``site_unknown``.
    """

    def __init__(self, work: UnitOfWork, site_id: int) -> None:
        row = work.session.execute(
            select(Feed.head, Feed.ledger_seq, Feed.ledger_hash).where(Feed.site_id == site_id).with_for_update()
        ).one_or_none()
        if row is None:
            raise refuse("site_unknown", f"There is no site {site_id}.", "Choose a site of the list.")
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
        session = self._work.session
        if self._events:
            session.execute(insert(Event.__table__), self._events)  # type: ignore[arg-type]
        session.execute(
            update(Feed.__table__)  # type: ignore[arg-type]
            .where(Feed.site_id == self.site_id)
            .values(head=self.head, ledger_seq=self.ledger_seq, ledger_hash=self.ledger_hash)
        )
        self._events = []
