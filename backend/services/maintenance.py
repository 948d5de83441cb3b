"""Maintenance plans: a unit that is looked after every so often, and what its visits do to the next date."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from backend.domain import serials
from backend.domain.availability import UnitFacts
from backend.domain.errors import refuse
from backend.domain.people import Actor, Permission
from backend.domain.servicing import Period, due_after, refusal_of_visit
from backend.models import ContractUnit, MaintenancePlan, ServiceVisit
from backend.services.choosing import chosen
from backend.services.feed import SiteFeed
from backend.services.technicians import technician_named
from backend.services.undoing import Cancelling, undoes
from backend.services.vouchers import digest_of, id_reused
from backend.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class PlanWanted:
    """A plan as a person wants it.

    Args:
        plan_id: UUID made by the caller.
        site_id: Whose technicians do it.
        serial_no: The unit.
        name: What is done: yearly inspection, filter change.
        every: How many days or months lie between two visits.
        period: Which of them.
        starts_on: The first date.
        item_id: Its item, where one serial number can be of several.
        contract_id: The service contract that it is done under.
        technician: Username of who does it.
    """

    plan_id: str
    site_id: int
    serial_no: str
    name: str
    every: int
    period: Period
    starts_on: date
    item_id: int | None = None
    contract_id: str | None = None
    technician: str | None = None

    @property
    def digest(self) -> str:
        """What tells a request that is sent again from another one with the same id."""
        return digest_of(
            self.site_id,
            serials.key(self.serial_no),
            self.item_id,
            self.name,
            self.every,
            str(self.period),
            self.starts_on,
            self.contract_id,
            self.technician,
        )


def make_plan(work: UnitOfWork, actor: Actor, wanted: PlanWanted) -> MaintenancePlan:
    """Plan the maintenance of a unit; the same id again answers with the same plan.

    Raises:
        DomainError: ``serial_not_sold``, ``serial_unknown``, ``ambiguous_item``, ``technician_unknown``,
            ``contract_unknown``, ``id_reused``, ``forbidden``.
    """
    actor.must(Permission.SERVICE, wanted.site_id)
    feed = SiteFeed(work, wanted.site_id)
    known = work.session.get(MaintenancePlan, wanted.plan_id)
    if known is not None:
        if known.request_digest != wanted.digest:
            raise id_reused(wanted.plan_id)
        return known
    (unit,) = chosen(work.connection, [wanted.serial_no], refusal_of_visit, item_id=wanted.item_id)
    plan = MaintenancePlan(
        id=wanted.plan_id,
        site_id=wanted.site_id,
        serial_id=unit.serial_id,
        name=wanted.name,
        contract_id=_contract_for(work, wanted.contract_id, unit),
        every=wanted.every,
        period=str(wanted.period),
        starts_on=wanted.starts_on,
        next_due_on=wanted.starts_on,
        technician_id=technician_named(work, actor, wanted.site_id, wanted.technician),
        request_digest=wanted.digest,
        made_by_id=actor.user_id,
        made_at=work.now,
    )
    work.session.add(plan)
    work.session.flush()
    feed.tell("plan_changed", unit_id=unit.serial_id)
    feed.close()
    return plan


def _contract_for(work: UnitOfWork, contract_id: str | None, unit: UnitFacts) -> str | None:
    if contract_id is not None and work.session.get(ContractUnit, (contract_id, unit.serial_id)) is None:
        raise refuse(
            "contract_unknown",
            f"{unit.serial_no} has no such service contract.",
            "Choose one of the unit's contracts, or leave it out.",
            serial_no=unit.serial_no,
        )
    return contract_id


def end_plan(work: UnitOfWork, actor: Actor, plan_id: str, reason: str) -> MaintenancePlan:
    """End a plan; said again, it changes nothing.

    Raises:
        DomainError: ``plan_unknown``, ``forbidden``.
    """
    plan = work.session.get(MaintenancePlan, plan_id)
    if plan is None:
        raise refuse("plan_unknown", "There is no such maintenance plan.", "Open the list of what is due again.")
    actor.must(Permission.SERVICE, plan.site_id)
    feed = SiteFeed(work, plan.site_id)
    work.session.refresh(plan)
    if plan.ended_at is None:
        plan.ended_at, plan.end_reason = work.now, reason
        work.session.flush()
        feed.tell("plan_changed", unit_id=plan.serial_id)
        feed.close()
    return plan


def plan_of(work: UnitOfWork, plan_id: str | None, unit: UnitFacts, site_id: int) -> MaintenancePlan | None:
    """The plan that a visit to a unit fulfils.

    Raises:
        DomainError: ``plan_unknown`` when it is over, another site's or another unit's.
    """
    if plan_id is None:
        return None
    plan = work.session.get(MaintenancePlan, plan_id)
    if plan is None or plan.site_id != site_id or plan.serial_id != unit.serial_id or plan.ended_at is not None:
        raise refuse(
            "plan_unknown",
            f"{unit.serial_no} has no such maintenance plan.",
            "Leave it out, or choose one of the unit's own.",
            serial_no=unit.serial_no,
        )
    return plan


def reckon(work: UnitOfWork, plan: MaintenancePlan) -> None:
    """Bring the next date of a plan up to date: from its start, over all visits to it that stand."""
    visits = work.session.scalars(
        select(ServiceVisit.dated_on)
        .where(ServiceVisit.plan_id == plan.id, ServiceVisit.status != "cancelled")
        .order_by(ServiceVisit.dated_on, ServiceVisit.opened_at)
    )
    due = plan.starts_on
    for visited_on in visits:
        due = due_after(plan.starts_on, plan.every, Period(plan.period), due_on=due, visited_on=visited_on)
    plan.next_due_on = due
    work.session.flush()


@undoes("service_visit")
def _is_due_again(cancelling: Cancelling) -> None:
    """What a cancelled visit had fulfilled is due again; its status is set after this, so it is left out here."""
    visit = cancelling.voucher
    if isinstance(visit, ServiceVisit) and visit.plan is not None:
        visit.status = "cancelled"
        cancelling.work.session.flush()
        reckon(cancelling.work, visit.plan)
