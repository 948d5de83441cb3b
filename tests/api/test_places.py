"""The tree of places, parties and series, as supervisors look after them."""

from typing import Any

import pytest

from tests.api_client import Api


def a_place(sue: Api, code: str, parent: int, kind: str = "bin", expect: int = 200, **more: Any) -> dict[str, Any]:
    wanted = {"site": sue.site, "code": code, "name": code, "kind": kind, "parent_id": parent, **more}
    made: dict[str, Any] = sue.post("/api/masters/places", wanted, expect)
    return made


def change(sue: Api, place: dict[str, Any], expect: int = 200, **fields: Any) -> dict[str, Any]:
    wanted = {"version": place["version"], **fields}
    changed: dict[str, Any] = sue.post(f"/api/masters/places/{place['id']}", wanted, expect)
    return changed


def test_a_place_is_walked_to_in_its_order(sue: Api) -> None:
    main = sue.place("MAIN")
    first = a_place(sue, "Z-01", main, walk_order=1)
    a_place(sue, "Z-02", main, walk_order=2)
    page = sue.get("/api/masters/places", site=sue.site, parent_id=main, limit=3)
    assert [place["code"] for place in page["places"]] == ["A-01", "A-02", "Z-01"]
    rest = sue.get("/api/masters/places", site=sue.site, parent_id=main, limit=3, after=page["next"])
    assert ([place["code"] for place in rest["places"]], rest["next"]) == (["Z-02"], None)
    assert first["path"] == "MAIN / Z-01"
    assert [step["code"] for step in first["way"]] == ["HQ", "MAIN"]


def test_a_place_moves_with_all_that_is_in_it_and_never_into_itself(sue: Api) -> None:
    aisle = a_place(sue, "AISLE", sue.place("MAIN"))
    bin_ = a_place(sue, "BIN", aisle["id"])
    refused = change(sue, aisle, parent_id=bin_["id"], expect=409)
    assert (refused["code"], "AISLE cannot lie in BIN" in refused["detail"]) == ("place_cycle", True)
    assert change(sue, aisle, parent_id=aisle["id"], expect=409)["code"] == "place_cycle"
    moved = change(sue, aisle, parent_id=sue.place("VAN-7"))
    assert moved["path"] == "VAN-7 / AISLE"
    assert sue.get(f"/api/masters/places/{bin_['id']}")["path"] == "VAN-7 / AISLE / BIN"


def test_what_a_place_may_lie_in(sue: Api, log_in: Any) -> None:
    admin = log_in("admin")
    north = next(site["id"] for site in admin.sites if site["code"] == "NORTH")
    main = sue.place("MAIN")
    assert a_place(sue, "B-9", sue.site, expect=409)["code"] == "place_parent"
    assert a_place(sue, "W-9", sue.place("A-01"), "warehouse", expect=409)["code"] == "place_parent"
    assert a_place(sue, "B-9", north, "warehouse", expect=409)["code"] == "place_parent"
    assert a_place(sue, "A-01", main, expect=409)["code"] == "location_taken"
    assert a_place(sue, "B-9", main, "customer", expect=422)["code"] == "invalid_request"
    customer = sue.place("CUSTOMER")
    assert sue.post(f"/api/masters/places/{customer}", {"version": 1, "name": "x"}, 409)["code"] == "place_is_fixed"


def test_a_place_is_retired_when_it_is_empty(sue: Api, ana: Api) -> None:
    van = sue.get(f"/api/masters/places/{sue.place('VAN-7')}")
    retire = f"/api/masters/places/{van['id']}/retire"
    refused = sue.post(retire, {"version": van["version"]}, expect=409)
    assert (refused["code"], van["has_stock"]) == ("place_has_stock", True)
    assert "3 FAN-80" in refused["detail"]
    main = sue.get(f"/api/masters/places/{sue.place('MAIN')}")
    retire_main = f"/api/masters/places/{main['id']}/retire"
    assert sue.post(retire_main, {"version": main["version"]}, expect=409)["code"] == "place_has_places"

    empty = a_place(sue, "EMPTY", sue.place("MAIN"))
    receipt = ana.open_receipt(place="EMPTY")
    retire_empty = f"/api/masters/places/{empty['id']}/retire"
    assert sue.post(retire_empty, {"version": 1}, expect=409)["code"] == "place_in_use"
    ana.post(f"/api/purchase-receipts/{receipt['id']}/discard", {"reason": "wrong place"})
    wanted = ana.receipt_request(place="EMPTY")
    sue.post(retire_empty, {"version": 1})
    assert "EMPTY" not in [place["code"] for place in ana.get("/api/locations", site=ana.site)["locations"]]
    assert ana.post("/api/purchase-receipts", wanted, expect=422)["code"] == "location_unknown"
    assert sue.post(f"/api/masters/places/{empty['id']}/bring-back", {"version": 2})["retired_at"] is None


def test_the_kind_of_a_place_with_a_history_stays(sue: Api) -> None:
    van = sue.get(f"/api/masters/places/{sue.place('VAN-7')}")
    assert change(sue, van, kind="reject", expect=409)["code"] == "place_kind_is_fixed"
    made = a_place(sue, "CAGE", sue.place("MAIN"), "warehouse")
    assert change(sue, made, kind="reject")["kind"] == "reject"


def test_places_belong_to_their_site(sue: Api, log_in: Any) -> None:
    admin = log_in("admin")
    north = next(site["id"] for site in admin.sites if site["code"] == "NORTH")
    store = admin.get("/api/masters/places", site=north)["places"][0]
    assert sue.get(f"/api/masters/places/{store['id']}", expect=403)["code"] == "forbidden"
    assert change(sue, store, name="Mine", expect=403)["code"] == "forbidden"


def test_a_party_is_made_edited_and_retired(sue: Api, log_in: Any) -> None:
    wanted = {"site": sue.site, "kind": "customer", "name": "Gamma", "contact": "gamma@example.com"}
    made = sue.post("/api/masters/parties", wanted)
    assert (made["code"], made["edited_by"]) == ("PARTY-00001", "sue")
    address = f"/api/masters/parties/{made['id']}"
    assert sue.post(address, {"version": 1, "kind": "supplier"})["kind"] == "supplier"
    assert log_in("admin").post(address, {"version": 1, "name": "x"}, 409)["facts"]["by"] == "sue"
    assert sue.post(f"{address}/retire", {"version": 2})["retired_at"]
    assert sue.get("/api/masters/parties", q="gamma@")["parties"] == []
    assert sue.post(f"{address}/bring-back", {"version": 3})["retired_at"] is None
    star = sue.get("/api/masters/parties", kind="supplier", q="north")["parties"][0]
    refused = sue.post(f"/api/masters/parties/{star['id']}", {"version": 1, "kind": "customer"}, 409)
    assert refused["code"] == "party_has_vouchers"


def test_a_site_numbers_its_vouchers_by_its_own_series(sue: Api, ana: Api, log_in: Any) -> None:
    def change_series(person: Api, pattern: str | None, seen: str | None, expect: int = 200) -> Any:
        wanted = {"site": sue.site, "kind": "purchase_receipt", "pattern": pattern, "seen": seen}
        return person.post("/api/masters/series", wanted, expect)

    change_series(sue, "IN.YY.-.###", None)
    assert ana.open_receipt()["number"] == "IN26-001"
    listed = {each["kind"]: each for each in sue.get("/api/masters/series", site=sue.site)["series"]}
    assert (listed["purchase_receipt"]["own"], listed["purchase_receipt"]["next"]) == ("IN.YY.-.###", "IN26-002")
    assert listed["delivery_note"]["own"] is None
    refused = change_series(log_in("admin"), "X-.#", None, expect=409)
    assert (refused["code"], refused["facts"]["by"]) == ("changed_meanwhile", "sue")
    assert change_series(sue, "R##", "IN.YY.-.###", expect=422)["code"] == "series_dot_missing"
    assert change_series(sue, "R" * 63, "IN.YY.-.###", expect=422)["code"] == "series_gives_no_number"
    change_series(sue, None, "IN.YY.-.###")
    assert ana.open_receipt("PO-2")["number"].startswith("PR-2026-")
    preview = ana.get("/api/masters/series/preview", site=ana.site, pattern="Q-##", expect=422)
    assert preview["code"] == "series_dot_missing"
    assert ana.get("/api/masters/series/preview", site=ana.site, pattern="Q-.MM.-.##")["next"] == "Q-01-01"


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_only_a_supervisor_of_the_site_changes_its_places_and_series(ana: Api) -> None:
    assert a_place(ana, "X", ana.place("MAIN"), expect=403)["code"] == "forbidden"
