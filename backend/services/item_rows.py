"""The rows of a file of items: what each makes or changes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from backend.domain import item_rules
from backend.domain.errors import Refusal
from backend.domain.master_rows import MasterRow
from backend.domain.people import Actor
from backend.domain.profiles import with_defaults
from backend.models import Balance, Feed, Item, ItemBarcode, SerialNumber, StockLedgerEntry, VoucherUnit
from backend.services import editing, items
from backend.services.auditing import changed
from backend.services.feed import SiteFeed
from backend.services.row_facts import chunks, is_retired, lacks
from backend.unit_of_work import UnitOfWork


class ItemRows:
    """Reads once what all rows need, then takes them one by one."""

    def __init__(self, work: UnitOfWork, actor: Actor, _site_id: int, rows: Sequence[MasterRow]) -> None:
        self._work, self._actor = work, actor
        for site_id in work.session.scalars(select(Feed.site_id).order_by(Feed.site_id)).all():
            # Nobody receives while the tracking of items may change.
            SiteFeed(work, site_id)
        self._codes: dict[str, list[tuple[str, bool]] | Refusal] = {
            row.code: _barcodes(row.fields.get("barcodes", ())) for row in rows
        }
        self._items: dict[str, Item] = {}
        for part in chunks([row.code for row in rows]):
            query = select(Item).where(Item.item_code.in_(part)).with_for_update()
            for item in work.session.scalars(query.options(selectinload(Item.barcodes))):
                self._items[item.item_code] = item
        self._owners: dict[str, str] = {}
        wanted = [code for codes in self._codes.values() if not isinstance(codes, Refusal) for code, _ in codes]
        for part in chunks(wanted):
            known = select(ItemBarcode).where(ItemBarcode.code.in_(part)).options(joinedload(ItemBarcode.item))
            self._owners |= {barcode.code: barcode.item.item_code for barcode in work.session.scalars(known)}
        self._with_units = self._have_units([item.id for item in self._items.values()])

    def in_order(self, rows: Sequence[MasterRow]) -> Sequence[MasterRow]:
        """The rows in the order in which they are taken."""
        return rows

    def take(self, row: MasterRow) -> Item | Sequence[str] | Refusal:
        """Make or change an item: the new one, the names of the fields that changed, or why it is refused."""
        codes = self._codes[row.code]
        if isinstance(codes, Refusal):
            return codes
        for code, _ in codes:
            if self._owners.get(code, row.code) != row.code:
                return items.barcode_taken(code, self._owners[code])
        fields = {name: value for name, value in row.fields.items() if name != "barcodes"}
        item = self._items.get(row.code)
        answer = self._make(row, fields) if item is None else self._change(item, fields)
        if isinstance(answer, Refusal):
            return answer
        made = answer if isinstance(answer, Item) else item
        new = [(code, is_gtin) for code, is_gtin in codes if code not in self._owners]
        for code, is_gtin in new:
            self._work.session.add(items.new_barcode(self._work, self._actor, made, code, is_gtin))  # type: ignore[arg-type]
            self._owners[code] = row.code
        if isinstance(answer, Item) or not new:
            return answer
        keep = editing.keep if answer else editing.stamp
        keep(self._work, self._actor, made, changed({"barcodes": (None, [code for code, _ in new])}))  # type: ignore[arg-type]
        return [*answer, "barcodes"]

    def _make(self, row: MasterRow, fields: dict[str, Any]) -> Item | Refusal:
        complete = {**items.DEFAULTS, "tracking": "none", **with_defaults(fields)}
        refusal = lacks(row, "name") or item_rules.check(row.code, complete, self._work.today)
        if refusal:
            return refusal
        item = Item(item_code=row.code, **complete)
        editing.stamp(self._work, self._actor, item, item.name)
        self._work.session.add(item)
        return item

    def _change(self, item: Item, fields: dict[str, Any]) -> Sequence[str] | Refusal:
        if item.retired_at is not None:
            return is_retired(item.item_code)
        if fields.get("profile", item.profile) != item.profile:
            fields = with_defaults(fields)
        changes = editing.differing(item, fields)
        if "tracking" in changes and item.id in self._with_units:
            return items.tracking_is_fixed(item).refusal
        complete = {name: getattr(item, name) for name in item_rules.FIELDS} | changes
        refusal = item_rules.check(item.item_code, complete, self._work.today)
        if refusal:
            return refusal
        if changes:
            editing.apply(self._work, self._actor, item, changes)
        return list(changes)

    def _have_units(self, ids: Sequence[int]) -> set[int]:
        found: set[int] = set()
        for part in chunks(ids):
            for column in (SerialNumber.item_id, Balance.item_id, StockLedgerEntry.item_id):
                found |= set(self._work.session.scalars(select(column).where(column.in_(part)).distinct()))
            on_receipts = select(VoucherUnit.item_id).where(VoucherUnit.item_id.in_(part), VoucherUnit.status == "open")
            found |= set(self._work.session.scalars(on_receipts.distinct()))
        return found


def _barcodes(texts: Sequence[str]) -> list[tuple[str, bool]] | Refusal:
    found = []
    for text in texts:
        code = items.barcode_of(text)
        if isinstance(code, Refusal):
            return code
        if code not in found:
            found.append(code)
    return found
