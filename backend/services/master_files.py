"""A file of items, parties or places, judged row by row against what is there; taken only on confirmation."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from backend.domain import serials
from backend.domain.errors import DomainError, Refusal
from backend.domain.master_rows import MasterKind, MasterRow
from backend.domain.people import Actor
from backend.models import Item, Location, Party
from backend.services import editing
from backend.services.importing import Policy
from backend.services.item_rows import ItemRows
from backend.services.party_rows import PartyRows
from backend.services.place_rows import PlaceRows
from backend.unit_of_work import UnitOfWork

_TOLD = 1000
"""Rows that a refusal names."""


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    DUPLICATE_IN_FILE = "duplicate_in_file"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What became of a row, or would: ``fields`` are those that changed."""

    row: int
    key: str
    outcome: Outcome
    code: str
    message: str
    next_step: str
    fields: tuple[str, ...] = ()


HARMLESS = frozenset({Outcome.NEW, Outcome.CHANGED, Outcome.SAME})
_ROWS: Mapping[MasterKind, Callable[[UnitOfWork, Actor, int, Sequence[MasterRow]], ItemRows | PartyRows | PlaceRows]]
_ROWS = {MasterKind.ITEMS: ItemRows, MasterKind.PARTIES: PartyRows, MasterKind.PLACES: PlaceRows}


def try_masters(
    work: UnitOfWork, actor: Actor, *, site_id: int, kind: MasterKind, rows: Sequence[MasterRow]
) -> list[RowAnswer]:
    """Say what a file would do, and do nothing.

    Raises:
        DomainError: ``forbidden``.
    """
    with work.session.begin_nested() as trial:
        answers = _take(work, actor, site_id, kind, rows)
        trial.rollback()
    return answers


def take_masters(
    work: UnitOfWork, actor: Actor, *, site_id: int, kind: MasterKind, rows: Sequence[MasterRow], policy: Policy
) -> list[RowAnswer]:
    """Make and change what the rows of a file say. The same file again changes nothing.

    Raises:
        DomainError: ``rows_refused`` with ``ALL_OR_NOTHING`` and a row that is refused, ``forbidden``.
    """
    answers = _take(work, actor, site_id, kind, rows)
    must_be_good(answers, policy)
    return answers


def must_be_good(answers: Sequence[RowAnswer], policy: Policy) -> None:
    """Refuse a file with a row that is refused, unless its good rows were asked for.

    Raises:
        DomainError: ``rows_refused``.
    """
    refused = [answer for answer in answers if answer.outcome not in HARMLESS]
    if refused and policy is Policy.ALL_OR_NOTHING:
        raise DomainError(
            Refusal(
                "rows_refused",
                f"{len(refused)} of {len(answers)} rows cannot be taken, "
                f"the first is row {refused[0].row}: {refused[0].message}",
                "Correct the file and upload it again, or take the good rows only; nothing of it was taken.",
                facts={"rows": [asdict(answer) for answer in refused[:_TOLD]], "counts": count(answers)},
            )
        )


def count(answers: Sequence[RowAnswer]) -> dict[str, int]:
    """How many rows have each outcome, those without any included."""
    counted = Counter(answer.outcome for answer in answers)
    return {str(outcome): counted[outcome] for outcome in Outcome}


def _take(work: UnitOfWork, actor: Actor, site_id: int, kind: MasterKind, rows: Sequence[MasterRow]) -> list[RowAnswer]:
    editing.must_manage(actor, site_id)
    first: dict[str, int] = {}
    answers: dict[int, RowAnswer] = {}
    good = []
    for row in rows:
        above = first.setdefault(row.code, row.row) if row.code else row.row
        if row.refusal:
            answers[row.row] = _refused(row, row.refusal)
        elif above != row.row:
            answers[row.row] = RowAnswer(
                row.row,
                row.code,
                Outcome.DUPLICATE_IN_FILE,
                "duplicate_in_file",
                f"{row.code} is in row {above} already.",
                "Remove one of the two rows, or correct the one that is mistyped.",
            )
        else:
            good.append(row)
    with work.session.no_autoflush:
        takes = _ROWS[kind](work, actor, site_id, good)
        for row in takes.in_order(good):
            verdict = takes.take(row)
            answers[row.row] = _refused(row, verdict) if isinstance(verdict, Refusal) else _taken(row, verdict)
    work.session.flush()
    return [answers[row.row] for row in rows]


def _taken(row: MasterRow, verdict: Item | Party | Location | Sequence[str]) -> RowAnswer:
    if isinstance(verdict, (Item, Party, Location)):
        return RowAnswer(row.row, row.code, Outcome.NEW, "ok", f"{row.code} is new.", "")
    if not verdict:
        return RowAnswer(row.row, row.code, Outcome.SAME, "ok", f"{row.code} is as the file says.", "")
    fields = ", ".join(field.replace("_", " ") for field in verdict)
    message = f"{row.code} changes: {fields}."
    return RowAnswer(row.row, row.code, Outcome.CHANGED, "ok", message, "", tuple(verdict))


def _refused(row: MasterRow, refusal: Refusal) -> RowAnswer:
    key = serials.printable(row.code[:64])
    return RowAnswer(row.row, key, Outcome.REFUSED, refusal.code, refusal.message, refusal.next_step)
