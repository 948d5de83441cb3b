"""Scenario S5, numbering by the system, through the API, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from backend import unit_of_work
from tests.api_client import Api, Clock, new_id
from tests.conftest import LogIn
from tests.orders import add_order, set_series

BATCH = "B-2026-01"


def item_id(receipt: dict[str, Any], item_code: str = "LAP-15") -> int:
    return int(next(line["item"]["id"] for line in receipt["lines"] if line["item"]["item_code"] == item_code))


def ask(person: Api, receipt: dict[str, Any], count: Any, expect: int = 200, **more: Any) -> Any:
    wanted = {"id": new_id(), "item_id": item_id(receipt), "count": count, "batch_no": BATCH, **more}
    return person.post(f"/api/purchase-receipts/{receipt['id']}/numbered-units", wanted, expect)


def preview(person: Api, receipt: dict[str, Any], expect: int = 200) -> Any:
    return person.get(f"/api/items/{item_id(receipt)}/next-serial", expect)


def laps(year: int, *numbers: int) -> list[str]:
    return [f"LAP-{year}-{number:05d}" for number in numbers]


def type_in(person: Api, receipt: dict[str, Any], serial_nos: list[str], expect: int = 200) -> Any:
    wanted = {"id": new_id(), "item_id": item_id(receipt), "serial_nos": serial_nos, "batch_no": BATCH}
    return person.post(f"/api/purchase-receipts/{receipt['id']}/units", wanted, expect)


def test_s5_five_laptops_are_numbered(ana: Api) -> None:
    receipt = ana.open_receipt()
    first = {"serial_no": "LAP-2026-00001", "last_serial_no": "LAP-2026-00001"}
    assert preview(ana, receipt) == {"series": "LAP-.YYYY.-.#####", **first}
    assert preview(ana, receipt)["serial_no"] == "LAP-2026-00001", "a preview draws nothing"

    answer = ask(ana, receipt, 5)

    assert answer["serial_nos"] == laps(2026, 1, 2, 3, 4, 5)
    assert answer["counts"]["accepted"] == 5
    assert [unit["serial_no"] for unit in answer["units"]] == laps(2026, 5, 4, 3, 2, 1)
    assert {unit["batch_no"] for unit in answer["units"]} == {BATCH}
    assert preview(ana, receipt)["serial_no"] == "LAP-2026-00006"
    posted = ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    assert posted["counts"]["accepted"] == 5
    (found,) = ana.get("/api/units", site=ana.site, q="lap-2026-00003")["matches"]
    assert (found["state"], found["location"]["code"]) == ("in_stock", "MAIN")


def test_s5_a_number_that_exists_by_hand_is_skipped(ana: Api) -> None:
    """Whether it is only on an open receipt or in stock already, in whatever case it was typed."""
    receipt = ana.open_receipt()
    ask(ana, receipt, 5)
    type_in(ana, receipt, ["lap-2026-00007"])
    assert ask(ana, receipt, 3)["serial_nos"] == laps(2026, 6, 8, 9)

    type_in(ana, receipt, laps(2026, 10, 11, 12, 13, 14, 16))
    ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    second = ana.open_receipt()
    assert preview(ana, second)["serial_no"] == "LAP-2026-00015"
    assert ask(ana, second, 2)["serial_nos"] == laps(2026, 15, 17)
    assert preview(ana, second)["serial_no"] == "LAP-2026-00018", "what was only looked at is not lost"


def test_s5_the_series_starts_again_with_the_year(ana: Api, clock: Clock) -> None:
    receipt = ana.open_receipt()
    clock.set("2026-12-31T23:59:59")
    assert ask(ana, receipt, 1)["serial_nos"] == laps(2026, 1)
    clock.set("2027-01-01")
    assert preview(ana, receipt)["serial_no"] == "LAP-2027-00001"
    assert ask(ana, receipt, 2)["serial_nos"] == laps(2027, 1, 2)
    clock.set("2026-06-01")
    assert ask(ana, receipt, 1)["serial_nos"] == laps(2026, 2)


@pytest.mark.parametrize("count", [0, -1, 2.5, 1_000_000, "5", None])
def test_s5_a_count_out_of_bounds_is_refused_with_the_limit(ana: Api, count: Any) -> None:
    receipt = ana.open_receipt()
    problem = ask(ana, receipt, count, expect=422)
    assert problem["code"] == "invalid_request"
    assert "count" in problem["errors"]["json"]
    if count is not None:
        assert "1 to 10,000" in problem["detail"]
    assert preview(ana, receipt)["serial_no"] == "LAP-2026-00001"


def test_s5_a_series_with_a_missing_dot_is_named(app: Flask, ana: Api) -> None:
    receipt = ana.open_receipt()
    set_series(app, "LAP-15", "LAP#####")
    for problem in (preview(ana, receipt, expect=422), ask(ana, receipt, 1, expect=422)):
        assert problem["code"] == "series_dot_missing"
        assert "dot is missing before the #" in problem["detail"]
        assert "'LAP.#####'" in problem["next_step"]


@pytest.mark.parametrize(
    ("pattern", "code"),
    [(None, "series_missing"), ("{colour}-.###", "series_unknown_field"), ("X" * 64, "series_gives_no_serial")],
)
def test_a_series_that_cannot_number_is_refused(app: Flask, ana: Api, pattern: str | None, code: str) -> None:
    receipt = ana.open_receipt()
    set_series(app, "LAP-15", pattern)
    for problem in (preview(ana, receipt, expect=422), ask(ana, receipt, 1, expect=422)):
        assert problem["code"] == code
        assert problem["next_step"]


def test_a_series_can_name_the_item(app: Flask, ana: Api) -> None:
    receipt = ana.open_receipt()
    set_series(app, "LAP-15", "{item_code}/.YY.-.###")
    assert ask(ana, receipt, 2)["serial_nos"] == ["LAP-15/26-001", "LAP-15/26-002"]


def test_more_than_the_order_expects_is_refused_whole(ana: Api) -> None:
    receipt = ana.open_receipt()
    problem = ask(ana, receipt, 51, expect=422)
    assert problem["code"] == "list_refused"
    assert problem["facts"]["refused"][0]["code"] == "over_receipt"
    shown = ana.get(f"/api/purchase-receipts/{receipt['id']}")
    assert (shown["counts"]["accepted"], shown["units"]) == (0, [])
    assert preview(ana, receipt)["serial_no"] == "LAP-2026-00001", "refused numbers are drawn again"


def test_an_item_without_serials_and_an_unknown_one_are_refused(ana: Api) -> None:
    receipt = ana.open_receipt("PO-2")
    cable = item_id(receipt, "CAB-2")
    assert ask(ana, receipt, 1, expect=422, item_id=cable)["code"] == "item_has_no_serials"
    assert ask(ana, receipt, 1, expect=409, item_id=999_999)["code"] == "item_not_on_order"
    assert ana.get("/api/items/999999/next-serial", 404)["code"] == "not_found"


def test_only_who_receives_may_ask(ana: Api, kim: Api) -> None:
    receipt = ana.open_receipt()
    assert ask(kim, receipt, 1, expect=403)["code"] == "forbidden"
    assert preview(kim, receipt, expect=403)["code"] == "forbidden"


@pytest.mark.parametrize("people", [("ana", "ben"), ("ana", "admin")], ids=["one site", "two sites"])
def test_s5_two_who_ask_for_500_at_once_get_1000_distinct(
    app: Flask, log_in: LogIn, people: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first numbers of a series, so that both also race for the counter's row itself; then for what it says."""
    askers = [log_in(name) for name in people]
    receipts = []
    for asker in askers:
        at_north = asker.username == "admin"
        if at_north:
            asker.sites = [site for site in asker.sites if site["code"] == "NORTH"]
        add_order(app, f"BIG-{asker.username}", 500, site="NORTH" if at_north else "HQ")
        receipts.append(asker.open_receipt(f"BIG-{asker.username}", "N-MAIN" if at_north else "MAIN"))
    both = Barrier(2)
    begin, begun = unit_of_work.unit_of_work, []

    def counted() -> Any:
        begun.append(True)
        return begin()

    monkeypatch.setattr(unit_of_work, "unit_of_work", counted)

    def ask_for_500(asker: Api, receipt: dict[str, Any]) -> list[str]:
        numbers: list[str] = []
        for _ in range(5):
            both.wait(timeout=30)
            numbers += ask(asker, receipt, 100)["serial_nos"]
        return numbers

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(ask_for_500, askers, receipts)

    assert sorted(first + second) == laps(2026, *range(1, 1001))
    # Who waited for the counter had not read it before: only who lost the race for its row began anew.
    assert len(begun) <= 2 * 5 + 1
    for numbers in (first, second):
        assert numbers == sorted(numbers)
    for asker, receipt in zip(askers, receipts, strict=True):
        assert asker.get(f"/api/purchase-receipts/{receipt['id']}")["counts"]["accepted"] == 500
