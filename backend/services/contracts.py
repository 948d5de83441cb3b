"""Service contracts (AMC): a customer's units, with days of their own."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from backend.domain import serials
from backend.domain.availability import UnitFacts
from backend.domain.claims import refusal_of_cover
from backend.domain.errors import refuse
from backend.domain.people import Actor, Permission
from backend.models import ContractEvent, ContractUnit, MaintenancePlan, Party, ServiceContract
from backend.services.choosing import chosen
from backend.services.feed import SiteFeed
from backend.services.numbering import draw
from backend.services.vouchers import digest_of, id_reused
from backend.unit_of_work import UnitOfWork

SERIES = "AMC-.YYYY.-.#####"


@dataclass(frozen=True, slots=True)
class NewContract:
    """What a supervisor agrees with a customer.

    Args:
        contract_id: UUID made by the caller.
        site_id: The site that serves it.
        customer: Code of the customer.
        serial_nos: The units, each once.
        start_on: First day.
        end_on: Last day, which counts.
        number: Drawn when none is given.
        remark: Kept as it is.
    """

    contract_id: str
    site_id: int
    customer: str
    serial_nos: tuple[str, ...]
    start_on: date
    end_on: date
    number: str | None = None
    remark: str | None = None

    @property
    def digest(self) -> str:
        """What tells a request that is sent again from another one with the same id."""
        keys = sorted(serials.key(serial_no) for serial_no in self.serial_nos)
        return digest_of(self.site_id, self.customer, keys, self.start_on, self.end_on, self.number, self.remark)


def make(work: UnitOfWork, actor: Actor, wanted: NewContract) -> ServiceContract:
    """Make a contract; the same id again answers with the same one.

    Raises:
        DomainError: ``customer_unknown``, ``contract_days``, ``number_taken``, ``id_reused``, ``forbidden``,
            ``serial_not_sold``, ``serial_of_other_customer``, and the refusals of serial numbers.
    """
    actor.must(Permission.ORDERS_MANAGE, wanted.site_id)
    feed = SiteFeed(work, wanted.site_id)
    known = work.session.get(ServiceContract, wanted.contract_id)
    if known is not None:
        if known.request_digest != wanted.digest:
            raise id_reused(wanted.contract_id)
        return known
    _must_be_days(wanted.start_on, wanted.end_on)
    customer = work.session.scalar(select(Party).where(Party.code == wanted.customer, Party.kind == "customer"))
    if customer is None:
        raise refuse("customer_unknown", f"There is no customer {wanted.customer}.", "Choose a customer of the list.")
    units: list[UnitFacts] = chosen(
        work.connection, wanted.serial_nos, lambda unit: refusal_of_cover(unit, wanted.customer)
    )

    def is_taken(number: str) -> bool:
        return work.session.scalar(select(ServiceContract.id).where(ServiceContract.number == number)) is not None

    if wanted.number is not None and is_taken(wanted.number):
        raise refuse("number_taken", f"There is a contract {wanted.number} already.", "Choose another number.")
    contract = ServiceContract(
        id=wanted.contract_id,
        number=wanted.number or draw(work, SERIES, is_taken=is_taken),
        site_id=wanted.site_id,
        party_id=customer.id,
        start_on=wanted.start_on,
        end_on=wanted.end_on,
        remark=wanted.remark,
        request_digest=wanted.digest,
        made_by_id=actor.user_id,
        made_at=work.now,
        units=[ContractUnit(serial_id=unit.serial_id) for unit in units],
    )
    work.session.add(contract)
    _note(work, actor, contract, "made", added=[unit.serial_no for unit in units])
    feed.tell("contract_changed")
    feed.close()
    return contract


@dataclass(frozen=True, slots=True)
class ContractChange:
    """What a contract is from now on.

    Args:
        contract_id: The contract.
        serial_nos: All its units, each once.
        start_on: First day.
        end_on: Last day, which counts.
        remark: Kept as it is.
        reason: Why it is changed.
    """

    contract_id: str
    serial_nos: tuple[str, ...]
    start_on: date
    end_on: date
    reason: str
    remark: str | None = None


def change(work: UnitOfWork, actor: Actor, wanted: ContractChange) -> ServiceContract:
    """Change the days, the units and the remark of a contract, with a reason; said again, it changes nothing.

    What was decided under the old terms stays: a claim keeps the answer that it got. A unit that stays may have been
    sold on meanwhile; only one that is new must be the customer's. One that ended early runs again by a later day.

    Raises:
        DomainError: ``contract_unknown``, ``contract_days``, ``plan_of_contract`` for a unit that is removed while it
            is looked after under the contract, ``forbidden``, ``serial_not_sold``, ``serial_of_other_customer``, and
            the refusals of serial numbers.
    """
    contract, feed = _locked(work, actor, wanted.contract_id)
    _must_be_days(wanted.start_on, wanted.end_on)
    customer = contract.party.code
    before = {unit.serial_id: unit.serial.serial_no for unit in contract.units}
    chosen_now = chosen(
        work.connection,
        wanted.serial_nos,
        lambda unit: None if unit.serial_id in before else refusal_of_cover(unit, customer),
    )
    now = {unit.serial_id: unit.serial_no for unit in chosen_now}
    _must_not_be_planned(work, contract, before.keys() - now.keys())
    added = [now[unit_id] for unit_id in now if unit_id not in before]
    removed = [before[unit_id] for unit_id in before if unit_id not in now]
    days = (wanted.start_on, wanted.end_on)
    if not added and not removed and (contract.start_on, contract.end_on, contract.remark) == (*days, wanted.remark):
        return contract
    if contract.end_on != wanted.end_on:
        contract.end_reason = None
    contract.start_on, contract.end_on, contract.remark = *days, wanted.remark
    stay = [unit for unit in contract.units if unit.serial_id in now]
    contract.units = stay + [ContractUnit(serial_id=unit_id) for unit_id in now if unit_id not in before]
    _note(work, actor, contract, "changed", reason=wanted.reason, added=added, removed=removed)
    feed.tell("contract_changed")
    feed.close()
    return contract


def end_early(work: UnitOfWork, actor: Actor, *, contract_id: str, last_day: date, reason: str) -> ServiceContract:
    """Let a contract end sooner, with a reason; said again, it changes nothing.

    Raises:
        DomainError: ``contract_unknown``, ``contract_days``, ``forbidden``.
    """
    contract, feed = _locked(work, actor, contract_id)
    if not contract.start_on <= last_day <= contract.end_on:
        raise refuse(
            "contract_days",
            f"{contract.number} runs from {contract.start_on} to {contract.end_on}; {last_day} is not one of its days.",
            "Choose a day on which it runs.",
        )
    if contract.end_on != last_day:
        contract.end_on, contract.end_reason = last_day, reason
        _note(work, actor, contract, "ended", reason=reason)
        feed.tell("contract_changed")
    feed.close()
    return contract


def _locked(work: UnitOfWork, actor: Actor, contract_id: str) -> tuple[ServiceContract, SiteFeed]:
    contract = work.session.get(ServiceContract, contract_id)
    if contract is None:
        raise refuse("contract_unknown", "There is no such contract.", "Go back to the list and open it again.")
    actor.must(Permission.ORDERS_MANAGE, contract.site_id)
    feed = SiteFeed(work, contract.site_id)
    work.session.refresh(contract)
    return contract, feed


def _must_be_days(start_on: date, end_on: date) -> None:
    if end_on < start_on:
        raise refuse(
            "contract_days",
            f"The contract would end on {end_on}, before it begins on {start_on}.",
            "Correct the two days.",
        )


def _must_not_be_planned(work: UnitOfWork, contract: ServiceContract, removed: Collection[int]) -> None:
    plan = work.session.scalars(
        select(MaintenancePlan).where(
            MaintenancePlan.contract_id == contract.id,
            MaintenancePlan.serial_id.in_(removed),
            MaintenancePlan.ended_at.is_(None),
        )
    ).first()
    if plan is not None:
        raise refuse(
            "plan_of_contract",
            f"{plan.serial.serial_no} is looked after under {contract.number}: {plan.name}.",
            "End its maintenance plan first.",
            serial_no=plan.serial.serial_no,
        )


def _note(
    work: UnitOfWork,
    actor: Actor,
    contract: ServiceContract,
    kind: str,
    *,
    reason: str | None = None,
    added: Sequence[str] = (),
    removed: Sequence[str] = (),
) -> None:
    contract.events.append(
        ContractEvent(
            kind=kind,
            start_on=contract.start_on,
            end_on=contract.end_on,
            units_added=sorted(added),
            units_removed=sorted(removed),
            reason=reason,
            by_id=actor.user_id,
            at=work.now,
        )
    )
    work.session.flush()
