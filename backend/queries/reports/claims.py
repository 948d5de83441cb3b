"""What fails: claims and repairs by item, batch and supplier, as a share of the units and by the days they held."""

from typing import Any

from sqlalchemy import CompoundSelect, Integer, Select, and_, case, cast, func, literal, null, select, union_all

from backend.models import RepairOrder, Warranty, WarrantyClaim, table
from backend.queries.reports.chart import percent
from backend.queries.reports.report import Chart, Filter, Kind, Report, Wanted, columns
from backend.queries.reports.sources import batch, days_between, item, narrowed, party, place, serial, voucher

_claim, _repair, _warranty = table(WarrantyClaim), table(RepairOrder), table(Warranty)


def _failures(wanted: Wanted) -> CompoundSelect[Any]:
    """Claims and repairs by unit. A repair for a claim is the same failure as its claim."""
    counts = (voucher.c.status != "cancelled", *wanted.on_days(voucher.c.dated_on))
    claims = select(
        _claim.c.serial_id,
        voucher.c.dated_on,
        literal(1).label("is_claim"),
        case((_claim.c.outcome != "reject", 1), else_=0).label("is_admitted"),
        literal(0).label("is_repair"),
        literal(1).label("is_failure"),
    ).join(voucher, and_(voucher.c.id == _claim.c.id, *counts))
    of_claim = _claim.alias("of_claim")
    repairs = (
        select(
            _repair.c.serial_id,
            voucher.c.dated_on,
            literal(0),
            literal(0),
            literal(1),
            case((of_claim.c.id.is_(None), 1), else_=0),
        )
        .join(voucher, and_(voucher.c.id == _repair.c.id, *counts))
        .outerjoin(of_claim, of_claim.c.id == voucher.c.source_id)
    )
    return union_all(claims, repairs)


def _claims(wanted: Wanted) -> Select[Any]:
    """Every group of units that came together, with what failed of them; those that never failed count as units."""
    begun = (
        select(_warranty.c.serial_id, func.max(_warranty.c.start_on).label("on"))
        .group_by(_warranty.c.serial_id)
        .subquery()
    )
    of_unit = _failures(wanted).subquery("failure")
    failed = case((of_unit.c.is_failure == 1, of_unit.c.serial_id), else_=null())
    units, failed_units = func.count(serial.c.id.distinct()), func.count(failed.distinct())
    days = case((of_unit.c.is_failure == 1, days_between(begun.c.on, of_unit.c.dated_on)))

    def number_of(kind: str) -> Any:
        return func.coalesce(func.sum(of_unit.c[kind]), 0)

    query = (
        select(
            item.c.item_code,
            batch.c.batch_no,
            party.c.name.label("supplier"),
            units.label("units"),
            number_of("is_claim").label("claims"),
            number_of("is_admitted").label("admitted"),
            number_of("is_repair").label("repairs"),
            failed_units.label("failed_units"),
            percent(failed_units, units).label("failure_percent"),
            cast(func.avg(days), Integer).label("days_to_failure"),
        )
        .select_from(serial)
        .join(item, item.c.id == serial.c.item_id)
        .join(place, place.c.id == serial.c.location_id)
        .outerjoin(batch, batch.c.id == serial.c.batch_id)
        .outerjoin(party, party.c.id == serial.c.supplier_id)
        .outerjoin(of_unit, of_unit.c.serial_id == serial.c.id)
        .outerjoin(begun, begun.c.serial_id == serial.c.id)
        .where(place.c.site_id == wanted.site_id)
        .group_by(item.c.item_code, batch.c.batch_no, party.c.name)
        .order_by(failed_units.desc(), item.c.item_code, batch.c.batch_no, party.c.name)
    )
    return narrowed(query, wanted, item_id=serial.c.item_id, batch_no=batch.c.batch_no, party_id=serial.c.supplier_id)


CLAIMS = Report(
    "claims",
    "Claims and repairs by item, batch and supplier",
    "How many units failed, which share of all that came that is, and after how many days.",
    columns(
        "item_code",
        "batch_no",
        "supplier",
        ("units", "Units", Kind.NUMBER),
        ("claims", "Claims", Kind.NUMBER),
        ("admitted", "Ended Without Rejection", Kind.NUMBER),
        ("repairs", "Repairs", Kind.NUMBER),
        ("failed_units", "Units That Failed", Kind.NUMBER),
        ("failure_percent", "Failure Rate", Kind.PERCENT),
        ("days_to_failure", "Days To Failure", Kind.NUMBER),
    ),
    (Filter.FROM, Filter.TO, Filter.ITEM, Filter.BATCH, Filter.PARTY),
    _claims,
    Chart("item_code", "failure_percent", parts=("failed_units",), of="units", is_rate=True),
)
