"""Sales invoices: made from a delivery, whose serial numbers they name, or moving the stock themselves."""

from sqlalchemy import select

from backend.domain.errors import refuse
from backend.domain.people import Actor, Permission
from backend.models import DeliveryNote, Location, SalesInvoice, VoucherLine
from backend.services.delivering import deliver_goods
from backend.services.vouchers import id_reused, locked, made_before, must_be, next_number
from backend.services.wanted_goods import Wanted
from backend.unit_of_work import UnitOfWork


def invoice_delivery(
    work: UnitOfWork, actor: Actor, *, invoice_id: str, note_id: str, number: str | None = None
) -> SalesInvoice:
    """Bill a delivery; its lines name the serial numbers that were delivered. Again: the same answer.

    Raises:
        DomainError: ``already_invoiced``, ``voucher_unknown``, ``voucher_not_open``, ``number_taken``,
            ``id_reused``, ``forbidden``.
    """
    note, feed = locked(work, actor, DeliveryNote, note_id, Permission.ORDERS_MANAGE)
    known = made_before(work, SalesInvoice, invoice_id)
    if known is not None:
        if known.source_id != note.id:
            raise id_reused(invoice_id)
        return known
    must_be(note, "submitted")
    earlier = work.session.scalar(
        select(SalesInvoice.number).where(SalesInvoice.source_id == note.id, SalesInvoice.status != "cancelled")
    )
    if earlier is not None:
        raise refuse(
            "already_invoiced",
            f"{note.number} is already invoiced with {earlier}.",
            f"Open {earlier}; cancel it first if it is wrong.",
            number=note.number,
            voucher=earlier,
        )
    if number is not None and work.session.scalar(select(SalesInvoice.id).where(SalesInvoice.number == number)):
        raise refuse("number_taken", f"There is a voucher {number} already.", "Choose another number.")
    invoice = SalesInvoice(
        id=invoice_id,
        number=number or next_number(work, SalesInvoice, note.site_id),
        status="submitted",
        site_id=note.site_id,
        party_id=note.party_id,
        source_id=note.id,
        location_id=note.location_id,
        dated_on=work.today,
        opened_by_id=actor.user_id,
        opened_at=work.now,
        submitted_by_id=actor.user_id,
        submitted_at=work.now,
        lines=[
            VoucherLine(
                idx=line.idx, item_id=line.item_id, qty=line.qty, batch_id=line.batch_id, source_line_id=line.id
            )
            for line in note.lines
        ],
    )
    work.session.add(invoice)
    work.session.flush()
    feed.tell("invoice_made", voucher_id=invoice.id)
    feed.close()
    return invoice


def invoice_goods(work: UnitOfWork, actor: Actor, wanted: Wanted) -> SalesInvoice:
    """Bill goods and deliver them with the same voucher; see :func:`deliver_goods`."""
    place = work.session.get(Location, wanted.location_id)
    if place is not None and place.site_id is not None:
        actor.must(Permission.ORDERS_MANAGE, place.site_id)
    return deliver_goods(work, actor, SalesInvoice, wanted)
