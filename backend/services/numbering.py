"""Drawing numbers of a series: no number twice, whoever asks at the same moment."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import insert, update

from backend.domain.series import resolve
from backend.models import SeriesCounter
from backend.unit_of_work import UnitOfWork


def draw(work: UnitOfWork, pattern: str, on: date, *, is_taken: Callable[[str], bool]) -> str:
    """Draw the next number of a series; one that is taken already, by an import or by hand, is skipped.

    The counter's row is locked until the commit, so that a number that is rolled back is drawn again. The
    first number of a series can be asked for by two at once: the loser's unit of work is run again.
    """
    series = resolve(pattern, on)
    number = series.number(_count(work, series.prefix))
    while is_taken(number):
        number = series.number(_count(work, series.prefix))
    return number


def _count(work: UnitOfWork, prefix: str) -> int:
    counter = work.session.scalar(
        update(SeriesCounter)
        .where(SeriesCounter.prefix == prefix)
        .values(last=SeriesCounter.last + 1)
        .returning(SeriesCounter.last)
        .execution_options(synchronize_session=False)
    )
    if counter is None:
        counter = 1
        work.session.execute(insert(SeriesCounter).values(prefix=prefix, last=counter))
    return counter
