"""A sheet of labels for trying things out, of the demo data that is there now."""

from collections.abc import Iterator, Sequence
from itertools import count, islice

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from backend.domain.errors import refuse
from backend.domain.labels import FORMATS, Facts, Label, Subject, Symbol, label_of
from backend.domain.locations import LocationKind
from backend.models import (
    Item,
    Location,
    Party,
    PurchaseOrder,
    SerialNumber,
    StockLedgerEntry,
    VoucherLine,
    VoucherUnit,
)
from backend.services.label_facts import facts_of

PAPER = FORMATS["a4_21"]
"""Large codes on paper that every office has."""

_SUPPLIER = "orders@northstar.example"
"""Of the demo data's supplier. Nobody who is real has an address that ends so (RFC 2606)."""

_TO_RECEIVE, _UNITS, _PLACES = 9, 8, 4
_BATCH = "TRY-B1"


def practice_order(session: Session, site_id: int) -> str | None:
    """Number of the demo order that a newcomer receives on; ``None`` where there is no demo data."""
    row = _order(session, site_id)
    return row[0] if row else None


def practice_labels(session: Session, site_id: int, base: str) -> list[Label]:
    """Labels to scan at once: units that can be received on a demo order, units that are known, and places.

    The units to receive have serial numbers that nobody has used yet, so a sheet that is printed again works again.

    Raises:
        DomainError: ``not_found`` where there is no demo data.
    """
    found = _order(session, site_id)
    if found is None:
        raise refuse("not_found", "There is no demo data at this site to practise with.", "Start with `make run`.")
    number, item_id = found
    item = facts_of(session, site_id, Subject.ITEM, [item_id])[item_id]
    labels = [
        label_of(
            each, Symbol.GS1_DATAMATRIX, base, f"{{serial_no}}\n{{item_code}}\nBatch {{batch_no}}\nReceive on {number}"
        )
        for each in _new_units(item, islice(_free(session, item_id), _TO_RECEIVE))
    ]
    was_here = select(StockLedgerEntry.serial_id).where(StockLedgerEntry.site_id == site_id)
    known = select(SerialNumber.id).where(SerialNumber.id.in_(was_here)).order_by(SerialNumber.id).limit(_UNITS)
    units = _in_order(session, site_id, Subject.UNIT, session.scalars(known).all())
    places = _in_order(session, site_id, Subject.PLACE, list(session.scalars(_stores(site_id))))
    labels += [label_of(each, Symbol.GS1_DATAMATRIX, base, "{serial_no}\n{item_code}\nLook it up") for each in units]
    return labels + [label_of(each, Symbol.QR, base) for each in places]


def _in_order(session: Session, site_id: int, subject: Subject, ids: Sequence[int]) -> list[Facts]:
    facts = facts_of(session, site_id, subject, ids)
    return [facts[each] for each in ids if each in facts]


def _order(session: Session, site_id: int) -> tuple[str, int] | None:
    row = session.execute(
        select(PurchaseOrder.number, Item.id)
        .join(VoucherLine, VoucherLine.voucher_id == PurchaseOrder.id)
        .join(Item, Item.id == VoucherLine.item_id)
        .join(Party, Party.id == PurchaseOrder.party_id)
        .where(
            PurchaseOrder.site_id == site_id,
            PurchaseOrder.status == "submitted",
            Party.contact == _SUPPLIER,
            Item.tracking.in_(("serial", "serial_batch")),
            Item.expiry_required.is_(False),
        )
        .order_by(PurchaseOrder.number, VoucherLine.idx)
        .limit(1)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def _new_units(item: Facts, serial_nos: Iterator[str]) -> Iterator[Facts]:
    for serial_no in serial_nos:
        fields = {**item.fields, "serial_no": serial_no, "batch_no": _BATCH}
        yield Facts(Subject.UNIT, serial_no, fields, item.gtin, serial_no, _BATCH)


def _free(session: Session, item_id: int) -> Iterator[str]:
    """Serial numbers TRY-0001 and so on, without those that are known or on a receipt."""
    used = set(
        session.scalars(
            select(SerialNumber.serial_no)
            .where(SerialNumber.item_id == item_id, SerialNumber.serial_no.startswith("TRY-"))
            .union(
                select(VoucherUnit.serial_no).where(
                    VoucherUnit.item_id == item_id, VoucherUnit.serial_no.startswith("TRY-")
                )
            )
        )
    )
    return (serial_no for each in count(1) if (serial_no := f"TRY-{each:04d}") not in used)


def _stores(site_id: int) -> Select[int]:
    return (
        select(Location.id)
        .where(Location.site_id == site_id, Location.kind.in_((LocationKind.WAREHOUSE, LocationKind.BIN)))
        .order_by(Location.id)
        .limit(_PLACES)
    )
