"""A file of serial numbers, judged row by row as if each were scanned; taken only on confirmation."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar

from backend.domain import serials
from backend.domain.errors import DomainError, Refusal
from backend.domain.people import Actor
from backend.domain.quantity_rows import QuantityRow
from backend.domain.receiving import AlreadyScanned, Condition, ScannedUnit, must_have_serials
from backend.domain.serial_rows import SerialRow
from backend.services.filling import locked_filling, must_be_draft
from backend.services.intakes import Asked, first_answer, keep_answer
from backend.services.open_receipts import OpenReceipts
from backend.services.receipt_facts import ReceiptState
from backend.services.received_secondaries import SecondaryBook
from backend.unit_of_work import UnitOfWork

Row = TypeVar("Row", SerialRow, QuantityRow)

_MOST_SHOWN = 100
"""Characters of a cell that an answer repeats."""

_TOLD = 1000
"""Rows that a refusal names."""


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    DUPLICATE_IN_FILE = "duplicate_in_file"
    ALREADY_SCANNED = "already_scanned"
    IN_STOCK = "in_stock"
    BLANK = "blank"
    REFUSED = "refused"


class Policy(StrEnum):
    """What a commit does about rows that cannot be received."""

    ALL_OR_NOTHING = "all_or_nothing"
    GOOD_ROWS = "good_rows"


HARMLESS = frozenset({Outcome.NEW, Outcome.ALREADY_SCANNED})
"""Outcomes that do not hold up a commit: what is on the receipt already is there, as the file says."""

_OUTCOMES = {"serial_in_stock": Outcome.IN_STOCK, "serial_empty": Outcome.BLANK}


@dataclass(frozen=True, slots=True)
class ItemFile(Generic[Row]):
    """The rows of a file, all of one item; the batch and dates hold for rows that have none of their own.

    ``sha256`` is that of the file itself.
    """

    item_id: int
    rows: Sequence[Row]
    sha256: str = ""
    batch_no: str | None = None
    manufactured_on: date | None = None
    expires_on: date | None = None

    def complete(self) -> list[Row]:
        """The rows, each with a batch and dates: its own, else those of the file."""
        return [
            replace(
                row,
                batch_no=row.batch_no or self.batch_no,
                manufactured_on=row.manufactured_on or self.manufactured_on,
                expires_on=row.expires_on or self.expires_on,
            )
            for row in self.rows
        ]


@dataclass(frozen=True, slots=True)
class SerialFile(ItemFile[SerialRow]):
    """Units, by their serial numbers."""

    takes_unexpected: bool = False


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What became of a row, or would: ``duplicate_of`` is the row above with the same serial number.

    ``qty`` is what a row of goods without serial numbers says.
    """

    row: int
    serial_no: str
    outcome: Outcome
    code: str
    message: str
    next_step: str
    duplicate_of: int | None = None
    qty: str | None = None


def try_file(work: UnitOfWork, actor: Actor, *, receipt_id: str, file: SerialFile) -> list[RowAnswer]:
    """Say what a file would do to a receipt, and do nothing.

    Raises:
        DomainError: ``receipt_unknown``, ``voucher_not_open``, ``item_not_on_order``, ``item_has_no_serials``,
            ``forbidden``.
    """
    receipt, _ = locked_filling(work, actor, receipt_id)
    must_be_draft(receipt)
    # A batch, or a line of opening stock, that a row is the first of is stored while the rows below it are judged;
    # here it is taken back. The connection's savepoint: one of the session begins only when the session is used.
    with work.connection.begin_nested() as trial:
        answers, _, _ = _judge(work, actor, receipt_id, file)
        trial.rollback()
    return answers


def add_file(
    work: UnitOfWork,
    actor: Actor,
    *,
    receipt_id: str,
    file: SerialFile,
    policy: Policy,
    intake_id: str | None = None,
) -> list[RowAnswer]:
    """Put the units of a file on a receipt or opening stock.

    The same file again adds nothing: every row is on the receipt already. The same ``intake_id`` again gets the
    first answer.

    Raises:
        DomainError: ``rows_refused`` with ``ALL_OR_NOTHING`` and a row that cannot be received, and what
            :func:`try_file` raises.
    """
    beside = {each.name: getattr(file, each.name) for each in fields(file) if each.name != "rows"}
    asked = Asked(intake_id, receipt_id, "file", beside | {"policy": policy}) if intake_id else None
    receipt, feed = locked_filling(work, actor, receipt_id)
    first = first_answer(work, asked)
    if first is not None:
        told = told_before(first["others"])
        return [told.get(row.row) or _answer(row, None) for row in file.rows]
    must_be_draft(receipt)
    answers, receipts, book = _judge(work, actor, receipt_id, file)
    must_be_good(answers, policy)
    receipts.write()
    is_noted = book.write(receipt_id) > 0
    if is_noted or any(answer.outcome is Outcome.NEW for answer in answers):
        feed.tell("list_added", voucher_id=receipt_id)
    # New rows are what the file says; only what was said of the others has to be kept.
    others = [asdict(answer) for answer in answers if answer.outcome is not Outcome.NEW]
    keep_answer(work, actor, asked, {"others": others})
    feed.close()
    return answers


def must_be_good(answers: Sequence[RowAnswer], policy: Policy) -> None:
    """Raise the refusal ``rows_refused`` where all rows are wanted and one cannot be received."""
    refused = [answer for answer in answers if answer.outcome not in HARMLESS]
    if refused and policy is Policy.ALL_OR_NOTHING:
        raise DomainError(
            Refusal(
                "rows_refused",
                f"{len(refused)} of {len(answers)} rows cannot be received, "
                f"the first is row {refused[0].row}: {refused[0].message}",
                "Correct the file and upload it again, or take the good rows only; nothing of it was taken.",
                facts={"rows": [asdict(answer) for answer in refused[:_TOLD]], "counts": count(answers)},
            )
        )


def told_before(others: Sequence[dict[str, Any]]) -> dict[int, RowAnswer]:
    """By row, what was kept of the first answer to a file: of the rows that were not new."""
    return {answer["row"]: RowAnswer(**answer | {"outcome": Outcome(answer["outcome"])}) for answer in others}


def count(answers: Sequence[RowAnswer]) -> dict[str, int]:
    """How many rows have each outcome, those without any included."""
    counted = Counter(answer.outcome for answer in answers)
    return {str(outcome): counted[outcome] for outcome in Outcome}


def _judge(
    work: UnitOfWork, actor: Actor, receipt_id: str, file: SerialFile
) -> tuple[list[RowAnswer], OpenReceipts, SecondaryBook]:
    rows = file.complete()
    receipts = OpenReceipts(
        work,
        receipt_ids={receipt_id},
        codes={code for row in rows for code in _codes(row.serial_no)},
        serial_nos={row.serial_no for row in rows},
        batch_nos={row.batch_no for row in rows if row.batch_no},
    )
    state = receipts.receipts[receipt_id]
    line = receipts.line_for(state, file.item_id)
    must_have_serials(line.item.item_code, line.item.tracking)
    book = SecondaryBook(work, (number for row in rows for number in row.secondaries))
    first: dict[str, int] = {}
    answers = []
    for row in rows:
        serial_key = serials.key(row.serial_no)
        above = first.setdefault(serial_key, row.row) if serial_key else row.row
        if row.refusal:
            answers.append(_answer(row, row.refusal))
        elif above != row.row:
            answers.append(_answer(row, _duplicate(row, above), duplicate_of=above))
        else:
            answers.append(_answer(row, _receive(receipts, book, state, row, file, actor)))
    return answers, receipts, book


def _receive(
    receipts: OpenReceipts, book: SecondaryBook, state: ReceiptState, row: SerialRow, file: SerialFile, actor: Actor
) -> Refusal | None:
    """Put the unit of a row on the receipt, or say why not."""
    is_item_code = any(code in receipts.items_by_code for code in _codes(row.serial_no))
    serial_no = None if is_item_code else row.serial_no
    unit = ScannedUnit(
        serial_no, row.batch_no, row.manufactured_on, row.expires_on, takes_unexpected=file.takes_unexpected
    )
    verdict = receipts.judge(state, unit, file.item_id)
    if isinstance(verdict, AlreadyScanned):
        # A unit that was scanned before its file came still gets the further numbers that only the file has.
        return book.note(file.item_id, row.serial_no, row.secondaries) or verdict
    if isinstance(verdict, Refusal):
        return verdict
    if refusal := book.note(file.item_id, row.serial_no, row.secondaries):
        return refusal
    receipts.add(
        state,
        *verdict,
        by=actor.username,
        condition=Condition.ACCEPTED,
        reason=None,
        scan_id=None,
        user_id=actor.user_id,
        scanned_at=None,
    )
    return None


def _codes(serial_no: str) -> tuple[str, ...]:
    """The texts under which an item's barcode would be known; GTINs are kept with 14 digits."""
    return (serial_no, serial_no.zfill(14)) if serial_no.isdigit() else (serial_no,)


def _answer(row: SerialRow, refusal: Refusal | None, *, duplicate_of: int | None = None) -> RowAnswer:
    serial_no = _shown(row)
    if refusal is None:
        return RowAnswer(row.row, serial_no, Outcome.NEW, "ok", f"{serial_no} is new.", "")
    if duplicate_of is not None:
        outcome = Outcome.DUPLICATE_IN_FILE
    elif isinstance(refusal, AlreadyScanned):
        outcome = Outcome.ALREADY_SCANNED
    else:
        outcome = _OUTCOMES.get(refusal.code, Outcome.REFUSED)
    return RowAnswer(row.row, serial_no, outcome, refusal.code, refusal.message, refusal.next_step, duplicate_of)


def _duplicate(row: SerialRow, above: int) -> Refusal:
    return Refusal(
        "duplicate_in_file",
        f"{_shown(row)} is in row {above} already.",
        "Remove one of the two rows, or correct the one that is mistyped.",
    )


def _shown(row: SerialRow) -> str:
    return serials.printable(row.serial_no[:_MOST_SHOWN])
