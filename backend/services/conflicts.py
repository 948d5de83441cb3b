"""Two people took the same unit: who has it, what is free instead, and who decided."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from backend.domain.availability import HoldKind, UnitFacts
from backend.domain.errors import Refusal, refuse
from backend.domain.people import Actor, Permission
from backend.domain.picking import PickRule
from backend.models import Conflict, Device, Hold, Item, Reservation, Scan, User
from backend.services.choosing import facts_of
from backend.services.feed import SiteFeed
from backend.services.pick_facts import PickState, Taken
from backend.services.proposals import propose_units
from backend.unit_of_work import UnitOfWork

MOST_OFFERED = 3
FreeUnits = Callable[[int, frozenset[int]], list[dict[str, Any]]]
"""Some units of an item that are free in some places."""
_TAKEN = frozenset({"serial_reserved", "serial_already_sold", "serial_not_available"})


@dataclass(frozen=True, slots=True)
class Taker:
    """Who has a unit: by which device, when by its clock, when by ours."""

    by: str
    device: str | None
    scanned_at: datetime
    received_at: datetime


def conflict_of(
    work: UnitOfWork,
    actor: Actor,
    state: PickState,
    unit: UnitFacts,
    refusal: Refusal,
    *,
    scanned_at: datetime,
    free: FreeUnits,
    taken: Taken | None = None,
) -> Refusal | None:
    """The refusal of a pick as a conflict: with who has the unit and what is free instead; ``None`` when it is none.

    It is one where another person had picked the unit before this scan came, or where it was recalled after it
    was picked on the device and before that came. ``taken`` is the pick of the same unit in the same group of
    scans, which is not stored yet.
    """
    if refusal.code == "unit_recalled" and _recalled_after(work, unit, scanned_at):
        return _with_free(free, state, unit, refusal)
    if refusal.code not in _TAKEN:
        return None
    taker = _taker_now(taken) if taken else _taker(work, unit)
    if taker is None or taker.by == actor.username:
        return None
    of = f" for {refusal.facts['voucher']}" if refusal.facts.get("voucher") else ""
    message = f"{unit.serial_no} taken by {taker.by} {taker.scanned_at:%H:%M}{of}, received {taker.received_at:%H:%M}."
    facts = {
        "by": taker.by,
        "device": taker.device,
        "scanned_at": taker.scanned_at.isoformat(),
        "received_at": taker.received_at.isoformat(),
        "voucher": refusal.facts.get("voucher"),
        "location": unit.location,
    }
    facts = refusal.facts | {"taken": facts}
    return _with_free(free, state, unit, replace(refusal, message=message, facts=facts))


def settle(work: UnitOfWork, actor: Actor, *, scan_id: str, decision: str, reason: str | None = None) -> Conflict:
    """Say what becomes of a conflict; the same decision again is answered like the first.

    Args:
        work: The unit of work.
        actor: Needs ``pick`` at the site.
        scan_id: The pick that met another.
        decision: ``other_unit``, ``left_short`` or ``overridden``.
        reason: Why, if the person says.

    Raises:
        DomainError: ``conflict_unknown``, ``conflict_decided``, ``forbidden``.
    """
    conflict = work.session.get(Conflict, scan_id)
    if conflict is None:
        raise refuse("conflict_unknown", "There is no such conflict.", "Go back to the list.")
    actor.must(Permission.PICK, conflict.site_id)
    feed = SiteFeed(work, conflict.site_id)
    work.session.refresh(conflict)
    if conflict.decision is not None:
        if conflict.decision == decision:
            return conflict
        by = work.session.get_one(User, conflict.decided_by_id).username
        raise refuse(
            "conflict_decided",
            f"{by} has decided this at {conflict.decided_at:%H:%M}: {conflict.decision.replace('_', ' ')}.",
            "Look at the pick list: it shows what counts.",
            by=by,
            decision=conflict.decision,
        )
    conflict.decision, conflict.reason = decision, reason
    conflict.decided_by_id, conflict.decided_at = actor.user_id, work.now
    work.session.flush()
    feed.tell("conflict_decided", voucher_id=conflict.voucher_id, scan_id=scan_id)
    feed.close()
    return conflict


def free_units(work: UnitOfWork, but: Collection[int], item_id: int, places: frozenset[int]) -> list[dict[str, Any]]:
    """Units to take instead, first what the item's rule wants first; none of ``but``."""
    rule = PickRule(work.session.get_one(Item, item_id).pick_rule)
    found = propose_units(work, item_id=item_id, rule=rule, qty=MOST_OFFERED, places=places, but=but)
    facts = facts_of(work.connection, [each.serial_id for each in found])
    return [
        {"serial_no": facts[each.serial_id].serial_no, "location": facts[each.serial_id].location} for each in found
    ]


def _with_free(free: FreeUnits, state: PickState, unit: UnitFacts, refusal: Refusal) -> Refusal:
    offered = free(unit.item_id, state.places)
    if offered:
        next_step = (
            f"Take {offered[0]['serial_no']} in {offered[0]['location']} instead, or leave the order short by 1."
        )
    else:
        next_step = f"No other unit is free in {state.place}: the order stays short by 1."
    actions = (
        *refusal.actions,
        *({"kind": "take_instead", **each} for each in offered),
        {"kind": "leave_short"},
    )
    return replace(refusal, next_step=next_step, actions=actions)


def _taker_now(taken: Taken) -> Taker:
    return Taker(taken.by, None, taken.columns.get("scanned_at") or taken.at, taken.at)


def _taker(work: UnitOfWork, unit: UnitFacts) -> Taker | None:
    row = work.connection.execute(
        select(User.username, Device.name, Reservation.scanned_at, Reservation.at)
        .join(User, User.id == Reservation.user_id)
        .join(Scan, Scan.id == Reservation.scan_id)
        .join(Device, Device.id == Scan.device_id)
        .where(Reservation.serial_id == unit.serial_id, Reservation.status.in_(("chosen", "posted")))
        .order_by(Reservation.id.desc())
        .limit(1)
    ).one_or_none()
    return row and Taker(row.username, row.name, row.scanned_at or row.at, row.at)


def _recalled_after(work: UnitOfWork, unit: UnitFacts, scanned_at: datetime) -> bool:
    of_unit = Hold.serial_id == unit.serial_id
    placed_at = work.connection.scalar(
        select(Hold.placed_at)
        .where(
            Hold.kind == HoldKind.RECALL,
            Hold.lifted_at.is_(None),
            or_(of_unit, Hold.batch_id == unit.batch_id) if unit.batch_id else of_unit,
        )
        .order_by(Hold.id)
        .limit(1)
    )
    return placed_at is not None and scanned_at < placed_at
