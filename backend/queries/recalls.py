"""Recalls as screens show them: how far they have come, and every unit with where it is and what became of it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from backend.domain.recalling import Outcome, Progress
from backend.models import Recall, RecallStep, RecallStepUnit, RecallUnit, SerialNumber, User
from backend.queries.whereabouts import IS_AT_CUSTOMER, IS_NOT_ACCOUNTED_FOR, UNIT_ID, locate, whereabouts

SHOWN = ("all", "open", "resolved", "not_accounted_for", "at_customer")
"""Which units of a recall a list can show."""
_CHUNK = 1_000
_ALL_STATUSES = ("submitted", "closed", "cancelled")


def open_recall_of(session: Session, unit_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """The recall that runs on each of some units, the first one started; for claims and the page of a unit.

    Each has ``id``, ``number``, ``reason``, ``started_on`` and ``outcome``, what became of that unit so far.
    """
    rows = session.execute(
        select(RecallUnit.serial_id, RecallUnit.outcome, Recall.id, Recall.number, Recall.remark, Recall.dated_on)
        .join(Recall, Recall.id == RecallUnit.recall_id)
        .where(RecallUnit.serial_id.in_(unit_ids), Recall.status == "submitted")
        .order_by(Recall.opened_at.desc(), Recall.id)
    )
    return {
        row.serial_id: {
            "id": row.id,
            "number": row.number,
            "reason": row.remark,
            "started_on": row.dated_on,
            "outcome": row.outcome,
        }
        for row in rows
    }


def recalls(
    session: Session,
    site_id: int,
    limit: int = 200,
    *,
    statuses: Collection[str] = _ALL_STATUSES,
) -> list[dict[str, Any]]:
    """The recalls of a site, those that run first, then the newest."""
    found = session.scalars(
        select(Recall)
        .where(Recall.site_id == site_id, Recall.status.in_(statuses))
        .order_by(Recall.status != "submitted", Recall.opened_at.desc(), Recall.id)
        .limit(limit)
        .options(joinedload(Recall.opened_by), joinedload(Recall.closed_by))
    ).all()
    progress = _progress(session, [recall.id for recall in found])
    return [_head(recall, progress[recall.id]) for recall in found]


def recall(session: Session, recall_id: str) -> dict[str, Any] | None:
    """One recall with how many of its units are what."""
    found = session.get(Recall, recall_id, options=(joinedload(Recall.opened_by), joinedload(Recall.closed_by)))
    if found is None:
        return None
    return _head(found, _progress(session, [recall_id])[recall_id]) | {"counts": _counts(session, recall_id)}


def units(
    session: Session, recall_id: str, show: str = "all", after: int = 0, limit: int = 100
) -> tuple[list[dict[str, Any]], int | None]:
    """Units of a recall with where they are and their steps, and the cursor of the next ones."""
    rows = session.execute(
        select(
            RecallUnit.id,
            RecallUnit.serial_id,
            RecallUnit.serial_no,
            RecallUnit.outcome,
            _via.serial_no.label("via"),
        )
        .outerjoin(_via, _via.id == RecallUnit.via_id)
        .where(RecallUnit.recall_id == recall_id, RecallUnit.id > after, *_shown(recall_id, show))
        .order_by(RecallUnit.id)
        .limit(limit + 1)
    ).all()
    page = rows[:limit]
    known = [row.serial_id for row in page if row.serial_id is not None]
    located = {each["id"]: each for each in locate(session, select(SerialNumber.id).where(SerialNumber.id.in_(known)))}
    steps = _steps(session, [row.id for row in page])
    found = [
        {
            "recall_unit_id": row.id,
            "serial_no": row.serial_no,
            "outcome": row.outcome,
            "via": row.via,
            "unit": located.get(row.serial_id),
            "is_accounted_for": _is_accounted_for(row.outcome, located.get(row.serial_id)),
            "steps": steps[row.id],
        }
        for row in page
    ]
    return found, page[-1].id if len(rows) > limit else None


def units_of(recall_id: str) -> Select[Any]:
    """The known units of a recall, as a statement for traces and lists."""
    return select(RecallUnit.serial_id).where(RecallUnit.recall_id == recall_id, RecallUnit.serial_id.is_not(None))


_via = aliased(SerialNumber)


def _is_accounted_for(outcome: str, located: dict[str, Any] | None) -> bool:
    """Somebody resolved it, or the books know where it is."""
    return outcome != Outcome.OPEN or (located is not None and located["is_accounted_for"])


def _shown(recall_id: str, show: str) -> list[ColumnElement[bool]]:
    is_open = RecallUnit.outcome == Outcome.OPEN
    match show:
        case "open":
            return [is_open]
        case "resolved":
            return [~is_open]
        case "not_accounted_for":
            lost = _where(recall_id, IS_NOT_ACCOUNTED_FOR)
            return [is_open, or_(RecallUnit.serial_id.is_(None), RecallUnit.serial_id.in_(lost))]
        case "at_customer":
            return [RecallUnit.serial_id.in_(_where(recall_id, IS_AT_CUSTOMER))]
    return []


def _where(recall_id: str, condition: ColumnElement[bool]) -> Select[Any]:
    return whereabouts(units_of(recall_id)).where(condition).order_by(None).with_only_columns(UNIT_ID)


def _counts(session: Session, recall_id: str) -> dict[str, int]:
    return {
        show: session.scalar(
            select(func.count())
            .select_from(RecallUnit)
            .where(RecallUnit.recall_id == recall_id, *_shown(recall_id, show))
        )
        or 0
        for show in SHOWN
    }


def _progress(session: Session, recall_ids: Collection[str]) -> dict[str, Progress]:
    rows = session.execute(
        select(RecallUnit.recall_id, func.count(), func.count().filter(RecallUnit.outcome != Outcome.OPEN))
        .where(RecallUnit.recall_id.in_(recall_ids))
        .group_by(RecallUnit.recall_id)
    )
    return {recall_id: Progress(total, resolved) for recall_id, total, resolved in rows}


def _head(recall: Recall, progress: Progress) -> dict[str, Any]:
    return {
        "id": recall.id,
        "number": recall.number,
        "status": recall.status,
        "site_id": recall.site_id,
        "origin": recall.origin,
        "scope": recall.scope,
        "reason": recall.remark,
        "opened_by": recall.opened_by.username,
        "opened_at": recall.opened_at,
        "closed_by": recall.closed_by and recall.closed_by.username,
        "closed_at": recall.closed_at,
        "close_reason": recall.close_reason,
        "cancel_reason": recall.cancel_reason,
        "total": progress.total,
        "resolved": progress.resolved,
        "percent": progress.percent,
        "progress": progress.words,
    }


def _steps(session: Session, recall_unit_ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """The steps of some units, in the order in which the server took them."""
    rows = session.execute(
        select(
            RecallStepUnit.recall_unit_id,
            RecallStep.outcome,
            RecallStep.note,
            User.username.label("by"),
            RecallStep.done_at,
            RecallStep.recorded_at,
        )
        .join(RecallStep, RecallStep.id == RecallStepUnit.step_id)
        .join(User, User.id == RecallStep.user_id)
        .where(RecallStepUnit.recall_unit_id.in_(recall_unit_ids))
        .order_by(RecallStep.recorded_at, RecallStep.id)
    )
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        step = dict(row._mapping)
        found[step.pop("recall_unit_id")].append(step)
    return found


def located(session: Session, unit_ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Units with origin and present place, by their ids, in the order of these."""
    for start in range(0, len(unit_ids), _CHUNK):
        chosen = select(SerialNumber.id).where(SerialNumber.id.in_(unit_ids[start : start + _CHUNK]))
        yield from locate(session, chosen)
