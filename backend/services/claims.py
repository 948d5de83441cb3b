"""Warranty claims: decided when they are entered, given to a technician, and ended with an outcome."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from backend.domain import serials
from backend.domain.availability import HoldKind, UnitFacts
from backend.domain.claims import GOODWILL, ClaimedUnit, ClaimOutcome, Decision, refusal_of_claim
from backend.domain.errors import DomainError, Refusal, refuse
from backend.domain.people import Actor, Permission
from backend.models import Party, SerialNumber, StockLedgerEntry, Voucher, WarrantyClaim
from backend.models.coverages import coverages_of
from backend.services import repairs
from backend.services.choosing import named, sites_of, the_one
from backend.services.feed import SiteFeed, lock_sites
from backend.services.technicians import technician_named
from backend.services.vouchers import digest_of, id_reused, locked, made_before, must_be, next_number
from backend.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Claim:
    """What a customer asks for.

    Args:
        claim_id: UUID made by the caller.
        site_id: Who deals with it.
        customer: Code of the customer who claims.
        serial_no: The unit, as it was scanned or typed.
        complaint: What is wrong, in the customer's words.
        item_id: Its item, where one serial number can be of several.
        claimed_on: The day on which the customer asked; today when none is given.
        goodwill_reason: Why a supervisor takes it although a rule says no.
        hold: Keep a claim for a unit that nobody knows, until somebody has looked at it.
        technician: Username of who is to see to it.
        done_at: When it was entered, by the device's clock.
    """

    claim_id: str
    site_id: int
    customer: str
    serial_no: str
    complaint: str
    item_id: int | None = None
    claimed_on: date | None = None
    goodwill_reason: str | None = None
    hold: bool = False
    technician: str | None = None
    done_at: datetime | None = None

    @property
    def digest(self) -> str:
        """What tells a request that is sent again from another one with the same id."""
        content = (self.customer, serials.key(self.serial_no), self.complaint, self.item_id, self.claimed_on)
        return digest_of(self.site_id, *content, self.goodwill_reason, self.hold, self.technician)


def enter(work: UnitOfWork, actor: Actor, claim: Claim) -> WarrantyClaim:
    """Enter a claim and decide it; the same id again answers with the same claim. A refused one is not kept.

    Raises:
        DomainError: ``serial_missing``, ``serial_unknown`` with the near ones, ``ambiguous_item``,
            ``customer_unknown``, ``technician_unknown``, ``id_reused``, ``forbidden``, and what
            :func:`backend.domain.claims.refusal_of_claim` answers.
    """
    actor.must(Permission.SERVICE, claim.site_id)
    feed = SiteFeed(work, claim.site_id)
    known = made_before(work, WarrantyClaim, claim.claim_id)
    if known is not None:
        if known.request_digest != claim.digest:
            raise id_reused(claim.claim_id)
        return known
    customer = work.session.scalar(select(Party).where(Party.code == claim.customer, Party.kind == "customer"))
    if customer is None:  # One who is retired may still claim for what they bought.
        raise refuse("customer_unknown", f"There is no customer {claim.customer}.", "Choose a customer of the list.")
    if not claim.serial_no.strip():
        raise refuse("serial_missing", "The claim names no unit.", "Scan or type the serial number of the unit.")
    today = work.today
    claimed_on = claim.claimed_on or today
    unit = _unit_of(work, claim)
    decision, code, reason = Decision.HELD, "serial_unknown", "No unit has this serial number."
    if unit is not None:
        facts = _facts(work, unit, claimed_on)
        refusal = refusal_of_claim(facts, customer=customer.code, claimed_on=claimed_on, today=today)
        decision, code, reason = _decided(actor, claim, facts, refusal)
    voucher = WarrantyClaim(
        id=claim.claim_id,
        number=next_number(work, WarrantyClaim, claim.site_id),
        status="draft" if decision is Decision.HELD else "submitted",
        site_id=claim.site_id,
        party_id=customer.id,
        dated_on=claimed_on,
        request_digest=claim.digest,
        opened_by_id=actor.user_id,
        opened_at=work.now,
        submitted_by_id=None if decision is Decision.HELD else actor.user_id,
        submitted_at=None if decision is Decision.HELD else work.now,
        serial_id=unit.serial_id if unit else None,
        serial_text=serials.printable(claim.serial_no.strip())[:200],
        complaint=claim.complaint,
        decision=str(decision),
        decision_code=code,
        decision_reason=reason,
        goodwill_reason=claim.goodwill_reason if decision is Decision.GOODWILL else None,
        technician_id=technician_named(work, actor, claim.site_id, claim.technician),
        done_at=claim.done_at,
    )
    work.session.add(voucher)
    work.session.flush()
    _tell(feed, voucher)
    return voucher


def decide_held(
    work: UnitOfWork,
    actor: Actor,
    *,
    claim_id: str,
    serial_no: str,
    item_id: int | None = None,
    goodwill_reason: str | None = None,
) -> WarrantyClaim:
    """Say which unit a claim that is held for review is about; the rules decide it as of the day it was dated.

    Raises:
        DomainError: ``voucher_unknown``, ``voucher_not_open``, and what :func:`enter` raises.
    """
    held, feed = locked(work, actor, WarrantyClaim, claim_id, Permission.SERVICE)
    must_be(held, "draft")
    customer = work.session.get_one(Party, held.party_id)
    again = Claim(
        held.id, held.site_id, customer.code, serial_no, held.complaint, item_id, held.dated_on, goodwill_reason
    )
    unit = _unit_of(work, again)
    assert unit is not None  # noqa: S101  # only a claim that asks to be held comes without one
    facts = _facts(work, unit, held.dated_on)
    refusal = refusal_of_claim(facts, customer=customer.code, claimed_on=held.dated_on, today=work.today)
    decision, held.decision_code, held.decision_reason = _decided(actor, again, facts, refusal)
    held.decision, held.serial_id, held.status = str(decision), unit.serial_id, "submitted"
    held.goodwill_reason = goodwill_reason if decision is Decision.GOODWILL else None
    held.submitted_by_id, held.submitted_at = actor.user_id, work.now
    work.session.flush()
    _tell(feed, held)
    return held


def assign(work: UnitOfWork, actor: Actor, *, claim_id: str, technician: str) -> WarrantyClaim:
    """Give an open claim to a technician; said again, it changes nothing.

    Raises:
        DomainError: ``voucher_unknown``, ``voucher_not_open``, ``technician_unknown``, ``forbidden``.
    """
    claim, feed = locked(work, actor, WarrantyClaim, claim_id, Permission.SERVICE)
    must_be(claim, "draft", "submitted")
    claim.technician_id = technician_named(work, actor, claim.site_id, technician)
    work.session.flush()
    _tell(feed, claim)
    return claim


def end(
    work: UnitOfWork,
    actor: Actor,
    *,
    claim_id: str,
    outcome: ClaimOutcome,
    remark: str | None = None,
    repair_order_id: str | None = None,
) -> WarrantyClaim:
    """End a claim with its outcome; said again, it changes nothing.

    A claim that ends with repair is the reason of the repair order on which its unit is here; where there is none
    yet, one is opened if the caller made an id for it. A unit that is repaired where it stands needs none.

    Raises:
        DomainError: ``voucher_unknown``, ``voucher_not_open``, ``claim_held`` for one whose unit nobody knows yet
            and which is not rejected, ``forbidden``, and what :func:`backend.services.repairs.take_in` raises.
    """
    if outcome is ClaimOutcome.REPAIR:
        _lock_where_the_unit_is(work, claim_id)
    claim, feed = locked(work, actor, WarrantyClaim, claim_id, Permission.SERVICE)
    if claim.outcome == outcome:
        return claim
    must_be(claim, "draft", "submitted")
    if claim.status == "draft" and outcome is not ClaimOutcome.REJECT:
        raise refuse(
            "claim_held",
            f"{claim.number} is held for review: nobody has said yet which unit '{claim.serial_text}' is.",
            "Name the unit first, or reject the claim.",
        )
    claim.status, claim.outcome, claim.outcome_remark = "closed", str(outcome), remark
    claim.ended_by_id, claim.ended_at = actor.user_id, work.now
    work.session.flush()
    _tell(feed, claim)
    if outcome is ClaimOutcome.REPAIR and repairs.link_to_claim(work, claim) is None and repair_order_id is not None:
        repairs.take_in(work, actor, _intake_of(work, claim, repair_order_id))
    return claim


def _lock_where_the_unit_is(work: UnitOfWork, claim_id: str) -> None:
    """All sites at once and in order, before the claim is read: its unit may be at another one."""
    claim = work.session.get(WarrantyClaim, claim_id)
    if claim is not None and claim.serial is not None:
        lock_sites(work, claim.site_id, *sites_of(work.connection, [claim.serial.serial_no]))


def _intake_of(work: UnitOfWork, claim: WarrantyClaim, order_id: str) -> repairs.Intake:
    unit = work.session.get_one(SerialNumber, claim.serial_id)
    return repairs.Intake(
        order_id=order_id,
        site_id=claim.site_id,
        serial_no=unit.serial_no,
        customer=work.session.get_one(Party, claim.party_id).code,
        complaint=claim.complaint,
        done_at=work.now,
        item_id=unit.item_id,
        technician=claim.technician.username if claim.technician else None,
        claim_id=claim.id,
    )


def _unit_of(work: UnitOfWork, claim: Claim) -> UnitFacts | None:
    """The unit that a claim names; ``None`` for one that is to be held for review."""
    key = serials.key(claim.serial_no)
    found = the_one(claim.serial_no, named(work.connection, [claim.serial_no]).get(key, ()), item_id=claim.item_id)
    if isinstance(found, UnitFacts):
        return found
    if found.code != "serial_unknown":
        raise DomainError(found)
    if claim.hold:
        return None
    near = sorted(
        {
            unit.serial_no
            for units in named(work.connection, serials.lookalikes(claim.serial_no)).values()
            for unit in units
        }
    )
    shown = serials.printable(claim.serial_no.strip())[:80]
    maybe = f" Is it {' or '.join(near[:3])}?" if near else ""
    raise DomainError(
        Refusal(
            "serial_unknown",
            f"Unknown serial number '{shown}'.{maybe}",
            "Check the text, scan the label again, or hold the claim for review with a photo of the label.",
            (*({"kind": "take_serial", "serial_no": each} for each in near[:5]), {"kind": "hold_claim"}),
            facts={"serial_no": shown, "suggestions": near[:5]},
        )
    )


def _facts(work: UnitOfWork, unit: UnitFacts, claimed_on: date) -> ClaimedUnit:
    sold_on = work.session.scalar(
        select(func.max(Voucher.dated_on))
        .join(StockLedgerEntry, StockLedgerEntry.voucher_id == Voucher.id)
        .where(
            StockLedgerEntry.serial_id == unit.serial_id,
            Voucher.type.in_(("delivery_note", "sales_invoice")),
            Voucher.status != "cancelled",
        )
    )
    open_claim = work.session.scalar(
        select(WarrantyClaim.number).where(
            WarrantyClaim.serial_id == unit.serial_id, WarrantyClaim.status.in_(("draft", "submitted"))
        )
    )
    recalled = unit.hold is not None and unit.hold.kind is HoldKind.RECALL
    return ClaimedUnit(
        unit.serial_no,
        unit.state,
        unit.owner,
        sold_on,
        coverages_of(work.session, [unit.serial_id], claimed_on)[unit.serial_id],
        unit.hold.reason if recalled and unit.hold else None,
        open_claim,
    )


def _decided(actor: Actor, claim: Claim, facts: ClaimedUnit, refusal: Refusal | None) -> tuple[Decision, str, str]:
    if refusal is None:
        return Decision.ACCEPTED, str(facts.coverage.status), facts.coverage.message
    if claim.goodwill_reason is None or refusal.code not in GOODWILL:
        raise DomainError(refusal)
    actor.must(Permission.OVERRIDE, claim.site_id)
    return Decision.GOODWILL, refusal.code, refusal.message


def _tell(feed: SiteFeed, claim: WarrantyClaim) -> None:
    feed.tell("claim_changed", voucher_id=claim.id)
    feed.close()
