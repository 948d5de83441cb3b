"""Drafts of transfers, returns, stock entries, deliveries and invoices, on both databases."""

from typing import Any

import pytest
from flask import Flask

from backend.services import voucher_drafts
from tests.api.test_moves import a_move
from tests.api.test_receiving_scenarios import look_up, nb25, receive
from tests.api_client import Api, Clock, new_id
from tests.conftest import LogIn

PATH = "/api/voucher-drafts"


@pytest.fixture
def goods(ana: Api, clock: Clock) -> dict[str, Any]:
    """Five laptops in MAIN, an hour ago."""
    received = receive(ana, nb25(1, 5))
    clock.forward(hours=1)
    return received


def a_draft(person: Api, kind: str = "stock_transfer", revision: int = 0, **body: Any) -> dict[str, Any]:
    return {"id": new_id(), "site": person.site, "kind": kind, "revision": revision, "body": body}


def seen(draft: dict[str, Any]) -> dict[str, Any]:
    """How a voucher names the draft that it was."""
    return {"id": draft["id"], "revision": draft["revision"]}


def open_drafts(person: Api, **query: Any) -> list[str]:
    return [each["id"] for each in person.get(PATH, site=person.site, **query)["drafts"]]


def test_one_person_keeps_a_draft_and_another_one_finishes_it(
    ana: Api, ben: Api, kim: Api, clock: Clock, goods: Any
) -> None:
    wanted = a_draft(ana, location_id=ana.place("MAIN"), serial_nos=["NB25-0001"])
    kept = ana.post(PATH, wanted)
    assert ana.post(PATH, wanted) == kept, "sent again"
    assert (kept["status"], kept["revision"], kept["entries"], kept["changed_by"]) == ("draft", 1, 1, "ana")
    assert look_up(kim, "NB25-0001")["state"] == "in_stock"
    clock.forward(hours=1)
    more = wanted | {"revision": 1, "body": kept["body"] | {"serial_nos": ["NB25-0001", "NB25-0002"]}}
    changed = ben.post(PATH, more)
    assert (changed["revision"], changed["entries"]) == (2, 2)
    assert (changed["opened_by"], changed["changed_by"]) == ("ana", "ben")
    mine = ana.post(PATH, more | {"body": {}}, 409)
    assert (mine["code"], mine["facts"]["by"]) == ("changed_meanwhile", "ben")
    assert ana.get(f"{PATH}/{kept['id']}") == changed
    assert open_drafts(ben, kind="stock_transfer") == [kept["id"]]

    move = a_move(ben, "NB25-0001", "NB25-0002") | {"to_location_id": ben.place("A-01"), "draft": seen(changed)}
    done = ben.post("/api/stock-transfers", move)

    assert ben.post("/api/stock-transfers", move) == done, "sent again"
    assert [(act["what"], act["by"]) for act in ben.get(f"/api/vouchers/{done['id']}")["acts"]] == [
        ("opened", "ana"),
        ("submitted", "ben"),
    ]
    closed = ana.get(f"{PATH}/{kept['id']}")
    assert (closed["status"], closed["body"], closed["voucher"]["number"]) == ("submitted", {}, done["number"])
    assert open_drafts(ana) == []
    late = a_move(ana, "NB25-0001") | {"to_location_id": ana.place("A-02"), "draft": seen(changed)}
    for path, body in (
        ("/api/stock-transfers", late),
        (PATH, more | {"revision": 2}),
        (f"{PATH}/{kept['id']}/discard", {"revision": 2}),
    ):
        refused = ana.post(path, body, 409)
        assert (refused["code"], refused["facts"]["voucher_id"]) == ("draft_closed", done["id"])
        assert done["number"] in refused["detail"]


def test_each_of_the_five_vouchers_has_a_draft(ana: Api, sue: Api, clock: Clock, goods: Any) -> None:
    place = {"location_id": ana.place("MAIN")}
    sale = {**place, "customer": "ACME"}
    for number, (kind, path, body) in enumerate(
        (
            ("stock_transfer", "/api/stock-transfers", place | {"to_location_id": ana.place("A-01")}),
            ("supplier_return", "/api/supplier-returns", place | {"supplier": "NorthStar", "remark": "broken"}),
            ("stock_entry", "/api/stock-entries", place | {"purpose": "issue", "remark": "sample"}),
            ("delivery_note", "/api/delivery-notes", sale),
            ("sales_invoice", "/api/sales-invoices", sale),
        ),
        start=1,
    ):
        body["serial_nos"] = [f"NB25-000{number}"]
        kept = sue.post(PATH, a_draft(sue, kind, **body))
        assert kept["body"] == body
        made = sue.post(path, body | {"id": kept["id"], "draft": seen(kept)})
        closed = sue.get(f"{PATH}/{kept['id']}")
        assert (closed["status"], closed["voucher"]) == ("submitted", {"id": made["id"], "number": made["number"]})
        clock.forward(hours=1)


def test_a_voucher_that_is_refused_leaves_its_draft_open(ana: Api, ben: Api, goods: Any) -> None:
    kept = ana.post(PATH, a_draft(ana, serial_nos=["X-9"]))
    move = a_move(ana, "X-9") | {"to_location_id": ana.place("A-01"), "draft": seen(kept)}
    assert ana.post("/api/stock-transfers", move, 422)["code"] == "serial_unknown"
    assert ana.get(f"{PATH}/{kept['id']}") == kept
    ben.post(PATH, a_draft(ben) | seen(kept))
    move = a_move(ana, "NB25-0001") | {"to_location_id": ana.place("A-01"), "draft": seen(kept)}
    assert ana.post("/api/stock-transfers", move, 409)["code"] == "changed_meanwhile"
    entry = ana.an_action("stock_transfer", move)
    (outcome,) = ana.sync(entry)
    assert (outcome["status"], outcome["code"]) == ("refused", "changed_meanwhile")
    move = move | {"id": new_id(), "draft": {"id": kept["id"], "revision": 2}}
    (outcome,) = ana.sync(ana.an_action("stock_transfer", move))
    assert outcome["status"] == "accepted"
    assert ana.get(f"{PATH}/{kept['id']}")["voucher"]["id"] == outcome["voucher"]["id"]


def test_a_draft_is_discarded_once(ana: Api, ben: Api) -> None:
    kept = ana.post(PATH, a_draft(ana))
    path = f"{PATH}/{kept['id']}/discard"
    assert ben.post(path, {"revision": 7}, 409)["code"] == "changed_meanwhile"
    gone = ben.post(path, {"revision": 1})
    assert (gone["status"], gone["changed_by"], gone["voucher"]) == ("discarded", "ben", None)
    assert ana.post(path, {"revision": 1}) == gone
    refused = ana.post(PATH, a_draft(ana, revision=1) | {"id": kept["id"]}, 409)
    assert (refused["code"], refused["facts"]) == ("draft_closed", {"by": "ben"})
    assert open_drafts(ana) == []


def test_a_draft_is_of_one_site_and_one_kind(ana: Api, sue: Api, log_in: LogIn, goods: Any) -> None:
    admin = log_in("admin")
    there = next(site["id"] for site in admin.sites if site["id"] != ana.site)
    elsewhere = admin.post(PATH, a_draft(admin) | {"site": there})
    assert ana.get(f"{PATH}/{elsewhere['id']}", 403)["code"] == "forbidden"
    assert ana.post(f"{PATH}/{elsewhere['id']}/discard", {"revision": 1}, 403)["code"] == "forbidden"
    assert ana.post(PATH, a_draft(ana) | {"site": there}, 403)["code"] == "forbidden"
    assert ana.get(PATH, 403, site=there)["code"] == "forbidden"
    assert ana.post(PATH, a_draft(ana) | {"id": elsewhere["id"]}, 409)["code"] == "id_reused"
    move = a_move(admin, "NB25-0001") | {"to_location_id": ana.place("A-01"), "location_id": ana.place("MAIN")}
    assert ana.post("/api/stock-transfers", move | {"draft": seen(elsewhere)}, 403)["code"] == "forbidden"
    assert admin.post("/api/stock-transfers", move | {"draft": seen(elsewhere)}, 404)["code"] == "draft_unknown"
    entry = ana.post(PATH, a_draft(ana, "stock_entry"))
    assert ana.post("/api/stock-transfers", move | {"draft": seen(entry)}, 404)["code"] == "draft_unknown"
    assert ana.post(PATH, a_draft(ana) | {"id": entry["id"]}, 409)["code"] == "id_reused"
    nothing = {"id": new_id(), "revision": 1}
    assert ana.post("/api/stock-transfers", move | {"draft": nothing}, 404)["code"] == "draft_unknown"
    assert ana.post(PATH, a_draft(ana, revision=1), 404)["code"] == "draft_unknown"
    assert ana.get(f"{PATH}/{entry['id']}")["status"] == "draft"
    assert open_drafts(ana, kind="stock_entry") == [entry["id"]]


def test_a_draft_asks_for_what_posting_it_asks_for(ana: Api, sue: Api, kim: Api, log_in: LogIn) -> None:
    invoice = sue.post(PATH, a_draft(sue, "sales_invoice"))
    assert ana.post(PATH, a_draft(ana, "sales_invoice"), 403)["code"] == "forbidden"
    assert ana.get(f"{PATH}/{invoice['id']}", 403)["code"] == "forbidden"
    assert ana.get(PATH, 403, site=ana.site, kind="sales_invoice")["code"] == "forbidden"
    assert open_drafts(ana) == []
    assert open_drafts(sue) == [invoice["id"]]
    for person in (kim, log_in("tom")):
        assert person.get(PATH, 403, site=person.site)["code"] == "forbidden"
        assert person.post(PATH, a_draft(person), 403)["code"] == "forbidden"


OF_MOVE = {"stock_transfer", "supplier_return", "stock_entry"}


def test_a_program_keeps_drafts_of_what_its_token_may_post(app: Flask, log_in: LogIn) -> None:
    admin, program = log_in("admin"), app.test_client()
    for permission, its in (
        ("move", OF_MOVE),
        ("deliver", {"delivery_note"}),
        ("orders.manage", {"sales_invoice"}),
        ("receive", set()),
    ):
        token = admin.post("/api/tokens", {"site": admin.site, "name": permission, "permissions": [permission]})[
            "token"
        ]
        headers = {"Authorization": f"Bearer {token}"}
        for kind in voucher_drafts.PERMISSIONS:
            kept = admin.post(PATH, a_draft(admin, kind))
            path, changed = f"{PATH}/{kept['id']}", a_draft(admin, kind, remark="later") | seen(kept)
            answers = (
                program.post(PATH, json=changed, headers=headers),
                program.get(PATH, query_string={"site": admin.site, "kind": kind}, headers=headers),
                program.get(path, headers=headers),
                program.post(f"{path}/discard", json={"revision": 2}, headers=headers),
            )
            expected = (200, None) if kind in its else (403, "forbidden")
            assert {(each.status_code, each.json.get("code")) for each in answers} == {expected}, (permission, kind)
        listed = program.get(PATH, query_string={"site": admin.site}, headers=headers)
        assert listed.status_code == (200 if its else 403)
    assert listed.json["facts"] == {"permission": "move or deliver or orders.manage"}


def test_whoever_watches_the_site_hears_of_a_draft(ana: Api, goods: Any) -> None:
    def heard(before: int) -> list[str]:
        return [each["kind"] for each in ana.get("/api/feed", site=ana.site, since=before)["events"]]

    before = ana.get("/api/feed", site=ana.site, since=0)["head"]
    wanted = a_draft(ana, location_id=ana.place("MAIN"))
    kept = ana.post(PATH, wanted)
    ana.post(PATH, wanted)
    assert heard(before) == ["draft_changed"], "sent again it is no news"
    move = a_move(ana, "NB25-0001") | {"to_location_id": ana.place("A-01"), "draft": seen(kept)}
    ana.post("/api/stock-transfers", move)
    assert heard(before)[1:] == ["stock_moved", "draft_changed"]
    other = ana.post(PATH, a_draft(ana))
    ana.post(f"{PATH}/{other['id']}/discard", {"revision": 1})
    assert heard(before)[-2:] == ["draft_changed", "draft_changed"]


def test_what_a_draft_may_say(ana: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ana.post(PATH, a_draft(ana, goods=[{"qty": 2.5}]))["entries"] == 1
    deep: Any = []
    for _ in range(500):
        deep = [deep]
    for body in ({"colour": "red"}, {"location_id": "1"}, {"serial_nos": [deep]}, {"goods": {}}, {"draft": None}):
        refused = ana.post(PATH, a_draft(ana, **body), 422)
        assert list(refused["errors"]["json"]["body"]) == list(body)
    assert ana.post(PATH, a_draft(ana, kind="purchase_order"), 422)["errors"]["json"].keys() == {"kind"}
    much = [f"{number:0>40}" for number in range(9_000)]
    refused = ana.post(PATH, a_draft(ana, serial_nos=much), 413)
    assert (refused["code"], refused["facts"]["limit"]) == ("draft_too_large", 256 * 1024)
    odd = ana.post(PATH, a_draft(ana, serial_nos=["\0 \ud800 é"]))
    assert ana.get(f"{PATH}/{odd['id']}")["body"] == {"serial_nos": ["\0 \ud800 é"]}
    monkeypatch.setattr(voucher_drafts, "MOST_DRAFTS", 2)
    assert ana.post(PATH, a_draft(ana), 409)["code"] == "too_many_drafts"
    assert ana.post(PATH, a_draft(ana, kind="stock_entry"))["status"] == "draft"
