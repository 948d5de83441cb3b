"""A supervisor lets in more than was ordered: how much, of what, why; kept for ever."""

from dataclasses import dataclass

from sqlalchemy import update

from backend.domain.errors import DomainError, refuse
from backend.domain.ledger import Quantity
from backend.domain.people import Actor, Permission
from backend.domain.quantities import check_whole
from backend.domain.receiving import Tracking
from backend.models import Item, OverReceipt, VoucherLine, table
from backend.services.filling import locked_filling, must_be_draft
from backend.services.vouchers import id_reused
from backend.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class WantedMore:
    """So much more of an item than its order says."""

    id: str
    item_id: int
    qty: Quantity
    reason: str


def admit_more(work: UnitOfWork, actor: Actor, *, receipt_id: str, wanted: WantedMore) -> None:
    """Raise what a receipt's order may receive of an item; the same id again admits nothing more.

    Raises:
        DomainError: ``forbidden``, ``item_not_on_order``, ``quantity_not_whole``, ``id_reused``,
            ``receipt_unknown``, ``voucher_not_open``.
    """
    receipt, feed = locked_filling(work, actor, receipt_id)
    actor.must(Permission.OVERRIDE, receipt.site_id)
    known = work.session.get(OverReceipt, wanted.id)
    if known is not None:
        if (known.voucher_id, known.qty, known.reason) != (receipt_id, wanted.qty, wanted.reason):
            raise id_reused(wanted.id)
        return
    must_be_draft(receipt)
    item = work.session.get(Item, wanted.item_id)
    lines = [line.source_line_id for line in receipt.lines if line.item_id == wanted.item_id]
    if item is None or not lines or lines[-1] is None:
        raise refuse(
            "item_not_on_order",
            f"{item.item_code if item else 'The item'} is not on the order of {receipt.number}.",
            "Choose an item of the receipt.",
        )
    refusal = check_whole(wanted.qty, item.item_code, has_serial=Tracking(item.tracking).has_serial)
    if refusal:
        raise DomainError(refusal)
    work.session.add(
        OverReceipt(
            id=wanted.id,
            voucher_id=receipt_id,
            line_id=lines[-1],
            qty=wanted.qty,
            reason=wanted.reason,
            user_id=actor.user_id,
            at=work.now,
        )
    )
    line = table(VoucherLine)
    work.session.execute(update(line).where(line.c.id == lines[-1]).values(admitted=line.c.admitted + wanted.qty))
    work.session.flush()
    feed.tell("over_receipt", voucher_id=receipt_id)
    feed.close()
