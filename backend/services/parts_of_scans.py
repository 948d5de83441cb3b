"""What scans took of goods without serial numbers, so that each can be taken back."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select

from backend.models import Scan, table
from backend.services.pick_facts import PickState
from backend.services.picked_goods import Part
from backend.unit_of_work import UnitOfWork

_scan = table(Scan).c


class PartsOfScans:
    """The parts that scans took, from their answers and from this group of scans.

    Args:
        work: The unit of work.
        voucher_ids: The pick lists.
        undone: Ids of scans that are to be taken back; only these are read.
    """

    def __init__(self, work: UnitOfWork, voucher_ids: Collection[str], undone: Collection[str]) -> None:
        self._taken = _read(work, list(voucher_ids), undone) if undone and voucher_ids else {}

    def note(self, scan_id: str, state: PickState, parts: Sequence[Part]) -> None:
        """Remember what a scan of this group took."""
        self._taken[scan_id] = (state.id, [part.as_fact() for part in parts])

    def take_back(self, state: PickState, scan_id: str) -> str | None:
        """Undo what a scan took; the code of its item, or ``None`` when nothing of it stands."""
        voucher_id, parts = self._taken.pop(scan_id, (None, []))
        if voucher_id != state.id or not parts:
            return None
        for part in map(Part.of_fact, parts):
            line = next(line for line in state.lines if part.is_of(line))
            line.count(-part.qty)
        return next(line.item_code for line in state.lines if Part.of_fact(parts[0]).is_of(line))


def _read(work: UnitOfWork, voucher_ids: list[str], undone: Collection[str]) -> dict[str, tuple[str | None, list[Any]]]:
    """What scans took of counted goods, without those that were taken back already."""
    rows = work.connection.execute(
        select(_scan.id, _scan.voucher_id, _scan.answer).where(
            _scan.id.in_(list(undone)), _scan.voucher_id.in_(voucher_ids), _scan.status == "accepted"
        )
    ).all()
    found = {
        row.id: (row.voucher_id, (row.answer.get("unit") or {}).get("parts") or [])
        for row in rows
        if (row.answer.get("unit") or {}).get("parts")
    }
    if found:
        answers = work.connection.scalars(
            select(_scan.answer).where(_scan.voucher_id.in_(voucher_ids), _scan.code == "undone")
        )
        for answer in answers:
            found.pop((answer.get("facts") or {}).get("undoes"), None)
    return found
