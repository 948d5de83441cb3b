"""Units that come without a serial number: the system numbers them as they are received."""

from dataclasses import asdict, dataclass
from datetime import date

from backend.domain import serials
from backend.domain.batch_dates import BatchDates, out_of_order
from backend.domain.errors import DomainError, refuse
from backend.domain.people import Actor
from backend.domain.receiving import Condition
from backend.models import Batch, Item
from backend.services.filling import Filled, locked_filling, must_be_draft
from backend.services.intakes import Asked, first_answer, keep_answer
from backend.services.listed_receiving import SerialList, put_on
from backend.services.numbering import draw_batch_no, draw_serials
from backend.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class WantedUnits:
    """Units of one item to be numbered; ``batch_no`` and the dates hold for all of them."""

    item_id: int
    count: int
    batch_no: str | None = None
    manufactured_on: date | None = None
    expires_on: date | None = None
    condition: Condition = Condition.ACCEPTED
    reason: str | None = None


def add_numbered(
    work: UnitOfWork, actor: Actor, *, receipt_id: str, wanted: WantedUnits, intake_id: str | None = None
) -> list[str]:
    """Draw serial numbers of the item's series and put them on a receipt or opening stock, all or none.

    Returns:
        The serial numbers, in the order of the series; the same ``intake_id`` again gets the same ones.

    Raises:
        DomainError: What ``numbering.draw_serials`` and ``listed_receiving.add_list`` raise.
    """
    asked = Asked(intake_id, receipt_id, "numbers", asdict(wanted)) if intake_id else None
    # The site before the series, as whoever opens a receipt takes them: two that wait for each other never end.
    receipt, feed = locked_filling(work, actor, receipt_id)
    answer = first_answer(work, asked)
    if answer is not None:
        return list(answer["serial_nos"])
    must_be_draft(receipt)
    drawn = draw_serials(work, item_of(work, receipt, wanted.item_id), wanted.count)
    put_on(
        work,
        actor,
        feed,
        receipt_id,
        SerialList(
            wanted.item_id,
            tuple(drawn),
            wanted.batch_no,
            wanted.manufactured_on,
            wanted.expires_on,
            wanted.condition,
            wanted.reason,
            # The supplier announced other numbers, or none: these are ours.
            takes_unexpected=True,
        ),
    )
    keep_answer(work, actor, asked, {"serial_nos": drawn})
    feed.close()
    work.session.expire(receipt)
    return drawn


@dataclass(frozen=True, slots=True)
class WantedBatch:
    """A batch of an item that is to be numbered."""

    item_id: int
    manufactured_on: date | None = None
    expires_on: date | None = None


def number_batch(
    work: UnitOfWork, actor: Actor, *, receipt_id: str, wanted: WantedBatch, intake_id: str | None = None
) -> str:
    """Draw a batch number of the item's series, for units that come without one.

    Returns:
        The batch number; the same ``intake_id`` again gets the same one.

    Raises:
        DomainError: ``item_not_on_order``, ``expiry_before_manufacture``, what ``numbering.draw_batch_no`` raises,
            and what ``listed_receiving.add_list`` raises.
    """
    asked = Asked(intake_id, receipt_id, "batch", asdict(wanted)) if intake_id else None
    receipt, feed = locked_filling(work, actor, receipt_id)
    answer = first_answer(work, asked)
    if answer is not None:
        return str(answer["batch_no"])
    must_be_draft(receipt)
    item = item_of(work, receipt, wanted.item_id)
    dates = BatchDates(wanted.manufactured_on, wanted.expires_on)
    if refusal := out_of_order(f"{item.item_code}: the batch", dates):
        raise DomainError(refusal)
    batch_no = draw_batch_no(work, item)
    work.session.add(
        Batch(
            item_id=item.id,
            batch_no=batch_no,
            batch_key=serials.key(batch_no),
            manufactured_on=wanted.manufactured_on,
            expires_on=wanted.expires_on,
            supplier_id=receipt.party_id,
            created_at=work.now,
        )
    )
    work.session.flush()
    keep_answer(work, actor, asked, {"batch_no": batch_no})
    feed.close()
    return batch_no


def item_of(work: UnitOfWork, receipt: Filled, item_id: int) -> Item:
    """An item that a voucher takes: one of its order; opening stock takes any.

    Raises:
        DomainError: ``item_not_on_order``.
    """
    item = work.session.get(Item, item_id)
    is_ordered = receipt.source_id is None or item_id in {line.item_id for line in receipt.lines}
    if item is None or not is_ordered:
        raise refuse(
            "item_not_on_order",
            f"{item.item_code if item else 'The item'} is not on the order of {receipt.number}.",
            "Choose an item of the receipt.",
        )
    return item
