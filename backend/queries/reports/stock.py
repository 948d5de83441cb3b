"""Reports of the stock: how old it is, what expires, and whose warranty ends."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Date, Select, case, func, literal, select, union_all

from backend.models import Balance, Warranty, table
from backend.queries.availability import HOUSE_KINDS
from backend.queries.reports.report import Chart, Filter, Kind, Order, Report, Wanted, columns
from backend.queries.reports.sources import (
    batch,
    days_between,
    item,
    narrowed,
    parent,
    party,
    place,
    place_path,
    serial,
)

_balance, _warranty = table(Balance), table(Warranty)
_BATCH = batch.c.batch_no
_AGES = (
    (30, "to_30", "0-30 Days"),
    (90, "to_90", "31-90 Days"),
    (180, "to_180", "91-180 Days"),
    (365, "to_365", "181-365 Days"),
)
_OLDEST = ("older", "Over 365 Days")


def _by_age(wanted: Wanted) -> Select[Any]:
    """Units by the days since they came; goods without serial numbers have no age of their own."""
    units = func.count()
    limits = [wanted.calendar.first_moment(wanted.today - timedelta(days)) for days, _, _ in _AGES]
    ranges = zip([None, *limits], [*limits, None], strict=True)
    counts = []
    for (upper, lower), (key, _) in zip(ranges, [*((key, title) for _, key, title in _AGES), _OLDEST], strict=True):
        inside = [serial.c.created_at >= lower] if lower is not None else []
        inside += [serial.c.created_at < upper] if upper is not None else []
        counts.append(func.sum(case((_all(inside), 1), else_=0)).label(key))
    shelf = [item.c.item_code, item.c.name, _BATCH, batch.c.expires_on, place_path.label("place")]
    of_units = (
        select(*shelf, units.label("qty"), *counts)
        .select_from(serial)
        .join(item, item.c.id == serial.c.item_id)
        .join(place, place.c.id == serial.c.location_id)
        .outerjoin(parent, parent.c.id == place.c.parent_id)
        .outerjoin(batch, batch.c.id == serial.c.batch_id)
        .where(place.c.site_id == wanted.site_id, place.c.kind.in_(HOUSE_KINDS))
        .group_by(item.c.item_code, item.c.name, _BATCH, batch.c.expires_on, parent.c.kind, parent.c.code, place.c.code)
    )
    of_goods = (
        select(*shelf, _balance.c.qty, *(literal(None).label(count.key) for count in counts))
        .select_from(_balance)
        .join(item, item.c.id == _balance.c.item_id)
        .join(place, place.c.id == _balance.c.location_id)
        .outerjoin(parent, parent.c.id == place.c.parent_id)
        .outerjoin(batch, batch.c.id == _balance.c.batch_id)
        .where(
            place.c.site_id == wanted.site_id,
            place.c.kind.in_(HOUSE_KINDS),
            _balance.c.qty > 0,
            item.c.tracking.in_(("none", "batch")),
        )
    )
    both = union_all(
        narrowed(of_units, wanted, item_id=serial.c.item_id, batch_no=_BATCH, place_id=serial.c.location_id),
        narrowed(of_goods, wanted, item_id=_balance.c.item_id, batch_no=_BATCH, place_id=_balance.c.location_id),
    ).subquery()
    return select(both).order_by(both.c.item_code, both.c.place, both.c.batch_no)


def _all(conditions: list[Any]) -> Any:
    return conditions[0] if len(conditions) == 1 else conditions[0] & conditions[1]


STOCK_AGE = Report(
    "stock-age",
    "Stock by age",
    "What lies where, by item, batch and place, and for how long.",
    columns(
        "item_code",
        ("name", "Item Name"),
        "batch_no",
        ("expires_on", "Expires On", Kind.DAY),
        "place",
        ("qty", "Quantity", Kind.NUMBER),
        *((key, title, Kind.NUMBER) for _, key, title in _AGES),
        (*_OLDEST, Kind.NUMBER),
    ),
    (Filter.ITEM, Filter.BATCH, Filter.PLACE),
    _by_age,
    Chart(None, "qty", parts=(*(key for _, key, _ in _AGES), _OLDEST[0])),
)


def _expiry(wanted: Wanted) -> Select[Any]:
    left = days_between(literal(wanted.today, Date), batch.c.expires_on)
    query = (
        select(
            batch.c.expires_on,
            left.label("days_left"),
            item.c.item_code,
            _BATCH,
            batch.c.manufactured_on,
            func.sum(_balance.c.qty).label("qty"),
        )
        .select_from(_balance)
        .join(place, place.c.id == _balance.c.location_id)
        .join(batch, batch.c.id == _balance.c.batch_id)
        .join(item, item.c.id == batch.c.item_id)
        .where(
            place.c.site_id == wanted.site_id,
            place.c.kind.in_(HOUSE_KINDS),
            _balance.c.qty > 0,
            batch.c.expires_on.is_not(None),
            *wanted.on_days(batch.c.expires_on),
        )
        .group_by(batch.c.id, batch.c.expires_on, item.c.item_code, _BATCH, batch.c.manufactured_on)
        .order_by(batch.c.expires_on, item.c.item_code, batch.c.id)
    )
    if wanted.days is not None:
        query = query.where(batch.c.expires_on <= wanted.today + timedelta(wanted.days))
    return narrowed(query, wanted, item_id=batch.c.item_id, batch_no=_BATCH, place_id=_balance.c.location_id)


BATCH_EXPIRY = Report(
    "batch-expiry",
    "Batch expiry",
    "The batches in stock, the first to expire first; fewer than no days left means expired.",
    columns(
        ("expires_on", "Expires On", Kind.DAY),
        ("days_left", "Days Left", Kind.NUMBER),
        "item_code",
        "batch_no",
        ("manufactured_on", "Manufactured On", Kind.DAY),
        ("qty", "Quantity", Kind.NUMBER),
    ),
    (Filter.DAYS, Filter.FROM, Filter.TO, Filter.ITEM, Filter.BATCH, Filter.PLACE),
    _expiry,
    Chart("expires_on", "qty", order=Order.MONTHS),
)


def _warranties(wanted: Wanted) -> Select[Any]:
    query = (
        select(
            _warranty.c.end_on,
            days_between(literal(wanted.today, Date), _warranty.c.end_on).label("days_left"),
            item.c.item_code,
            serial.c.serial_no,
            _BATCH,
            party.c.name.label("customer"),
            party.c.contact,
            _warranty.c.start_on,
            _warranty.c.basis,
        )
        .select_from(_warranty)
        .join(serial, serial.c.id == _warranty.c.serial_id)
        .join(item, item.c.id == serial.c.item_id)
        .join(place, place.c.id == serial.c.location_id)
        .outerjoin(batch, batch.c.id == serial.c.batch_id)
        .outerjoin(party, party.c.id == serial.c.owner_id)
        .where(
            place.c.site_id == wanted.site_id,
            _warranty.c.voided_at.is_(None),
            *wanted.on_days(_warranty.c.end_on),
        )
        .order_by(_warranty.c.end_on, serial.c.id)
    )
    if wanted.days is not None:
        soon = wanted.today + timedelta(wanted.days)
        query = query.where(_warranty.c.end_on.between(wanted.today, soon))
    return narrowed(
        query,
        wanted,
        item_id=serial.c.item_id,
        batch_no=_BATCH,
        party_id=serial.c.owner_id,
        serial_key=serial.c.serial_key,
    )


WARRANTY_EXPIRY = Report(
    "warranty-expiry",
    "Warranty expiry",
    "The units whose warranty ends, the next one first, with their customers.",
    columns(
        ("end_on", "Ends On", Kind.DAY),
        ("days_left", "Days Left", Kind.NUMBER),
        "item_code",
        "serial_no",
        "batch_no",
        "customer",
        "contact",
        ("start_on", "Started On", Kind.DAY),
        "basis",
    ),
    (Filter.DAYS, Filter.FROM, Filter.TO, Filter.ITEM, Filter.BATCH, Filter.PARTY, Filter.SERIAL),
    _warranties,
    Chart("end_on", order=Order.MONTHS),
)
