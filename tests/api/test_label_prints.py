"""Labels from a receipt in one tap, again with a reason, on both databases."""

import re
from typing import Any

from scanner.decode import decode_bytes
from scanner.gs1 import parse
from tests.api.test_receiving_scenarios import look_up, nb25, receive
from tests.api_client import Api, Clock, new_id


def wanted(person: Api, **more: Any) -> dict[str, Any]:
    return {"id": new_id(), "site": person.site, "subject": "unit", **more}


def file_of(person: Api, made: Any, ending: str, **query: Any) -> Any:
    response = person.client.get(f"/api/label-prints/{made['id']}/labels.{ending}", query_string=query)
    assert response.status_code == 200, response.text
    return response


def test_a_receipts_units_are_printed_once_and_again_with_a_reason(ana: Api, sue: Api, clock: Clock) -> None:
    receipt = receive(ana, nb25(1, 2))
    asked = wanted(ana, voucher_id=receipt["id"])
    made = ana.post("/api/label-prints", asked)
    assert (made["labels"], made["again"], made["by"]) == (2, 0, "ana")
    assert ana.post("/api/label-prints", asked) == made
    assert ana.post("/api/label-prints", asked | {"copies": 2}, 409)["code"] == "id_reused"

    read = []
    for index in range(2):
        (code,) = decode_bytes(file_of(ana, made, "png", index=index).data).codes
        read.append(parse(code.text, code.symbology))
    assert [(each.gtin, each.serial_no, each.batch_no) for each in read] == [
        ("09506000134352", serial_no, "B-2026-01") for serial_no in nb25(1, 2)
    ]
    assert file_of(ana, made, "pdf").data.startswith(b"%PDF")
    assert file_of(ana, made, "zpl").text.count("^XA") == 2
    assert ana.get(f"/api/label-prints/{made['id']}/labels.svg", 404, index=2)["code"] == "not_found"

    clock.forward(hours=1)
    unit = look_up(ana, "NB25-0002")
    again = wanted(ana, ids=[unit["id"]], symbol="gs1_qr", format="a4_21", skip=3)
    assert ana.post("/api/label-prints", again, 409)["code"] == "reprint_reason_needed"
    reprint = ana.post("/api/label-prints", again | {"reason": "torn"})
    (code,) = decode_bytes(file_of(ana, reprint, "png").data).codes
    assert code.text == "http://localhost/01/09506000134352/10/B-2026-01/21/NB25-0002"
    prints = ana.get("/api/label-prints", site=ana.site, subject="unit", subject_id=unit["id"])["prints"]
    assert [(each["reason"], each["again"]) for each in prints] == [("torn", 1), (None, 0)]


def test_places_items_batches_and_badges_have_labels(ana: Api, log_in: Any) -> None:
    receive(ana, nb25(1, 1))
    admin = log_in("admin")
    unit = look_up(ana, "NB25-0001")
    for subject, subject_id, text in (
        ("place", admin.place("A-01"), "A-01"),
        ("item", unit["item"]["id"], "LAP-15"),
        ("batch", unit["batch"]["id"], "B-2026-01"),
        ("badge", 1, None),
    ):
        made = admin.post("/api/label-prints", wanted(admin, subject=subject, ids=[subject_id], symbol="qr"))
        (code,) = decode_bytes(file_of(admin, made, "png").data).codes
        assert text is None or code.text == text
    assert ana.post("/api/label-prints", wanted(ana, subject="badge", ids=[1]), 403)["code"] == "forbidden"
    assert ana.post("/api/label-prints", wanted(ana, ids=[999_999]), 409)["code"] == "label_subject_unknown"
    assert ana.post("/api/label-prints", wanted(ana, voucher_id=new_id()), 409)["code"] == "nothing_to_print"
    assert ana.post("/api/label-prints", wanted(ana), 422)["code"] == "invalid_request"
    many = wanted(ana, ids=list(range(1, 2001)), copies=2)
    assert ana.post("/api/label-prints", many, 409)["code"] == "too_many_labels"
    told = ana.get("/api/label-formats")
    assert told["layouts"]["unit"].startswith("{serial_no}\n{item_code}\n")
    for layout in told["layouts"].values():
        assert set(re.findall(r"\{(\w+)\}", layout)) <= set(told["placeholders"])
    odd = wanted(ana, ids=[unit["id"]], layout="{secret}")
    assert ana.post("/api/label-prints", odd, 409)["code"] == "layout_unknown_placeholder"


def test_units_of_an_item_are_printed_by_range(ana: Api) -> None:
    receive(ana, nb25(1, 5))
    item = look_up(ana, "NB25-0001")["item"]["id"]
    made = ana.post("/api/label-prints", wanted(ana, item_id=item, serials="NB25-0002 to NB25-0004, nb25-0001"))
    read = [decode_bytes(file_of(ana, made, "png", index=index).data).codes[0] for index in range(made["labels"])]
    numbers = [parse(code.text, code.symbology).serial_no for code in read]
    assert numbers == ["NB25-0002", "NB25-0003", "NB25-0004", "NB25-0001"]

    refused = ana.post("/api/label-prints", wanted(ana, item_id=item, serials="NB25-0004 to NB25-0006"), 409)
    assert (refused["code"], refused["facts"]["missing"]) == ("label_subject_unknown", ["NB25-0006"])
    assert ana.post("/api/label-prints", wanted(ana, serials="NB25-0004"), 422)["code"] == "invalid_request"
    both = wanted(ana, item_id=item, serials="NB25-0004", ids=[1])
    assert ana.post("/api/label-prints", both, 422)["code"] == "invalid_request"


def test_badges_are_of_the_people_of_a_site(ana: Api, log_in: Any) -> None:
    admin = log_in("admin")
    people = admin.get("/api/badge-holders", site=admin.site)["people"]
    assert [each["username"] for each in people][:3] == ["admin", "ana", "ben"]
    ids = [each["id"] for each in people]
    made = admin.post("/api/label-prints", wanted(admin, subject="badge", ids=ids, symbol="qr"))
    assert made["labels"] == len(people)
    assert ana.get("/api/badge-holders", 403, site=ana.site)["code"] == "forbidden"
    assert ana.get(f"/api/label-prints/{made['id']}/labels.svg", 403)["code"] == "forbidden"
    assert ana.get("/api/label-prints", 403, site=ana.site, subject="badge", subject_id=ids[0])["code"] == "forbidden"


def test_a_preview_is_a_drawing_of_the_first_label(ana: Api) -> None:
    receive(ana, nb25(1, 1))
    asked = {"site": ana.site, "subject": "unit", "ids": [look_up(ana, "NB25-0001")["id"]]}
    drawing = ana.post("/api/label-previews", asked)["svg"]
    assert re.findall(r">(NB25-0001)<", drawing) == ["NB25-0001"]
