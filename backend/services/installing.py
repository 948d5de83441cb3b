"""Installations: a unit is set up at its customer's, and what begins with that begins."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from backend.domain import serials
from backend.domain.claims import refusal_of_cover
from backend.domain.errors import refuse
from backend.domain.people import Actor, Permission
from backend.domain.warranty import Basis
from backend.models import Installation, Item, SerialNumber, StockLedgerEntry, Voucher, VoucherLine, Warranty
from backend.services import warranties
from backend.services.choosing import chosen
from backend.services.dating import business_date, must_follow
from backend.services.feed import SiteFeed
from backend.services.sales_orders import customer_of
from backend.services.vouchers import digest_of, id_reused, made_before, next_number
from backend.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class NewInstallation:
    """Who set up which unit at whose place.

    Args:
        voucher_id: UUID made by the caller.
        site_id: The site that serves it.
        customer: Code of the customer.
        serial_no: The unit.
        item_id: Its item, where one serial number can be of several.
        remark: Where it stands, what was done.
        dated_on: The business date; today when none is given.
        done_at: When, by the device's clock.
    """

    voucher_id: str
    site_id: int
    customer: str
    serial_no: str
    item_id: int | None = None
    remark: str | None = None
    dated_on: date | None = None
    done_at: datetime | None = None

    @property
    def digest(self) -> str:
        """What tells a request that is sent again from another one with the same id."""
        of_item = (self.item_id,) if self.item_id else ()
        return digest_of(self.site_id, self.customer, serials.key(self.serial_no), self.remark, self.dated_on, *of_item)


def install(work: UnitOfWork, actor: Actor, wanted: NewInstallation) -> Installation:
    """Note an installation and start the warranty of an item whose terms begin with it.

    Raises:
        DomainError: ``customer_unknown``, ``serial_not_sold``, ``serial_of_other_customer``, ``warranty_started``,
            ``warranty_voided``, ``id_reused``, ``forbidden``, and the refusals of serial numbers and dates.
    """
    actor.must(Permission.SERVICE, wanted.site_id)
    feed = SiteFeed(work, wanted.site_id)
    known = made_before(work, Installation, wanted.voucher_id)
    if known is not None:
        if known.request_digest != wanted.digest:
            raise id_reused(wanted.voucher_id)
        return known
    customer = customer_of(work, wanted.customer)
    (unit,) = chosen(
        work.connection,
        [wanted.serial_no],
        lambda unit: refusal_of_cover(unit, customer.code),
        item_id=wanted.item_id,
    )
    starts = work.session.get_one(Item, unit.item_id).warranty_basis == Basis.INSTALLATION
    if starts:
        _must_not_be_voided(work, unit.serial_id, unit.serial_no)
    dated_on = business_date(work, wanted.dated_on)
    must_follow(work, [unit.serial_id], dated_on)
    voucher = Installation(
        id=wanted.voucher_id,
        number=next_number(work, Installation, wanted.site_id),
        status="submitted",
        site_id=wanted.site_id,
        party_id=customer.id,
        remark=wanted.remark,
        dated_on=dated_on,
        request_digest=wanted.digest,
        opened_by_id=actor.user_id,
        opened_at=work.now,
        submitted_by_id=actor.user_id,
        submitted_at=work.now,
        lines=[VoucherLine(idx=1, item_id=unit.item_id, qty=1)],
    )
    work.session.add(voucher)
    work.session.flush()
    if starts:
        warranties.start_by(work, voucher, work.session.get_one(SerialNumber, unit.serial_id), Basis.INSTALLATION)
    feed.tell("warranty_changed", voucher_id=voucher.id, unit_id=unit.serial_id)
    feed.close()
    return voucher


def _must_not_be_voided(work: UnitOfWork, serial_id: int, serial_no: str) -> None:
    """A warranty that somebody voided since the unit was sold does not begin again with another installation."""
    sold_at = (
        select(func.max(StockLedgerEntry.posted_at))
        .join(Voucher, Voucher.id == StockLedgerEntry.voucher_id)
        .where(
            StockLedgerEntry.serial_id == serial_id,
            Voucher.type.in_(("delivery_note", "sales_invoice")),
            Voucher.status != "cancelled",
        )
        .scalar_subquery()
    )
    reason = work.session.scalar(
        select(Warranty.void_reason)
        .join(Installation, Installation.id == Warranty.voucher_id)
        .where(
            Warranty.serial_id == serial_id,
            Warranty.voided_at.is_not(None),
            Installation.status != "cancelled",
            Installation.submitted_at >= sold_at,
        )
    )
    if reason is not None:
        raise refuse(
            "warranty_voided",
            f"The warranty of {serial_no} began with an installation before and is void: {reason}",
            "Ask a supervisor; an installation that was a mistake is cancelled first.",
            serial_no=serial_no,
        )
