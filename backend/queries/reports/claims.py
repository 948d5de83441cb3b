"""What fails: claims by item, batch and supplier, as a share of the units and by the days they held."""

from typing import Any

from sqlalchemy import Integer, Select, and_, cast, func, select

from backend.models import Warranty, WarrantyClaim, table
from backend.queries.reports.report import Chart, Filter, Kind, Report, Wanted, columns
from backend.queries.reports.sources import batch, days_between, item, narrowed, party, place, serial, voucher

_claim, _warranty = table(WarrantyClaim), table(Warranty)


def _claims(wanted: Wanted) -> Select[Any]:
    """Every group of units that came together, with the claims for them; those without a claim count as units."""
    begun = (
        select(_warranty.c.serial_id, func.max(_warranty.c.start_on).label("on"))
        .group_by(_warranty.c.serial_id)
        .subquery()
    )
    claimed = select(_claim.c.id, _claim.c.serial_id, _claim.c.outcome, voucher.c.dated_on).join(
        voucher, and_(voucher.c.id == _claim.c.id, *wanted.on_days(voucher.c.dated_on))
    )
    of_unit = claimed.subquery()
    units, claims = func.count(serial.c.id.distinct()), func.count(of_unit.c.id)
    query = (
        select(
            item.c.item_code,
            batch.c.batch_no,
            party.c.name.label("supplier"),
            units.label("units"),
            claims.label("claims"),
            func.count(func.nullif(of_unit.c.outcome, "reject")).label("admitted"),
            (100 * claims // units).label("failure_percent"),
            cast(func.avg(days_between(begun.c.on, of_unit.c.dated_on)), Integer).label("days_to_failure"),
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
        .order_by(claims.desc(), item.c.item_code, batch.c.batch_no, party.c.name)
    )
    return narrowed(query, wanted, item_id=serial.c.item_id, batch_no=batch.c.batch_no, party_id=serial.c.supplier_id)


CLAIMS = Report(
    "claims",
    "Claims by item, batch and supplier",
    "How many units failed, which share of all that came that is, and after how many days.",
    columns(
        "item_code",
        "batch_no",
        "supplier",
        ("units", "Units", Kind.NUMBER),
        ("claims", "Claims", Kind.NUMBER),
        ("admitted", "Ended Without Rejection", Kind.NUMBER),
        ("failure_percent", "Failure Rate", Kind.PERCENT),
        ("days_to_failure", "Days To Failure", Kind.NUMBER),
    ),
    (Filter.FROM, Filter.TO, Filter.ITEM, Filter.BATCH, Filter.PARTY),
    _claims,
    Chart("item_code", "claims"),
)
