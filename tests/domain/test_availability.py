from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.availability import (
    OVERRIDABLE,
    Availability,
    HoldFacts,
    HoldKind,
    Purpose,
    ReservedFor,
    UnitFacts,
    availability_of,
    refusal_of,
)
from backend.domain.locations import UnitState

TODAY = date(2026, 3, 1)
MAIN, VAN = 1, 2
UNIT = UnitFacts(7, "NB25-0020", 1, "LAP-15", UnitState.IN_STOCK, MAIN, "MAIN", 3, "B-2026-01", None)
RESERVED = ReservedFor("so-9", "SO-9", "ben", is_proposed=False)


def verdict(unit: UnitFacts, purpose: Purpose = Purpose.SELL, **wanted: Any) -> str | None:
    refusal = refusal_of(unit, purpose, today=TODAY, **{"places": {MAIN}, "place": "MAIN", **wanted})
    if refusal is not None:
        assert unit.serial_no in refusal.message
        assert refusal.next_step
    return refusal.code if refusal else None


@pytest.mark.parametrize(
    ("change", "wanted", "code", "words"),
    [
        ({"location_id": VAN, "location": "VAN-7"}, {}, "serial_not_at_location", "is in VAN-7"),
        ({"reserved": RESERVED}, {}, "serial_reserved", "reserved for SO-9"),
        ({}, {"item": (2, "PUMP-1")}, "serial_of_other_item", "belongs to LAP-15"),
        ({}, {"batch": (4, "P2")}, "serial_of_other_batch", "belongs to batch B-2026-01"),
        (
            {"state": UnitState.SOLD, "owner": "ACME", "last_voucher": "DN-5"},
            {},
            "serial_already_sold",
            "already sold to ACME on DN-5",
        ),
        ({"state": UnitState.IN_REPAIR, "location": "REPAIR"}, {}, "serial_not_available", "is in repair"),
        ({"hold": HoldFacts(HoldKind.HOLD, "drop test", False)}, {}, "unit_on_hold", "drop test"),
        ({"hold": HoldFacts(HoldKind.RECALL, "fire risk", True)}, {}, "unit_recalled", "fire risk"),
        ({"expires_on": date(2026, 2, 28)}, {}, "batch_expired", "expired on 2026-02-28"),
    ],
)
def test_a_refusal_names_the_unit_and_the_rule(
    change: dict[str, Any], wanted: dict[str, Any], code: str, words: str
) -> None:
    unit = replace(UNIT, **change)

    refusal = refusal_of(unit, Purpose.SELL, today=TODAY, **{"places": {MAIN}, "place": "MAIN", **wanted})

    assert refusal is not None
    assert (refusal.code, words in refusal.message) == (code, True), refusal.message


def test_a_unit_may_be_sold_on_the_last_day_of_its_batch() -> None:
    assert verdict(replace(UNIT, expires_on=TODAY)) is None


def test_a_reservation_lets_its_own_voucher_and_an_override_pass() -> None:
    unit = replace(UNIT, reserved=RESERVED)

    assert verdict(unit, voucher_ids={"so-9"}) is None
    assert verdict(unit, passed=OVERRIDABLE) is None


units = st.builds(
    replace,
    st.just(UNIT),
    state=st.sampled_from(UnitState),
    location_id=st.sampled_from([MAIN, VAN]),
    expires_on=st.none() | st.integers(-3, 3).map(lambda days: TODAY + timedelta(days)),
    hold=st.none() | st.builds(HoldFacts, st.sampled_from(HoldKind), st.just("why"), st.booleans()),
    reserved=st.none() | st.just(RESERVED),
)


@given(units)
def test_only_a_unit_that_nothing_speaks_against_is_sold(unit: UnitFacts) -> None:
    is_free = (
        unit.state is UnitState.IN_STOCK
        and unit.location_id == MAIN
        and unit.hold is None
        and unit.reserved is None
        and (unit.expires_on is None or unit.expires_on >= TODAY)
    )

    assert (verdict(unit) is None) == is_free


@given(units)
def test_what_is_unfit_can_still_be_moved_returned_and_scrapped(unit: UnitFacts) -> None:
    fit = replace(unit, hold=None, expires_on=None)

    for purpose in (Purpose.MOVE, Purpose.RETURN_TO_SUPPLIER, Purpose.SCRAP):
        assert verdict(unit, purpose) == verdict(fit, purpose)


@given(units)
def test_a_unit_is_called_available_just_when_it_may_be_sold(unit: UnitFacts) -> None:
    called = availability_of(
        unit.state,
        today=TODAY,
        hold=unit.hold and unit.hold.kind,
        expires_on=unit.expires_on,
        is_reserved=unit.reserved is not None,
    )

    assert (called is Availability.AVAILABLE) == (refusal_of(unit, Purpose.SELL, today=TODAY) is None)


def test_every_state_has_a_word_for_what_is_available_in_it() -> None:
    for state in UnitState:
        assert availability_of(state, today=TODAY, hold=None, expires_on=None, is_reserved=False)
