"""Items: made, edited and retired, with the codes that stand for them and their picture."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import exists, select

from backend.domain import item_rules, serials
from backend.domain.errors import DomainError, Refusal, refuse
from backend.domain.people import Actor
from backend.domain.profiles import with_defaults
from backend.models import (
    Balance,
    Feed,
    Item,
    ItemBarcode,
    ItemPicture,
    SerialNumber,
    StockLedgerEntry,
    VoucherUnit,
)
from backend.services import editing, scan_meaning
from backend.services.auditing import changed
from backend.services.feed import SiteFeed
from backend.services.site_series import draw_code
from backend.unit_of_work import UnitOfWork

DEFAULTS: Mapping[str, Any] = dict.fromkeys(item_rules.FIELDS) | {
    "expiry_required": False,
    "over_receipt_percent": 0,
    "warranty_basis": "delivery",
    "pick_rule": "fifo",
    "secondary_kinds": [],
    "verify_returns": False,
}
MOST_BARCODE = 80
MOST_BARCODES = 50
"""Codes of one item."""


def create_item(
    work: UnitOfWork,
    actor: Actor,
    *,
    site_id: int,
    item_code: str | None,
    fields: Mapping[str, Any],
    barcodes: Sequence[str] = (),
) -> Item:
    """Make an item.

    Args:
        work: The unit of work.
        actor: Who makes it.
        site_id: Whose series gives the code when there is none.
        item_code: Its code.
        fields: Some of ``item_rules.FIELDS``, the name and the tracking or a profile among them; the profile fills
            in what is not said.
        barcodes: Codes that stand for it, as scanned or typed.

    Raises:
        DomainError: ``code_taken``, ``item_settings_disagree``, ``barcode_taken``, and what series raise.
    """
    editing.must_manage(actor, site_id)
    code = item_code or draw_code(work, site_id, "item", lambda text: _has_code(work, text))
    if _has_code(work, code):
        raise editing.code_taken("item", code)
    complete = {**DEFAULTS, "tracking": "none", **with_defaults(fields)}
    _must_fit(work, code, complete)
    item = Item(item_code=code, **complete)
    editing.stamp(work, actor, item, item.name)
    work.session.add(item)
    work.session.flush()
    for text in barcodes:
        _link(work, actor, item, text, "")
    return item


def edit_item(work: UnitOfWork, actor: Actor, *, item_id: int, version: int, fields: Mapping[str, Any]) -> Item:
    """Change an item; a profile that it did not have before fills in what is not said.

    Args:
        work: The unit of work.
        actor: Who changes it.
        item_id: The item.
        version: Which state of it the person saw.
        fields: Some of ``item_rules.FIELDS``, and ``item_code``.

    Raises:
        DomainError: ``not_found``, ``changed_meanwhile``, ``code_taken``, ``item_has_units``,
            ``item_settings_disagree``, and what series raise.
    """
    editing.must_manage(actor)
    if "tracking" in fields or "profile" in fields:
        # What is received meanwhile anywhere would be told apart in the old way: no site receives until the commit.
        for feed_site in work.session.scalars(select(Feed.site_id).order_by(Feed.site_id)).all():
            SiteFeed(work, feed_site)
    item = editing.for_change(work, Item, item_id, version)
    if fields.get("profile") != item.profile:
        fields = with_defaults(fields)
    changes = editing.differing(item, fields)
    must_take(work, item, changes)
    if changes:
        editing.apply(work, actor, item, changes)
    return item


def must_take(work: UnitOfWork, item: Item, changes: Mapping[str, Any]) -> None:
    """Raise the refusal of changes that an item cannot take."""
    if "item_code" in changes and _has_code(work, changes["item_code"]):
        raise editing.code_taken("item", changes["item_code"])
    if "tracking" in changes and has_units(work, item.id):
        raise tracking_is_fixed(item)
    complete = {field: getattr(item, field) for field in item_rules.FIELDS} | dict(changes)
    _must_fit(work, changes.get("item_code", item.item_code), complete)


def tracking_is_fixed(item: Item) -> DomainError:
    """The refusal of another tracking for an item that has units."""
    return refuse(
        "item_has_units",
        f"{item.item_code} has units that are told apart by its tracking, {item.tracking.replace('_', ' and ')}.",
        "Keep the tracking; make a new item for goods that are told apart in another way.",
        tracking=item.tracking,
    )


def has_units(work: UnitOfWork, item_id: int) -> bool:
    """Whether an item ever had units, or has some on an open receipt."""
    return bool(
        work.session.scalar(
            select(
                exists().where(SerialNumber.item_id == item_id)
                | exists().where(VoucherUnit.item_id == item_id, VoucherUnit.status == "open")
                | exists().where(Balance.item_id == item_id)
                | exists().where(StockLedgerEntry.item_id == item_id)
            )
        )
    )


def retire_item(work: UnitOfWork, actor: Actor, *, item_id: int, version: int) -> Item:
    """Offer an item no more; what is in stock of it can still be sold.

    Raises:
        DomainError: ``not_found``, ``changed_meanwhile``.
    """
    editing.must_manage(actor)
    item = editing.for_change(work, Item, item_id, version)
    editing.retire(work, actor, item)
    return item


def bring_item_back(work: UnitOfWork, actor: Actor, *, item_id: int, version: int) -> Item:
    """Offer an item again."""
    editing.must_manage(actor)
    item = editing.for_change(work, Item, item_id, version)
    editing.bring_back(work, actor, item)
    return item


def link_barcode(work: UnitOfWork, actor: Actor, *, item_id: int, text: str, symbology: str = "") -> Item:
    """Let a code stand for an item: a GTIN, or any foreign code, as it was scanned. Again: nothing changes.

    Raises:
        DomainError: ``not_found``, ``barcode_taken``, ``barcode_names_no_item``, ``barcode_invalid``.
    """
    editing.must_manage(actor)
    item = editing.locked(work, Item, item_id)
    _link(work, actor, item, text, symbology)
    return item


def unlink_barcode(work: UnitOfWork, actor: Actor, *, item_id: int, barcode_id: int) -> Item:
    """Let a code stand for an item no more."""
    editing.must_manage(actor)
    item = editing.locked(work, Item, item_id)
    barcode = work.session.get(ItemBarcode, barcode_id)
    if barcode is None or barcode.item_id != item_id:
        raise refuse("not_found", f"{item.item_code} has no such barcode.", "Open the item again.")
    work.session.delete(barcode)
    work.session.flush()
    work.session.expire(item, ["barcodes"])
    editing.stamp(work, actor, item, changed({"barcode": (barcode.code, None)}))
    return item


def barcode_of(text: str, symbology: str = "") -> tuple[str, bool] | Refusal:
    """The code that a text stands for as an item's barcode, and whether it is a GTIN; or why it is none."""
    meaning = scan_meaning.read(text, symbology)
    if isinstance(meaning, Refusal):
        return replace(meaning, code="barcode_invalid")
    code = meaning.lookup
    shown = serials.printable(text.strip())[:MOST_BARCODE]
    if not code:
        return Refusal(
            "barcode_names_no_item",
            f"'{shown}' names no item: it has no GTIN.",
            "Scan the code of the item itself, on the same label or package.",
        )
    if len(code) > MOST_BARCODE or serials.has_hidden_characters(code):
        return Refusal(
            "barcode_invalid",
            f"'{shown}' is no code for an item: it has more than {MOST_BARCODE} or invisible characters.",
            "Scan another code of the item.",
        )
    return code, code == meaning.code.gtin


def barcode_taken(code: str, item_code: str) -> Refusal:
    """The refusal of a code that stands for another item."""
    return Refusal(
        "barcode_taken",
        f"{code} stands for {item_code} already.",
        f"Remove it from {item_code} first if it is wrong there.",
        facts={"item_code": item_code},
    )


def new_barcode(work: UnitOfWork, actor: Actor, item: Item, code: str, is_gtin: bool) -> ItemBarcode:
    """The row that links a code to an item."""
    return ItemBarcode(item=item, code=code, is_gtin=is_gtin, linked_by_id=actor.user_id, linked_at=work.now)


def set_picture(work: UnitOfWork, actor: Actor, *, item_id: int, jpeg: bytes | None) -> Item:
    """Give an item a picture, encoded anew; ``None`` takes it away.

    Raises:
        DomainError: ``not_found``.
    """
    editing.must_manage(actor)
    item = editing.locked(work, Item, item_id)
    picture = work.session.get(ItemPicture, item_id)
    if picture is not None:
        work.session.delete(picture)
        work.session.flush()
    if jpeg is not None:
        work.session.add(ItemPicture(item_id=item_id, jpeg=jpeg, added_by_id=actor.user_id, added_at=work.now))
    editing.stamp(work, actor, item, changed({"picture": (picture and "was there", jpeg and "new")}))
    return item


def _link(work: UnitOfWork, actor: Actor, item: Item, text: str, symbology: str) -> None:
    read = barcode_of(text, symbology)
    if isinstance(read, Refusal):
        raise DomainError(read)
    code, is_gtin = read
    known = work.session.scalar(select(ItemBarcode).where(ItemBarcode.code == code))
    if known is not None and known.item_id != item.id:
        raise DomainError(barcode_taken(code, known.item.item_code))
    if known is None:
        work.session.add(new_barcode(work, actor, item, code, is_gtin))
        work.session.flush()
        editing.stamp(work, actor, item, changed({"barcode": (None, code)}))


def _has_code(work: UnitOfWork, item_code: str) -> bool:
    return work.session.scalar(select(Item.id).where(Item.item_code == item_code)) is not None


def _must_fit(work: UnitOfWork, item_code: str, complete: Mapping[str, Any]) -> None:
    refusal = item_rules.check(item_code, complete, work.today)
    if refusal:
        raise DomainError(refusal)
