"""What a phone refuses while the server is away is what the server refuses: the same table of cases runs there."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from backend.domain import serials
from backend.domain.availability import HoldFacts, HoldKind, Purpose, ReservedFor, UnitFacts, refusal_of
from backend.domain.errors import Refusal
from backend.domain.locations import UnitState
from backend.domain.received_units import judge
from backend.domain.receiving import ItemRules, KnownUnit, OpenLine, ScannedUnit, Tracking, most_allowed

CASES: dict[str, list[dict[str, Any]]] = json.loads((Path(__file__).parents[1] / "data/device_cases.json").read_text())
LAPTOP = ItemRules(1, "LAP-15", "Laptop", Tracking.SERIAL)


def named(case: dict[str, Any]) -> str:
    return str(case["name"])


@pytest.mark.parametrize("case", CASES["receive"], ids=named)
def test_a_unit_that_is_received(case: dict[str, Any]) -> None:
    line = OpenLine(1, LAPTOP, expected=case["allowed"] or 0, allowed=case["allowed"], taken=case["taken"])
    key = serials.key(case["serial_no"])
    in_stock = KnownUnit(UnitState.IN_STOCK, "MAIN", None, None, None)
    answer = judge(
        ScannedUnit(case["serial_no"], None, None, None),
        line,
        receipt_id="a receipt",
        open_unit=None,
        known=in_stock if key in map(serials.key, case["in_stock"]) else None,
        batches={},
        is_expected=not case["announced"] or key in map(serials.key, case["announced"]),
    )
    assert (answer.code if isinstance(answer, Refusal) else None) == case["expect"]


@pytest.mark.parametrize("case", CASES["line"], ids=named)
def test_one_more_on_a_line(case: dict[str, Any]) -> None:
    allowed = most_allowed(case["ordered"], case["percent"], case["admitted"])
    taken = case["received"] + case["scanned"] + case["waiting"]
    line = OpenLine(1, LAPTOP, expected=case["ordered"], allowed=allowed, taken=taken)
    answer = judge(
        ScannedUnit("NB25-0009", None, None, None), line, receipt_id="a receipt", open_unit=None, known=None, batches={}
    )
    assert allowed == case["allowed"]
    assert (answer.code if isinstance(answer, Refusal) else None) == case["expect"]


@pytest.mark.parametrize("case", [case for case in CASES["pick"] if case["expect"] != "over_pick"], ids=named)
def test_a_unit_that_is_picked(case: dict[str, Any]) -> None:
    """Of over-picking the rule stands with the pick list, after these: see tests/api/test_sale_scenarios.py."""
    kind = {"recalled": HoldKind.RECALL, "on_hold": HoldKind.HOLD}.get(case["availability"])
    unit = UnitFacts(
        serial_id=1,
        serial_no="P1-01",
        item_id=1,
        item_code="PUMP-1",
        state=UnitState.IN_STOCK,
        location_id=1,
        location="MAIN",
        batch_id=1,
        batch_no="P1",
        expires_on=date.fromisoformat(case["expires_on"]) if case["expires_on"] else None,
        hold=HoldFacts(kind, "a reason", is_of_batch=False) if kind else None,
        reserved=ReservedFor("another", "SO-9", "ben", False) if case["availability"] == "reserved" else None,
    )
    wanted = (1, "PUMP-1") if case["is_of_list"] else (2, "LAP-15")
    answer = refusal_of(unit, Purpose.SELL, today=date.fromisoformat(case["today"]), item=wanted)
    assert (answer.code if answer else None) == case["expect"]
