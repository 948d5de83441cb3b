"""Service visits: what a technician did to a unit, on site or in the workshop, with the parts that came out and in."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from backend.domain import serials
from backend.domain.availability import UnitFacts
from backend.domain.errors import DomainError, refuse
from backend.domain.locations import UnitState
from backend.domain.people import Actor, Permission
from backend.domain.servicing import VisitResult, refusal_of_sign_off, refusal_of_visit
from backend.models import NotedPart, Reading, RepairOrder, SerialNumber, ServiceVisit, VoucherLine
from backend.services.attachments import AttachmentKind, attach, kinds_of
from backend.services.choosing import chosen
from backend.services.dating import business_date, must_follow
from backend.services.feed import SiteFeed
from backend.services.maintenance import plan_of, reckon
from backend.services.technicians import technician_named
from backend.services.visit_parts import MovedParts, Parts, judge_parts, move_parts
from backend.services.vouchers import digest_of, id_reused, made_before, next_number
from backend.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ReadingTaken:
    """A value that was read off the unit."""

    name: str
    value: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A visit as the technician closes it.

    Args:
        visit_id: UUID made on the device.
        site_id: The technician's site.
        serial_no: The unit.
        done_at: When it was closed, by the device's clock.
        work_done: What was done.
        result: What it achieved.
        item_id: The unit's item, where one serial number can be of several.
        technician: Username of who was there; the person themselves when none is named.
        parts: What came out and went in.
        readings: What was read off.
        attachment_ids: Pictures that were sent before.
        signer_name: Who signed for the customer.
        unsigned_reason: Or why nobody did.
        next_visit_on: When somebody should come again.
        plan_id: The maintenance plan that the visit fulfils.
        dated_on: The day of the visit, if not today.
    """

    visit_id: str
    site_id: int
    serial_no: str
    done_at: datetime
    work_done: str
    result: VisitResult
    item_id: int | None = None
    technician: str | None = None
    parts: Parts = field(default_factory=Parts)
    readings: tuple[ReadingTaken, ...] = ()
    attachment_ids: tuple[str, ...] = ()
    signer_name: str | None = None
    unsigned_reason: str | None = None
    next_visit_on: date | None = None
    plan_id: str | None = None
    dated_on: date | None = None

    @property
    def digest(self) -> str:
        """What tells a request that is sent again from another one with the same id."""
        return digest_of(*(str(getattr(self, name)) for name in self.__slots__ if name != "done_at"))


def close_visit(work: UnitOfWork, actor: Actor, report: Report) -> ServiceVisit:
    """Post a visit whole: parts out and in, readings, pictures, signature; the same id again answers with the same.

    Raises:
        DomainError: ``serial_not_sold``, ``signature_missing``, ``technician_unknown``, ``plan_unknown``,
            ``next_visit_in_past``, ``signer_unnamed``, ``serial_unknown``, ``ambiguous_item``, ``id_reused``,
            ``forbidden``, and what :func:`backend.services.visit_parts.judge_parts`,
            :func:`backend.services.attachments.attach` and the rules of dates answer.
    """
    actor.must(Permission.SERVICE, report.site_id)
    feed = SiteFeed(work, report.site_id)
    known = made_before(work, ServiceVisit, report.visit_id)
    if known is not None:
        if known.request_digest != report.digest:
            raise id_reused(report.visit_id)
        return known
    (unit,) = chosen(work.connection, [report.serial_no], refusal_of_visit, item_id=report.item_id)
    dated_on = business_date(work, report.dated_on)
    must_follow(work, [unit.serial_id], dated_on)
    _must_be_complete(report, unit, dated_on)
    plan = plan_of(work, report.plan_id, unit, report.site_id)
    moved = judge_parts(work, actor, report.parts, unit, site_id=report.site_id, dated_on=dated_on)
    visit = _visit(work, actor, report, unit, dated_on, moved)
    pictures = attach(work, actor, visit, report.attachment_ids)
    if AttachmentKind.SIGNATURE in kinds_of(pictures) and not report.signer_name:
        raise refuse(
            "signer_unnamed",
            f"The signature for {unit.serial_no} has no name.",
            "Type the name of the person who signed.",
            serial_no=unit.serial_no,
        )
    move_parts(work, feed, actor, visit, moved, unit)
    if plan is not None:
        reckon(work, plan)
    feed.tell("visit_closed", voucher_id=visit.id, unit_id=unit.serial_id)
    if moved.are_there:
        feed.tell("stock_moved", voucher_id=visit.id)
    feed.close()
    return visit


def _must_be_complete(report: Report, unit: UnitFacts, dated_on: date) -> None:
    refusal = refusal_of_sign_off(unit, signer_name=report.signer_name, unsigned_reason=report.unsigned_reason)
    if refusal is not None:
        raise DomainError(refusal)
    if report.next_visit_on is not None and report.next_visit_on < dated_on:
        raise refuse(
            "next_visit_in_past",
            f"The next visit to {unit.serial_no} would be on {report.next_visit_on}, before this one of {dated_on}.",
            "Choose a later day, or leave it out.",
            serial_no=unit.serial_no,
        )


def _visit(
    work: UnitOfWork,
    actor: Actor,
    report: Report,
    unit: UnitFacts,
    dated_on: date,
    moved: MovedParts,
) -> ServiceVisit:
    owner_id = work.session.get_one(SerialNumber, unit.serial_id).owner_id
    counted = Counter(part.item_id for part in (*moved.put_in.units, *moved.taken_out))
    lines: list[dict[str, Any]] = [{"item_id": item_id, "qty": counted[item_id]} for item_id in sorted(counted)]
    lines += [
        {
            "item_id": each.item_id,
            "qty": each.qty,
            "batch_id": each.batch_id,
            "location_id": report.parts.from_location_id,
        }
        for each in moved.put_in.goods
    ]
    technician = technician_named(work, actor, report.site_id, report.technician)
    visit = ServiceVisit(
        id=report.visit_id,
        number=next_number(work, ServiceVisit, report.site_id),
        status="submitted",
        site_id=report.site_id,
        party_id=owner_id,
        source_id=_repair_order(work, unit),
        location_id=report.parts.from_location_id,
        to_location_id=report.parts.to_location_id,
        dated_on=dated_on,
        request_digest=report.digest,
        opened_by_id=actor.user_id,
        opened_at=work.now,
        submitted_by_id=actor.user_id,
        submitted_at=work.now,
        serial_id=unit.serial_id,
        technician_id=technician if technician is not None else actor.user_id,
        work_done=report.work_done,
        result=str(report.result),
        signer_name=report.signer_name,
        unsigned_reason=report.unsigned_reason,
        next_visit_on=report.next_visit_on,
        plan_id=report.plan_id,
        done_at=report.done_at,
        lines=[VoucherLine(idx=idx, **line) for idx, line in enumerate(lines, start=1)],
        readings=[
            Reading(idx=idx, name=each.name, value=each.value, unit=each.unit)
            for idx, each in enumerate(report.readings, start=1)
        ],
        noted_parts=[
            NotedPart(idx=idx, serial_no=serials.printable(part)[:64])
            for idx, part in enumerate(report.parts.noted, start=1)
        ],
    )
    work.session.add(visit)
    work.session.flush()
    return visit


def _repair_order(work: UnitOfWork, unit: UnitFacts) -> str | None:
    if unit.state is not UnitState.IN_REPAIR:
        return None
    return work.session.scalar(
        select(RepairOrder.id).where(RepairOrder.serial_id == unit.serial_id, RepairOrder.status == "submitted")
    )
