"""Goods back to their supplier, from stock or from the place for rejected goods."""

from sqlalchemy import select

from backend.domain.availability import Purpose, UnitFacts
from backend.domain.errors import refuse
from backend.domain.locations import LocationKind
from backend.domain.people import Actor, Permission
from backend.models import Party, PurchaseReceipt, SerialNumber, SupplierReturn
from backend.services.feed import SiteFeed
from backend.services.moving import Wanted, known_voucher, moves_to, post, shelf, submitted, take
from backend.services.places import only_place
from backend.unit_of_work import UnitOfWork


def return_to_supplier(
    work: UnitOfWork, actor: Actor, wanted: Wanted, *, supplier_code: str, receipt_id: str | None = None
) -> SupplierReturn:
    """Send units and goods back; the same id again answers with the same return.

    Args:
        work: The unit of work.
        actor: Needs ``move`` at the site.
        wanted: What, and where from.
        supplier_code: Who gets it.
        receipt_id: The receipt that brought it, when the return is against one.

    Raises:
        DomainError: ``supplier_unknown``, ``receipt_unknown``, ``serial_of_other_supplier``,
            ``serial_of_other_receipt``, ``location_unknown``, ``id_reused``, ``forbidden``, and what
            :func:`backend.services.moving.take` raises.
    """
    place, site_id = shelf(work, wanted.location_id)
    actor.must(Permission.MOVE, site_id)
    feed = SiteFeed(work, site_id)
    digest = wanted.digest(supplier_code, receipt_id)
    known = known_voucher(work, SupplierReturn, wanted, digest)
    if known is not None:
        return known
    supplier = work.session.scalar(select(Party).where(Party.code == supplier_code, Party.kind == "supplier"))
    if supplier is None:
        raise refuse("supplier_unknown", f"There is no supplier {supplier_code}.", "Choose a supplier of the list.")
    receipt = _receipt(work, receipt_id, site_id, supplier)
    taken = take(work, actor, wanted, place, Purpose.RETURN_TO_SUPPLIER)
    _must_come_from(work, taken.units, supplier, receipt)
    note = submitted(
        work,
        actor,
        SupplierReturn,
        wanted,
        place,
        taken,
        digest=digest,
        site_id=site_id,
        party_id=supplier.id,
        source_id=receipt_id,
    )
    post(
        work,
        feed,
        note,
        moves_to(note, taken, place, only_place(work, site_id, LocationKind.SUPPLIER)),
        actor,
    )
    feed.tell("stock_moved", voucher_id=note.id)
    feed.close()
    return note


def _receipt(work: UnitOfWork, receipt_id: str | None, site_id: int, supplier: Party) -> PurchaseReceipt | None:
    if receipt_id is None:
        return None
    receipt = work.session.get(PurchaseReceipt, receipt_id)
    if receipt is None or receipt.site_id != site_id or receipt.party_id != supplier.id:
        raise refuse(
            "receipt_unknown", f"{supplier.code} has no such receipt here.", "Choose a receipt of this supplier."
        )
    return receipt


def _must_come_from(work: UnitOfWork, units: list[UnitFacts], supplier: Party, receipt: PurchaseReceipt | None) -> None:
    came = {
        row.id: row
        for start in range(0, len(units), 500)
        for row in work.connection.execute(
            select(SerialNumber.id, SerialNumber.supplier_id, SerialNumber.receipt_id, Party.code)
            .outerjoin(Party, Party.id == SerialNumber.supplier_id)
            .where(SerialNumber.id.in_([unit.serial_id for unit in units[start : start + 500]]))
        )
    }
    for unit in units:
        row = came[unit.serial_id]
        if row.supplier_id not in (None, supplier.id):
            raise refuse(
                "serial_of_other_supplier",
                f"{unit.serial_no} came from {row.code}, not from {supplier.code}.",
                f"Return it to {row.code}.",
                serial_no=unit.serial_no,
                supplier=row.code,
            )
        if receipt is not None and row.receipt_id != receipt.id:
            raise refuse(
                "serial_of_other_receipt",
                f"{unit.serial_no} did not come with {receipt.number}.",
                "Return it without naming a receipt, or against its own.",
                serial_no=unit.serial_no,
                number=receipt.number,
            )
