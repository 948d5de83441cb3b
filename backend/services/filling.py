"""Vouchers that units are put on, by scan, list, file or number, until they are posted: receipts, opening stock."""

from backend.domain.errors import refuse
from backend.domain.people import Actor, Permission
from backend.models import OpeningStock, PurchaseReceipt, Voucher
from backend.services.feed import SiteFeed
from backend.unit_of_work import UnitOfWork

Filled = PurchaseReceipt | OpeningStock


def locked_filling(work: UnitOfWork, actor: Actor, voucher_id: str) -> tuple[Filled, SiteFeed]:
    """A receipt or opening stock as it is once its site is locked; whoever held the lock may have posted it.

    Raises:
        DomainError: ``receipt_unknown``, ``forbidden``.
    """
    voucher = work.session.get(Voucher, voucher_id)
    if not isinstance(voucher, Filled):
        raise refuse("receipt_unknown", "There is no such receipt.", "Open the order again.")
    actor.must(permission_to_fill(type(voucher)), voucher.site_id)
    feed = SiteFeed(work, voucher.site_id)
    work.session.refresh(voucher)
    return voucher, feed


def permission_to_fill(kind: type[Filled]) -> Permission:
    """What a person needs to put units on a voucher."""
    return Permission.RECEIVE if kind is PurchaseReceipt else Permission.MOVE


def must_be_draft(voucher: Voucher) -> None:
    """Raise the refusal ``voucher_not_open`` unless more may be put on the voucher."""
    if voucher.status != "draft":
        raise refuse(
            "voucher_not_open",
            f"{voucher.number} is {voucher.status}.",
            "Open a new receipt for the order if units are still to come.",
            number=voucher.number,
        )
