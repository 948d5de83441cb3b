"""Which page of the app a GS1 Digital Link means."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain import serials
from backend.models import Batch, ItemBarcode, SerialNumber, was_at


def page_of(
    session: Session, gtin: str, batch_no: str | None, serial_no: str | None, sites: Collection[int]
) -> str | None:
    """The address of the unit, else of its batch, else of its item; ``None`` for a GTIN that nobody here has."""
    item_id = session.scalar(select(ItemBarcode.item_id).where(ItemBarcode.code == gtin))
    if item_id is None:
        return None
    if serial_no:
        unit_id = session.scalar(
            select(SerialNumber.id).where(
                SerialNumber.item_id == item_id, SerialNumber.serial_key == serials.key(serial_no), was_at(sites)
            )
        )
        if unit_id is not None:
            return f"/unit/{unit_id}"
    if batch_no:
        batch_id = session.scalar(
            select(Batch.id).where(Batch.item_id == item_id, Batch.batch_key == serials.key(batch_no))
        )
        if batch_id is not None:
            return f"/batches/{batch_id}"
    return f"/items/{item_id}"
