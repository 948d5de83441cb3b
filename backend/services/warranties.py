"""What changes a warranty: each change is an event that stays, and the warranty is what the events come to."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import insert, select

from backend.domain.availability import UnitFacts
from backend.domain.errors import refuse
from backend.domain.people import Actor, Permission
from backend.domain.warranty import Basis, end_of, moved_end
from backend.models import (
    DeliveryNote,
    Item,
    Location,
    SalesInvoice,
    SerialNumber,
    StockLedgerEntry,
    Voucher,
    Warranty,
    WarrantyEvent,
    table,
)
from backend.services.feed import SiteFeed
from backend.unit_of_work import UnitOfWork

_item = table(Item).c


def start_with_sale(work: UnitOfWork, voucher: Voucher, units: Collection[UnitFacts]) -> None:
    """Start what begins with the delivery; what begins with installation or registration starts there."""
    _start(work, voucher, {unit.serial_id: unit.item_id for unit in units}, Basis.DELIVERY)


def start_by(
    work: UnitOfWork, voucher: Voucher, unit: SerialNumber, basis: Basis, *, registered_on: date | None = None
) -> Warranty:
    """Start the warranty of a sold unit on the day of a voucher, where its item's terms say so.

    One that its owner registers stands on the sale, begins on the day that they name, and names nobody.

    Raises:
        DomainError: ``warranty_basis`` when it begins otherwise, ``claim_no_warranty`` for an item without one,
            ``warranty_started`` when it runs already.
    """
    standing = standing_of(work, unit.id)
    if standing is not None:
        raise refuse(
            "warranty_started",
            f"The warranty of {unit.serial_no} has started already, on {standing.start_on}.",
            "Look the unit up: its page has the dates.",
            serial_no=unit.serial_no,
            start_on=standing.start_on.isoformat(),
        )
    item = work.session.get_one(Item, unit.item_id)
    if item.warranty_days is None and item.warranty_months is None:
        raise refuse(
            "claim_no_warranty",
            f"{unit.serial_no} is {item.item_code}, which has no warranty.",
            "Give the item a warranty period first.",
            serial_no=unit.serial_no,
        )
    if item.warranty_basis != basis:
        raise refuse(
            "warranty_basis",
            f"The warranty of {unit.serial_no} begins with the {item.warranty_basis}, not with the {basis}.",
            "Change the terms of the item, if they are wrong.",
            serial_no=unit.serial_no,
            basis=item.warranty_basis,
        )
    _start(work, voucher, {unit.id: unit.item_id}, basis, registered_on)
    started = standing_of(work, unit.id)
    assert started is not None  # noqa: S101  # it was written a line above
    return started


def standing_of(work: UnitOfWork, serial_id: int) -> Warranty | None:
    """The warranty of a unit that is not void, if it has one."""
    return work.session.scalar(select(Warranty).where(Warranty.serial_id == serial_id, Warranty.voided_at.is_(None)))


def pause(work: UnitOfWork, voucher: Voucher, serial_ids: Collection[int]) -> Mapping[int, int]:
    """Stop warranties on the day of a return; gives the days that are left, by unit. An expired one just ends."""
    left: dict[int, int] = {}
    for warranty in _standing(work, serial_ids):
        left[warranty.serial_id] = max((warranty.end_on - voucher.dated_on).days, 0)
        if warranty.paused_on is None and voucher.dated_on <= warranty.end_on:
            warranty.paused_on = voucher.dated_on
            _note(work, warranty, "paused", voucher.dated_on, voucher=voucher)
    return left


def unpause(work: UnitOfWork, voucher: Voucher, serial_ids: Collection[int]) -> None:
    """Let warranties run as if a return, which was cancelled, had never been."""
    for warranty in _standing(work, serial_ids):
        if warranty.paused_on is not None:
            warranty.paused_on = None
            _note(work, warranty, "restored", work.today, voucher=voucher)


def resume(work: UnitOfWork, voucher: Voucher, serial_id: int, on: date) -> None:
    """Let the warranty of a unit that goes back to its customer run on with the days that were left."""
    warranty = standing_of(work, serial_id)
    if warranty is None or warranty.paused_on is None:
        return
    warranty.end_on = moved_end(warranty.end_on, warranty.paused_on, on)
    warranty.paused_on = None
    _note(work, warranty, "resumed", on, voucher=voucher)


def carry_over(work: UnitOfWork, voucher: Voucher, returned: SerialNumber, replacement: SerialNumber) -> None:
    """Give a replacement what was left of the returned unit's warranty, in place of one of its own.

    Without a warranty that was running when the unit came back the replacement has none.
    """
    fresh = standing_of(work, replacement.id)
    if fresh is not None:
        _end(work, fresh, f"It took the place of {returned.serial_no}.", voucher)
    old = standing_of(work, returned.id)
    if old is None:
        return
    on = voucher.dated_on
    _end(work, old, f"Carried over to {replacement.serial_no}.", voucher, other=replacement.id)
    if old.end_on < (old.paused_on or on):
        return
    end_on = moved_end(old.end_on, old.paused_on or on, on)
    if fresh is not None:
        # The sale that gave the unit out made this row; what it promises is the rest of the old promise.
        fresh.voided_at = fresh.void_reason = None
        fresh.start_on, fresh.end_on, fresh.basis, fresh.carried_from_id = on, end_on, old.basis, returned.id
        carried = fresh
    else:
        carried = Warranty(
            serial_id=replacement.id,
            voucher_id=voucher.id,
            start_on=on,
            end_on=end_on,
            basis=old.basis,
            carried_from_id=returned.id,
        )
        work.session.add(carried)
    work.session.flush()
    _note(work, carried, "carried_over", on, voucher=voucher, other=returned.id)


def end_for(work: UnitOfWork, voucher: Voucher, serial_id: int, reason: str) -> None:
    """End the warranty of a unit whose customer gave it up."""
    warranty = standing_of(work, serial_id)
    if warranty is not None:
        _end(work, warranty, reason, voucher)


def void_of_voucher(work: UnitOfWork, voucher: Voucher, reason: str) -> None:
    """The warranties that a voucher started never ran; what they were carried over from stands again.

    One that began after a sale, with the installation, never ran either when that sale is taken back.
    """
    of_voucher = Warranty.voucher_id == voucher.id
    if isinstance(voucher, DeliveryNote | SalesInvoice):
        sold = select(StockLedgerEntry.serial_id).where(StockLedgerEntry.voucher_id == voucher.id)
        of_voucher |= Warranty.serial_id.in_(sold)
    standing = work.session.scalars(select(Warranty).where(of_voucher, Warranty.voided_at.is_(None))).all()
    for warranty in standing:
        _end(work, warranty, reason, voucher)
        if warranty.carried_from_id is not None:
            _restore(work, warranty.carried_from_id, voucher)


def extend(work: UnitOfWork, actor: Actor, *, unit_id: int, end_on: date, reason: str) -> Warranty:
    """Let a warranty end later, with a reason.

    Raises:
        DomainError: ``serial_unknown``, ``warranty_not_running``, ``warranty_not_longer``, ``forbidden``.
    """
    _, warranty = _for_supervisor(work, actor, unit_id)
    if warranty.end_on == end_on:
        return warranty
    if end_on < warranty.end_on:
        raise refuse(
            "warranty_not_longer",
            f"The warranty ends on {warranty.end_on} already; {end_on} would make it shorter.",
            "Choose a later day, or void the warranty with a reason.",
        )
    warranty.end_on = end_on
    _note(work, warranty, "extended", work.today, actor=actor, reason=reason)
    work.session.flush()
    return warranty


def void(work: UnitOfWork, actor: Actor, *, unit_id: int, reason: str) -> Warranty:
    """Say that a warranty does not hold any more, with a reason.

    Raises:
        DomainError: ``serial_unknown``, ``warranty_not_running``, ``forbidden``.
    """
    _, warranty = _for_supervisor(work, actor, unit_id)
    _end(work, warranty, reason, None, actor=actor)
    work.session.flush()
    return warranty


def _for_supervisor(work: UnitOfWork, actor: Actor, unit_id: int) -> tuple[SerialNumber, Warranty]:
    unit = work.session.get(SerialNumber, unit_id)
    if unit is None:
        raise refuse("serial_unknown", "There is no such unit.", "Look it up again.")
    site_id = work.session.get_one(Location, unit.location_id).site_id or unit.last_site_id
    actor.must(Permission.OVERRIDE, site_id)
    feed = SiteFeed(work, site_id)
    warranty = standing_of(work, unit_id)
    if warranty is None:
        raise refuse(
            "warranty_not_running",
            f"{unit.serial_no} has no warranty that could be changed.",
            "A warranty starts with the sale, the installation or the registration of a unit.",
            serial_no=unit.serial_no,
        )
    feed.tell("warranty_changed", unit_id=unit.id)
    feed.close()
    return unit, warranty


def _start(
    work: UnitOfWork, voucher: Voucher, item_of: Mapping[int, int], basis: Basis, registered_on: date | None = None
) -> None:
    on = registered_on or voucher.dated_on
    items = work.connection.execute(
        select(_item.id, _item.warranty_days, _item.warranty_months).where(
            _item.id.in_(set(item_of.values())), _item.warranty_basis == basis
        )
    )
    ends = {
        item_id: end_of(on, days, months) for item_id, days, months in items if days is not None or months is not None
    }
    begun = {serial_id: ends[item_id] for serial_id, item_id in item_of.items() if item_id in ends}
    if not begun:
        return
    shared: dict[str, object] = {"voucher_id": voucher.id}
    work.session.execute(
        insert(table(Warranty)),
        [
            shared | {"serial_id": serial_id, "start_on": on, "end_on": end_on, "basis": basis}
            for serial_id, end_on in begun.items()
        ],
    )
    by_id = None if registered_on else voucher.submitted_by_id
    shared |= {"kind": "started", "on_day": on, "by_id": by_id, "at": work.now}
    work.session.execute(
        insert(table(WarrantyEvent)),
        [shared | {"serial_id": serial_id, "end_on": end_on} for serial_id, end_on in begun.items()],
    )


def _standing(work: UnitOfWork, serial_ids: Collection[int]) -> Collection[Warranty]:
    return work.session.scalars(
        select(Warranty).where(Warranty.serial_id.in_(serial_ids), Warranty.voided_at.is_(None))
    ).all()


def _end(
    work: UnitOfWork,
    warranty: Warranty,
    reason: str,
    voucher: Voucher | None,
    *,
    other: int | None = None,
    actor: Actor | None = None,
) -> None:
    warranty.voided_at, warranty.void_reason = work.now, reason[:500]
    _note(work, warranty, "voided", work.today, voucher=voucher, other=other, actor=actor, reason=reason[:500])
    work.session.flush()


def _restore(work: UnitOfWork, serial_id: int, voucher: Voucher) -> None:
    """The last warranty of a unit, which was carried over by a voucher that is now cancelled."""
    warranty = work.session.scalar(
        select(Warranty).where(Warranty.serial_id == serial_id).order_by(Warranty.voided_at.desc()).limit(1)
    )
    if warranty is not None and warranty.voided_at is not None:
        warranty.voided_at = warranty.void_reason = None
        _note(work, warranty, "restored", work.today, voucher=voucher)
        work.session.flush()


def _note(
    work: UnitOfWork,
    warranty: Warranty,
    kind: str,
    on: date,
    *,
    voucher: Voucher | None = None,
    other: int | None = None,
    actor: Actor | None = None,
    reason: str | None = None,
) -> None:
    work.session.add(
        WarrantyEvent(
            serial_id=warranty.serial_id,
            kind=kind,
            on=on,
            end_on=warranty.end_on,
            voucher_id=voucher and voucher.id,
            other_serial_id=other,
            reason=reason,
            by_id=actor.user_id if actor else voucher and voucher.submitted_by_id,
            at=work.now,
        )
    )
