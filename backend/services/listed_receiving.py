"""Units that are typed, pasted or counted: a list of serial numbers, or a quantity of goods without any."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from backend.domain import serials as serial_rules
from backend.domain.errors import DomainError, Refusal, refuse
from backend.domain.ledger import Quantity
from backend.domain.people import Actor
from backend.domain.receiving import Condition, ScannedUnit, spread
from backend.services.feed import SiteFeed
from backend.services.filling import locked_filling, must_be_draft
from backend.services.intakes import Asked, first_answer, keep_answer
from backend.services.open_receipts import OpenReceipts
from backend.services.received_secondaries import Number, SecondaryBook
from backend.unit_of_work import UnitOfWork

_TOLD = 1000
"""Serial numbers that a refusal names."""


@dataclass(frozen=True, slots=True)
class SerialList:
    """Serial numbers of one item, typed or pasted, that arrived in one condition.

    ``batch_no`` and the dates hold for all of them; ``takes_unexpected`` takes those, too, that the supplier did
    not announce. ``secondary_serials`` are further numbers, each with the serial number of its unit.
    """

    item_id: int
    serial_nos: tuple[str, ...]
    batch_no: str | None = None
    manufactured_on: date | None = None
    expires_on: date | None = None
    condition: Condition = Condition.ACCEPTED
    reason: str | None = None
    takes_unexpected: bool = False
    secondary_serials: tuple[tuple[str, Number], ...] = ()


@dataclass(frozen=True, slots=True)
class CountedGoods:
    """So much of an item whose units have no serial numbers."""

    item_id: int
    qty: Quantity
    batch_no: str | None = None
    manufactured_on: date | None = None
    expires_on: date | None = None
    condition: Condition = Condition.ACCEPTED
    reason: str | None = None


def add_list(
    work: UnitOfWork, actor: Actor, *, receipt_id: str, serials: SerialList, intake_id: str | None = None
) -> int:
    """Put a list of serial numbers on a receipt or opening stock, all or none.

    Returns:
        How many were put on; the same ``intake_id`` again gets the first answer and adds nothing.

    Raises:
        DomainError: ``list_refused`` with the refusal of every serial number that cannot be received,
            ``secondary_of_no_unit``, ``receipt_unknown``, ``voucher_not_open``, ``id_reused``, ``forbidden``.
    """
    asked = Asked(intake_id, receipt_id, "list", asdict(serials)) if intake_id else None
    receipt, feed = locked_filling(work, actor, receipt_id)
    answer = first_answer(work, asked)
    if answer is not None:
        return int(answer["added"])
    must_be_draft(receipt)
    put_on(work, actor, feed, receipt_id, serials)
    keep_answer(work, actor, asked, {"added": len(serials.serial_nos)})
    feed.close()
    work.session.expire(receipt)
    return len(serials.serial_nos)


def put_on(work: UnitOfWork, actor: Actor, feed: SiteFeed, receipt_id: str, serials: SerialList) -> None:
    """Put a list on a voucher that is locked and a draft.

    Raises:
        DomainError: ``list_refused``, ``secondary_of_no_unit``.
    """
    receipts = _opened(work, receipt_id, serials.batch_no, serials.serial_nos)
    state = receipts.receipts[receipt_id]
    book = SecondaryBook(work, (number for _, number in serials.secondary_serials))
    numbers = _by_unit(serials)
    refused: list[dict[str, Any]] = []
    for index, serial_no in enumerate(serials.serial_nos):
        unit = ScannedUnit(
            serial_no,
            serials.batch_no,
            serials.manufactured_on,
            serials.expires_on,
            takes_unexpected=serials.takes_unexpected,
        )
        verdict = receipts.judge(state, unit, serials.item_id)
        refusal = (
            verdict
            if isinstance(verdict, Refusal)
            else book.note(serials.item_id, serial_no, numbers.get(serial_rules.key(serial_no), ()))
        )
        if refusal is not None:
            refused.append(
                {
                    "index": index,
                    "serial_no": serial_no,
                    "code": refusal.code,
                    "message": refusal.message,
                    "next_step": refusal.next_step,
                }
            )
        elif not isinstance(verdict, Refusal):
            receipts.add(state, *verdict, by=actor.username, **_columns(actor, serials))
    if refused:
        raise DomainError(
            Refusal(
                "list_refused",
                f"{len(refused)} of {len(serials.serial_nos)} serial numbers cannot be received, "
                f"the first is: {refused[0]['message']}",
                "Correct or remove them and send the list again; nothing of it was taken.",
                facts={"refused": refused[:_TOLD]},
            )
        )
    receipts.write()
    book.write(receipt_id)
    feed.tell("list_added", voucher_id=receipt_id)


def _by_unit(serials: SerialList) -> dict[str, list[Number]]:
    """The further numbers of a list, by the keys of its serial numbers.

    Raises:
        DomainError: ``secondary_of_no_unit`` for one whose unit is not on the list.
    """
    on_list = {serial_rules.key(serial_no) for serial_no in serials.serial_nos}
    numbers = defaultdict(list)
    for serial_no, number in serials.secondary_serials:
        key = serial_rules.key(serial_no)
        if key not in on_list:
            raise refuse(
                "secondary_of_no_unit",
                f"{serial_rules.printable(number[1])} is a number of {serial_rules.printable(serial_no)}, "
                "which is not on the list.",
                "Put the unit on the list, too, or leave the number out.",
            )
        numbers[key].append(number)
    return numbers


def add_goods(
    work: UnitOfWork, actor: Actor, *, receipt_id: str, goods: CountedGoods, intake_id: str | None = None
) -> Quantity:
    """Put a quantity of goods without serial numbers on a receipt or opening stock.

    Where the order has the item on several lines they are filled in their order.

    Returns:
        How much was put on; the same ``intake_id`` again gets the first answer and adds nothing.

    Raises:
        DomainError: ``item_has_serials``, ``item_not_on_order``, ``over_receipt``, the refusals of a batch,
            and what :func:`add_list` raises.
    """
    asked = Asked(intake_id, receipt_id, "quantity", asdict(goods)) if intake_id else None
    receipt, feed = locked_filling(work, actor, receipt_id)
    if first_answer(work, asked) is not None:
        return goods.qty
    must_be_draft(receipt)
    receipts = _opened(work, receipt_id, goods.batch_no)
    state = receipts.receipts[receipt_id]
    item = receipts.line_for(state, goods.item_id).item
    if item.tracking.has_serial:
        raise refuse(
            "item_has_serials",
            f"Every unit of {item.item_code} has a serial number.",
            "Scan, type or upload the serial numbers, or let the system number the units.",
        )
    for line, qty in spread(state.lines_of(goods.item_id), goods.qty):
        unit = ScannedUnit(None, goods.batch_no, goods.manufactured_on, goods.expires_on, qty)
        verdict = receipts.judge_on(state, unit, line)
        if isinstance(verdict, Refusal):
            raise DomainError(verdict)
        receipts.add(state, *verdict, by=actor.username, **_columns(actor, goods))
    receipts.write()
    feed.tell("list_added", voucher_id=receipt_id)
    keep_answer(work, actor, asked, {})
    feed.close()
    work.session.expire(receipt)
    return goods.qty


def _opened(work: UnitOfWork, receipt_id: str, batch_no: str | None, serial_nos: Sequence[str] = ()) -> OpenReceipts:
    return OpenReceipts(
        work,
        receipt_ids={receipt_id},
        codes=(),
        serial_nos=set(serial_nos),
        batch_nos={batch_no} if batch_no else set(),
    )


def _columns(actor: Actor, units: SerialList | CountedGoods) -> dict[str, Any]:
    return {
        "condition": units.condition,
        "reason": units.reason,
        "scan_id": None,
        "user_id": actor.user_id,
        "scanned_at": None,
    }
