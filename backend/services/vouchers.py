"""What all vouchers share: an id made by the caller, which means one voucher for ever, and a number of a series."""

import hashlib
import json
from collections.abc import Mapping
from typing import TypeVar

from sqlalchemy import select

from backend.domain.errors import DomainError, refuse
from backend.domain.people import Actor, Permission
from backend.models import (
    CustomerReturn,
    DeliveryNote,
    Installation,
    OpeningStock,
    PickList,
    PurchaseOrder,
    PurchaseReceipt,
    Recall,
    RepairOrder,
    SalesInvoice,
    SalesOrder,
    ServiceVisit,
    SiteSeries,
    StockCount,
    StockEntry,
    StockTransfer,
    SupplierReturn,
    Voucher,
    WarrantyClaim,
)
from backend.services.feed import SiteFeed
from backend.services.numbering import draw
from backend.unit_of_work import UnitOfWork

Kind = TypeVar("Kind", bound=Voucher)

SERIES: Mapping[type[Voucher], str] = {
    PurchaseOrder: "PO-.YYYY.-.#####",
    PurchaseReceipt: "PR-.YYYY.-.#####",
    OpeningStock: "OS-.YYYY.-.#####",
    SalesOrder: "SO-.YYYY.-.#####",
    PickList: "PL-.YYYY.-.#####",
    DeliveryNote: "DN-.YYYY.-.#####",
    SalesInvoice: "SI-.YYYY.-.#####",
    StockTransfer: "ST-.YYYY.-.#####",
    SupplierReturn: "SR-.YYYY.-.#####",
    CustomerReturn: "CR-.YYYY.-.#####",
    Installation: "IN-.YYYY.-.#####",
    WarrantyClaim: "WC-.YYYY.-.#####",
    StockEntry: "SE-.YYYY.-.#####",
    RepairOrder: "RO-.YYYY.-.#####",
    ServiceVisit: "SV-.YYYY.-.#####",
    StockCount: "SC-.YYYY.-.#####",
    Recall: "RC-.YYYY.-.#####",
}
"""How a kind of voucher is numbered where a site does not say otherwise."""


def locked(
    work: UnitOfWork, actor: Actor, kind: type[Kind], voucher_id: str, permission: Permission
) -> tuple[Kind, SiteFeed]:
    """A voucher as it is once its site is locked, and the site's feed; whoever held the lock may have changed it.

    Raises:
        DomainError: ``voucher_unknown``, ``forbidden``.
    """
    voucher = work.session.get(kind, voucher_id)
    if voucher is None:
        raise refuse("voucher_unknown", "There is no such voucher.", "Go back to the list and open it again.")
    actor.must(permission, voucher.site_id)
    feed = SiteFeed(work, voucher.site_id)
    work.session.refresh(voucher)
    return voucher, feed


def must_be(voucher: Voucher, *statuses: str) -> None:
    """Raise the refusal ``voucher_not_open`` unless the voucher has one of these statuses."""
    if voucher.status not in statuses:
        raise refuse(
            "voucher_not_open",
            f"{voucher.number} is {voucher.status}.",
            "Open the voucher again to see what became of it.",
            number=voucher.number,
            status=voucher.status,
        )


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


def digest_of(*content: object) -> str:
    """What a request asked for, in a form to compare: the same id again must ask for the same."""
    return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()


def next_number(work: UnitOfWork, kind: type[Voucher], site_id: int | None) -> str:
    """Draw the number of a new voucher, by the series of its site."""
    of_kind = kind.__mapper__.polymorphic_identity

    def is_taken(number: str) -> bool:
        return (
            work.session.scalar(select(Voucher.id).where(Voucher.type == of_kind, Voucher.number == number)) is not None
        )

    own = work.connection.scalar(
        select(SiteSeries.pattern).where(SiteSeries.site_id == site_id, SiteSeries.kind == of_kind)
    )
    return draw(work, own or SERIES[kind], is_taken=is_taken)
