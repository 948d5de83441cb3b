"""Reports of what people did: receipts against what was expected, picks an hour, counts, and the quality of scans."""

from typing import Any

from sqlalchemy import Select, case, func, select

from backend.models import CountResult, CountRound, Device, Reservation, Scan, VoucherLine, table
from backend.queries.reports.chart import percent
from backend.queries.reports.report import Chart, Filter, Kind, Order, Report, Wanted, columns
from backend.queries.reports.sources import batch, hour_of, item, narrowed, party, place, serial, user, voucher

_line = table(VoucherLine)
_reservation, _scan, _device = table(Reservation), table(Scan), table(Device)
_result, _round = table(CountResult), table(CountRound)


def _receipts(wanted: Wanted) -> Select[Any]:
    receipt, received = voucher.alias("receipt"), _line.alias("received_line")
    accepted, rejected = (
        func.coalesce(func.sum(received.c.accepted), 0),
        func.coalesce(func.sum(received.c.rejected), 0),
    )
    posted = received.join(receipt, (receipt.c.id == received.c.voucher_id) & (receipt.c.status == "submitted"))
    query = (
        select(
            voucher.c.number.label("purchase_order"),
            voucher.c.status,
            party.c.name.label("supplier"),
            voucher.c.dated_on.label("ordered_on"),
            item.c.item_code,
            _line.c.qty.label("expected"),
            accepted.label("accepted"),
            rejected.label("rejected"),
            (_line.c.qty - accepted - rejected).label("outstanding"),
            func.count(receipt.c.id.distinct()).label("receipts"),
            func.max(receipt.c.submitted_at).label("last_receipt"),
        )
        .select_from(_line)
        .join(voucher, (voucher.c.id == _line.c.voucher_id) & (voucher.c.type == "purchase_order"))
        .join(item, item.c.id == _line.c.item_id)
        .outerjoin(party, party.c.id == voucher.c.party_id)
        .outerjoin(posted, received.c.source_line_id == _line.c.id)
        .where(voucher.c.site_id == wanted.site_id, voucher.c.status != "draft", *wanted.on_days(voucher.c.dated_on))
        .group_by(
            _line.c.id,
            voucher.c.number,
            voucher.c.status,
            party.c.name,
            voucher.c.dated_on,
            item.c.item_code,
            _line.c.qty,
        )
        .order_by(voucher.c.dated_on.desc(), voucher.c.number, _line.c.id)
    )
    return narrowed(query, wanted, item_id=_line.c.item_id, party_id=voucher.c.party_id)


RECEIPTS = Report(
    "receipts",
    "Receipts against expectation",
    "What was ordered, what came, what was rejected, and what is still outstanding.",
    columns(
        "purchase_order",
        "status",
        "supplier",
        ("ordered_on", "Ordered On", Kind.DAY),
        "item_code",
        ("expected", "Expected", Kind.NUMBER),
        ("accepted", "Accepted", Kind.NUMBER),
        ("rejected", "Rejected", Kind.NUMBER),
        ("outstanding", "Outstanding", Kind.NUMBER),
        ("receipts", "Receipts", Kind.NUMBER),
        ("last_receipt", "Last Receipt", Kind.MOMENT),
    ),
    (Filter.FROM, Filter.TO, Filter.ITEM, Filter.PARTY),
    _receipts,
    Chart("supplier", "accepted", of="expected"),
)


def _picks(wanted: Wanted) -> Select[Any]:
    hour = hour_of(_reservation.c.at, wanted)
    query = (
        select(
            hour.label("hour"),
            user.c.username.label("by"),
            func.count().label("units"),
            func.count(_reservation.c.voucher_id.distinct()).label("pick_lists"),
        )
        .select_from(_reservation)
        .join(voucher, (voucher.c.id == _reservation.c.voucher_id) & (voucher.c.type == "pick_list"))
        .join(user, user.c.id == _reservation.c.user_id)
        .join(serial, serial.c.id == _reservation.c.serial_id)
        .where(
            voucher.c.site_id == wanted.site_id,
            _reservation.c.status.in_(("chosen", "posted")),
            *wanted.at_moments(_reservation.c.at),
        )
        .group_by(hour, user.c.username)
        .order_by(hour.desc(), user.c.username)
    )
    return narrowed(query, wanted, item_id=serial.c.item_id)


PICKS = Report(
    "picks-per-hour",
    "Picks per hour",
    "How many units each person fetched in which hour of the site, and for how many pick lists.",
    columns(
        ("hour", "Hour", Kind.HOUR),
        "by",
        ("units", "Units", Kind.NUMBER),
        ("pick_lists", "Pick Lists", Kind.NUMBER),
    ),
    (Filter.FROM, Filter.TO, Filter.ITEM),
    _picks,
    Chart("hour", "units", order=Order.HOURS),
)


def _counts(wanted: Wanted) -> Select[Any]:
    shelf, book = place.alias("shelf"), place.alias("book")
    approver = user.alias("approver")
    approval = (
        select(
            _round.c.voucher_id,
            func.max(_round.c.approved_by_id).label("by_id"),
            func.max(_round.c.approved_at).label("at"),
        )
        .where(_round.c.approved_at.is_not(None))
        .group_by(_round.c.voucher_id)
        .subquery()
    )
    query = (
        select(
            voucher.c.number.label("count_no"),
            voucher.c.dated_on,
            _result.c.kind.label("result"),
            item.c.item_code,
            _result.c.text.label("serial_no"),
            batch.c.batch_no,
            _result.c.qty,
            book.c.code.label("book_place"),
            shelf.c.code.label("shelf_place"),
            _result.c.note,
            approver.c.username.label("approved_by"),
            approval.c.at.label("approved_at"),
        )
        .select_from(_result)
        .join(voucher, voucher.c.id == _result.c.voucher_id)
        .outerjoin(item, item.c.id == _result.c.item_id)
        .outerjoin(batch, batch.c.id == _result.c.batch_id)
        .outerjoin(book, book.c.id == _result.c.book_location_id)
        .outerjoin(shelf, shelf.c.id == _result.c.shelf_location_id)
        .outerjoin(approval, approval.c.voucher_id == voucher.c.id)
        .outerjoin(approver, approver.c.id == approval.c.by_id)
        .where(voucher.c.site_id == wanted.site_id, *wanted.on_days(voucher.c.dated_on))
        .order_by(voucher.c.dated_on.desc(), voucher.c.number.desc(), _result.c.id)
    )
    return narrowed(query, wanted, item_id=_result.c.item_id, batch_no=batch.c.batch_no)


COUNTS = Report(
    "counts",
    "Count results",
    "What approved counts found, missed and moved.",
    columns(
        ("count_no", "Count No"),
        ("dated_on", "Date", Kind.DAY),
        "result",
        "item_code",
        "serial_no",
        "batch_no",
        ("qty", "Quantity", Kind.NUMBER),
        "book_place",
        "shelf_place",
        "note",
        "approved_by",
        ("approved_at", "Approved At", Kind.MOMENT),
    ),
    (Filter.FROM, Filter.TO, Filter.ITEM, Filter.BATCH),
    _counts,
    Chart("result"),
)


def _scans(wanted: Wanted) -> Select[Any]:
    total = func.count()

    def of(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    sums = [
        total.label("scans"),
        of(_scan.c.source == "typed").label("typed"),
        of(_scan.c.status == "accepted").label("accepted"),
        of(_scan.c.status == "duplicate").label("duplicates"),
        of(_scan.c.status == "needs_review").label("to_review"),
        of(_scan.c.status == "refused").label("refused"),
        percent(of(_scan.c.status.in_(("refused", "needs_review"))), total).label("failed_percent"),
    ]
    keys = [_scan.c.device_id, _scan.c.symbology, voucher.c.party_id]
    # Grouped by keys, which SQLite sorts in half the time that it takes with the names.
    each = narrowed(
        select(*keys, *sums)
        .select_from(_scan)
        .outerjoin(voucher, voucher.c.id == _scan.c.voucher_id)
        .where(_scan.c.site_id == wanted.site_id, *wanted.at_moments(_scan.c.recorded_at))
        .group_by(*keys),
        wanted,
        party_id=voucher.c.party_id,
    ).subquery()
    return (
        select(
            _device.c.name.label("device"),
            each.c.symbology,
            party.c.name.label("supplier"),
            *(each.c[column.name] for column in sums),
        )
        .select_from(each)
        .join(_device, _device.c.id == each.c.device_id)
        .outerjoin(party, party.c.id == each.c.party_id)
        .order_by(each.c.scans.desc(), _device.c.name, _device.c.id, each.c.symbology, party.c.name, party.c.id)
    )


SCANS = Report(
    "scan-quality",
    "Scan quality",
    "How many scans were typed, repeated or not taken, by device, kind of label and supplier.",
    columns(
        "device",
        ("symbology", "Symbology Identifier"),
        "supplier",
        ("scans", "Scans", Kind.NUMBER),
        ("typed", "Typed", Kind.NUMBER),
        ("accepted", "Accepted", Kind.NUMBER),
        ("duplicates", "Duplicates", Kind.NUMBER),
        ("to_review", "To Review", Kind.NUMBER),
        ("refused", "Refused", Kind.NUMBER),
        ("failed_percent", "Not Taken", Kind.PERCENT),
    ),
    (Filter.FROM, Filter.TO, Filter.PARTY),
    _scans,
    Chart("device", "failed_percent", parts=("to_review", "refused"), of="scans", is_rate=True),
)
