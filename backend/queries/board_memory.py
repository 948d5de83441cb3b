"""What a process keeps of the receipts on a board, so that the next reading asks for what is new only."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.domain.receiving import Condition
from backend.models import Scan, User, VoucherUnit, table

_unit, _scan = table(VoucherUnit).c, table(Scan).c


@dataclass(slots=True)
class KeptReceipt:
    """One receipt: when each unit that counts was accepted, in that order, who scanned, and how many nobody knows."""

    accepted_at: list[float] = field(default_factory=list)
    last_unit: int = 0
    people: set[str] = field(default_factory=set)
    devices: set[str] = field(default_factory=set)
    needs_review: int = 0
    """Scans that wait for a person to say what they are."""


@dataclass(slots=True)
class BoardMemory:
    """The receipts of one site as of the feed number ``head``; what has left the board is forgotten."""

    head: int = 0
    receipts: dict[str, KeptReceipt] = field(default_factory=dict)

    def follow(self, session: Session, site_id: int, head: int, accepted: Mapping[str, int]) -> None:
        """Come up to ``head``. ``accepted`` says how many units each receipt has then.

        A unit that was taken back leaves fewer than were kept, and then all of the receipt is read again.
        """
        known = self.receipts.keys() & accepted.keys()
        new = accepted.keys() - known
        self.receipts = {receipt: self.receipts.get(receipt, KeptReceipt()) for receipt in accepted}
        self._read_scans(session, site_id, known, self.head)
        self._read_scans(session, site_id, new, 0)
        for receipt, count in accepted.items():
            kept = self.receipts[receipt]
            self._read_units(session, receipt, kept)
            if len(kept.accepted_at) != count:
                kept.accepted_at, kept.last_unit = [], 0
                self._read_units(session, receipt, kept)
        self.head = head

    def _read_scans(self, session: Session, site_id: int, receipts: Collection[str], since: int) -> None:
        if not receipts:
            return
        query = (
            select(
                _scan.voucher_id,
                User.username,
                _scan.device_id,
                func.count().filter(_scan.status == "needs_review"),
            )
            .join(User, User.id == _scan.user_id)
            .where(_scan.voucher_id.in_(receipts))
            .group_by(_scan.voucher_id, User.username, _scan.device_id)
        )
        if since:
            query = query.where(_scan.site_id == site_id, _scan.feed_seq > since)
        for receipt, username, device_id, needs_review in session.execute(query):
            kept = self.receipts[receipt]
            kept.people.add(username)
            kept.devices.add(device_id)
            kept.needs_review += needs_review

    @staticmethod
    def _read_units(session: Session, receipt: str, kept: KeptReceipt) -> None:
        rows = session.execute(
            select(_unit.id, _unit.recorded_at, _unit.condition, _unit.status)
            .where(_unit.voucher_id == receipt, _unit.id > kept.last_unit)
            .order_by(_unit.id)
        )
        for unit_id, recorded_at, condition, status in rows:
            kept.last_unit = unit_id
            if condition == Condition.ACCEPTED and status != "undone":
                kept.accepted_at.append(recorded_at.timestamp())


def curve(accepted_at: list[float], points: int) -> list[list[float]]:
    """Accepted units over time, as [seconds since 1970, count so far], thinned to what a chart can show.

    >>> curve([1.0, 2.0, 2.0, 3.0], 120)
    [[1.0, 1], [2.0, 3], [3.0, 4]]
    """
    total = len(accepted_at)
    step = (total + points - 1) // points or 1
    thinned: defaultdict[float, float] = defaultdict(float)
    for index in [*range(0, total, step), *([total - 1] if total else [])]:
        # A list of units comes at once, and is one step.
        thinned[round(accepted_at[index], 1)] = index + 1
    return [[at, count] for at, count in thinned.items()]
