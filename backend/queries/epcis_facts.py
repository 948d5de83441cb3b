"""What the movements of one piece of an export need besides their rows, each kind of fact in one query."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from backend.domain import serials
from backend.domain.epcis import Goods, SitePlace
from backend.domain.locations import LocationKind
from backend.models import Component, Intake, Item, ItemBarcode, Location, SerialNumber

Key = tuple[Any, ...]


class PieceFacts:
    """The facts of some movements.

    Args:
        session: Reads as of the same moment as the movements.
        rows: The movements, as ``movements`` gives them.
        movements: The statement of all movements, for those that these undo.
        arrived: Its columns of the entry that arrived.
    """

    def __init__(self, session: Session, rows: Sequence[Any], movements: Select[Any], arrived: Any) -> None:
        self._session = session
        self._originals = self._read_originals([row for row in rows if _may_be_opposite(row)], movements, arrived)
        rows = [*rows, *self._originals.values()]
        self._places = self._read_places({row.from_id for row in rows} | {row.to_id for row in rows})
        self._gtins = gtins(session, {row.item_id for row in rows})
        self._parents = self._read_parents(rows)
        self._numbered = self._read_numbered({row.voucher_id for row in rows if row.serial_no is not None})

    def is_opposite(self, row: Any) -> bool:
        """Whether a movement takes back one of its voucher: all of those are posted when the voucher is cancelled."""
        return (row.site_id, row.seq) in self._originals

    def original_of(self, row: Any) -> Any:
        """The movement that an opposite one takes back."""
        return self._originals[row.site_id, row.seq]

    def place(self, location_id: int) -> SitePlace:
        """A place of a movement."""
        return self._places[location_id]

    def gtin(self, item_id: int) -> str | None:
        """The item's GTIN; of several the first."""
        return self._gtins.get(item_id)

    def parent(self, row: Any) -> Goods | None:
        """The unit that a movement built the goods into, or took them out of."""
        return self._parents.get(_inside(row))

    def is_numbered(self, row: Any) -> bool:
        """Whether the unit got its number from a series of ours on the voucher that brought it in."""
        return row.serial_no is not None and serials.key(row.serial_no) in self._numbered.get(row.voucher_id, ())

    def _read_originals(self, opposites: Sequence[Any], movements: Select[Any], arrived: Any) -> dict[Key, Any]:
        if not opposites:
            return {}
        units = {row.serial_id for row in opposites} - {None}
        all_of_them = self._session.execute(
            movements.where(
                arrived.voucher_id.in_({row.voucher_id for row in opposites}),
                or_(arrived.serial_id.is_(None), arrived.serial_id.in_(units)),
            ).order_by(arrived.posted_at, arrived.site_id, arrived.seq)
        ).all()
        moved: defaultdict[Key, list[Any]] = defaultdict(list)
        found: dict[Key, Any] = {}
        for row in all_of_them:
            standing = moved[_same(row, row.to_id, row.from_id)]
            if standing and _may_be_opposite(row):
                # The last movement is the first that is taken back.
                found[row.site_id, row.seq] = standing.pop()
            else:
                moved[_same(row, row.from_id, row.to_id)].append(row)
        return found

    def _read_places(self, ids: Collection[int]) -> dict[int, SitePlace]:
        site = aliased(Location)
        rows = self._session.execute(
            select(Location.id, site.code.label("site_code"), Location.code, Location.kind)
            .join(site, site.id == func.coalesce(Location.site_id, Location.id))
            .where(Location.id.in_(ids))
        )
        return {row.id: SitePlace(row.site_code, row.code, LocationKind(row.kind)) for row in rows}

    def _read_parents(self, rows: Sequence[Any]) -> dict[Key, Goods]:
        kinds = (LocationKind.CONSUMED,)
        vouchers = {
            row.voucher_id
            for row in rows
            if self._places[row.to_id].kind in kinds or self._places[row.from_id].kind in kinds
        }
        if not vouchers:
            return {}
        parents = self._session.execute(
            select(Component, SerialNumber.serial_no, SerialNumber.item_id, Item.item_code)
            .join(SerialNumber, SerialNumber.id == Component.parent_id)
            .join(Item, Item.id == SerialNumber.item_id)
            .where(or_(Component.voucher_id.in_(vouchers), Component.removed_by_id.in_(vouchers)))
        ).all()
        codes = gtins(self._session, {row.item_id for row in parents})
        found: dict[Key, Goods] = {}
        for component, serial_no, item_id, item_code in parents:
            goods = Goods(item_code, codes.get(item_id), serial_no)
            for voucher_id in {component.voucher_id, component.removed_by_id} & vouchers:
                found[voucher_id, component.item_id, component.serial_id, component.batch_id] = goods
        return found

    def _read_numbered(self, vouchers: Collection[str]) -> dict[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for voucher_id, answer in self._session.execute(
            select(Intake.voucher_id, Intake.answer).where(Intake.voucher_id.in_(vouchers), Intake.kind == "numbers")
        ):
            found[voucher_id].update(serials.key(serial_no) for serial_no in answer["serial_nos"])
        return found


def gtins(session: Session, item_ids: Collection[int]) -> dict[int, str]:
    """The GTIN of each item that has one; of several the first."""
    rows = session.execute(
        select(ItemBarcode.item_id, func.min(ItemBarcode.code).label("code"))
        .where(ItemBarcode.is_gtin, ItemBarcode.item_id.in_(item_ids))
        .group_by(ItemBarcode.item_id)
    )
    return {row.item_id: row.code for row in rows}


def _may_be_opposite(row: Any) -> bool:
    """A voucher that is cancelled in the moment in which it was posted has both kinds at that moment."""
    return row.cancelled_at is not None and row.posted_at >= row.cancelled_at


def _same(row: Any, from_id: int, to_id: int) -> Key:
    return (row.voucher_id, row.voucher_line_id, row.item_id, row.serial_id, row.batch_id, row.qty, from_id, to_id)


def _inside(row: Any) -> Key:
    return (row.voucher_id, row.item_id, row.serial_id, row.batch_id)
