"""What is inside a unit: built in and taken out by stock entries and service visits, and undone with them."""

from collections.abc import Collection

from sqlalchemy import insert, select, update

from backend.domain.availability import UnitFacts
from backend.domain.errors import Refusal
from backend.models import Component, SerialNumber, Voucher, table
from backend.services.moving import Taken
from backend.services.standing import first_of_unit_after
from backend.services.undoing import Cancelling, checks_before, undoes
from backend.unit_of_work import UnitOfWork


def not_in_itself(unit: UnitFacts, parent: UnitFacts) -> Refusal | None:
    """Why a unit is not built into another one: it is the same."""
    if unit.serial_id != parent.serial_id:
        return None
    return Refusal(
        "serial_in_itself",
        f"{unit.serial_no} cannot be built into itself.",
        "Scan the unit that it is built into.",
        facts={"serial_no": unit.serial_no},
    )


def build_in(work: UnitOfWork, voucher: Voucher, taken: Taken, parent: UnitFacts) -> None:
    """Note that what was taken is inside a unit from now on."""
    shared = {"parent_id": parent.serial_id, "voucher_id": voucher.id, "put_in_at": work.now}
    rows = [
        {"item_id": unit.item_id, "serial_id": unit.serial_id, "batch_id": unit.batch_id, "qty": 1, **shared}
        for unit in taken.units
    ] + [
        {"item_id": each.item_id, "serial_id": None, "batch_id": each.batch_id, "qty": each.qty, **shared}
        for each in taken.goods
    ]
    if rows:
        work.session.execute(insert(table(Component)), rows)


def holder_of(work: UnitOfWork, unit: UnitFacts) -> SerialNumber | None:
    """The unit that another one is built into now."""
    return work.session.scalar(
        select(SerialNumber)
        .join(Component, Component.parent_id == SerialNumber.id)
        .where(Component.serial_id == unit.serial_id, Component.removed_at.is_(None))
    )


def not_inside(work: UnitOfWork, unit: UnitFacts, parent: UnitFacts) -> Refusal | None:
    """Why a unit is not taken out of another one: it is not in there; says where it is."""
    holder = holder_of(work, unit)
    if holder is not None and holder.id == parent.serial_id:
        return None
    where = f"built into {holder.serial_no}" if holder is not None else f"in {unit.location}"
    return Refusal(
        "not_a_component",
        f"{unit.serial_no} is not built into {parent.serial_no}, it is {where}.",
        "Check the label; the unit's page says where it is.",
        facts={"serial_no": unit.serial_no, "parent": parent.serial_no, "where": where},
    )


def take_out(work: UnitOfWork, voucher: Voucher, units: Collection[UnitFacts], parent: UnitFacts) -> None:
    """Note that units are inside another one no more."""
    work.session.execute(
        update(Component)
        .where(
            Component.parent_id == parent.serial_id,
            Component.serial_id.in_([unit.serial_id for unit in units]),
            Component.removed_at.is_(None),
        )
        .values(removed_by_id=voucher.id, removed_at=work.now)
    )


@checks_before("stock_entry", "service_visit")
def _parents_must_not_have_moved(cancelling: Cancelling) -> None:
    """What was built into a unit cannot come back to the shelf when that unit has gone away with it."""
    voucher = cancelling.voucher
    parents = cancelling.work.session.scalars(
        select(Component.parent_id)
        .where((Component.voucher_id == voucher.id) | (Component.removed_by_id == voucher.id))
        .distinct()
    )
    for parent_id in parents:
        later = first_of_unit_after(cancelling.work.connection, parent_id, voucher.id)
        if later is not None:
            raise later.contradicts(f"{voucher.number} cannot be cancelled.")


@undoes("stock_entry", "service_visit")
def _undo_components(cancelling: Cancelling) -> None:
    session, voucher = cancelling.work.session, cancelling.voucher
    session.execute(
        update(Component).where(Component.removed_by_id == voucher.id).values(removed_by_id=None, removed_at=None)
    )
    session.execute(
        update(Component)
        .where(Component.voucher_id == voucher.id)
        .values(removed_by_id=voucher.id, removed_at=cancelling.work.now)
    )
