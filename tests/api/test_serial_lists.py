"""Typed and pasted serial numbers, from the text to the receipt."""

from tests.api_client import Api, new_id


def test_a_pasted_list_with_ranges_is_received(ana: Api) -> None:
    text = "A-09 to A-11\nNB25-0001\nSN-01::03\n10 to 5"
    parsed = ana.post("/api/serial-lists/parse", {"text": text})
    assert parsed["serial_nos"] == ["A-09", "A-10", "A-11", "NB25-0001", "SN-01", "SN-02", "SN-03"]
    (refused,) = parsed["refused"]
    assert (refused["line"], refused["text"], refused["code"]) == (4, "10 to 5", "range_backwards")
    assert refused["message"]
    assert refused["next_step"]

    receipt = ana.open_receipt()
    wanted = {
        "id": new_id(),
        "item_id": receipt["lines"][0]["item"]["id"],
        "serial_nos": parsed["serial_nos"],
        "batch_no": "B-2026-01",
    }
    filled = ana.post(f"/api/purchase-receipts/{receipt['id']}/units", wanted)
    assert filled["counts"]["accepted"] == 7
    assert sorted(unit["serial_no"] for unit in filled["units"]) == sorted(parsed["serial_nos"])


def test_plain_numbers_are_a_range_only_on_request(ana: Api) -> None:
    as_it_is = ana.post("/api/serial-lists/parse", {"text": "10-12"})
    assert (as_it_is["serial_nos"], as_it_is["possible_ranges"]) == (["10-12"], ["10-12"])
    as_range = ana.post("/api/serial-lists/parse", {"text": "10-12", "ranges": True})
    assert (as_range["serial_nos"], as_range["possible_ranges"]) == (["10", "11", "12"], [])


def test_a_list_beyond_the_limit_is_refused_with_it(ana: Api) -> None:
    problem = ana.post("/api/serial-lists/parse", {"text": "1::6000,6001::12000"}, expect=422)
    assert problem["code"] == "list_too_long"
    assert "10,000" in problem["detail"]


def test_only_who_receives_may_ask(kim: Api) -> None:
    assert kim.post("/api/serial-lists/parse", {"text": "A1"}, expect=403)["code"] == "forbidden"
