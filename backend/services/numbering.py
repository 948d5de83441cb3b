"""Drawing numbers of a series: no number twice, whoever asks at the same moment."""

from collections.abc import Callable, Iterable
from datetime import date

from sqlalchemy import BindParameter, Connection, bindparam, insert, select, union_all, update

from backend.domain import serials
from backend.domain.errors import refuse
from backend.domain.ranges import MAX_LIST
from backend.domain.receiving import Tracking, must_have_serials
from backend.domain.series import Series, resolve
from backend.domain.site_days import SiteCalendar
from backend.models import Batch, Item, SerialNumber, SeriesCounter, VoucherUnit, table
from backend.unit_of_work import UnitOfWork

_ITEM: BindParameter[int] = bindparam("item")
_KEYS: BindParameter[list[str]] = bindparam("keys", expanding=True)
_unit, _open = table(SerialNumber).c, table(VoucherUnit).c
_TAKEN = union_all(
    select(_unit.serial_key).where(_unit.item_id == _ITEM, _unit.serial_key.in_(_KEYS)),
    select(_open.serial_key).where(_open.item_id == _ITEM, _open.serial_key.in_(_KEYS), _open.status == "open"),
)


def draw(work: UnitOfWork, pattern: str, *, is_taken: Callable[[str], bool]) -> str:
    """Draw the next number of a series; one that is taken already, by an import or by hand, is skipped."""
    series = resolve(pattern, work.today, calendar=work.calendar)
    number = series.number(_advance(work, series.prefix, 1))
    while is_taken(number):
        number = series.number(_advance(work, series.prefix, 1))
    return number


def draw_serials(work: UnitOfWork, item: Item, count: int) -> list[str]:
    """Draw serial numbers of an item's series, in order; one that a unit of the item has already is skipped.

    Args:
        work: The unit of work.
        item: The item.
        count: How many, 1 to ``MAX_LIST``.

    Raises:
        DomainError: What :func:`next_serials` raises.
    """
    series = _series_of(item, work.today, work.calendar)
    counters: list[int] = []
    last, block = 0, count
    while len(counters) < count:
        last = _advance(work, series.prefix, block)
        counters += _free(work.connection, item, series, range(last - block + 1, last + 1))
        # Many numbers in a row may be taken, by an upload for instance: look further ahead every time.
        block = min(2 * block, MAX_LIST)
    # What was looked at beyond the last number drawn is given back; the row is still ours.
    _advance(work, series.prefix, counters[count - 1] - last)
    return [series.number(counter) for counter in counters[:count]]


def draw_batch_no(work: UnitOfWork, item: Item) -> str:
    """Draw a batch number of an item's series; one that the item has already is skipped.

    Raises:
        DomainError: What :func:`next_batch` raises.
    """
    series = _batch_series_of(item, work.today, work.calendar)
    while True:
        batch_no = series.number(_advance(work, series.prefix, 1))
        if not _batch_is_known(work.connection, item, batch_no):
            return batch_no


def next_batch(connection: Connection, item: Item, on: date, calendar: SiteCalendar) -> str:
    """The batch number that would be drawn next, without drawing it.

    Raises:
        DomainError: ``item_has_no_batches``, ``series_missing``, ``series_dot_missing``,
            ``series_unknown_field``, ``series_gives_no_serial``.
    """
    series = _batch_series_of(item, on, calendar)
    last = connection.scalar(select(SeriesCounter.last).where(SeriesCounter.prefix == series.prefix)) or 0
    while _batch_is_known(connection, item, batch_no := series.number(last + 1)):
        last += 1
    return batch_no


def next_serials(connection: Connection, item: Item, on: date, calendar: SiteCalendar, count: int) -> list[str]:
    """The first and the last of so many serial numbers that would be drawn next, without drawing them.

    Raises:
        DomainError: ``item_has_no_serials``, ``series_missing``, ``series_dot_missing``,
            ``series_unknown_field``, ``series_gives_no_serial``.
    """
    series = _series_of(item, on, calendar)
    last = connection.scalar(select(SeriesCounter.last).where(SeriesCounter.prefix == series.prefix)) or 0
    found: list[int] = []
    block = count
    while len(found) < count:
        found += _free(connection, item, series, range(last + 1, last + block + 1))
        last, block = last + block, min(2 * block, MAX_LIST)
    return [series.number(found[0]), series.number(found[count - 1])]


def _series_of(item: Item, on: date, calendar: SiteCalendar) -> Series:
    must_have_serials(item.item_code, Tracking(item.tracking))
    if not item.serial_no_series:
        raise refuse(
            "series_missing",
            f"{item.item_code} has no series to number its units by.",
            "Give the item a series such as LAP-.YYYY.-.#####, or scan, type or upload the serial numbers.",
        )
    return _resolved(item.serial_no_series, item, on, calendar)


def _batch_series_of(item: Item, on: date, calendar: SiteCalendar) -> Series:
    if not Tracking(item.tracking).has_batch:
        raise refuse(
            "item_has_no_batches",
            f"{item.item_code} is not tracked by batch.",
            "Leave the batch out, or choose an item with batches.",
        )
    if not item.batch_no_series:
        raise refuse(
            "series_missing",
            f"{item.item_code} has no series to number its batches by.",
            "Give the item a batch series such as B-.YYYY.-.###, or enter the batch of the label.",
        )
    return _resolved(item.batch_no_series, item, on, calendar)


def _batch_is_known(connection: Connection, item: Item, batch_no: str) -> bool:
    asked = select(Batch.id).where(Batch.item_id == item.id, Batch.batch_key == serials.key(batch_no))
    return connection.scalar(asked) is not None


def _resolved(pattern: str, item: Item, on: date, calendar: SiteCalendar) -> Series:
    series = resolve(pattern, on, {"item_code": item.item_code}, calendar=calendar)
    refusal = serials.check(series.number(1))
    if refusal:
        raise refuse(
            "series_gives_no_serial",
            f"The series of {item.item_code} gives no serial number: {refusal.message}",
            "Correct the series of the item.",
        )
    return series


def _free(connection: Connection, item: Item, series: Series, counters: Iterable[int]) -> list[int]:
    """Those counters whose numbers no unit of the item has, in stock, sold or on an open receipt."""
    keys = {counter: serials.key(series.number(counter)) for counter in counters}
    taken = set(connection.scalars(_TAKEN, {"item": item.id, "keys": list(keys.values())}))
    return [counter for counter, serial_key in keys.items() if serial_key not in taken]


def _advance(work: UnitOfWork, prefix: str, by: int) -> int:
    """Move the counter of a series on, in one statement; returns where it stands then.

    The counter's row is locked until the commit, so that a number that is rolled back is drawn again. The
    first number of a series can be asked for by two at once: the loser's unit of work is run again.
    """
    last = work.session.scalar(
        update(SeriesCounter)
        .where(SeriesCounter.prefix == prefix)
        .values(last=SeriesCounter.last + by)
        .returning(SeriesCounter.last)
        .execution_options(synchronize_session=False)
    )
    if last is None:
        last = by
        work.session.execute(insert(SeriesCounter).values(prefix=prefix, last=last))
    return last
