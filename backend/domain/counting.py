"""Stock counts: what the shelves say against what the books say."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from backend.domain.ledger import Quantity
from backend.domain.locations import UnitState


class CountKind(StrEnum):
    """What a count says of one unit, text or sort of goods; what a person must look at comes first."""

    MISSING = "missing"
    MISPLACED = "misplaced"
    SURPLUS = "surplus"
    """More untracked goods than the books have."""

    UNKNOWN = "unknown"
    """No unit of ours, or one that cannot be on this shelf: a person decides."""

    MOVED = "moved"
    """It moved while it was counted, and not from or to the shelf where it was seen: a person looks again."""

    FOUND = "found"


POSTED = frozenset({CountKind.MISSING, CountKind.MISPLACED, CountKind.SURPLUS})
"""Kinds for which stock moves when the count is approved."""

_CAN_BE_MISPLACED = frozenset({UnitState.IN_STOCK, UnitState.ON_HOLD, UnitState.LOST})


@dataclass(frozen=True, slots=True)
class BookUnit:
    """What the books say of a unit.

    Args:
        serial_id: Its key.
        serial_no: As it is written.
        item_id: Its item.
        batch_id: Its batch.
        state: Where it stands in its life.
        location_id: Where it is.
        location: That place as a person says it.
        is_at_site: Whether that place is of the site that counts.
        visited: The places that it left or came to since the count began; empty when it did not move.
        owner: The customer who has it.
        is_fetched: Whether a picker has it in hand, or packed it, for a pick list.
    """

    serial_id: int
    serial_no: str
    item_id: int
    batch_id: int | None
    state: UnitState
    location_id: int
    location: str
    is_at_site: bool = True
    visited: frozenset[int] = frozenset()
    owner: str | None = None
    is_fetched: bool = False


Sort = tuple[int, int, int | None]
"""Goods without serial numbers: place, item and batch."""


@dataclass(frozen=True, slots=True)
class Result:
    """One line of a count: what the books say of the place, what the shelf says, and what they make together."""

    kind: CountKind
    text: str
    qty: Quantity
    serial_id: int | None = None
    item_id: int | None = None
    batch_id: int | None = None
    book_location_id: int | None = None
    shelf_location_id: int | None = None
    note: str = ""


def judge_units(
    expected: Collection[int], books: Mapping[int, BookUnit], seen: Sequence[tuple[int, int]]
) -> list[Result]:
    """Compare the units on the shelves with the books.

    Args:
        expected: Ids of the units that the books have in the place that is counted.
        books: What the books say of those and of all that were seen.
        seen: Unit and shelf, each unit once.

    Returns:
        A result for each unit that was seen or is missing.
    """
    results = [_judge_seen(books[serial_id], shelf) for serial_id, shelf in seen]
    on_shelves = {serial_id for serial_id, _ in seen}
    for serial_id in expected:
        unit = books[serial_id]
        # What came or went while it was counted may have passed the person who counts, and what a picker took from
        # the shelf lies with the picker until it is delivered.
        if serial_id not in on_shelves and not unit.visited and not unit.is_fetched:
            results.append(_result(CountKind.MISSING, unit, None, f"should be in {unit.location}"))
    return results


def _judge_seen(unit: BookUnit, shelf: int) -> Result:
    if unit.visited:
        if shelf in unit.visited:
            return _result(CountKind.FOUND, unit, shelf, "moved during the count")
        return _result(CountKind.MOVED, unit, shelf, f"moved during the count, is now in {unit.location}")
    if unit.location_id == shelf:
        return _result(CountKind.FOUND, unit, shelf, "")
    if unit.is_at_site and unit.state in _CAN_BE_MISPLACED:
        return _result(CountKind.MISPLACED, unit, shelf, f"the books have it in {unit.location}")
    state = f"sold to {unit.owner}" if unit.state is UnitState.SOLD else unit.state.replace("_", " ")
    return _result(CountKind.UNKNOWN, unit, shelf, f"is {state}, in {unit.location}: it cannot be here")


def _result(kind: CountKind, unit: BookUnit, shelf: int | None, note: str) -> Result:
    return Result(kind, unit.serial_no, 1, unit.serial_id, unit.item_id, unit.batch_id, unit.location_id, shelf, note)


def judge_goods(
    counted: Mapping[Sort, Quantity], at_start: Mapping[Sort, Quantity], names: Mapping[int, str]
) -> list[Result]:
    """Compare goods without serial numbers with the books; sorts that nobody counted are left as they are.

    >>> judge_goods({(1, 7, None): 8}, {(1, 7, None): 10}, {7: "CAB-2"})[0].qty
    2
    """
    results = []
    for (place, item_id, batch_id), qty in counted.items():
        book = at_start.get((place, item_id, batch_id), 0)
        kind = CountKind.FOUND if qty == book else CountKind.MISSING if qty < book else CountKind.SURPLUS
        difference: Quantity = qty - book if qty > book else book - qty
        results.append(
            Result(
                kind,
                names[item_id],
                difference if difference else qty,
                None,
                item_id,
                batch_id,
                place,
                place,
                "" if qty == book else f"{qty} counted, the books had {book}",
            )
        )
    return results
