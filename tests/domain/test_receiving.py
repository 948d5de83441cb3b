"""Every answer that a scan into a receipt can get, each by the smallest change of a scan that is accepted."""

import ast
import inspect
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain import batch_dates, received_units, receiving, serials
from backend.domain.errors import Refusal
from backend.domain.locations import UnitState
from backend.domain.received_units import judge
from backend.domain.receiving import (
    Accepted,
    AlreadyScanned,
    BatchFacts,
    ItemRules,
    KnownUnit,
    OpenLine,
    OpenUnit,
    ScannedUnit,
    Tracking,
    choose_line,
)

AT_10_02 = datetime(2026, 1, 5, 10, 2, tzinfo=UTC)
LAPTOP = ItemRules(1, "LAP-15", "Laptop", Tracking.SERIAL_BATCH, serial_length=9, serial_pattern="NB##-####")
PUMP = replace(LAPTOP, id=2, item_code="PUMP-1", serial_length=None, serial_pattern=None, expiry_required=True)
CABLE = ItemRules(3, "CAB-2", "Cable", Tracking.NONE)
SCREWS = ItemRules(4, "SCR-9", "Screws", Tracking.BATCH)
RADIO = ItemRules(5, "RAD-1", "Radio", Tracking.SERIAL)

P1 = BatchFacts("P1", date(2025, 10, 1), date(2026, 9, 30), id=11)
UNIT = ScannedUnit("NB25-0003", "B-2026-01", None, None)
PUMP_UNIT = ScannedUnit("P1-01", "p1", None, None)


def line_of(item: ItemRules, *, expected: int = 50, allowed: int | None = None, taken: int = 0) -> OpenLine:
    return OpenLine(100 + item.id, item, expected, expected if allowed is None else allowed, taken)


def verdict(unit: ScannedUnit = UNIT, line: OpenLine | None = None, **facts: Any) -> Accepted | Refusal:
    known: dict[str, Any] = {"receipt_id": "R1", "open_unit": None, "known": None, "batches": {}, **facts}
    return judge(unit, line or line_of(LAPTOP), **known)


def pump_verdict(unit: ScannedUnit = PUMP_UNIT, batch: BatchFacts = P1) -> Accepted | Refusal:
    return verdict(unit, line_of(PUMP), batches={serials.key(batch.batch_no): batch})


def in_state(state: UnitState) -> KnownUnit:
    return KnownUnit(state, "VAN-7", "ACME", None, None)


def open_in(receipt_id: str) -> OpenUnit:
    return OpenUnit(receipt_id, "PR-7", "ben", AT_10_02)


REFUSALS = {
    "serial_empty": verdict(replace(UNIT, serial_no="  ")),
    "serial_too_long": verdict(replace(UNIT, serial_no="9" * 65)),
    "serial_has_control_characters": verdict(replace(UNIT, serial_no="NB25\u202e0003")),
    "serial_shape": verdict(replace(UNIT, serial_no="NB25-003")),
    "item_code_not_serial": verdict(replace(UNIT, serial_no=None)),
    "already_scanned": verdict(open_unit=open_in("R1")),
    "serial_in_other_receipt": verdict(open_unit=open_in("R2")),
    "serial_sold": verdict(known=KnownUnit(UnitState.SOLD, "CUSTOMER", "ACME", "DN-1", date(2026, 1, 15))),
    "serial_in_stock": verdict(known=in_state(UnitState.IN_STOCK)),
    "serial_known": verdict(known=in_state(UnitState.IN_REPAIR)),
    "serial_not_expected": verdict(is_expected=False),
    "batch_required": verdict(replace(UNIT, batch_no=" ")),
    "batch_too_long": verdict(replace(UNIT, batch_no="B" * 65)),
    "batch_has_control_characters": verdict(replace(UNIT, batch_no="B\x00")),
    "batch_manufacture_conflict": pump_verdict(replace(PUMP_UNIT, manufactured_on=date(2025, 10, 2))),
    "batch_expiry_conflict": pump_verdict(replace(PUMP_UNIT, expires_on=date(2026, 10, 1))),
    "expiry_required": verdict(PUMP_UNIT, line_of(PUMP)),
    "expiry_before_manufacture": pump_verdict(
        replace(PUMP_UNIT, expires_on=date(2025, 9, 30)), replace(P1, expires_on=None)
    ),
    "over_receipt": verdict(line=line_of(LAPTOP, taken=50)),
    "item_not_on_order": choose_line([line_of(LAPTOP)], item_id=99, serial_no="NB25-0003"),
    "item_unknown": choose_line([line_of(CABLE)], item_id=None, serial_no="NB25-0003"),
    "ambiguous_item": choose_line([line_of(LAPTOP), line_of(PUMP)], item_id=None, serial_no="NB25-0003"),
}


def codes_in(module: Any) -> set[str]:
    """Every code that a module can refuse with."""
    return {
        call.args[0].value
        for call in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("Refusal", "AlreadyScanned")
        and isinstance(call.args[0], ast.Constant)
    }


def test_this_table_has_every_code_there_is():
    assert set(REFUSALS) == codes_in(batch_dates) | codes_in(receiving) | codes_in(received_units) | codes_in(serials)


@pytest.mark.parametrize("code", REFUSALS)
def test_a_scan_is_refused_with_its_code_and_a_next_step(code):
    refusal = REFUSALS[code]
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert refusal.message.endswith(".")
    assert refusal.next_step.endswith(".")


NAMELESS = {"serial_empty", "serial_too_long", "serial_has_control_characters", "item_code_not_serial",
            "item_not_on_order"}  # fmt: skip
"""Answers to texts that are no serial number, or not of this order."""


@pytest.mark.parametrize("code", sorted(REFUSALS.keys() - NAMELESS - {"serial_shape"}))
def test_a_refusal_names_the_unit(code):
    message = REFUSALS[code].message
    assert "NB25-0003" in message or "P1-01" in message


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("already_scanned", "already scanned in this receipt at 10:02 by ben"),
        ("serial_in_other_receipt", "PR-7"),
        ("serial_sold", "sold to ACME with DN-1 on 2026-01-15"),
        ("serial_in_stock", "in stock in VAN-7"),
        ("serial_known", "in repair"),
        ("item_code_not_serial", "product code of LAP-15"),
        ("over_receipt", "expected 50"),
        ("serial_shape", "9 characters"),
        ("batch_expiry_conflict", "expires on 2026-09-30, but the scan says 2026-10-01"),
        ("batch_manufacture_conflict", "made on 2025-10-01, but the scan says 2025-10-02"),
        ("expiry_before_manufacture", "made on 2025-10-01"),
        ("ambiguous_item", "LAP-15 or PUMP-1"),
    ],
)
def test_a_refusal_gives_the_reason(code, reason):
    assert reason in REFUSALS[code].message


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("serial_sold", ["return_intake", "repair_intake"]),
        ("batch_required", ["enter_batch"]),
        ("expiry_required", ["enter_expiry"]),
        ("ambiguous_item", ["choose_item", "choose_item"]),
    ],
)
def test_a_refusal_offers_what_can_be_done(code, kinds):
    assert [action["kind"] for action in REFUSALS[code].actions] == kinds


def test_only_a_second_scan_is_a_warning():
    assert {code for code, refusal in REFUSALS.items() if isinstance(refusal, AlreadyScanned)} == {"already_scanned"}


FREE_TO_COME = {UnitState.RETURNED_TO_SUPPLIER}


@pytest.mark.parametrize(
    "state", sorted(set(UnitState) - {UnitState.SOLD, UnitState.IN_STOCK, UnitState.ON_HOLD} - FREE_TO_COME)
)
def test_what_is_known_is_never_received_as_new(state):
    refusal = verdict(known=in_state(state))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "serial_known"
    assert state.replace("_", " ") in refusal.message


def test_what_the_supplier_has_back_may_be_received_again():
    """Its receipt was cancelled, or it was sent back and mended."""
    assert verdict(known=in_state(UnitState.RETURNED_TO_SUPPLIER)) == verdict()


def test_a_unit_on_hold_is_in_stock():
    refusal = verdict(known=in_state(UnitState.ON_HOLD))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "serial_in_stock"


def test_the_scan_itself_is_accepted():
    assert verdict() == Accepted("NB25-0003", BatchFacts("B-2026-01", None, None))


def test_outer_space_is_not_kept():
    assert verdict(replace(UNIT, serial_no=" NB25-0003\n", batch_no=" B-2026-01 ")) == verdict()


def test_a_known_batch_keeps_its_spelling_and_gives_its_dates():
    assert pump_verdict() == Accepted("P1-01", P1)


def test_a_date_that_was_not_known_is_added():
    accepted = pump_verdict(replace(PUMP_UNIT, expires_on=date(2026, 9, 30)), replace(P1, expires_on=None))
    assert accepted == Accepted("P1-01", P1)


def test_the_same_dates_again_are_no_conflict():
    again = replace(PUMP_UNIT, manufactured_on=P1.manufactured_on, expires_on=P1.expires_on)
    assert pump_verdict(again) == Accepted("P1-01", P1)


@pytest.mark.parametrize(
    ("item", "serial_no", "batch_no", "kept"),
    [
        (CABLE, None, None, Accepted(None, None)),
        (CABLE, "X-1", "B", Accepted(None, None)),
        (SCREWS, None, "B", Accepted(None, BatchFacts("B", None, None))),
        (RADIO, "X-1", None, Accepted("X-1", None)),
        (RADIO, "X-1", "B", Accepted("X-1", None)),
    ],
    ids=["no tracking", "no tracking, more on the label", "batch", "serial", "serial, more on the label"],
)
def test_an_item_keeps_what_it_is_tracked_by(item, serial_no, batch_no, kept):
    assert verdict(ScannedUnit(serial_no, batch_no, None, None), line_of(item)) == kept


@pytest.mark.parametrize(("taken", "accepted"), [(49, True), (50, True), (54, True), (55, False)])
def test_an_allowance_admits_more_than_ordered(taken, accepted):
    answer = verdict(line=line_of(LAPTOP, expected=50, allowed=55, taken=taken))
    assert isinstance(answer, Accepted) == accepted


def test_the_line_is_the_one_that_the_code_names():
    lines = [line_of(LAPTOP), line_of(PUMP)]
    assert choose_line(lines, item_id=2, serial_no="P1-01") is lines[1]


def test_the_line_is_the_only_one_with_serial_numbers():
    lines = [line_of(CABLE), line_of(LAPTOP), line_of(SCREWS)]
    assert choose_line(lines, item_id=None, serial_no="NB25-0003") is lines[1]


units = st.builds(
    ScannedUnit,
    st.sampled_from([None, "NB25-0003", " P1-01 "]) | st.text(max_size=70),
    st.sampled_from([None, "p1", "B-2026-01"]) | st.text(max_size=70),
    st.sampled_from([None, P1.manufactured_on]) | st.dates(),
    st.sampled_from([None, P1.expires_on]) | st.dates(),
)
knowledge = st.fixed_dictionaries(
    {
        "open_unit": st.sampled_from([None, None, open_in("R1"), open_in("R2")]),
        "known": st.sampled_from([None, None, *map(in_state, UnitState)]),
        "batches": st.sampled_from([{}, {serials.key("P1"): P1}]),
    }
)


@given(units, st.sampled_from([LAPTOP, PUMP, CABLE, SCREWS, RADIO]), st.integers(0, 3), st.integers(0, 3), knowledge)
def test_an_accepted_unit_is_new_and_whole(unit, item, expected, taken, facts):
    answer = verdict(unit, line_of(item, expected=expected, taken=taken), **facts)
    if isinstance(answer, Refusal):
        return
    assert taken < expected
    assert (answer.serial_no is not None) == item.tracking.has_serial
    assert (answer.batch is not None) == item.tracking.has_batch
    if answer.serial_no is not None:
        assert facts["open_unit"] is None
        assert facts["known"] is None
        assert serials.check(answer.serial_no) is None
    if answer.batch is not None:
        assert serials.check_batch(answer.batch.batch_no, "X") is None
        made, expires = answer.batch.manufactured_on, answer.batch.expires_on
        assert made is None or expires is None or made <= expires
        assert expires is not None or not item.expiry_required
