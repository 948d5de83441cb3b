"""Scenario S18, what anybody may ask: model and coverage, nothing else; and where a GS1 Digital Link leads."""

import pytest
from flask import Flask

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
