"""Warranty claims: decided by rules the moment they are entered, and the decision says why."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from backend.domain.availability import UnitFacts
from backend.domain.errors import Refusal
from backend.domain.locations import UnitState
from backend.domain.warranty import COVERED, Coverage, WarrantyStatus


class Decision(StrEnum):
    """What became of a claim when it was entered; one that is refused is not kept."""

    ACCEPTED = "accepted"
    GOODWILL = "goodwill"
    HELD = "held"


class ClaimOutcome(StrEnum):
    """How a claim ended."""

    REPAIR = "repair"
    REPLACE = "replace"
    REFUND = "refund"
    REJECT = "reject"


class InspectionOutcome(StrEnum):
    """What becomes of a returned unit."""

    RESTOCK = "restock"
    REPAIR = "repair"
    REPLACE = "replace"
    SCRAP = "scrap"


GOODWILL = frozenset({"claim_expired", "claim_void", "claim_not_started", "claim_no_warranty", "serial_recalled"})
"""Refusals that a supervisor may pass as goodwill, with a reason."""


@dataclass(frozen=True, slots=True)
class ClaimedUnit:
    """What is known of a unit that somebody claims for.

    Args:
        serial_no: As it is written.
        state: Where it stands in its life.
        owner: Code of the customer who has it, or had it when it came for repair.
        sold_on: The day of its last sale.
        coverage: On the day of the claim.
        recall: Number of the recall that is open on it.
        open_claim: Number of a claim on it that is not ended.
    """

    serial_no: str
    state: UnitState
    owner: str | None
    sold_on: date | None
    coverage: Coverage
    recall: str | None = None
    open_claim: str | None = None


def refusal_of_claim(unit: ClaimedUnit, *, customer: str, claimed_on: date, today: date) -> Refusal | None:
    """Why a claim is refused; ``None`` when the warranty or a service contract covers it.

    The order is that of the questions a clerk asks: is it ours and sold, is it yours, is it due.
    """
    facts = {"serial_no": unit.serial_no}
    if claimed_on > today:
        return Refusal(
            "claim_in_future",
            f"The claim for {unit.serial_no} is dated {claimed_on}, which is still to come.",
            "Enter the day on which the customer asked.",
            facts=facts,
        )
    if unit.state not in (UnitState.SOLD, UnitState.IN_REPAIR) or unit.owner is None:
        return Refusal(
            "serial_not_sold",
            f"{unit.serial_no} is not sold: it is {unit.state.replace('_', ' ')}.",
            "Look the unit up: its page says what became of it.",
            facts=facts | {"state": str(unit.state)},
        )
    if unit.owner != customer:
        return of_other_customer(unit.serial_no, unit.owner, customer)
    if unit.sold_on is not None and claimed_on < unit.sold_on:
        return Refusal(
            "claim_before_sale",
            f"The claim for {unit.serial_no} is dated {claimed_on}, before its sale on {unit.sold_on}.",
            "Correct the day of the claim.",
            facts=facts | {"sold_on": unit.sold_on.isoformat()},
        )
    if unit.open_claim is not None:
        return Refusal(
            "already_claimed",
            f"{unit.serial_no} is claimed already by {unit.open_claim}, which is open.",
            f"Go on with {unit.open_claim}.",
            facts=facts | {"claim": unit.open_claim},
        )
    if unit.recall is not None:
        return Refusal(
            "serial_recalled",
            f"{unit.serial_no} is under the recall {unit.recall}.",
            f"Take it back under {unit.recall}, or let a supervisor take the claim as goodwill.",
            ({"kind": "goodwill"},),
            facts=facts | {"recall": unit.recall},
        )
    if unit.coverage.status in COVERED:
        return None
    return _not_covered(unit, facts | {"status": str(unit.coverage.status)})


def _not_covered(unit: ClaimedUnit, facts: dict[str, Any]) -> Refusal:
    rest: tuple[Any, ...] = (
        f"{unit.serial_no}: {unit.coverage.message}",
        "Offer a paid repair, or let a supervisor take the claim as goodwill with a reason.",
        ({"kind": "goodwill"},),
        facts,
    )
    match unit.coverage.status:
        case WarrantyStatus.OUT | WarrantyStatus.OUT_OF_AMC:
            return Refusal("claim_expired", *rest)
        case WarrantyStatus.VOID:
            return Refusal("claim_void", *rest)
        case WarrantyStatus.NONE:
            return Refusal("claim_no_warranty", *rest)
        case _:
            return Refusal("claim_not_started", *rest)


def refusal_of_return(unit: UnitFacts, customer: str, earlier: tuple[date, str] | None) -> Refusal | None:
    """Why a customer may not bring a unit back.

    Args:
        unit: The unit.
        customer: Code of the customer who brings it.
        earlier: The day and number of a return that stands, where the unit was not sold again since.
    """
    facts = {"serial_no": unit.serial_no}
    if earlier is not None:
        day, number = earlier
        return Refusal(
            "already_returned",
            f"{unit.serial_no} was already returned {day} with {number}.",
            f"Look at {number}: the unit waits there for its inspection, or is dealt with.",
            facts=facts | {"returned_on": day.isoformat(), "voucher": number},
        )
    if unit.state is UnitState.IN_REPAIR:
        return Refusal(
            "already_in_repair",
            f"{unit.serial_no} is in repair already, on {unit.last_voucher}.",
            f"Open {unit.last_voucher} and go on there.",
            facts=facts | {"voucher": unit.last_voucher},
        )
    if unit.state is not UnitState.SOLD or unit.owner is None:
        return Refusal(
            "serial_not_sold",
            f"{unit.serial_no} is not sold: it is {unit.state.replace('_', ' ')}.",
            "Check the serial number. Goods that nobody bought are received, moved or counted.",
            facts=facts | {"state": str(unit.state)},
        )
    if unit.owner != customer:
        return of_other_customer(unit.serial_no, unit.owner, customer)
    return None


def refusal_of_cover(unit: UnitFacts, customer: str) -> Refusal | None:
    """Why a customer's contract cannot be for a unit: it is not with them, nor in repair for them."""
    if unit.owner is None or unit.state not in (UnitState.SOLD, UnitState.IN_REPAIR):
        return Refusal(
            "serial_not_sold",
            f"{unit.serial_no} is not sold: it is {unit.state.replace('_', ' ')}.",
            "Choose units that this customer bought.",
            facts={"serial_no": unit.serial_no, "state": str(unit.state)},
        )
    return None if unit.owner == customer else of_other_customer(unit.serial_no, unit.owner, customer)


def of_other_customer(serial_no: str, owner: str, customer: str) -> Refusal:
    """The refusal of a unit that somebody else bought."""
    return Refusal(
        "serial_of_other_customer",
        f"{serial_no} is sold to {owner}, not to {customer}.",
        f"Check the label, or enter it for {owner}.",
        facts={"serial_no": serial_no, "owner": owner},
    )
