"""Holds: a batch or a unit that nobody may sell until somebody lifts it, with who, when and why."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import or_, select

from backend.domain.availability import HoldKind
from backend.domain.errors import DomainError, refuse
from backend.domain.people import Actor, Permission, forbidden
from backend.models import Balance, Batch, Hold, Item, Location, Recall, RecallUnit, SerialNumber, User
from backend.services.feed import SiteFeed
from backend.services.releasing import HELD_AS, release_reserved
from backend.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Subject:
    """What a hold is on: a batch, or one unit."""

    batch_id: int | None = None
    unit_id: int | None = None


def place_hold(work: UnitOfWork, actor: Actor, subject: Subject, *, kind: HoldKind, reason: str) -> Hold:
    """Keep a batch or a unit from being picked and sold.

    Every site that has some of it is locked, so that a sale that runs at the same moment comes before or after.
    What open pick lists and orders had taken of it is released.

    Raises:
        DomainError: ``not_found``, ``forbidden``, ``already_on_hold``.
    """
    name, feeds = _locked(work, actor, subject)
    standing = _standing(work, subject, kind)
    if standing is not None:
        raise refuse(
            "already_on_hold",
            f"{name} is {HELD_AS[kind]} since {standing.placed_at.date()} by {_who(work, standing)}: {standing.reason}",
            "Leave it as it is, or lift that first.",
            reason=standing.reason,
        )
    hold = Hold(
        kind=kind,
        batch_id=subject.batch_id,
        serial_id=subject.unit_id,
        reason=reason,
        placed_by_id=actor.user_id,
        placed_at=work.now,
    )
    work.session.add(hold)
    release_reserved(work, actor, feeds, [hold])
    _tell(feeds, subject)
    return hold


def lift_hold(work: UnitOfWork, actor: Actor, subject: Subject, *, kind: HoldKind, reason: str) -> Hold:
    """Lift a hold; it stays on record with both reasons.

    Raises:
        DomainError: ``not_found``, ``forbidden``, ``not_on_hold``, ``recall_open``.
    """
    name, feeds = _locked(work, actor, subject)
    hold = _standing(work, subject, kind)
    if hold is None:
        raise refuse(
            "not_on_hold",
            f"{name} is not {HELD_AS[kind]}.",
            "Open it again: somebody may have lifted it already. A unit can also be held by its batch.",
        )
    recall = _open_recall_of(work, hold)
    if recall is not None:
        raise refuse(
            "recall_open",
            f"{name} is held by the recall {recall}, which is not closed.",
            f"Close {recall} first, or cancel it if it was a mistake.",
            recall=recall,
        )
    hold.lifted_by_id, hold.lifted_at, hold.lift_reason = actor.user_id, work.now, reason
    _tell(feeds, subject)
    return hold


def lock_batch(work: UnitOfWork, actor: Actor, batch_id: int, permission: Permission) -> tuple[Batch, list[SiteFeed]]:
    """A batch, and the locked feeds of all sites that have or had some of it.

    Raises:
        DomainError: ``not_found``; ``forbidden`` for somebody without the permission at any of these sites.
    """
    batch = work.session.get(Batch, batch_id)
    if batch is None:
        raise _unknown("batch")
    sites = set(
        work.session.scalars(
            select(Location.site_id)
            .join(Balance, Balance.location_id == Location.id)
            .where(Balance.batch_id == batch_id)
            .distinct()
        )
    ) - {None}
    mine = actor.sites_with(permission)
    # A batch that has not come in yet is nobody's, so it is anybody's who may do this somewhere.
    concerned = {site for site in sites if site is not None} or set(mine)
    if not concerned & mine:
        raise forbidden(actor.username, permission) if concerned & set(actor.roles) else _unknown("batch")
    feeds = [SiteFeed(work, site_id) for site_id in sorted(concerned)]
    work.session.refresh(batch)
    return batch, feeds


def _locked(work: UnitOfWork, actor: Actor, subject: Subject) -> tuple[str, list[SiteFeed]]:
    if subject.batch_id is not None:
        batch, feeds = lock_batch(work, actor, subject.batch_id, Permission.HOLD)
        item = work.session.get_one(Item, batch.item_id)
        return f"Batch {batch.batch_no} of {item.item_code}", feeds
    row = work.session.execute(
        select(SerialNumber.serial_no, Location.site_id)
        .join(Location, Location.id == SerialNumber.location_id)
        .where(SerialNumber.id == subject.unit_id)
    ).one_or_none()
    if row is None or row.site_id not in actor.roles:
        raise _unknown("unit")
    actor.must(Permission.HOLD, row.site_id)
    return row.serial_no, [SiteFeed(work, row.site_id)]


def _standing(work: UnitOfWork, subject: Subject, kind: HoldKind) -> Hold | None:
    return work.session.scalar(
        select(Hold).where(
            Hold.batch_id == subject.batch_id if subject.batch_id is not None else Hold.serial_id == subject.unit_id,
            Hold.kind == kind,
            Hold.lifted_at.is_(None),
        )
    )


def _open_recall_of(work: UnitOfWork, hold: Hold) -> str | None:
    """The number of a recall that runs and stands on this hold."""
    of_unit = select(RecallUnit.recall_id).where(RecallUnit.hold_id == hold.id)
    return work.session.scalars(
        select(Recall.number)
        .where(or_(Recall.hold_id == hold.id, Recall.id.in_(of_unit)), Recall.status == "submitted")
        .order_by(Recall.opened_at)
    ).first()


def _who(work: UnitOfWork, hold: Hold) -> str:
    return work.session.scalars(select(User.username).where(User.id == hold.placed_by_id)).one()


def _tell(feeds: Iterable[SiteFeed], subject: Subject) -> None:
    for feed in feeds:
        feed.tell("hold_changed", unit_id=subject.unit_id)
        feed.close()


def _unknown(what: str) -> DomainError:
    return refuse("not_found", f"There is no such {what}.", "Go back to the list and open it again.")
