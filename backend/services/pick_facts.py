"""What judging the scans of a pick list needs to know: one query a kind of fact, for a whole group of scans."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from backend.domain.ledger import Quantity
from backend.domain.receiving import Tracking
from backend.models import Item, Location, Reservation, SerialNumber, User, Voucher, VoucherLine, table
from backend.services.reservations import STANDING

_voucher, _line, _item = table(Voucher).c, table(VoucherLine).c, table(Item).c
_place, _reservation, _user = table(Location).c, table(Reservation).c, table(User).c
_order_line = table(VoucherLine).alias("order_line")
_parent = table(Location).alias("parent")
_source = table(Voucher).alias("source")


@dataclass(slots=True)
class Taken:
    """A reservation of a pick list; ``id`` is ``None`` until it is stored."""

    line_id: int
    serial_id: int
    status: str
    by: str
    at: datetime
    id: int | None = None
    scan_id: str | None = None
    is_changed: bool = False
    columns: dict[str, Any] = field(default_factory=dict)

    def become(self, status: str, **columns: Any) -> None:
        """Change it; the columns are those of the row."""
        self.status, self.is_changed = status, True
        self.columns |= columns


@dataclass(slots=True)
class PickLine:
    """A line of a pick list; ``id`` is ``None`` until it is stored. Of counted goods it says where they lie."""

    id: int | None
    idx: int
    item_id: int
    item_code: str
    item_name: str
    tracking: Tracking
    qty: Quantity
    picked: Quantity
    order_id: str
    order_line_id: int
    location_id: int | None
    batch_id: int | None
    is_changed: bool = False

    @property
    def left(self) -> Quantity:
        """What of it is still to be fetched."""
        return self.qty - self.picked

    def count(self, by: Quantity) -> None:
        """Count what was fetched in, or out again with a negative quantity."""
        self.picked += by
        self.is_changed = True


@dataclass(slots=True)
class PickState:
    """A pick list with its lines, what it has taken, and how often a scan was refused.

    ``known_as`` is what people know it by: its order's number where it has only one.
    """

    id: str
    number: str
    known_as: str
    status: str
    site_id: int
    place: str
    place_id: int
    refused: int
    lines: list[PickLine] = field(default_factory=list)
    taken: dict[int, Taken] = field(default_factory=dict)
    places: frozenset[int] = frozenset()

    @property
    def counts(self) -> dict[str, int]:
        """What the screens show beside every answer; part of a metre of cable counts when it is whole."""
        return {
            "expected": int(sum(line.qty for line in self.lines)),
            "accepted": int(sum(line.picked for line in self.lines)),
            "rejected": 0,
        }

    @property
    def order_ids(self) -> set[str]:
        """The orders that it fetches for."""
        return {line.order_id for line in self.lines}

    def may_have_serials(self, item_id: int | None) -> bool:
        """Whether the units of an item of this list have serial numbers; of any of its items when none is known."""
        named = [line for line in self.lines if line.item_id == item_id] or self.lines
        return any(line.tracking.has_serial for line in named)

    def proposed(self, lines: Collection[PickLine]) -> list[Taken]:
        """What is proposed for some lines and not fetched yet."""
        ids = {line.id for line in lines}
        return [taken for taken in self.taken.values() if taken.status == "proposed" and taken.line_id in ids]

    def standing(self, line: PickLine) -> int:
        """How many units a line has, proposed or fetched."""
        return sum(taken.line_id == line.id for taken in self.taken.values() if taken.status in STANDING)

    def line(self, line_id: int) -> PickLine:
        """The line with an id."""
        return next(line for line in self.lines if line.id == line_id)


_LISTS = (
    select(
        _voucher.id,
        _voucher.number,
        _source.c.number.label("order_number"),
        _voucher.status,
        _voucher.site_id,
        _voucher.refused,
        _voucher.location_id.label("place_id"),
        _place.code,
        _parent.c.code.label("parent"),
        _parent.c.kind.label("parent_kind"),
        _line.id.label("line_id"),
        _line.idx,
        _line.qty,
        _line.picked,
        _line.location_id,
        _line.batch_id,
        _order_line.c.id.label("order_line_id"),
        _order_line.c.voucher_id.label("order_id"),
        _item.id.label("item_id"),
        _item.item_code,
        _item.name,
        _item.tracking,
    )
    .select_from(table(Voucher))
    .outerjoin(_source, _source.c.id == _voucher.source_id)
    .join(table(Location), _place.id == _voucher.location_id)
    .outerjoin(_parent, _parent.c.id == _place.parent_id)
    .join(table(VoucherLine), _line.voucher_id == _voucher.id)
    .join(_order_line, _order_line.c.id == _line.source_line_id)
    .join(table(Item), _item.id == _line.item_id)
    .where(_voucher.id.in_(bindparam("ids", expanding=True)), _voucher.type == "pick_list")
    .order_by(_line.voucher_id, _line.idx)
)
_TAKEN = (
    select(
        _reservation.voucher_id,
        _reservation.line_id,
        _reservation.serial_id,
        _reservation.status,
        _user.username,
        _reservation.at,
        _reservation.id,
        _reservation.scan_id,
    )
    .join(table(User), _user.id == _reservation.user_id)
    .where(_reservation.voucher_id.in_(bindparam("ids", expanding=True)), _reservation.status.in_(STANDING))
    .order_by(_reservation.id)
)


def read_pick_lists(connection: Connection, ids: Collection[str]) -> dict[str, PickState]:
    """The pick lists with their lines, what they have taken, and the places that they fetch from."""
    lists: dict[str, PickState] = {}
    for row in connection.execute(_LISTS, {"ids": list(ids)}):
        is_under_site = row.parent_kind in (None, "site")
        state = lists.setdefault(
            row.id,
            PickState(
                row.id,
                row.number,
                row.order_number or row.number,
                row.status,
                row.site_id,
                row.code if is_under_site else f"{row.parent} / {row.code}",
                row.place_id,
                row.refused,
            ),
        )
        state.lines.append(
            PickLine(
                row.line_id,
                row.idx,
                row.item_id,
                row.item_code,
                row.name,
                Tracking(row.tracking),
                row.qty,
                row.picked,
                row.order_id,
                row.order_line_id,
                row.location_id,
                row.batch_id,
            )
        )
    for each in connection.execute(_TAKEN, {"ids": list(lists)}):
        lists[each.voucher_id].taken[each.serial_id] = Taken(
            each.line_id, each.serial_id, each.status, each.username, each.at, each.id, each.scan_id
        )
    inside = _inside(connection, {state.place_id for state in lists.values()})
    for state in lists.values():
        state.places = frozenset(inside[state.place_id])
    return lists


def serial_nos_of(connection: Connection, serial_ids: Collection[int]) -> dict[int, str]:
    """The serial numbers of units, as they are written."""
    unit = table(SerialNumber).c
    rows = connection.execute(select(unit.id, unit.serial_no).where(unit.id.in_(list(serial_ids))))
    return {row.id: row.serial_no for row in rows}


def _inside(connection: Connection, place_ids: Collection[int]) -> dict[int, set[int]]:
    """Each place with all places under it."""
    tree = select(_place.id.label("root"), _place.id).where(_place.id.in_(list(place_ids))).cte(recursive=True)
    tree = tree.union_all(select(tree.c.root, _place.id).join(tree, _place.parent_id == tree.c.id))
    found: defaultdict[int, set[int]] = defaultdict(set)
    for row in connection.execute(select(tree.c.root, tree.c.id)):
        found[row.root].add(row.id)
    return found
