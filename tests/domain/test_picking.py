"""What is proposed, checked against what cannot be wrong: sorting everything and leaving out what may not go."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.picking import Candidate, Goods, PickRule, Stop, gives_way, propose, share_out, walked

TODAY = date(2026, 3, 1)
BEGIN = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)
MAIN, BIN, VAN = 1, 2, 3
HERE = {MAIN, BIN}
STOPS = {MAIN: Stop(9, "MAIN"), BIN: Stop(1, "MAIN / A-01"), VAN: Stop(0, "VAN-7")}

units = st.lists(
    st.builds(
        Candidate,
        serial_id=st.integers(1, 10**6),
        serial_no=st.text("ABC123", min_size=1, max_size=4),
        item_id=st.just(1),
        location_id=st.sampled_from([MAIN, BIN, VAN]),
        batch_id=st.sampled_from([None, 1, 2, 3]),
        expires_on=st.none() | st.integers(-3, 3).map(lambda days: TODAY + timedelta(days=days)),
        received_at=st.integers(0, 3).map(lambda hours: BEGIN + timedelta(hours=hours)),
        is_held=st.booleans(),
        is_reserved=st.booleans(),
    ),
    max_size=30,
    unique_by=lambda unit: unit.serial_id,
)
goods = st.lists(
    st.builds(
        Goods,
        item_id=st.just(1),
        location_id=st.sampled_from([MAIN, BIN]),
        batch_id=st.integers(1, 50),
        expires_on=st.none() | st.integers(-3, 3).map(lambda days: TODAY + timedelta(days=days)),
        since=st.just(BEGIN),
        free=st.integers(0, 9),
        is_held=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda each: (each.location_id, each.batch_id),
)


def may_go(unit: Candidate) -> bool:
    is_in_date = unit.expires_on is None or unit.expires_on >= TODAY
    return unit.location_id in HERE and not unit.is_held and not unit.is_reserved and is_in_date


@given(units, st.sampled_from(PickRule), st.integers(0, 40))
def test_nothing_that_may_not_go_is_proposed_and_nothing_that_goes_first_is_left(
    candidates: list[Candidate], rule: PickRule, qty: int
) -> None:
    proposed = propose(candidates, rule, qty, today=TODAY, places=HERE)

    fit = [unit for unit in candidates if may_go(unit)]
    assert all(map(may_go, proposed))
    assert len(proposed) == min(qty, len(fit)) == len({unit.serial_id for unit in proposed})
    left = [unit for unit in fit if unit not in proposed]
    for unit in proposed:
        for other in left:
            if rule is PickRule.FEFO:
                assert (unit.expires_on or date.max) <= (other.expires_on or date.max)
            elif rule is PickRule.FIFO:
                assert (unit.received_at, unit.serial_id) < (other.received_at, other.serial_id)
            else:
                assert (unit.received_at, unit.serial_id) > (other.received_at, other.serial_id)


@given(units, st.sampled_from(PickRule), st.integers(0, 40), st.randoms(use_true_random=False))
def test_the_order_in_which_candidates_come_changes_nothing(
    candidates: list[Candidate], rule: PickRule, qty: int, random: object
) -> None:
    mixed = list(candidates)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert propose(mixed, rule, qty, today=TODAY, places=HERE) == propose(
        candidates, rule, qty, today=TODAY, places=HERE
    )


def test_s6_fefo_takes_the_batch_that_expires_first_and_leaves_the_expired_one_out() -> None:
    def pump(serial_id: int, serial_no: str, batch_id: int, expires_on: date) -> Candidate:
        return Candidate(serial_id, serial_no, 1, MAIN, batch_id, expires_on, BEGIN)

    pumps = [pump(number, f"P1-0{number}", 1, date(2026, 9, 30)) for number in (1, 2, 3)]
    pumps += [pump(3 + number, f"P2-0{number}", 2, date(2026, 6, 30)) for number in (1, 2, 3)]
    pumps += [pump(7, "P0-01", 3, date(2026, 1, 31))]

    def named(rule: PickRule) -> list[str]:
        return [unit.serial_no for unit in propose(pumps, rule, 4, today=TODAY, places=HERE)]

    assert named(PickRule.FEFO) == ["P2-01", "P2-02", "P2-03", "P1-01"]
    assert named(PickRule.FIFO) == ["P1-01", "P1-02", "P1-03", "P2-01"]
    assert named(PickRule.LIFO) == ["P2-03", "P2-02", "P2-01", "P1-03"]


@given(goods, st.sampled_from(PickRule), st.integers(0, 60) | st.just(Decimal("2.5")))
def test_shares_add_up_to_what_is_asked_for_or_to_all_there_is(
    there: list[Goods], rule: PickRule, qty: int | Decimal
) -> None:
    shares = share_out(there, rule, qty, today=TODAY)

    fit = {
        (each.location_id, each.batch_id): each.free
        for each in there
        if not each.is_held and (each.expires_on is None or each.expires_on >= TODAY)
    }
    assert all(0 < share.qty <= fit[share.location_id, share.batch_id] for share in shares)
    assert sum(share.qty for share in shares) == min(qty, sum(fit.values()))
    if rule is PickRule.FEFO:
        dates = {(each.location_id, each.batch_id): each.expires_on or date.max for each in there}
        taken = [dates[share.location_id, share.batch_id] for share in shares]
        assert taken == sorted(taken)


@given(units)
def test_a_walk_passes_every_place_once(candidates: list[Candidate]) -> None:
    walk = walked(candidates, STOPS)

    assert sorted(walk, key=lambda unit: unit.serial_id) == sorted(candidates, key=lambda unit: unit.serial_id)
    ways = [STOPS[unit.location_id].walk_order for unit in walk]
    assert ways == sorted(ways)


@pytest.mark.parametrize(
    ("location_id", "batch_id", "expected"),
    [(BIN, 1, 11), (BIN, 2, 12), (BIN, 3, 12), (MAIN, 1, 14), (VAN, 1, 14), (VAN, 3, 14)],
)
def test_the_proposed_unit_that_lies_where_another_was_taken_gives_way(
    location_id: int, batch_id: int, expected: int
) -> None:
    unit = Candidate(10, "N-0", 1, BIN, 1, None, BEGIN)
    proposed = [
        unit,
        replace(unit, serial_id=11, serial_no="N-1"),
        replace(unit, serial_id=12, serial_no="N-2", batch_id=2),
        replace(unit, serial_id=13, serial_no="N-3", location_id=MAIN),
        replace(unit, serial_id=14, serial_no="N-4", location_id=MAIN),
    ]
    taken = replace(unit, serial_id=20, serial_no="N-9", location_id=location_id, batch_id=batch_id)

    given_up = gives_way(proposed, taken, STOPS)

    assert given_up is not None
    assert given_up.serial_id == expected
    assert gives_way([], taken, STOPS) is None
