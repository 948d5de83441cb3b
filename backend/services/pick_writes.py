"""What a group of picks changed, written at once: reservations, lines and counts."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, update

from backend.models import Reservation, Voucher, VoucherLine, table
from backend.services.pick_facts import PickLine, PickState, Taken
from backend.services.reservations import GivenUp, hand_on, standing_ids
from backend.unit_of_work import UnitOfWork

_reservation, _line = table(Reservation).c, table(VoucherLine).c
_CONFIRM = (
    update(table(Reservation))
    .where(_reservation.id == bindparam("taken"))
    .values(
        status=bindparam("now_is"),
        scan_id=bindparam("by_scan"),
        user_id=bindparam("by_user"),
        at=bindparam("moment"),
        scanned_at=bindparam("device_moment"),
    )
)
_COUNT_LINE = (
    update(table(VoucherLine))
    .where(_line.id == bindparam("line"))
    .values(qty=bindparam("asked"), picked=bindparam("fetched"))
)
_COUNT_VOUCHER = (
    update(table(Voucher)).where(table(Voucher).c.id == bindparam("voucher")).values(refused=bindparam("no"))
)


def write_picks(
    work: UnitOfWork, lists: Collection[PickState], replaced: Sequence[GivenUp], handed_on: Mapping[int, str]
) -> None:
    """Write what changed of pick lists.

    Args:
        work: The unit of work.
        lists: The pick lists.
        replaced: Proposals that gave way to another unit.
        handed_on: Units that were promised to somebody else, and why they are taken.
    """
    connection = work.connection
    changed = [taken for state in lists for taken in state.taken.values() if taken.is_changed]
    confirmed = [taken for taken in changed if taken.id is not None]
    if confirmed:
        connection.execute(_CONFIRM, [_row(taken) for taken in confirmed])
    _write_new(work, [taken for taken in changed if taken.id is None], replaced, handed_on)
    lines = [(state, line) for state in lists for line in state.lines if line.is_changed]
    counted = [{"line": line.id, "asked": line.qty, "fetched": line.picked} for _, line in lines if line.id is not None]
    if counted:
        connection.execute(_COUNT_LINE, counted)
    new = [_new_line(state, line) for state, line in lines if line.id is None]
    if new:
        connection.execute(insert(table(VoucherLine)), new)
    if lists:
        connection.execute(_COUNT_VOUCHER, [{"voucher": state.id, "no": state.refused} for state in lists])


def _write_new(
    work: UnitOfWork, new: Sequence[Taken], replaced: Sequence[GivenUp], handed_on: Mapping[int, str]
) -> None:
    """Give the proposals that were replaced free, add what was taken instead, and link the two."""
    units = {taken.serial_id for taken in new}
    taken_over = {unit: why for unit, why in handed_on.items() if unit in units}
    given_up = [each for each in replaced if each.for_unit in units]
    if taken_over:
        standing = standing_ids(work, taken_over)
        given_up += [GivenUp(standing[unit], unit, why) for unit, why in taken_over.items()]
    hand_on(work, [_new_row(taken) for taken in new], given_up)


def _row(taken: Taken) -> dict[str, Any]:
    return {
        "taken": taken.id,
        "now_is": taken.status,
        "by_scan": taken.columns.get("scan_id"),
        "by_user": taken.columns["user_id"],
        "moment": taken.columns["at"],
        "device_moment": taken.columns.get("scanned_at"),
    }


def _new_row(taken: Taken) -> dict[str, Any]:
    return {"line_id": taken.line_id, "serial_id": taken.serial_id} | taken.columns | {"status": taken.status}


def _new_line(state: PickState, line: PickLine) -> dict[str, Any]:
    return {
        "voucher_id": state.id,
        "idx": line.idx,
        "item_id": line.item_id,
        "qty": line.qty,
        "picked": line.picked,
        "source_line_id": line.order_line_id,
        "location_id": line.location_id,
        "batch_id": line.batch_id,
    }
