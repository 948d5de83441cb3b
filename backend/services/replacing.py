"""Other goods for open pick lists in the place of those that were taken from them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from backend.domain.ledger import Quantity
from backend.domain.people import Actor
from backend.domain.picking import PickRule
from backend.models import Item, Reservation, Voucher, VoucherLine, table
from backend.services.proposals import propose_goods, propose_units
from backend.services.reservations import standing_ids
from backend.unit_of_work import UnitOfWork

_reservation = table(Reservation).c
_REPLACE = (
    update(table(Reservation)).where(_reservation.id == bindparam("given_up")).values(replaced_by_id=bindparam("new"))
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A unit that was reserved for a line of a pick list or sales order, and is no more."""

    reservation_id: int
    serial_id: int
    line_id: int
    voucher_id: str
    item_id: int
    is_of_list: bool


def propose_other_units(work: UnitOfWork, actor: Actor, gone: Sequence[Taken], places: frozenset[int]) -> None:
    """Other units in the place of those that are gone, as far as there are any; each points to its successor."""
    for item_id in sorted({each.item_id for each in gone}):
        of_item = [each for each in gone if each.item_id == item_id]
        rule = PickRule(work.session.get_one(Item, item_id).pick_rule)
        found = propose_units(work, item_id=item_id, rule=rule, qty=len(of_item), places=places)
        pairs = list(zip(of_item, found, strict=False))
        if not pairs:
            continue
        rows = [
            {
                "voucher_id": each.voucher_id,
                "line_id": each.line_id,
                "serial_id": unit.serial_id,
                "status": "proposed",
                "user_id": actor.user_id,
                "at": work.now,
            }
            for each, unit in pairs
        ]
        work.connection.execute(insert(table(Reservation)), rows)
        new = standing_ids(work, [unit.serial_id for _, unit in pairs])
        work.connection.execute(
            _REPLACE, [{"given_up": each.reservation_id, "new": new[unit.serial_id]} for each, unit in pairs]
        )


def lines_with(work: UnitOfWork, batch_ids: Sequence[int]) -> dict[str, list[VoucherLine]]:
    """Lines of open pick lists that still ask for goods of these batches, which are only counted."""
    found: defaultdict[str, list[VoucherLine]] = defaultdict(list)
    for line in work.session.scalars(
        select(VoucherLine)
        .join(Voucher, Voucher.id == VoucherLine.voucher_id)
        .where(
            Voucher.type == "pick_list",
            Voucher.status == "draft",
            VoucherLine.batch_id.in_(batch_ids),
            VoucherLine.qty > VoucherLine.picked,
        )
        .order_by(VoucherLine.id)
        .execution_options(populate_existing=True)
    ):
        found[line.voucher_id].append(line)
    return found


def ask_elsewhere(work: UnitOfWork, lines: Sequence[VoucherLine], places: frozenset[int]) -> None:
    """What such a line still asks for is asked for where it may be taken, or is short."""
    for line in lines:
        rest: Quantity = line.qty - line.picked
        line.qty = line.picked
        work.session.flush()
        rule = PickRule(work.session.get_one(Item, line.item_id).pick_rule)
        shares = propose_goods(work, item_id=line.item_id, rule=rule, qty=rest, places=places)
        wanted: list[tuple[int | None, int | None, Quantity]] = [
            (share.location_id, share.batch_id, share.qty) for share in shares
        ]
        short = rest - sum(share.qty for share in shares)
        for location_id, batch_id, qty in [*wanted, (None, None, short)]:
            if qty > 0:
                _ask_for(work, line, location_id, batch_id, qty)


def _ask_for(
    work: UnitOfWork, instead_of: VoucherLine, location_id: int | None, batch_id: int | None, qty: Quantity
) -> None:
    lines = work.session.scalars(select(VoucherLine).filter_by(voucher_id=instead_of.voucher_id)).all()
    wanted: dict[str, Any] = {
        "source_line_id": instead_of.source_line_id,
        "location_id": location_id,
        "batch_id": batch_id,
    }
    for line in lines:
        if all(getattr(line, name) == value for name, value in wanted.items()):
            line.qty += qty
            return
    work.session.add(
        VoucherLine(
            voucher_id=instead_of.voucher_id,
            idx=max(line.idx for line in lines) + 1,
            item_id=instead_of.item_id,
            qty=qty,
            **wanted,
        )
    )
    work.session.flush()
