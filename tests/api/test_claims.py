"""Scenarios S10 and S11, first half: warranty, claims, returns and replacements, on both databases."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from backend.domain.receiving import Tracking
from backend.extensions import reading
from backend.models import Item, ServiceContract, Warranty
from backend.queries.ledger_check import check_ledger
from backend.services import masters
from backend.unit_of_work import UnitOfWork, transact
from tests.api_client import Api, Clock, new_id
from tests.selling import deliver, finish, make_order, order, pick, pick_list, receive_laptops, receive_pumps
from tests.servicing import take_in


@pytest.fixture
def sold(ana: Api, sue: Api, clock: Clock) -> dict[str, Any]:
    """S1: fifty laptops, NB25-0017 sold to ACME on 2026-01-15."""
    receive_laptops(ana)
    clock.set("2026-01-15")
    return deliver(ana, serial_nos=["NB25-0017"])


@pytest.fixture
def tom(log_in: Any) -> Api:
    """A technician."""
    tom: Api = log_in("tom")
    return tom


def claim(person: Api, serial_no: str, expect: int = 200, customer: str = "ACME", **more: Any) -> dict[str, Any]:
    body = {"id": new_id(), "site": person.site, "customer": customer, "serial_no": serial_no, "complaint": "dead"}
    answer: dict[str, Any] = person.post("/api/warranty-claims", body | more, expect)
    return answer


def take_back(person: Api, *serial_nos: str, expect: int = 200, customer: str = "ACME", **more: Any) -> dict[str, Any]:
    body = {"id": new_id(), "location_id": person.place("REJECT"), "customer": customer, "reason": "dead on arrival"}
    answer: dict[str, Any] = person.post("/api/customer-returns", body | {"serial_nos": serial_nos} | more, expect)
    return answer


def unit_id(person: Api, serial_no: str) -> int:
    (found,) = person.get("/api/units", site=person.site, q=serial_no)["matches"]
    return int(found["id"])


def warranty(person: Api, serial_no: str) -> dict[str, Any]:
    answer: dict[str, Any] = person.get(f"/api/units/{unit_id(person, serial_no)}/warranty")
    return answer


def test_s10_the_last_day_counts_and_then_it_is_out(sold: dict[str, Any], tom: Api, sue: Api, clock: Clock) -> None:
    clock.set("2027-01-15")
    last = warranty(tom, "NB25-0017")
    assert (last["status"], last["days_left"], last["end"]) == ("under", 0, "2027-01-15")
    clock.set("2027-01-16")
    assert "expired 1 day ago" in warranty(tom, "NB25-0017")["message"]

    refused = claim(tom, "NB25-0017", 409)
    assert (refused["code"], refused["actions"]) == ("claim_expired", [{"kind": "goodwill"}])
    assert "NB25-0017" in refused["detail"]
    assert "expired 1 day ago" in refused["detail"]
    assert claim(tom, "NB25-0017", 403, goodwill_reason="loyal customer")["code"] == "forbidden"
    taken = claim(sue, "NB25-0017", goodwill_reason="loyal customer")
    assert (taken["decision"], taken["goodwill_reason"], taken["entered_by"]) == ("goodwill", "loyal customer", "sue")
    assert "expired 1 day ago" in taken["decision_reason"]


def test_s10_whose_unit_and_whether_it_is_sold(sold: dict[str, Any], tom: Api, sue: Api) -> None:
    other = claim(tom, "NB25-0017", 409, customer="BETA")
    assert (other["code"], "sold to ACME" in other["detail"]) == ("serial_of_other_customer", True)
    assert claim(sue, "NB25-0017", 409, customer="BETA", goodwill_reason="please")["code"] == "serial_of_other_customer"
    unsold = claim(tom, "NB25-0018", 409)
    assert (unsold["code"], "NB25-0018 is not sold" in unsold["detail"]) == ("serial_not_sold", True)
    assert claim(tom, "  ", 422)["code"] == "serial_missing"
    assert claim(tom, "NB25-0017", 409, claimed_on="2026-01-14")["code"] == "claim_before_sale"
    assert claim(tom, "NB25-0017", 409, claimed_on="2026-01-16")["code"] == "claim_in_future"
    assert claim(tom, "NB25-0017", 422, customer="NOBODY")["code"] == "customer_unknown"
    assert claim(tom, "NB25-0017", 422, technician="ana")["code"] == "technician_unknown"

    wanted = {"id": new_id()}
    first = claim(tom, "nb25-0017 ", **wanted)
    assert (first["decision"], first["technician"], first["unit"]["serial_no"]) == ("accepted", "tom", "NB25-0017")
    assert claim(tom, "nb25-0017 ", **wanted) == first
    assert claim(tom, "NB25-0017", 409, **wanted, claimed_on="2026-01-15")["code"] == "id_reused"
    again = claim(tom, "NB25-0017", 409)
    assert (again["code"], again["facts"]["claim"]) == ("already_claimed", first["number"])


def test_s10_an_unknown_serial_proposes_the_near_ones_or_is_held(sold: dict[str, Any], tom: Api, sue: Api) -> None:
    near = claim(tom, "NB25-OO17", 422)
    assert (near["code"], near["facts"]["suggestions"]) == ("serial_unknown", ["NB25-0017"])
    assert near["actions"][0] == {"kind": "take_serial", "serial_no": "NB25-0017"}
    unknown = claim(tom, "NB99-1", 422)
    assert (unknown["code"], unknown["facts"]["suggestions"]) == ("serial_unknown", [])

    held = claim(tom, "NB99-1", hold=True)
    assert (held["status"], held["decision"], held["unit"], held["serial_text"]) == ("draft", "held", None, "NB99-1")
    assert sue.get("/api/units", site=sue.site, q="NB99-1")["matches"] == []
    path = f"/api/warranty-claims/{held['id']}"
    assert tom.post(f"{path}/outcome", {"outcome": "repair"}, 409)["code"] == "claim_held"
    assert tom.post(f"{path}/unit", {"serial_no": "NB25-0018"}, 409)["code"] == "serial_not_sold"
    decided = tom.post(f"{path}/unit", {"serial_no": "NB25-0017"})
    assert (decided["status"], decided["decision"], decided["unit"]["serial_no"]) == (
        "submitted",
        "accepted",
        "NB25-0017",
    )


def test_s10_a_service_contract_covers_after_the_warranty(
    sold: dict[str, Any], tom: Api, sue: Api, clock: Clock
) -> None:
    wanted = {
        "id": new_id(),
        "site": sue.site,
        "customer": "ACME",
        "serial_nos": ["NB25-0017"],
        "start_on": "2027-02-01",
        "end_on": "2028-01-31",
    }
    made = sue.post("/api/service-contracts", wanted)
    assert sue.post("/api/service-contracts", wanted) == made
    assert tom.post("/api/service-contracts", wanted, 403)["code"] == "forbidden"
    assert (
        sue.post("/api/service-contracts", wanted | {"id": new_id(), "end_on": "2027-01-01"}, 422)["code"]
        == "contract_days"
    )
    refused = sue.post("/api/service-contracts", wanted | {"id": new_id(), "customer": "BETA"}, 409)
    assert refused["code"] == "serial_of_other_customer"

    said = {}
    for day in ("2026-06-01", "2027-01-20", "2027-03-01", "2028-01-31", "2028-02-01"):
        clock.set(day)
        said[day] = warranty(tom, "NB25-0017")["status"]
    assert said == {
        "2026-06-01": "under",
        "2027-01-20": "out",
        "2027-03-01": "under_amc",
        "2028-01-31": "under_amc",
        "2028-02-01": "out_of_amc",
    }
    clock.set("2027-03-01")
    assert claim(tom, "NB25-0017")["decision_code"] == "under_amc"
    ended = sue.post(f"/api/service-contracts/{made['id']}/end", {"last_day": "2027-02-28", "reason": "not paid"})
    assert (ended["end_on"], ended["end_reason"]) == ("2027-02-28", "not paid")
    assert warranty(tom, "NB25-0017")["status"] == "out_of_amc"


def test_a_contract_is_changed_and_keeps_what_it_was(
    app: Flask, sold: dict[str, Any], ana: Api, tom: Api, sue: Api, clock: Clock
) -> None:
    deliver(ana, serial_nos=["NB25-0018"])
    deliver(ana, serial_nos=["NB25-0019"], customer="BETA")
    days = {"start_on": "2027-02-01", "end_on": "2028-01-31"}
    wanted = {"id": new_id(), "site": sue.site, "customer": "ACME", "serial_nos": ["NB25-0017"], **days}
    made = sue.post("/api/service-contracts", wanted)
    path = f"/api/service-contracts/{made['id']}"
    change = {"serial_nos": ["NB25-0018"], "start_on": "2027-03-01", "end_on": "2029-02-28", "reason": "new terms"}
    changed = sue.post(path, change)
    assert sue.post(path, change) == changed
    assert (changed["start_on"], changed["end_on"]) == ("2027-03-01", "2029-02-28")
    assert [unit["serial_no"] for unit in changed["units"]] == ["NB25-0018"]
    assert [event["kind"] for event in changed["events"]] == ["made", "changed"]
    last = changed["events"][-1]
    assert (last["units_added"], last["units_removed"], last["by"]) == (["NB25-0018"], ["NB25-0017"], "sue")
    clock.set("2029-02-28")
    assert warranty(tom, "NB25-0018")["status"] == "under_amc"
    assert warranty(tom, "NB25-0017")["status"] == "out"

    plan = {"site": tom.site, "serial_no": "NB25-0018", "name": "check", "every": 1, "period": "months"}
    plan |= {"starts_on": "2029-03-01", "contract_id": made["id"]}
    assert tom.post("/api/maintenance-plans", plan | {"id": new_id(), "serial_no": "NB25-0017"}, 404)["code"] == (
        "contract_unknown"
    )
    planned = tom.post("/api/maintenance-plans", plan | {"id": new_id()})
    assert planned["contract"] == {"id": made["id"], "number": made["number"]}
    for body, code in (
        ({"end_on": "2027-02-01"}, "contract_days"),
        ({"serial_nos": ["NB25-0018", "NB25-0019"]}, "serial_of_other_customer"),
        ({"serial_nos": ["NB25-0017"]}, "plan_of_contract"),
    ):
        assert sue.post(path, change | body, 422 if code == "contract_days" else 409)["code"] == code
    assert tom.post(path, change, 403)["code"] == "forbidden"
    assert sue.post(f"/api/service-contracts/{new_id()}", change, 404)["code"] == "contract_unknown"

    ended = sue.post(f"{path}/end", {"last_day": "2029-02-28", "reason": "same day"})
    assert [event["kind"] for event in ended["events"]] == ["made", "changed"]
    ended = sue.post(f"{path}/end", {"last_day": "2029-01-31", "reason": "not paid"})
    assert (ended["events"][-1]["kind"], ended["end_reason"]) == ("ended", "not paid")
    again = sue.post(path, change | {"reason": "paid after all"})
    assert (again["end_on"], again["end_reason"], len(again["events"])) == ("2029-02-28", None, 4)

    with app.app_context():
        forged = update(ServiceContract).where(ServiceContract.id == made["id"])
        transact(lambda work: work.session.execute(forged.values(end_on=date(2030, 1, 1))))
        (problem,) = check_ledger(reading()).problems
        assert problem.startswith(f"contract {made['number']}: it runs from 2027-03-01 to 2030-01-01")
        transact(lambda work: work.session.execute(forged.values(end_on=date(2029, 2, 28))))


def test_a_supervisor_extends_and_voids_with_a_reason(sold: dict[str, Any], tom: Api, sue: Api, clock: Clock) -> None:
    path = f"/api/units/{unit_id(sue, 'NB25-0017')}/warranty"
    longer = {"end_on": "2027-07-15", "reason": "long repair"}
    assert tom.post(f"{path}/extend", longer, 403)["code"] == "forbidden"
    assert sue.post(f"{path}/extend", longer)["end"] == "2027-07-15"
    assert sue.post(f"{path}/extend", longer | {"end_on": "2027-01-01"}, 409)["code"] == "warranty_not_longer"
    assert sue.post(f"{path}/void", {"reason": "opened by force"})["status"] == "void"
    refused = claim(tom, "NB25-0017", 409)
    assert (refused["code"], "opened by force" in refused["detail"]) == ("claim_void", True)
    assert sue.post(f"{path}/void", {"reason": "again"}, 409)["code"] == "warranty_not_running"
    events = sue.get(path)["events"]
    assert [(event["kind"], event["end_on"], event["by"]) for event in events] == [
        ("started", "2027-01-15", "ana"),
        ("extended", "2027-07-15", "sue"),
        ("voided", "2027-07-15", "sue"),
    ]


def test_a_claim_goes_through_a_queue_to_its_outcome(sold: dict[str, Any], tom: Api, sue: Api, kim: Api) -> None:
    entered = claim(sue, "NB25-0017")
    path = f"/api/warranty-claims/{entered['id']}"

    def numbers(**filters: Any) -> list[str]:
        found = kim.get("/api/warranty-claims", site=kim.site, **filters)
        return [each["number"] for each in found["claims"]]

    assert numbers(status="open", technician="-") == [entered["number"]]
    sue.post(f"{path}/technician", {"technician": "tom"})
    assert numbers(status="open", technician="tom") == [entered["number"]]
    card = kim.get(f"/api/units/{entered['unit']['id']}")
    assert (card["technician"], card["claim"]["number"]) == ("tom", entered["number"])
    assert numbers(status="open", technician="-") == []
    ended = tom.post(f"{path}/outcome", {"outcome": "repair", "remark": "fan replaced"})
    assert tom.post(f"{path}/outcome", {"outcome": "repair", "remark": "fan replaced"}) == ended
    assert (ended["status"], ended["outcome"], ended["ended_by"]) == ("closed", "repair", "tom")
    assert tom.post(f"{path}/outcome", {"outcome": "refund"}, 409)["code"] == "voucher_not_open"
    assert numbers(status="open") == []
    assert numbers(q="nb25-0017") == [entered["number"]]
    assert kim.post(f"{path}/outcome", {"outcome": "refund"}, 403)["code"] == "forbidden"


def test_s11_a_return_stops_the_warranty_and_a_replacement_inherits_it(
    sold: dict[str, Any], ana: Api, sue: Api, kim: Api, clock: Clock
) -> None:
    clock.set("2026-09-01T09:00")
    assert take_back(ana, "NB25-0017", expect=409, customer="BETA")["code"] == "serial_of_other_customer"
    assert take_back(ana, "NB25-0018", expect=409)["code"] == "serial_not_sold"
    assert take_back(ana, "NB25-0017", expect=422, location_id=ana.place("MAIN"))["code"] == "return_place"
    wanted = {"id": new_id()}
    back = take_back(ana, "NB25-0017", **wanted)
    assert take_back(ana, "NB25-0017", **wanted) == back
    (came,) = back["units"]
    assert (back["place"], came["warranty_left"], came["outcome"]) == ("REJECT", 136, None)
    paused = warranty(kim, "NB25-0017")
    assert (paused["status"], paused["days_left"]) == ("paused", 136)
    assert (date(2026, 9, 1) - date(2026, 1, 15)) == timedelta(229)
    unit = kim.get(f"/api/units/{came['id']}")
    assert (unit["state"], unit["location"]["path"], unit["returned"]["number"]) == (
        "returned",
        "REJECT",
        back["number"],
    )
    assert (unit["sold"]["on"], unit["sold"]["customer"]["code"]) == ("2026-01-15", "ACME")
    assert [line["what"] for line in unit["history"]] == ["received", "sold", "returned"]
    again = take_back(ana, "NB25-0017", expect=409)
    assert (again["code"], "already returned 2026-09-01" in again["detail"]) == ("already_returned", True)
    assert claim(sue, "NB25-0017", 409)["code"] == "serial_not_sold"

    inspections = f"/api/customer-returns/{back['id']}/inspections"
    replace = {
        "unit_id": came["id"],
        "outcome": "replace",
        "replacement": "NB25-0044",
        "location_id": sue.place("MAIN"),
        "voucher_id": new_id(),
        "remark": "dead board",
    }
    assert ana.post(inspections, replace, 403)["code"] == "forbidden"
    assert sue.post(inspections, replace | {"replacement": None}, 422)["code"] == "replacement_missing"
    assert sue.post(inspections, replace | {"replacement": "NB25-0017"}, 409)["code"] == "serial_not_available"
    done = sue.post(inspections, replace)
    assert sue.post(inspections, replace) == done
    (dealt,) = done["units"]
    assert (done["status"], dealt["outcome"], dealt["replacement"]["serial_no"]) == ("closed", "replace", "NB25-0044")
    fresh = warranty(kim, "NB25-0044")
    assert (fresh["status"], fresh["start"], fresh["end"], fresh["days_left"]) == (
        "under",
        "2026-09-01",
        "2027-01-15",
        136,
    )
    old = warranty(kim, "NB25-0017")
    assert (old["status"], "NB25-0044" in old["message"]) == ("void", True)
    assert fresh["events"][-1]["other"]["serial_no"] == "NB25-0017"
    assert [event["other"]["serial_no"] for event in old["events"] if event["other"]] == ["NB25-0044"]
    assert kim.get(f"/api/units/{fresh['unit_id']}")["owner"]["code"] == "ACME"

    refused = sue.post(f"/api/vouchers/{back['id']}/cancel", {"reason": "wrong unit"}, 409)
    assert refused["code"] == "has_later_vouchers"
    sue.post(f"/api/vouchers/{dealt['outcome_voucher']['id']}/cancel", {"reason": "not sent"})
    assert warranty(kim, "NB25-0017")["status"] == "paused"
    assert sue.get(f"/api/customer-returns/{back['id']}")["units"][0]["outcome"] is None
    sue.post(f"/api/vouchers/{back['id']}/cancel", {"reason": "wrong unit"})
    running = warranty(kim, "NB25-0017")
    assert (running["status"], running["end"]) == ("under", "2027-01-15")
    assert kim.get(f"/api/units/{came['id']}")["owner"]["code"] == "ACME"


def test_a_claim_that_ends_with_repair_opens_its_repair_order(
    sold: dict[str, Any], tom: Api, sue: Api, kim: Api
) -> None:
    taken = claim(tom, "NB25-0017")
    (mine,) = tom.get("/api/my-work", site=tom.site)["claims"]
    assert (mine["number"], mine["unit"]["serial_no"]) == (taken["number"], "NB25-0017")
    path, order_id = f"/api/warranty-claims/{taken['id']}", new_id()
    ended = tom.post(f"{path}/outcome", {"outcome": "repair", "repair_order_id": order_id})
    assert tom.post(f"{path}/outcome", {"outcome": "repair", "repair_order_id": order_id}) == ended
    assert (ended["repair_order"]["id"], ended["repair_order"]["status"]) == (order_id, "submitted")
    order = kim.get(f"/api/repair-orders/{order_id}")
    assert order["claim"] == {"id": taken["id"], "number": taken["number"]}
    assert (order["complaint"], order["technician"], order["unit"]["serial_no"]) == ("dead", "tom", "NB25-0017")
    assert tom.get("/api/my-work", site=tom.site)["claims"] == []
    sue.post(f"/api/vouchers/{order_id}/cancel", {"reason": "sent away"})
    assert kim.get(path)["repair_order"] is None
    again = take_in(tom, "NB25-0017", claim_id=taken["id"])
    assert kim.get(path)["repair_order"]["number"] == again["number"]


def test_a_claim_is_linked_to_the_repair_that_goes_on_and_no_other_claim_is(
    sold: dict[str, Any], ana: Api, tom: Api, kim: Api
) -> None:
    order = take_in(tom, "NB25-0017")
    assert order["claim"] is None
    taken = claim(tom, "NB25-0017")
    ended = tom.post(f"/api/warranty-claims/{taken['id']}/outcome", {"outcome": "repair", "repair_order_id": new_id()})
    assert ended["repair_order"]["id"] == order["id"]
    assert kim.get(f"/api/repair-orders/{order['id']}")["claim"]["number"] == taken["number"]
    tom.post(f"/api/repair-orders/{order['id']}/give-back", {})
    deliver(ana, serial_nos=["NB25-0018"])
    other = claim(tom, "NB25-0018")
    refused = take_in(tom, "NB25-0017", 409, claim_id=other["id"])
    assert (refused["code"], "for another unit" in refused["detail"]) == ("claim_not_for_repair", True)
    tom.post(f"/api/warranty-claims/{other['id']}/outcome", {"outcome": "refund"})
    refused = take_in(tom, "NB25-0018", 409, claim_id=other["id"])
    assert (refused["code"], "ended with refund" in refused["detail"]) == ("claim_not_for_repair", True)
    assert take_in(tom, "NB25-0018", 409, claim_id=new_id())["code"] == "claim_not_for_repair"
    # A unit that is repaired where it stands comes into no repair order.
    at_home = claim(tom, "NB25-0018")
    assert tom.post(f"/api/warranty-claims/{at_home['id']}/outcome", {"outcome": "repair"})["repair_order"] is None


def test_s11_a_returned_unit_is_repaired_on_an_order_and_its_warranty_goes_on(
    sold: dict[str, Any], ana: Api, sue: Api, tom: Api, kim: Api, clock: Clock
) -> None:
    clock.set("2026-02-01")
    back = take_back(ana, "NB25-0017")
    came = back["units"][0]
    inspections = f"/api/customer-returns/{back['id']}/inspections"
    wanted = {"unit_id": came["id"], "outcome": "repair"}
    done = sue.post(inspections, wanted)
    assert sue.post(inspections, wanted) == done
    followed = done["units"][0]["outcome_voucher"]
    order = kim.get(f"/api/repair-orders/{followed['id']}")
    assert (order["number"], order["customer_return"]["number"]) == (followed["number"], back["number"])
    assert (order["complaint"], order["customer"]["code"], order["claim"]) == ("dead on arrival", "ACME", None)
    unit = kim.get(f"/api/units/{came['id']}")
    assert (unit["state"], unit["owner"]["code"], unit["repair"]["number"]) == ("in_repair", "ACME", order["number"])
    later = sue.post(f"/api/vouchers/{back['id']}/cancel", {"reason": "wrong"}, 409)
    assert (later["code"], later["facts"]["voucher"]) == ("has_later_moves", order["number"])

    sue.post(f"/api/vouchers/{order['id']}/cancel", {"reason": "not to repair"})
    waits = kim.get(f"/api/customer-returns/{back['id']}")
    assert (waits["status"], waits["units"][0]["outcome"]) == ("submitted", None)
    unit = kim.get(f"/api/units/{came['id']}")
    assert (unit["state"], unit["owner"], unit["location"]["path"]) == ("returned", None, "REJECT")

    clock.forward(hours=1)
    again = sue.post(inspections, wanted)["units"][0]["outcome_voucher"]
    assert again["number"] != order["number"]
    clock.set("2026-02-11")
    tom.post(f"/api/repair-orders/{again['id']}/give-back", {})
    resumed = warranty(kim, "NB25-0017")
    assert (resumed["status"], resumed["end"]) == ("under", "2027-01-25")
    refused = sue.post(f"/api/vouchers/{again['id']}/cancel", {"reason": "too late"}, 409)
    assert (refused["code"], back["number"] in refused["detail"]) == ("voucher_not_open", True)


def test_s11_a_return_after_the_last_day_brings_no_warranty_back(
    sold: dict[str, Any], ana: Api, sue: Api, tom: Api, clock: Clock
) -> None:
    deliver(ana, serial_nos=["NB25-0019"])
    clock.set("2027-02-01")
    back = take_back(ana, "NB25-0017", "NB25-0019")
    assert [unit["warranty_left"] for unit in back["units"]] == [0, 0]
    inspections = f"/api/customer-returns/{back['id']}/inspections"
    repaired, replaced = ({"unit_id": unit["id"]} for unit in back["units"])
    done = sue.post(inspections, repaired | {"outcome": "repair"})
    give = {"replacement": "NB25-0044", "location_id": sue.place("MAIN"), "voucher_id": new_id()}
    sue.post(inspections, replaced | give | {"outcome": "replace"})
    assert warranty(tom, "NB25-0044")["status"] == "void"

    clock.set("2027-02-11")
    tom.post(f"/api/repair-orders/{done['units'][0]['outcome_voucher']['id']}/give-back", {})
    assert [warranty(tom, "NB25-0017")[each] for each in ("status", "end")] == ["out", "2027-01-15"]


def test_a_unit_sold_by_one_site_comes_back_at_another(
    sold: dict[str, Any], sue: Api, kim: Api, log_in: Any, clock: Clock
) -> None:
    admin = log_in("admin")
    north = next(site["id"] for site in admin.sites if site["code"] == "NORTH")
    places = {each["code"]: each["id"] for each in admin.get("/api/locations", site=north)["locations"]}
    clock.set("2026-02-01")
    back = take_back(admin, "NB25-0017", location_id=places["N-REJECT"])
    assert (back["site"], back["place"], back["units"][0]["warranty_left"]) == (north, "N-REJECT", 348)
    unit = admin.get(f"/api/units/{back['units'][0]['id']}")
    assert (unit["state"], unit["owner"], unit["location"]["path"]) == ("returned", None, "N-REJECT")
    assert warranty(admin, "NB25-0017")["status"] == "paused"
    clock.forward(hours=1)
    admin.post(f"/api/vouchers/{back['id']}/cancel", {"reason": "wrong unit"})
    unit = kim.get(f"/api/units/{unit['id']}")
    assert (unit["state"], unit["owner"]["code"]) == ("sold", "ACME")
    assert warranty(kim, "NB25-0017")["status"] == "under"


def order_gel(work: UnitOfWork, site_id: int) -> int:
    """Goods with batches and without serial numbers."""
    masters.add_item(work, item_code="GEL-5", name="Gel", tracking=Tracking.BATCH, gtin="09506000134383")
    return make_order(work, site_id, "GEL-5", 10, "PO-GEL")


def test_goods_of_a_batch_come_back_by_quantity(app: Flask, ana: Api, sue: Api, kim: Api, clock: Clock) -> None:
    with app.app_context():
        gel = transact(lambda work: order_gel(work, ana.site))
    receipt = ana.open_receipt("PO-GEL")
    boxes = [ana.a_scan(receipt, "09506000134383", batch_no=f"G-{1 + n // 6}") for n in range(10)]
    assert {outcome["code"] for outcome in ana.send(*boxes)} == {"ok"}
    ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    goods = {"item_id": gel, "batch_no": "G-1"}
    made = pick_list(ana, order(sue, ("GEL-5", 5)))
    assert pick(ana, made, "09506000134383", qty=5, batch_no="G-1")["code"] == "ok"
    finish(ana, made)
    deliver(ana, pick_list_id=made["id"])

    def bring(qty: int, expect: int = 200, **more: Any) -> dict[str, Any]:
        return take_back(ana, expect=expect, goods=[goods | {"qty": qty} | more.pop("of", {})], **more)

    refused = bring(6, 409)
    assert (refused["code"], refused["facts"]["there"]) == ("more_than_sold", "5")
    assert bring(1, 409, of={"batch_no": "G-2"})["code"] == "more_than_sold"
    assert bring(1, 409, customer="BETA")["code"] == "more_than_sold"
    assert take_back(ana, expect=409)["code"] == "nothing_to_move"
    wanted = {"id": new_id()}
    back = bring(3, **wanted)
    assert bring(3, **wanted) == back
    assert bring(2, 409, **wanted)["code"] == "id_reused"
    assert (back["status"], back["units"]) == ("closed", [])
    assert [(each["item_code"], each["batch_no"], each["qty"]) for each in back["goods"]] == [("GEL-5", "G-1", 3)]
    assert bring(3, 409)["facts"]["there"] == "2"
    clock.forward(hours=1)
    sue.post(f"/api/vouchers/{back['id']}/cancel", {"reason": "miscounted"})
    assert bring(5)["goods"][0]["qty"] == 5


@pytest.mark.parametrize(
    ("outcome", "place", "state"), [("restock", "MAIN", "in_stock"), ("scrap", "SCRAP", "scrapped")]
)
def test_s11_an_inspection_restocks_or_scraps(
    sold: dict[str, Any], ana: Api, sue: Api, kim: Api, outcome: str, place: str, state: str
) -> None:
    back = take_back(ana, "NB25-0017")
    wanted = {"unit_id": back["units"][0]["id"], "outcome": outcome, "location_id": sue.place("MAIN")}
    done = sue.post(f"/api/customer-returns/{back['id']}/inspections", wanted)

    assert done["status"] == "closed"
    unit = kim.get(f"/api/units/{back['units'][0]['id']}")
    assert (unit["state"], unit["location"]["path"]) == (state, place)
    assert warranty(kim, "NB25-0017")["status"] == "void"
    other = wanted | {"outcome": "scrap" if outcome == "restock" else "restock"}
    refused = sue.post(f"/api/customer-returns/{back['id']}/inspections", other, 409)
    assert refused["code"] == "already_inspected"
    if outcome == "restock":
        deliver(ana, serial_nos=["NB25-0017"], customer="BETA")
        assert warranty(kim, "NB25-0017")["status"] == "under"


def test_a_warranty_begins_with_the_installation_where_its_terms_say_so(
    sold: dict[str, Any], ana: Api, sue: Api, tom: Api, clock: Clock
) -> None:
    items = sue.get("/api/masters/items", q="LAP-15")["items"]
    item = sue.get(f"/api/masters/items/{next(each['id'] for each in items if each['item_code'] == 'LAP-15')}")
    sue.post(f"/api/masters/items/{item['id']}", {"version": item["version"], "warranty_basis": "installation"})
    sale = deliver(ana, serial_nos=["NB25-0020"])
    assert "begins with the installation" in warranty(tom, "NB25-0020")["message"]
    assert claim(tom, "NB25-0020", 409)["code"] == "claim_not_started"
    clock.set("2026-02-01")
    wanted = {"id": new_id(), "site": tom.site, "customer": "ACME", "serial_no": "NB25-0020"}
    done = tom.post("/api/installations", wanted)
    assert tom.post("/api/installations", wanted) == done
    begun = warranty(tom, "NB25-0020")
    assert (begun["status"], begun["start"], begun["basis"]) == ("under", "2026-02-01", "installation")
    assert tom.post("/api/installations", wanted | {"id": new_id()}, 409)["code"] == "warranty_started"
    sue.post(f"/api/vouchers/{done['id']}/cancel", {"reason": "not there"})
    assert warranty(tom, "NB25-0020")["status"] == "void"

    # Set up without a network; then voided for good: another installation does not bring it back before another sale.
    (answer,) = tom.sync(tom.an_action("installation", wanted | {"id": new_id(), "item_id": item["id"]}))
    assert (answer["code"], warranty(tom, "NB25-0020")["status"]) == ("ok", "under")
    sue.post(f"/api/units/{unit_id(sue, 'NB25-0020')}/warranty/void", {"reason": "opened by force"})
    refused = tom.post("/api/installations", wanted | {"id": new_id()}, 409)
    assert (refused["code"], "opened by force" in refused["detail"]) == ("warranty_voided", True)
    sue.post(f"/api/vouchers/{sale['id']}/cancel", {"reason": "wrong customer"})
    clock.forward(hours=1)
    again = deliver(ana, serial_nos=["NB25-0020"])
    clock.forward(hours=1)
    tom.post("/api/installations", wanted | {"id": new_id()})
    assert warranty(tom, "NB25-0020")["status"] == "under"
    # What began with the installation ends with its sale.
    sue.post(f"/api/vouchers/{again['id']}/cancel", {"reason": "wrong again"})
    ended = warranty(tom, "NB25-0020")
    assert (ended["status"], "wrong again" in ended["message"]) == ("void", True)


def test_the_ledger_check_finds_a_warranty_that_its_events_do_not_come_to(
    app: Flask, sold: dict[str, Any], sue: Api
) -> None:
    def shift(work: UnitOfWork, days: int) -> None:
        ends = update(Warranty).where(Warranty.voucher_id == sold["id"])
        work.session.execute(ends.values(end_on=date(2027, 1, 15) + timedelta(days)))

    with app.app_context():
        transact(lambda work: shift(work, 1))
        (problem,) = check_ledger(reading()).problems
        assert problem.startswith("unit NB25-0017: its warranty ends on 2027-01-16")
        transact(lambda work: shift(work, 0))


def test_a_medicine_is_sold_again_only_when_its_code_says_what_was_recorded(
    app: Flask, ana: Api, sue: Api, clock: Clock
) -> None:
    receive_pumps(app, ana)
    with app.app_context():
        transact(lambda work: work.session.execute(update(Item).values(verify_returns=True)))
    deliver(ana, serial_nos=["P1-01"])
    back = take_back(ana, "P1-01")
    inspections = f"/api/customer-returns/{back['id']}/inspections"
    wanted = {"unit_id": back["units"][0]["id"], "outcome": "restock", "location_id": sue.place("MAIN")}

    assert sue.post(inspections, wanted, 409)["code"] == "return_not_verified"
    other = "]d2010950600013436917260930" + "10P2\x1d21P1-01"
    assert sue.post(inspections, wanted | {"code": other}, 409)["facts"]["differs"] == ["batch_no"]
    read = "]d2010950600013436917260930" + "10P1\x1d21P1-01"
    assert sue.post(inspections, wanted | {"code": read})["status"] == "closed"
