"""Recalls: started and frozen in one go, followed unit by unit, closed when all is resolved."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, insert, or_, select, update

from backend.domain.availability import HoldKind
from backend.domain.errors import refuse
from backend.domain.people import Actor, Permission
from backend.domain.recalling import Origin, Outcome, Progress, empty, must_be_closable
from backend.models import (
    Balance,
    Hold,
    Location,
    Recall,
    RecallStep,
    RecallStepUnit,
    RecallUnit,
    SerialNumber,
    table,
)
from backend.services.feed import SiteFeed, lock_sites
from backend.services.recall_scope import Meant, Scope, meant
from backend.services.releasing import release_reserved
from backend.services.undoing import Cancelling, undoes
from backend.services.vouchers import digest_of, id_reused, locked, made_before, must_be, next_number
from backend.unit_of_work import UnitOfWork

_CHUNK = 5_000


def start_recall(work: UnitOfWork, actor: Actor, *, recall_id: str, site_id: int, scope: Scope, reason: str) -> Recall:
    """Recall units: from this moment none of them is picked, sold or moved but into quarantine.

    A batch is held as a whole, so that what is received of it later is frozen, too; every other unit by itself.
    What open pick lists and orders had taken is released and told. The same id again answers with the same recall.

    Args:
        work: The unit of work.
        actor: Needs ``hold`` at the site; units are recalled that are or were at a site where they have it.
        recall_id: UUID made by the caller.
        site_id: The site that runs the recall.
        scope: What is recalled.
        reason: Why; people read it with every refusal.

    Raises:
        DomainError: ``recall_empty``, ``id_reused``, ``forbidden``, and what
            :func:`backend.services.recall_scope.meant` raises.
    """
    actor.must(Permission.HOLD, site_id)
    sites = actor.sites_with(Permission.HOLD)
    feeds, found = _lock_all(work, site_id, scope, meant(work.session, scope, sites), sites)
    digest = digest_of(site_id, asdict(scope), reason)
    known = made_before(work, Recall, recall_id)
    if known is not None:
        if known.request_digest != digest:
            raise id_reused(recall_id)
        return known
    if not found.units:
        raise empty(found.said)
    recall = Recall(
        id=recall_id,
        number=next_number(work, Recall, site_id),
        status="submitted",
        site_id=site_id,
        origin=str(scope.origin),
        scope=found.said[:500],
        remark=reason,
        dated_on=work.today,
        request_digest=digest,
        opened_by_id=actor.user_id,
        opened_at=work.now,
        submitted_by_id=actor.user_id,
        submitted_at=work.now,
    )
    work.session.add(recall)
    work.session.flush()
    holds = _freeze(work, actor, recall, scope, found)
    release_reserved(work, actor, feeds.values(), holds)
    for feed in feeds.values():
        feed.tell("hold_changed", voucher_id=recall.id)
        feed.close()
    return recall


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody found out or did about units of a recall; ids of ``recall_unit``."""

    step_id: str
    recall_id: str
    recall_unit_ids: tuple[int, ...]
    outcome: Outcome
    done_at: datetime
    note: str | None = None


def record_step(work: UnitOfWork, actor: Actor, step: Step) -> Recall:
    """Add a step to some units of a recall that runs; the same id again changes nothing.

    Raises:
        DomainError: ``voucher_unknown``, ``voucher_not_open``, ``unit_not_on_recall``, ``id_reused``, ``forbidden``.
    """
    recall, feed = locked(work, actor, Recall, step.recall_id, Permission.HOLD)
    digest = digest_of(recall.id, sorted(step.recall_unit_ids), str(step.outcome), step.note, step.done_at)
    known = work.session.get(RecallStep, step.step_id)
    if known is not None:
        if known.request_digest != digest:
            raise id_reused(step.step_id)
        return recall
    must_be(recall, "submitted")
    ids = sorted(set(step.recall_unit_ids))
    there = work.session.scalar(
        select(func.count()).select_from(RecallUnit).where(RecallUnit.recall_id == recall.id, RecallUnit.id.in_(ids))
    )
    if there != len(ids):
        raise refuse(
            "unit_not_on_recall",
            f"{len(ids) - (there or 0)} of the units are not on {recall.number}.",
            "Open the recall again and choose from its list.",
            number=recall.number,
        )
    work.session.add(
        RecallStep(
            id=step.step_id,
            recall_id=recall.id,
            outcome=str(step.outcome),
            note=step.note,
            user_id=actor.user_id,
            done_at=step.done_at,
            recorded_at=work.now,
            request_digest=digest,
        )
    )
    work.session.flush()
    work.session.execute(
        insert(table(RecallStepUnit)), [{"step_id": step.step_id, "recall_unit_id": unit_id} for unit_id in ids]
    )
    work.session.execute(
        update(RecallUnit)
        .where(RecallUnit.id.in_(ids))
        .values(outcome=str(step.outcome))
        .execution_options(synchronize_session=False)
    )
    feed.tell("recall_changed", voucher_id=recall.id)
    feed.close()
    return recall


def close_recall(work: UnitOfWork, actor: Actor, *, recall_id: str, reason: str | None = None) -> Recall:
    """Close a recall; closed again, it stays as it is. Its holds stand until somebody lifts them with a reason.

    Raises:
        DomainError: ``voucher_unknown``, ``voucher_not_open``, ``recall_not_done``, ``forbidden``.
    """
    recall, feed = locked(work, actor, Recall, recall_id, Permission.HOLD)
    if recall.status == "closed":
        return recall
    must_be(recall, "submitted")
    must_be_closable(recall.number, progress_of(work, recall.id), reason)
    recall.status = "closed"
    recall.closed_by_id, recall.closed_at, recall.close_reason = actor.user_id, work.now, reason
    work.session.flush()
    feed.tell("recall_changed", voucher_id=recall.id)
    feed.close()
    return recall


def progress_of(work: UnitOfWork, recall_id: str) -> Progress:
    """How many of a recall's units are resolved."""
    total, resolved = work.session.execute(
        select(func.count(), func.count().filter(RecallUnit.outcome != Outcome.OPEN)).where(
            RecallUnit.recall_id == recall_id
        )
    ).one()
    return Progress(total, resolved)


def _lock_all(
    work: UnitOfWork, site_id: int, scope: Scope, found: Meant, mine: frozenset[int]
) -> tuple[dict[int, SiteFeed], Meant]:
    """Lock every site that has some of it, and look again: what was read before may have moved meanwhile."""
    feeds = lock_sites(work, site_id, *_sites_of(work, scope, found))
    while True:
        found = meant(work.session, scope, mine)
        more = _sites_of(work, scope, found) - feeds.keys()
        if not more:
            return feeds, found
        feeds |= lock_sites(work, *more)


def _sites_of(work: UnitOfWork, scope: Scope, found: Meant) -> set[int]:
    here = select(Location.site_id).distinct()
    sites: set[int | None] = set()
    ids = list(found.units)
    for start in range(0, len(ids), _CHUNK):
        at = select(SerialNumber.location_id).where(SerialNumber.id.in_(ids[start : start + _CHUNK]))
        sites |= set(work.session.scalars(here.where(Location.id.in_(at))))
    if scope.origin is Origin.BATCH:
        at = select(Balance.location_id).where(Balance.batch_id == scope.batch_id)
        sites |= set(work.session.scalars(here.where(Location.id.in_(at))))
    return {site_id for site_id in sites if site_id is not None}


def _freeze(work: UnitOfWork, actor: Actor, recall: Recall, scope: Scope, found: Meant) -> list[Hold]:
    """Hold the batch, and by itself every unit that is not of it; what a recall holds already stays as it is."""
    placed: list[Hold] = []
    of_batch: set[int] = set()
    if scope.origin is Origin.BATCH and scope.batch_id is not None:
        hold = _standing_on_batch(work, scope.batch_id)
        if hold is None:
            hold = _hold(work, actor, recall, batch_id=scope.batch_id)
            work.session.add(hold)
            work.session.flush()
            placed.append(hold)
        recall.hold_id = hold.id
        of_batch = set(work.session.scalars(select(SerialNumber.id).where(SerialNumber.batch_id == scope.batch_id)))
    alone = [unit_id for unit_id in found.units if unit_id not in of_batch]
    standing = _standing_on_units(work, alone)
    new = [_hold(work, actor, recall, serial_id=unit_id) for unit_id in alone if unit_id not in standing]
    work.session.add_all(new)
    work.session.flush()
    standing |= {hold.serial_id: hold.id for hold in new if hold.serial_id is not None}
    names = _names(work, list(found.units))
    work.session.execute(
        insert(table(RecallUnit)),
        [
            {
                "recall_id": recall.id,
                "serial_id": unit_id,
                "serial_no": names[unit_id],
                "via_id": via_id,
                "hold_id": standing.get(unit_id),
                "outcome": "open",
            }
            for unit_id, via_id in found.units.items()
        ]
        + [
            {
                "recall_id": recall.id,
                "serial_id": None,
                "serial_no": text,
                "via_id": None,
                "hold_id": None,
                "outcome": "open",
            }
            for text in found.unknown
        ],
    )
    return placed + new


def _hold(
    work: UnitOfWork, actor: Actor, recall: Recall, *, batch_id: int | None = None, serial_id: int | None = None
) -> Hold:
    return Hold(
        kind=HoldKind.RECALL,
        batch_id=batch_id,
        serial_id=serial_id,
        reason=f"{recall.number}: {recall.remark}"[:500],
        placed_by_id=actor.user_id,
        placed_at=work.now,
    )


def _standing_on_batch(work: UnitOfWork, batch_id: int) -> Hold | None:
    return work.session.scalar(
        select(Hold).where(Hold.batch_id == batch_id, Hold.kind == HoldKind.RECALL, Hold.lifted_at.is_(None))
    )


def _standing_on_units(work: UnitOfWork, unit_ids: Sequence[int]) -> dict[int | None, int]:
    found: dict[int | None, int] = {}
    for start in range(0, len(unit_ids), _CHUNK):
        rows = work.session.execute(
            select(Hold.serial_id, Hold.id).where(
                Hold.serial_id.in_(unit_ids[start : start + _CHUNK]),
                Hold.kind == HoldKind.RECALL,
                Hold.lifted_at.is_(None),
            )
        )
        found |= {row.serial_id: row.id for row in rows}
    return found


def _names(work: UnitOfWork, unit_ids: Sequence[int]) -> dict[int, str]:
    return {
        row.id: row.serial_no
        for start in range(0, len(unit_ids), _CHUNK)
        for row in work.session.execute(
            select(SerialNumber.id, SerialNumber.serial_no).where(SerialNumber.id.in_(unit_ids[start : start + _CHUNK]))
        )
    }


@undoes("recall")
def _lift_holds(cancelling: Cancelling) -> None:
    """What was recalled by mistake is free again, unless another recall that runs needs the hold, too."""
    session, recall = cancelling.work.session, cancelling.voucher
    of_units = select(RecallUnit.hold_id).where(RecallUnit.recall_id == recall.id, RecallUnit.hold_id.is_not(None))
    of_batch = select(Recall.hold_id).where(Recall.id == recall.id, Recall.hold_id.is_not(None))
    others = select(Recall.id).where(Recall.id != recall.id, Recall.status == "submitted").correlate(None)
    needed = (
        select(RecallUnit.hold_id)
        .where(RecallUnit.recall_id.in_(others), RecallUnit.hold_id.is_not(None))
        .union(select(Recall.hold_id).where(Recall.id.in_(others), Recall.hold_id.is_not(None)))
    )
    session.execute(
        update(Hold)
        .where(or_(Hold.id.in_(of_units), Hold.id.in_(of_batch)), Hold.id.not_in(needed), Hold.lifted_at.is_(None))
        .values(
            lifted_by_id=cancelling.actor.user_id,
            lifted_at=cancelling.work.now,
            lift_reason=f"{recall.number} cancelled: {cancelling.reason}"[:500],
        )
        .execution_options(synchronize_session=False)
    )
