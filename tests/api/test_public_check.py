"""Scenario S18, what anybody may ask: model and coverage, nothing else; and where a GS1 Digital Link leads."""

import html
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from backend.api.public_check import token_for
from backend.models import Item
from backend.unit_of_work import UnitOfWork, transact
from tests.api_client import Api, Clock
from tests.selling import deliver, receive_laptops

GTIN = "09506000134352"


@pytest.fixture
def sold(ana: Api, clock: Clock) -> None:
    """NB25-0001 with ACME, NB25-0002 in stock."""
    receive_laptops(ana, 2)
    clock.set("2026-01-15")
    deliver(ana, serial_nos=["NB25-0001"])


def test_s18_the_public_check_shows_model_and_coverage_only(app: Flask, sold: None) -> None:
    anybody = app.test_client()
    shown = anybody.get("/check", query_string={"gtin": GTIN, "serial": "nb25-0001 "})
    text = shown.get_data(as_text=True)
    assert "Under Warranty: 365 days left, until 2027-01-15." in text
    assert not [word for word in ("ACME", "MAIN", "DN-2026", "PR-2026", "NorthStar") if word in text]
    unknown = [
        anybody.get("/check", query_string={"gtin": gtin, "serial": serial_no}).get_data(as_text=True)
        for gtin, serial_no in ((GTIN, "NB25-0002"), (GTIN, "NB25-9999"), ("09506000134369", "NB25-0001"))
    ]
    bare = {text.replace("NB25-0002", "X").replace("NB25-9999", "X").replace("NB25-0001", "X") for text in unknown}
    assert len({text.replace("09506000134369", GTIN) for text in bare}) == 1
    evil = anybody.get("/check", query_string={"gtin": GTIN, "serial": "<img src=x onerror=alert(1)>"})
    assert "<img" not in evil.get_data(as_text=True)


def test_the_check_answers_only_so_many_questions(app: Flask, sold: None) -> None:
    anybody = app.test_client()
    statuses = [
        anybody.get("/check", query_string={"gtin": GTIN, "serial": f"NB25-{n}"}).status_code for n in range(21)
    ]
    assert (statuses[:20], statuses[20]) == ([200] * 20, 429)


def test_a_digital_link_leads_people_to_the_thing_and_others_to_the_check(app: Flask, ana: Api, sold: None) -> None:
    link = f"/01/{GTIN}/10/B-2026-01/21/NB25-0001"
    (unit,) = ana.get("/api/units", site=ana.site, q="NB25-0001")["matches"]
    anybody = app.test_client()
    assert anybody.get(link).headers["Location"] == f"/check?gtin={GTIN}&serial=NB25-0001"
    assert anybody.get(f"/01/{GTIN}/21/SN%2F01").headers["Location"].endswith("serial=SN%2F01")
    led = ana.client.get(link)
    assert (led.status_code, led.headers["Location"]) == (307, f"/unit/{unit['id']}")
    assert ana.client.get(f"/01/{GTIN}/10/B-2026-01").headers["Location"].startswith("/batches/")
    assert ana.client.get(f"/01/{GTIN}").headers["Location"].startswith("/items/")
    links = anybody.get(link, headers={"Accept": "application/linkset+json"})
    assert links.content_type == "application/linkset+json"
    assert "https://ref.gs1.org/voc/defaultLink" in links.get_json()["linkset"][0]
    assert anybody.get(link, query_string={"linkType": "gs1:recipeInfo"}).status_code == 404
    assert anybody.get("/01/09506000134353").status_code == 404


@pytest.fixture
def unregistered(app: Flask, ana: Api, clock: Clock) -> dict[str, Any]:
    """NB25-0001 sold on 15 January, NB25-0002 in stock; their warranty begins with the registration."""
    set_basis(app, "registration")
    receive_laptops(ana, 2)
    clock.set("2026-01-15")
    return deliver(ana, serial_nos=["NB25-0001"])


def set_basis(app: Flask, basis: str) -> None:
    def change(work: UnitOfWork) -> None:
        work.session.execute(update(Item).where(Item.item_code == "LAP-15").values(warranty_basis=basis))

    with app.app_context():
        transact(change)


def page(app: Flask, serial_no: str = "NB25-0001") -> str:
    answer = app.test_client().get("/check", query_string={"gtin": GTIN, "serial": serial_no})
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True))


def register(app: Flask, on: str, serial_no: str = "NB25-0001", **changes: Any) -> tuple[int, str]:
    """Send the form of the page for a unit, with the token that it would have."""
    with app.test_request_context():
        token = token_for(GTIN, serial_no)
    body = {"gtin": GTIN, "serial": serial_no, "token": token, "registered_on": on} | changes.pop("body", {})
    answer = app.test_client().post("/check/register", data=body, **changes)
    return answer.status_code, html.unescape(answer.get_data(as_text=True))


def test_the_owner_registers_a_warranty_that_begins_with_that(
    app: Flask, ana: Api, clock: Clock, unregistered: dict[str, Any]
) -> None:
    clock.set("2026-02-01")
    shown = page(app)
    assert "it begins with the registration" in shown
    assert 'value="2026-02-01"' in shown
    token = re.search(r'name="token" value="([^"]+)"', shown)
    assert token
    status, text = register(app, "2026-01-20", "nb25-0001", body={"token": token[1]})
    assert (status, "Under Warranty: 353 days left, until 2027-01-20." in text) == (200, True)
    assert 'name="token"' not in text
    assert not [word for word in ("ACME", "MAIN", "DN-2026", "NorthStar") if word in text]
    status, text = register(app, "2026-02-01")
    assert (status, "registered before" in text) == (409, True)
    assert "until 2027-01-20" in page(app)
    (unit,) = ana.get("/api/units", site=ana.site, q="NB25-0001")["matches"]
    (event,) = ana.get(f"/api/units/{unit['id']}/warranty")["events"]
    assert (event["kind"], event["on"], event["by"]) == ("started", "2026-01-20", None)


def test_a_cancelled_sale_takes_the_registration_along(app: Flask, sue: Api, unregistered: dict[str, Any]) -> None:
    assert register(app, "2026-01-15")[0] == 200
    sue.post(f"/api/vouchers/{unregistered['id']}/cancel", {"reason": "wrong customer"})
    assert register(app, "2026-01-15")[0] == 404
    deliver(sue, serial_nos=["NB25-0001"])
    assert "it begins with the registration" in page(app)
    assert register(app, "2026-01-15")[0] == 200


def test_registrations_are_refused(app: Flask, ana: Api, unregistered: dict[str, Any]) -> None:
    for serial_no, on, status, said in (
        ("NB25-0001", "2026-01-16", 409, "is still to come"),
        ("NB25-0001", "2026-01-14", 409, "was not sold yet"),
        ("NB25-0001", "", 422, "No day was chosen"),
        ("NB25-0001", "29 February", 422, "No day was chosen"),
    ):
        answered, text = register(app, on, serial_no)
        assert (answered, said in text) == (status, True), text
    for basis, said in (("delivery", "begins with the delivery"), ("installation", "begins with the installation")):
        set_basis(app, basis)
        assert 'name="token"' not in page(app)
        answered, text = register(app, "2026-01-15", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
        assert (answered, said in text) == (409, True), text
    (unit,) = ana.get("/api/units", site=ana.site, q="NB25-0001")["matches"]
    assert ana.get(f"/api/units/{unit['id']}/warranty")["events"] == []


def test_a_registration_tells_nobody_what_there_is(app: Flask, unregistered: dict[str, Any]) -> None:
    """A unit in stock, one that never was, and a text that is no serial number are answered alike."""
    texts = set()
    for serial_no in ("NB25-0002", "NB25-9999", "NB25\x00"):
        status, text = register(app, "2026-01-15", serial_no)
        assert (status, "No coverage is known" in text) == (404, True)
        texts.add(text.replace(serial_no, "X"))
    assert len(texts) == 1


def test_a_registration_comes_from_our_own_page_and_only_so_often(app: Flask, unregistered: dict[str, Any]) -> None:
    assert register(app, "2026-01-15", headers={"Origin": "https://evil.example"})[0] == 403
    assert register(app, "2026-01-15", body={"token": ""})[0] == 403
    with app.test_request_context():
        of_another = token_for(GTIN, "NB25-0002")
    assert register(app, "2026-01-15", body={"token": of_another})[0] == 403
    assert register(app, "2026-01-15", content_type="multipart/form-data")[0] == 415
    assert "it begins with the registration" in page(app)
    assert register(app, "2026-01-15", headers={"Origin": "http://localhost"})[0] == 200
    assert [register(app, "2026-01-15")[0] for _ in range(2)] == [409, 429]
