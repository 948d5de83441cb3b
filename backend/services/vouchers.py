"""What all vouchers share: an id made by the caller, which means one voucher for ever, and a number of a series."""

from collections.abc import Mapping
from typing import TypeVar

from sqlalchemy import select

from backend.domain.errors import DomainError, refuse
from backend.models import DeliveryNote, PurchaseOrder, PurchaseReceipt, Voucher
from backend.services.numbering import draw
from backend.unit_of_work import UnitOfWork

Kind = TypeVar("Kind", bound=Voucher)

_SERIES: Mapping[type[Voucher], str] = {
    PurchaseOrder: "PO-.YYYY.-.#####",
    PurchaseReceipt: "PR-.YYYY.-.#####",
    DeliveryNote: "DN-.YYYY.-.#####",
}


def made_before(work: UnitOfWork, kind: type[Kind], voucher_id: str) -> Kind | None:
    """The voucher that has this id already, for a request that is sent again.

    Raises:
        DomainError: ``id_reused`` when it is a voucher of another kind.
    """
    known = work.session.get(Voucher, voucher_id)
    if known is not None and not isinstance(known, kind):
        raise id_reused(voucher_id)
    return known


def id_reused(voucher_id: str) -> DomainError:
    """The refusal of an id that was used for something else; does not say for what, which may be another site's."""
    return refuse(
        "id_reused",
        f"The id {voucher_id} was used before for something else.",
        "This is a fault of the app on the device: start again, and report it.",
    )


def next_number(work: UnitOfWork, kind: type[Voucher]) -> str:
    """Draw the number of a new voucher."""
    of_kind = kind.__mapper__.polymorphic_identity

    def is_taken(number: str) -> bool:
        return (
            work.session.scalar(select(Voucher.id).where(Voucher.type == of_kind, Voucher.number == number)) is not None
        )

    return draw(work, _SERIES[kind], work.now.date(), is_taken=is_taken)
