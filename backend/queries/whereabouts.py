"""Where units came from and where they are now, for any number of them in one statement."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from backend.domain.locations import STATE_AT, LocationKind, UnitState
from backend.models import Batch, Item, Location, Party, SerialNumber, StockLedgerEntry, Voucher, table
from backend.models.composition import outermost

_unit, _top = table(SerialNumber).alias("unit"), table(SerialNumber).alias("top_unit")
_item, _top_item, _batch = table(Item).alias("unit_item"), table(Item).alias("top_item"), table(Batch).alias("of_batch")
_place, _around = table(Location).alias("place_now"), table(Location).alias("place_around")
_supplier, _owner = table(Party).alias("supplier"), table(Party).alias("owner")
_receipt, _order = table(Voucher).alias("receipt"), table(Voucher).alias("purchase_order")
_last, _entry = table(Voucher).alias("last_voucher"), table(StockLedgerEntry).alias("last_entry")

IS_NOT_ACCOUNTED_FOR: ColumnElement[bool] = _place.c.kind == LocationKind.LOST
"""Nobody knows where it is: it was missing when its place was counted."""

IS_AT_CUSTOMER: ColumnElement[bool] = _place.c.kind == LocationKind.CUSTOMER
UNIT_ID = _unit.c.id


def whereabouts(units: Select[Any]) -> Select[Any]:
    """The statement for some units: origin and present place of each, by its id.

    What is built into something is where the outermost unit is, and with the customer who has that.
    """
    now = outermost(units)
    return (
        select(
            _unit.c.id,
            _unit.c.serial_no,
            _item.c.id.label("item_id"),
            _item.c.item_code,
            _item.c.name,
            _batch.c.id.label("batch_id"),
            _batch.c.batch_no,
            _batch.c.expires_on,
            _supplier.c.code.label("supplier_code"),
            _supplier.c.name.label("supplier_name"),
            _receipt.c.id.label("receipt_id"),
            _receipt.c.number.label("receipt"),
            _receipt.c.dated_on.label("received_on"),
            _order.c.number.label("purchase_order"),
            _top.c.id.label("top_id"),
            _top.c.serial_no.label("top_serial_no"),
            _top_item.c.item_code.label("top_item_code"),
            _place.c.id.label("place_id"),
            _place.c.code.label("place_code"),
            _place.c.kind.label("place_kind"),
            _around.c.code.label("around"),
            _around.c.kind.label("around_kind"),
            _owner.c.code.label("customer_code"),
            _owner.c.name.label("customer_name"),
            _owner.c.contact.label("contact"),
            _last.c.id.label("voucher_id"),
            _last.c.type.label("voucher_type"),
            _last.c.number.label("voucher"),
            _last.c.dated_on.label("since"),
        )
        .select_from(now)
        .join(_unit, _unit.c.id == now.c.unit_id)
        .join(_top, _top.c.id == now.c.top_id)
        .join(_item, _item.c.id == _unit.c.item_id)
        .join(_top_item, _top_item.c.id == _top.c.item_id)
        .join(_place, _place.c.id == _top.c.location_id)
        .join(_entry, and_(_entry.c.site_id == _top.c.last_site_id, _entry.c.seq == _top.c.last_seq))
        .join(_last, _last.c.id == _entry.c.voucher_id)
        .outerjoin(_around, _around.c.id == _place.c.parent_id)
        .outerjoin(_batch, _batch.c.id == _unit.c.batch_id)
        .outerjoin(_supplier, _supplier.c.id == _unit.c.supplier_id)
        .outerjoin(_receipt, _receipt.c.id == _unit.c.receipt_id)
        .outerjoin(_order, _order.c.id == _receipt.c.source_id)
        .outerjoin(_owner, _owner.c.id == _top.c.owner_id)
        .order_by(_unit.c.id)
    )


def locate(session: Session, units: Select[Any]) -> Iterator[dict[str, Any]]:
    """Units with origin and present place, by id."""
    return map(card, session.connection().execute(whereabouts(units)))


def card(row: Any) -> dict[str, Any]:
    """What a row of :func:`whereabouts` says."""
    state = STATE_AT[LocationKind(row.place_kind)]
    path = row.place_code if row.around_kind in (None, LocationKind.SITE) else f"{row.around} / {row.place_code}"
    return {
        "id": row.id,
        "serial_no": row.serial_no,
        "item": {"id": row.item_id, "item_code": row.item_code, "name": row.name},
        "batch": row.batch_id and {"id": row.batch_id, "batch_no": row.batch_no, "expires_on": row.expires_on},
        "supplier": _named(row.supplier_code, row.supplier_name),
        "receipt": row.receipt_id
        and {
            "id": row.receipt_id,
            "number": row.receipt,
            "dated_on": row.received_on,
            "purchase_order": row.purchase_order,
        },
        "inside": None
        if row.top_id == row.id
        else {"unit_id": row.top_id, "serial_no": row.top_serial_no, "item_code": row.top_item_code},
        "state": state,
        "is_accounted_for": state is not UnitState.LOST,
        "place": {"id": row.place_id, "code": row.place_code, "path": path},
        "customer": row.customer_code
        and {"code": row.customer_code, "name": row.customer_name, "contact": row.contact},
        "voucher": {"id": row.voucher_id, "type": row.voucher_type, "number": row.voucher},
        "since": row.since,
    }


def _named(code: str | None, name: str | None) -> dict[str, str | None] | None:
    return {"code": code, "name": name} if code else None
