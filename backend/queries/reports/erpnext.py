"""Serial numbers and batches in the columns of ERPNext's doctypes, for its Data Import.

References:
    ERPNext 15, ``erpnext/stock/doctype/serial_no/serial_no.json`` and ``batch/batch.json``: the labels of the fields,
    and the options of a serial number's status.
"""

from typing import Any

from sqlalchemy import Select, case, func, literal, select

from backend.domain.locations import LocationKind
from backend.models import Balance, ContractUnit, ServiceContract, Warranty, table
from backend.queries.availability import HOUSE_KINDS
from backend.queries.reports.report import Filter, Kind, Report, Wanted, columns
from backend.queries.reports.sources import batch, item, narrowed, party, place, serial

_balance, _warranty = table(Balance), table(Warranty)
_contract, _covered = table(ServiceContract), table(ContractUnit)


def _serial_nos(wanted: Wanted) -> Select[Any]:
    is_here = place.c.kind.in_(HOUSE_KINDS)
    status = case(
        (is_here, literal("Active")),
        (place.c.kind == LocationKind.CUSTOMER, literal("Delivered")),
        (place.c.kind == LocationKind.CONSUMED, literal("Consumed")),
        else_=literal("Inactive"),
    )
    amc = (
        select(func.max(_contract.c.end_on))
        .join(_covered, _covered.c.contract_id == _contract.c.id)
        .where(_covered.c.serial_id == serial.c.id)
        .scalar_subquery()
    )
    query = (
        select(
            serial.c.serial_no,
            item.c.item_code,
            case((is_here, place.c.code)).label("warehouse"),
            batch.c.batch_no,
            item.c.name.label("item_name"),
            party.c.code.label("customer"),
            _warranty.c.end_on.label("warranty_expiry_date"),
            amc.label("amc_expiry_date"),
            status.label("status"),
        )
        .select_from(serial)
        .join(item, item.c.id == serial.c.item_id)
        .join(place, place.c.id == serial.c.location_id)
        .outerjoin(batch, batch.c.id == serial.c.batch_id)
        .outerjoin(party, party.c.id == serial.c.owner_id)
        .outerjoin(_warranty, (_warranty.c.serial_id == serial.c.id) & _warranty.c.voided_at.is_(None))
        .where(place.c.site_id == wanted.site_id)
        .order_by(item.c.item_code, serial.c.id)
    )
    return narrowed(
        query,
        wanted,
        item_id=serial.c.item_id,
        batch_no=batch.c.batch_no,
        place_id=serial.c.location_id,
        serial_key=serial.c.serial_key,
    )


ERPNEXT_SERIAL_NO = Report(
    "erpnext-serial-no",
    "ERPNext Serial No",
    "The units of this site in the columns of ERPNext's Serial No, to be imported there.",
    columns(
        "serial_no",
        "item_code",
        "warehouse",
        "batch_no",
        "item_name",
        "customer",
        ("warranty_expiry_date", "Warranty Expiry Date", Kind.DAY),
        ("amc_expiry_date", "AMC Expiry Date", Kind.DAY),
        "status",
    ),
    (Filter.ITEM, Filter.BATCH, Filter.PLACE, Filter.SERIAL),
    _serial_nos,
)


def _batches(wanted: Wanted) -> Select[Any]:
    qty = func.sum(case((place.c.kind.in_(HOUSE_KINDS), _balance.c.qty), else_=0))
    query = (
        select(
            batch.c.batch_no.label("batch_id"),
            item.c.item_code.label("item"),
            item.c.name.label("item_name"),
            batch.c.manufactured_on.label("manufacturing_date"),
            batch.c.expires_on.label("expiry_date"),
            qty.label("batch_qty"),
        )
        .select_from(batch)
        .join(item, item.c.id == batch.c.item_id)
        .join(_balance, _balance.c.batch_id == batch.c.id)
        .join(place, place.c.id == _balance.c.location_id)
        .where(place.c.site_id == wanted.site_id)
        .group_by(
            batch.c.id, batch.c.batch_no, item.c.item_code, item.c.name, batch.c.manufactured_on, batch.c.expires_on
        )
        .order_by(item.c.item_code, batch.c.id)
    )
    return narrowed(query, wanted, item_id=batch.c.item_id, batch_no=batch.c.batch_no)


ERPNEXT_BATCH = Report(
    "erpnext-batch",
    "ERPNext Batch",
    "The batches that are or were at this site in the columns of ERPNext's Batch, to be imported there.",
    columns(
        ("batch_id", "Batch ID"),
        "item",
        "item_name",
        ("manufacturing_date", "Manufacturing Date", Kind.DAY),
        ("expiry_date", "Expiry Date", Kind.DAY),
        ("batch_qty", "Batch Quantity", Kind.NUMBER),
    ),
    (Filter.ITEM, Filter.BATCH),
    _batches,
)
