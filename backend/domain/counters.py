"""The numbers that a device gives its entries, from 1 without gaps."""

from collections.abc import Iterable, Sequence

Span = tuple[int, int]
"""From the first number to the last, both of them in it."""


def without(gaps: Iterable[Span], held: Iterable[Span]) -> list[Span]:
    """The numbers of some gaps that are in none of the held spans.

    >>> without([(40, 51), (60, 60)], [(1, 3), (45, 46), (51, 90)])
    [(40, 44), (47, 50)]
    """
    left = sorted(gaps)
    for first, last in held:
        left = [part for gap in left for part in _minus(gap, first, last)]
    return left


def _minus(gap: Span, first: int, last: int) -> list[Span]:
    parts = [(gap[0], min(gap[1], first - 1)), (max(gap[0], last + 1), gap[1])]
    return [gap] if last < gap[0] or first > gap[1] else [part for part in parts if part[0] <= part[1]]


def spell(spans: Sequence[Span]) -> str:
    """Spans for people.

    >>> spell([(40, 51), (60, 60)])
    'n 40-51, 60'
    """
    return "n " + ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def size(spans: Iterable[Span]) -> int:
    """How many numbers they hold.

    >>> size([(40, 51), (60, 60)])
    13
    """
    return sum(last - first + 1 for first, last in spans)
