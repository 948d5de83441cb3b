"""Drawing numbers of a series: no number twice, whoever asks at the same moment."""

from datetime import date

from sqlalchemy import insert, update

from backend.domain.series import resolve
from backend.models import SeriesCounter
from backend.unit_of_work import UnitOfWork

VOUCHER_SERIES = {
    "purchase_order": "PO-.YYYY.-.#####",
    "purchase_receipt": "PR-.YYYY.-.#####",
    "delivery_note": "DN-.YYYY.-.#####",
}


def draw(work: UnitOfWork, pattern: str, on: date) -> str:
    """Draw the next number of a series.

    The counter's row is locked until the commit, so that a number that is rolled back is drawn again. The
    first number of a series can be asked for by two at once: the loser's unit of work is run again.
    """
    series = resolve(pattern, on)
    counter = work.session.scalar(
        update(SeriesCounter)
        .where(SeriesCounter.prefix == series.prefix)
        .values(last=SeriesCounter.last + 1)
        .returning(SeriesCounter.last)
        .execution_options(synchronize_session=False)
    )
    if counter is None:
        counter = 1
        work.session.execute(insert(SeriesCounter).values(prefix=series.prefix, last=counter))
    return series.number(counter)
