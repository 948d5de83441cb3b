"""Repair orders: a customer's unit comes into our custody without a return, and goes back or is scrapped."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select

from backend.domain import serials
from backend.domain.availability import UnitFacts
from backend.domain.claims import ClaimOutcome
from backend.domain.errors import refuse
from backend.domain.ledger import Move
from backend.domain.locations import LocationKind, UnitState
from backend.domain.people import Actor, Permission
from backend.domain.servicing import RepairOutcome, refusal_of_intake
from backend.models import CustomerReturn, Location, Party, RepairOrder, VoucherLine, WarrantyClaim
from backend.services import warranties
from backend.services.attachments import attach
from backend.services.choosing import chosen, facts_of, sites_of
from backend.services.dating import business_date, must_follow
from backend.services.feed import SiteFeed, lock_sites
from backend.services.places import only_place
from backend.services.stock import move_units, post_moves
from backend.services.technicians import technician_named
from backend.services.vouchers import digest_of, id_reused, locked, made_before, must_be, next_number
from backend.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Intake:
    """A unit that a customer brings for repair.

    Args:
        order_id: UUID made by the caller.
        site_id: Where it is taken in.
        serial_no: The unit, as it was scanned or typed.
        customer: Code of the customer who brings it.
        complaint: What is wrong with it, in their words.
        done_at: When it was taken in, by the device's clock.
        item_id: Its item, where one serial number can be of several.
        accessories: What came with it.
        technician: Username of who is to repair it.
        attachment_ids: Pictures that were sent before.
        dated_on: When it was taken in, if not today.
        claim_id: The warranty claim for which it is repaired.
    """

    order_id: str
    site_id: int
    serial_no: str
    customer: str
    complaint: str
    done_at: datetime
    item_id: int | None = None
    accessories: str | None = None
    technician: str | None = None
    attachment_ids: tuple[str, ...] = ()
    dated_on: date | None = None
    claim_id: str | None = None

    @property
    def digest(self) -> str:
        """What tells a request that is sent again from another one with the same id."""
        return digest_of(
            self.site_id,
            serials.key(self.serial_no),
            self.item_id,
            self.customer,
            self.complaint,
            self.accessories,
            self.technician,
            self.attachment_ids,
            self.dated_on,
            *((self.claim_id,) if self.claim_id else ()),
        )


def take_in(work: UnitOfWork, actor: Actor, intake: Intake) -> RepairOrder:
    """Take a customer's unit into custody; the same id again answers with the same order.

    The unit is where goods in repair are, which is no stock, and the customer stays its owner. One that was sold
    by another site comes over the place in transit, so that each site's ledger tells its own part.

    Raises:
        DomainError: ``customer_unknown``, ``serial_unknown``, ``ambiguous_item``, ``technician_unknown``,
            ``claim_not_for_repair``, ``id_reused``, ``forbidden``, what
            :func:`backend.domain.servicing.refusal_of_intake` and :func:`backend.services.attachments.attach`
            answer, and the refusals of dates.
    """
    actor.must(Permission.SERVICE, intake.site_id)
    feeds = lock_sites(work, intake.site_id, *sites_of(work.connection, [intake.serial_no]))
    known = made_before(work, RepairOrder, intake.order_id)
    if known is not None:
        if known.request_digest != intake.digest:
            raise id_reused(intake.order_id)
        return known
    customer = work.session.scalar(select(Party).where(Party.code == intake.customer, Party.kind == "customer"))
    if customer is None:  # One who is retired may still bring what they bought.
        raise refuse("customer_unknown", f"There is no customer {intake.customer}.", "Choose a customer of the list.")
    brought_by = customer.code
    (unit,) = chosen(
        work.connection,
        [intake.serial_no],
        lambda unit: refusal_of_intake(unit, brought_by),
        item_id=intake.item_id,
    )
    if intake.claim_id is not None:
        _must_be_for_repair(work, intake.claim_id, unit)
    dated_on = business_date(work, intake.dated_on)
    must_follow(work, [unit.serial_id], dated_on)
    order = _written(
        work,
        actor,
        unit,
        id=intake.order_id,
        number=next_number(work, RepairOrder, intake.site_id),
        site_id=intake.site_id,
        party_id=customer.id,
        source_id=intake.claim_id,
        dated_on=dated_on,
        request_digest=intake.digest,
        complaint=intake.complaint,
        accessories=intake.accessories,
        technician_id=technician_named(work, actor, intake.site_id, intake.technician),
        done_at=intake.done_at,
    )
    attach(work, actor, order, intake.attachment_ids)
    came_from = work.session.get_one(Location, unit.location_id)
    here = only_place(work, intake.site_id, LocationKind.REPAIR)
    if came_from.site_id in (intake.site_id, None):
        _move(work, feeds[intake.site_id], order, unit, unit.location_id, here, actor, owner=customer)
    else:
        transit = only_place(work, came_from.site_id, LocationKind.TRANSIT)
        _move(work, feeds[came_from.site_id], order, unit, unit.location_id, transit, actor, owner=customer)
        _move(work, feeds[intake.site_id], order, unit, transit, here, actor, owner=customer)
    _tell(feeds.values(), order)
    return order


def open_for_return(
    work: UnitOfWork, actor: Actor, feed: SiteFeed, came_with: CustomerReturn, unit: UnitFacts
) -> RepairOrder:
    """Repair a unit that came back: it is its customer's again, in our custody, and waits to be given back.

    Its id follows from the return and its own number: the inspection, which is asked for once, makes it.
    """
    customer = work.session.get_one(Party, came_with.party_id)
    number = next_number(work, RepairOrder, came_with.site_id)
    order = _written(
        work,
        actor,
        unit,
        id=str(uuid5(UUID(came_with.id), number)),
        number=number,
        site_id=came_with.site_id,
        party_id=customer.id,
        source_id=came_with.id,
        dated_on=work.today,
        complaint=came_with.remark or came_with.number,
        technician_id=None,
        done_at=work.now,
    )
    here = only_place(work, came_with.site_id, LocationKind.REPAIR)
    _move(work, feed, order, unit, unit.location_id, here, actor, owner=customer)
    feed.tell("repair_changed", voucher_id=order.id)
    return order


def link_to_claim(work: UnitOfWork, claim: WarrantyClaim) -> RepairOrder | None:
    """The repair order on which a claimed unit is here already; from now on it is the claim's, if it was nobody's.

    The site where the unit is must be locked.
    """
    order = work.session.scalars(
        select(RepairOrder).where(RepairOrder.serial_id == claim.serial_id, RepairOrder.status == "submitted")
    ).first()
    if order is not None and order.source_id is None:
        order.source_id = claim.id
        work.session.flush()
    return order


def end_repair(
    work: UnitOfWork, actor: Actor, *, order_id: str, outcome: RepairOutcome, remark: str | None = None
) -> RepairOrder:
    """Give a unit back to its customer, or scrap it as they wish; said again, it changes nothing.

    Raises:
        DomainError: ``voucher_unknown``, ``voucher_not_open``, ``serial_not_available``, ``forbidden``.
    """
    order, feed = locked(work, actor, RepairOrder, order_id, Permission.SERVICE)
    if order.outcome == outcome:
        return order
    must_be(order, "submitted")
    unit = facts_of(work.connection, [order.serial_id])[order.serial_id]
    if unit.state is not UnitState.IN_REPAIR:
        raise refuse(
            "serial_not_available",
            f"{unit.serial_no} is {unit.state.replace('_', ' ')}, in {unit.location}.",
            "Look the unit up: its page says what became of it.",
            serial_no=unit.serial_no,
            state=str(unit.state),
            location=unit.location,
        )
    is_back = outcome is RepairOutcome.GIVEN_BACK
    to = only_place(work, order.site_id, LocationKind.CUSTOMER if is_back else LocationKind.SCRAP)
    _move(work, feed, order, unit, unit.location_id, to, actor, owner=order.party if is_back else None)
    if is_back:
        warranties.resume(work, order, unit.serial_id, work.today)
    else:
        warranties.end_for(work, order, unit.serial_id, f"Scrapped with {order.number}.")
    order.status, order.outcome, order.end_remark = "closed", str(outcome), remark
    order.ended_by_id, order.ended_at = actor.user_id, work.now
    work.session.flush()
    _tell([feed], order)
    return order


def assign(work: UnitOfWork, actor: Actor, *, order_id: str, technician: str) -> RepairOrder:
    """Give an open repair order to a technician; said again, it changes nothing.

    Raises:
        DomainError: ``voucher_unknown``, ``voucher_not_open``, ``technician_unknown``, ``forbidden``.
    """
    order, feed = locked(work, actor, RepairOrder, order_id, Permission.SERVICE)
    must_be(order, "submitted")
    order.technician_id = technician_named(work, actor, order.site_id, technician)
    work.session.flush()
    feed.tell("repair_changed", voucher_id=order.id)
    feed.close()
    return order


def _must_be_for_repair(work: UnitOfWork, claim_id: str, unit: UnitFacts) -> None:
    claim = work.session.get(WarrantyClaim, claim_id)
    is_for_it = claim is not None and claim.serial_id == unit.serial_id
    if claim is None or not is_for_it or claim.outcome not in (None, ClaimOutcome.REPAIR):
        why = f"{claim.number} ended with {claim.outcome}" if claim and is_for_it else "The claim is for another unit"
        raise refuse(
            "claim_not_for_repair",
            f"{why}, so {unit.serial_no} is not repaired for it.",
            "Take the unit in without a claim, or enter another claim.",
            serial_no=unit.serial_no,
        )


def _written(work: UnitOfWork, actor: Actor, unit: UnitFacts, **columns: Any) -> RepairOrder:
    order = RepairOrder(
        status="submitted",
        opened_by_id=actor.user_id,
        opened_at=work.now,
        submitted_by_id=actor.user_id,
        submitted_at=work.now,
        serial_id=unit.serial_id,
        lines=[VoucherLine(idx=1, item_id=unit.item_id, qty=1)],
        **columns,
    )
    work.session.add(order)
    work.session.flush()
    return order


def _move(
    work: UnitOfWork,
    feed: SiteFeed,
    order: RepairOrder,
    unit: UnitFacts,
    left: int,
    to: int,
    actor: Actor,
    *,
    owner: Party | None,
) -> None:
    move = Move(unit.item_id, unit.serial_id, unit.batch_id, left, to, 1, order.lines[0].id)
    entries = post_moves(work, feed, order, [move], actor_id=actor.user_id)
    move_units(work, feed, entries, owner_id=owner.id if owner is not None else None)


def _tell(feeds: Iterable[SiteFeed], order: RepairOrder) -> None:
    for feed in feeds:
        feed.tell("repair_changed", voucher_id=order.id)
        feed.tell("stock_moved", voucher_id=order.id)
        feed.close()
