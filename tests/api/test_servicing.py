"""Scenario S11, the half about repair, and what goes wrong in it, through the API on both databases."""

import uuid
from typing import Any

import pytest
from flask import Flask

from tests.api.test_attachments import a_picture, send
from tests.api.test_cancelling import cancel, sell
from tests.api.test_receiving_scenarios import look_up
from tests.api_client import Api, Clock
from tests.conftest import LogIn
from tests.servicing import a_plan, a_visit, add_fans, an_intake, sold_laptop, swap, take_in, visit


@pytest.fixture
def tom(log_in: LogIn) -> Api:
    """A technician."""
    return log_in("tom")


@pytest.fixture
def laptop(app: Flask, ana: Api, clock: Clock) -> None:
    """NB25-0025 is ACME's, fan F-9 is inside; F-31 and F-32 are in VAN-7."""
    clock.set("2026-01-05 08:00")
    sold_laptop(app, ana)


def available(person: Api) -> int:
    lines = person.get("/api/stock", site=person.site)["lines"]
    return sum(line["states"].get("available", 0) for line in lines if line["item"]["item_code"] == "LAP-15")


def test_s11_a_customers_unit_is_repaired_without_a_return(
    tom: Api, kim: Api, ana: Api, clock: Clock, laptop: None
) -> None:
    before = available(ana)
    clock.set("2026-08-19 09:00")
    order = take_in(tom)
    assert (order["status"], order["technician"], order["customer"]["code"]) == ("submitted", "tom", "ACME")
    unit = look_up(kim, "NB25-0025")
    assert (unit["state"], unit["owner"]["code"], unit["technician"]) == ("in_repair", "ACME", "tom")
    assert available(ana) == before

    clock.set("2026-08-20 11:00")
    closed = visit(tom, parts=swap(tom), work_done="fan replaced")

    assert (closed["technician"], closed["work_done"], closed["result"]) == ("tom", "fan replaced", "fixed")
    assert [part["serial_no"] for part in closed["parts_in"]] == ["F-31"]
    assert [part["serial_no"] for part in closed["parts_out"]] == ["F-9"]
    assert (closed["on"], closed["repair_order"]["number"]) == ("2026-08-20", order["number"])
    clock.forward(hours=1)
    back = tom.post(f"/api/repair-orders/{order['id']}/give-back", {})
    assert (back["status"], back["outcome"], back["ended_by"]) == ("closed", "given_back", "tom")

    unit = look_up(kim, "NB25-0025")
    assert (unit["state"], unit["owner"]["code"], unit["technician"]) == ("sold", "ACME", None)
    assert unit["sold"]["on"] == "2026-01-05"
    (job,) = unit["services"]
    assert (job["technician"], job["work_done"], job["on"]) == ("tom", "fan replaced", "2026-08-20")
    inside = [part["serial_no"] for part in unit["components"] if part["removed_at"] is None]
    assert inside == ["F-31"]
    assert [line["what"] for line in unit["history"]] == ["received", "sold", "taken_for_repair", "given_back"]
    assert [line["what"] for line in look_up(kim, "F-31")["history"]] == ["received", "consumed"]
    came_out = look_up(kim, "F-9")
    assert ([line["what"] for line in came_out["history"]][-1], came_out["location"]["code"]) == ("taken_out", "REJECT")
    assert available(ana) == before


def test_an_intake_is_refused_with_its_reason(tom: Api, ana: Api, clock: Clock, laptop: None) -> None:
    unsold = take_in(tom, "NB25-0026", expect=409)
    assert (unsold["code"], "NB25-0026 is in stock, in MAIN" in unsold["detail"]) == ("serial_not_sold", True)
    others = take_in(tom, customer="BETA", expect=409)
    assert (others["code"], "sold to ACME" in others["detail"]) == ("serial_of_other_customer", True)
    assert take_in(tom, "NB99-1", expect=422)["code"] == "serial_unknown"
    assert take_in(tom, "<img src=x onerror=alert(1)>", expect=422)["code"] == "serial_unknown"
    assert take_in(tom, customer="NOBODY", expect=422)["code"] == "customer_unknown"
    assert take_in(tom, technician="ana", expect=422)["code"] == "technician_unknown"
    assert take_in(tom, dated_on="2027-01-01", expect=409)["code"] == "date_in_future"
    early = take_in(tom, dated_on="2026-01-04", expect=409)
    assert (early["code"], "NB25-0025 has later moves" in early["detail"]) == ("has_later_moves", True)
    assert take_in(tom, complaint="", expect=422)["code"] == "invalid_request"
    order = take_in(tom)
    again = take_in(tom, expect=409)
    assert (again["code"], order["number"] in again["detail"]) == ("already_in_repair", True)
    assert take_in(ana, expect=403)["code"] == "forbidden"
    assert [each["next_step"] != "" for each in (unsold, others, early, again)] == [True] * 4


def test_an_intake_sent_again_is_the_same(tom: Api, clock: Clock, laptop: None) -> None:
    wanted = an_intake(tom)
    first = tom.post("/api/repair-orders", wanted)
    clock.forward(hours=1)
    assert tom.post("/api/repair-orders", wanted) == first
    assert tom.post("/api/repair-orders", wanted | {"complaint": "other"}, 409)["code"] == "id_reused"
    for _ in range(2):
        assert tom.post(f"/api/repair-orders/{first['id']}/give-back", {})["outcome"] == "given_back"
    scrap = tom.post(f"/api/repair-orders/{first['id']}/scrap", {"remark": "as they wish"}, 409)
    assert scrap["code"] == "voucher_not_open"
    assert take_in(tom)["status"] == "submitted"


def test_a_unit_is_scrapped_as_its_customer_wishes_and_is_nobodys(
    tom: Api, kim: Api, clock: Clock, laptop: None
) -> None:
    order = take_in(tom)
    tom.post("/api/maintenance-plans", a_plan(tom))
    visit(tom, result="needs_part", next_visit_on="2026-01-20")
    assert [row["kind"] for row in due_for_the_laptop(tom, "/api/maintenance-due")] == ["promise", "plan"]
    clock.forward(hours=1)
    assert tom.post(f"/api/repair-orders/{order['id']}/scrap", {}, 422)["code"] == "invalid_request"
    tom.post(f"/api/repair-orders/{order['id']}/scrap", {"remark": "not worth it"})
    unit = look_up(kim, "NB25-0025")
    assert (unit["state"], unit["owner"]) == ("scrapped", None)
    ended = kim.get(f"/api/units/{unit['id']}/warranty")
    assert (ended["status"], order["number"] in ended["message"]) == ("void", True)
    assert due_for_the_laptop(tom, "/api/maintenance-due") == []


def test_a_repair_is_cancelled_open_or_over_and_the_unit_is_its_customers(
    tom: Api, sue: Api, kim: Api, clock: Clock, laptop: None
) -> None:
    order = take_in(tom)
    clock.forward(hours=1)
    job = visit(tom, parts=swap(tom))
    clock.forward(hours=1)
    refused = cancel(sue, order, expect=409)
    assert (refused["code"], refused["facts"]["voucher"]) == ("has_later_vouchers", job["number"])
    cancel(sue, job)
    assert look_up(kim, "NB25-0025")["services"] == []
    assert (look_up(kim, "F-31")["location"]["code"], look_up(kim, "F-9")["state"]) == ("VAN-7", "consumed")
    clock.forward(hours=1)
    tom.post(f"/api/repair-orders/{order['id']}/give-back", {})
    clock.forward(hours=1)
    assert cancel(tom, order, expect=403)["code"] == "forbidden"
    cancel(sue, order)
    unit = look_up(kim, "NB25-0025")
    assert (unit["state"], unit["owner"]["code"], unit["repair"]) == ("sold", "ACME", None)


def test_a_visit_with_a_part_that_is_elsewhere_says_where(
    app: Flask, tom: Api, sue: Api, ana: Api, clock: Clock, laptop: None
) -> None:
    add_fans(app, ana, "F-40", place="MAIN")
    clock.forward(hours=1)
    sign = {"signer_name": "Ms Grey"}
    elsewhere = visit(tom, parts=swap(tom, into="F-40"), expect=409, **sign)
    assert (elsewhere["code"], elsewhere["facts"]["location"]) == ("serial_not_at_location", "MAIN")
    assert "F-40 is in MAIN" in elsewhere["detail"]
    built_in = visit(tom, parts=swap(tom, into="F-9"), expect=409, **sign)
    assert (built_in["code"], "F-9 is built into NB25-0025" in built_in["detail"]) == ("part_built_in", True)
    not_inside = visit(tom, parts=swap(tom, out="F-32"), expect=409, **sign)
    assert (not_inside["code"], "it is in VAN-7" in not_inside["detail"]) == ("not_a_component", True)
    assert visit(tom, parts=swap(tom, out="F-77"), expect=422, **sign)["code"] == "serial_unknown"
    assert visit(tom, parts=swap(tom) | {"from_location_id": None}, expect=422, **sign)["code"] == "place_needed"
    assert visit(tom, parts={"noted": ["f-9"]}, expect=409, **sign)["code"] == "part_known"
    swallowed = visit(tom, parts=swap(tom, into="NB25-0025"), expect=409, **sign)
    assert swallowed["code"] == "serial_already_sold"
    assert look_up(sue, "NB25-0025")["services"] == []
    assert look_up(sue, "F-31")["location"]["code"] == "VAN-7"


def due_for_the_laptop(person: Api, path: str) -> list[dict[str, Any]]:
    """What is due; the demo data has a plan of its own."""
    rows = person.get(path, site=person.site)["due"]
    return [row for row in rows if row["unit"]["serial_no"] == "NB25-0025"]


def test_a_visit_on_site_needs_what_makes_it_whole(tom: Api, kim: Api, clock: Clock, laptop: None) -> None:
    unsigned = visit(tom, expect=422)
    assert (unsigned["code"], "NB25-0025" in unsigned["detail"]) == ("signature_missing", True)
    signature = send(tom, a_picture(400, 160, ".png"), kind="signature")
    unnamed = visit(tom, attachment_ids=[signature["id"]], unsigned_reason="x", expect=422)
    assert unnamed["code"] == "signer_unnamed"
    lost = visit(tom, attachment_ids=[str(uuid.uuid4())], signer_name="Ms Grey", expect=422)
    assert lost["code"] == "attachment_unknown"
    assert visit(tom, signer_name="x", next_visit_on="2026-01-04", expect=422)["code"] == "next_visit_in_past"
    assert visit(tom, signer_name="x", plan_id=str(uuid.uuid4()), expect=404)["code"] == "plan_unknown"
    assert visit(tom, signer_name="x", dated_on="2026-02-29", expect=422)["code"] == "invalid_request"
    assert visit(tom, signer_name="x", dated_on="2026-02-28", expect=409)["code"] == "date_in_future"
    assert visit(tom, signer_name="x", dated_on="2026-01-04", expect=409)["code"] == "has_later_moves"
    assert visit(tom, "NB25-0026", signer_name="x", expect=409)["code"] == "serial_not_sold"
    photo = send(tom, a_picture(), note="before")

    wanted = a_visit(
        tom,
        attachment_ids=[photo["id"], signature["id"]],
        signer_name="Ms Grey",
        readings=[{"name": "Temperature", "value": "41.5", "unit": "°C"}, {"name": "Self-test", "value": "OK"}],
        parts={"noted": ["OEM-1"]},
        result="needs_part",
        next_visit_on="2026-01-12",
    )
    done = tom.post("/api/service-visits", wanted)
    assert tom.post("/api/service-visits", wanted) == done
    assert tom.post("/api/service-visits", wanted | {"result": "fixed"}, 409)["code"] == "id_reused"
    assert sorted(each["kind"] for each in done["attachments"]) == ["photo", "signature"]
    assert [(each["name"], each["value"], each["unit"]) for each in done["readings"]] == [
        ("Temperature", "41.5", "°C"),
        ("Self-test", "OK", None),
    ]
    assert (done["signer_name"], done["parts_out"][0]["serial_no"]) == ("Ms Grey", "OEM-1")
    assert kim.client.get(f"/api/attachments/{photo['id']}/picture").status_code == 200
    stolen = visit(tom, attachment_ids=[photo["id"]], signer_name="x", expect=409)
    assert stolen["code"] == "attachment_taken"
    clock.set("2026-01-15")
    (promised,) = due_for_the_laptop(tom, "/api/my-work")
    assert (promised["kind"], promised["unit"]["serial_no"], promised["overdue_days"]) == ("promise", "NB25-0025", 3)
    visit(tom, signer_name="Ms Grey")
    assert due_for_the_laptop(tom, "/api/my-work") == []


def test_goods_without_serial_numbers_go_in_by_quantity(
    tom: Api, ana: Api, sue: Api, clock: Clock, laptop: None
) -> None:
    receipt = ana.open_receipt("PO-2", "VAN-7")
    ana.send(*(ana.a_scan(receipt, "9506000134376") for _ in range(3)))
    ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    clock.forward(hours=1)
    cable = next(line["item"]["id"] for line in receipt["lines"] if line["item"]["item_code"] == "CAB-2")
    parts = {"from_location_id": tom.place("VAN-7"), "goods": [{"item_id": cable, "qty": 2}]}
    done = visit(tom, parts=parts, signer_name="Ms Grey")
    assert [(part["item_code"], part["qty"]) for part in done["parts_in"]] == [("CAB-2", 2)]
    short = visit(tom, parts=parts, signer_name="Ms Grey", expect=409)
    assert short["code"] == "not_enough_stock"
    clock.forward(hours=1)
    cancel(sue, done)
    assert visit(tom, parts=parts, signer_name="Ms Grey")["parts_in"][0]["qty"] == 2


def test_a_plan_is_due_overdue_and_fulfilled_by_a_visit(tom: Api, sue: Api, clock: Clock, laptop: None) -> None:
    wanted = a_plan(tom)
    plan = tom.post("/api/maintenance-plans", wanted)
    assert tom.post("/api/maintenance-plans", wanted) == plan
    assert tom.post("/api/maintenance-plans", wanted | {"every": 4}, 409)["code"] == "id_reused"
    assert tom.post("/api/maintenance-plans", a_plan(tom, every=0), 422)["code"] == "invalid_request"
    assert tom.post("/api/maintenance-plans", a_plan(tom, "NB25-0026"), 409)["code"] == "serial_not_sold"

    def due() -> list[tuple[str, int]]:
        return [(row["due_on"], row["overdue_days"]) for row in due_for_the_laptop(tom, "/api/maintenance-due")]

    assert due() == [("2026-01-31", 0)]
    clock.set("2026-02-02")
    assert due() == [("2026-01-31", 2)]
    signed = {"signer_name": "Ms Grey", "plan_id": plan["id"]}
    assert visit(tom, "NB23-0001", expect=404, **signed)["code"] == "plan_unknown"
    done = visit(tom, **signed)
    assert done["plan"]["name"] == "yearly check"
    assert due() == []
    clock.set("2026-04-20")
    assert due() == [("2026-04-30", 0)]
    cancel(sue, done)
    assert due() == [("2026-01-31", 79)]
    for _ in range(2):
        assert tom.post(f"/api/maintenance-plans/{plan['id']}/end", {"reason": "sold on"})["ended_at"] is not None
    assert due() == []


def test_a_unit_sold_by_one_site_is_repaired_at_another(
    app: Flask, tom: Api, log_in: LogIn, clock: Clock, laptop: None
) -> None:
    admin = log_in("admin")
    north = next(site["id"] for site in admin.sites if site["code"] == "NORTH")
    order = take_in(admin, site=north)
    unit = look_up(admin, "NB25-0025")
    assert (unit["state"], unit["owner"]["code"]) == ("in_repair", "ACME")
    assert tom.get(f"/api/repair-orders/{order['id']}", 403)["code"] == "forbidden"
    clock.forward(hours=1)
    admin.post(f"/api/repair-orders/{order['id']}/give-back", {})
    assert look_up(tom, "NB25-0025")["state"] == "sold"
    clock.forward(hours=1)
    cancel(admin, order)
    assert look_up(tom, "NB25-0025")["owner"]["code"] == "ACME"


def test_work_is_given_to_a_technician(tom: Api, sue: Api, kim: Api, laptop: None) -> None:
    assert [each["username"] for each in sue.get("/api/technicians", site=sue.site)["technicians"]] == ["tom"]
    order = take_in(sue)
    assert order["technician"] is None
    assert tom.get("/api/my-work", site=tom.site)["repairs"] == []
    path = f"/api/repair-orders/{order['id']}/technician"
    assert sue.post(path, {"technician": "ana"}, 422)["code"] == "technician_unknown"
    assert sue.post(path, {"technician": "tom"})["technician"] == "tom"
    (mine,) = tom.get("/api/my-work", site=tom.site)["repairs"]
    assert (mine["unit"]["serial_no"], mine["complaint"]) == ("NB25-0025", "gets hot and stops")
    assert kim.post("/api/repair-orders", an_intake(kim), 403)["code"] == "forbidden"
    listed = kim.get("/api/repair-orders", site=kim.site, status="open")["repair_orders"]
    assert [each["id"] for each in listed] == [order["id"]]


def test_s18_a_technician_neither_receives_nor_sells(tom: Api, ana: Api, laptop: None) -> None:
    assert tom.post("/api/purchase-receipts", ana.receipt_request(), 403)["code"] == "forbidden"
    assert sell(tom, "NB25-0026", expect=403)["code"] == "forbidden"
