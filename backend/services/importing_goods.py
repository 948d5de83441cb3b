"""A file of quantities of one item without serial numbers, judged row by row; taken only on confirmation."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields, replace

from sqlalchemy import select

from backend.domain import serials
from backend.domain.errors import Refusal
from backend.domain.people import Actor
from backend.domain.quantity_rows import QuantityRow
from backend.domain.receiving import Condition, ScannedUnit, spread
from backend.models import Intake
from backend.services.filling import locked_filling, must_be_draft
from backend.services.importing import ItemFile, Outcome, Policy, RowAnswer, must_be_good, told_before
from backend.services.intakes import Asked, first_answer, keep_answer
from backend.services.open_receipts import OpenReceipts
from backend.services.receipt_facts import ReceiptState
from backend.unit_of_work import UnitOfWork

_KIND = "quantity_file"


class QuantityFile(ItemFile[QuantityRow]):
    """Goods without serial numbers, by quantity."""

    __slots__ = ()


def try_goods(work: UnitOfWork, actor: Actor, *, receipt_id: str, file: QuantityFile) -> list[RowAnswer]:
    """Say what a file would do to a receipt or opening stock, and do nothing.

    Raises:
        DomainError: ``receipt_unknown``, ``voucher_not_open``, ``item_not_on_order``, ``forbidden``.
    """
    receipt, _ = locked_filling(work, actor, receipt_id)
    must_be_draft(receipt)
    with work.connection.begin_nested() as trial:
        answers, _, _ = _judge(work, actor, receipt_id, file)
        trial.rollback()
    return answers


def add_goods_of(
    work: UnitOfWork, actor: Actor, *, receipt_id: str, file: QuantityFile, policy: Policy, intake_id: str
) -> list[RowAnswer]:
    """Put the quantities of a file on a receipt or opening stock.

    A row that says what one of an earlier file for the same voucher said adds nothing, so that neither the same file
    again nor a corrected one counts goods twice. The same ``intake_id`` again gets the first answer.

    Raises:
        DomainError: ``rows_refused`` with ``ALL_OR_NOTHING`` and a row that cannot be received, and what
            :func:`try_goods` raises.
    """
    beside = {each.name: getattr(file, each.name) for each in fields(file) if each.name != "rows"}
    asked = Asked(intake_id, receipt_id, _KIND, beside | {"policy": policy})
    receipt, feed = locked_filling(work, actor, receipt_id)
    first = first_answer(work, asked)
    if first is not None:
        told = told_before(first["others"])
        return [told.get(row.row) or _new(row) for row in file.complete()]
    must_be_draft(receipt)
    answers, receipts, taken = _judge(work, actor, receipt_id, file)
    must_be_good(answers, policy)
    receipts.write()
    if taken:
        feed.tell("list_added", voucher_id=receipt_id)
    others = [asdict(answer) for answer in answers if answer.outcome is not Outcome.NEW]
    keep_answer(work, actor, asked, {"others": others, "taken": taken})
    feed.close()
    work.session.expire(receipt)
    return answers


def _judge(
    work: UnitOfWork, actor: Actor, receipt_id: str, file: QuantityFile
) -> tuple[list[RowAnswer], OpenReceipts, list[str]]:
    """The answers, what they would change, and the marks of the rows that are taken."""
    rows = file.complete()
    receipts = OpenReceipts(
        work,
        receipt_ids={receipt_id},
        codes=(),
        serial_nos=(),
        batch_nos={row.batch_no for row in rows if row.batch_no},
    )
    state = receipts.receipts[receipt_id]
    receipts.line_for(state, file.item_id)
    before = _taken_before(work, receipt_id)
    answers, taken = [], []
    for row, mark in zip(rows, _marks(file.item_id, rows), strict=True):
        if row.refusal:
            answers.append(_refused(row, row.refusal))
        elif mark in before:
            answers.append(_refused(row, _said_before(row), Outcome.ALREADY_SCANNED))
        elif refusal := _receive(receipts, state, row, file.item_id, actor):
            answers.append(_refused(row, refusal))
        else:
            answers.append(_new(row))
            taken.append(mark)
    return answers, receipts, taken


def _receive(
    receipts: OpenReceipts, state: ReceiptState, row: QuantityRow, item_id: int, actor: Actor
) -> Refusal | None:
    """Put the quantity of a row on the receipt, all of it, or say why not."""
    unit = ScannedUnit(None, row.batch_no, row.manufactured_on, row.expires_on)
    shares = [(line, replace(unit, qty=qty)) for line, qty in spread(state.lines_of(item_id), row.qty)]
    for line, share in shares:
        verdict = receipts.judge_on(state, share, line)
        if isinstance(verdict, Refusal):
            return verdict
    for line, share in shares:
        # Once more, since a share before may have made the batch.
        verdict = receipts.judge_on(state, share, line)
        if isinstance(verdict, Refusal):
            return verdict
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


def _marks(item_id: int, rows: Sequence[QuantityRow]) -> Iterator[str]:
    """What tells a row from others of its voucher: what it says, and how often the file said that above."""
    above: Counter[str] = Counter()
    for row in rows:
        said = json.dumps(
            [item_id, serials.key(row.batch_no or ""), str(row.qty), row.manufactured_on, row.expires_on], default=str
        )
        yield hashlib.sha256(f"{said} {above[said]}".encode()).hexdigest()[:32]
        above[said] += 1


def _taken_before(work: UnitOfWork, receipt_id: str) -> set[str]:
    files = work.session.scalars(select(Intake.answer).where(Intake.voucher_id == receipt_id, Intake.kind == _KIND))
    return {mark for answer in files for mark in answer["taken"]}


def _new(row: QuantityRow) -> RowAnswer:
    return RowAnswer(row.row, "", Outcome.NEW, "ok", f"{_said(row)}: new.", "", qty=_shown(row))


def _refused(row: QuantityRow, refusal: Refusal, outcome: Outcome | None = None) -> RowAnswer:
    outcome = outcome or (Outcome.REFUSED if row.text else Outcome.BLANK)
    return RowAnswer(row.row, "", outcome, refusal.code, refusal.message, refusal.next_step, qty=_shown(row))


def _said_before(row: QuantityRow) -> Refusal:
    return Refusal(
        "row_taken_before",
        f"{_said(row)}: a file before this one said the same, and it counts once.",
        "Nothing to do. If as much came once more, write the sum in one row or enter the quantity by hand.",
    )


def _said(row: QuantityRow) -> str:
    batch = f" of batch {serials.printable(row.batch_no)[:64]}" if row.batch_no else ""
    return f"{_shown(row)}{batch}"


def _shown(row: QuantityRow) -> str:
    return serials.printable(row.text[:40])
