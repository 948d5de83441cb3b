"""What day it is follows the site: dates of vouchers, expiry, the fiscal year in numbers; on both databases."""

from datetime import date, timedelta
from typing import Any

from flask import Flask

from backend.extensions import db
from backend.queries.ledger_check import check_ledger
from tests.api_client import Api
from tests.conftest import LogIn
from tests.orders import change_item
from tests.selling import deliver, order, pick, pick_list


def change(person: Api, expect: int = 200, *, version: int = 0, zone: str = "Asia/Tokyo", month: int = 1) -> Any:
    days = {"site": person.site, "time_zone": zone, "fiscal_month": month, "version": version}
    return person.post("/api/masters/site-days", days, expect)


def receive(person: Api, serial_no: str, expect: int = 200, **batch: str) -> Any:
    receipt = person.open_receipt()
    assert person.scan(receipt, serial_no, **{"batch_no": "B-1", **batch})["code"] == "ok"
    return person.post(f"/api/purchase-receipts/{receipt['id']}/submit", {}, expect)


def dated(app: Flask, voucher: dict[str, Any]) -> str:
    with app.app_context():
        text = "SELECT dated_on FROM voucher WHERE number = :number"
        return str(db.session.execute(db.text(text), {"number": voucher["number"]}).scalar_one())


def test_the_site_says_in_which_zone_it_is_and_its_day_never_goes_back(ana: Api, sue: Api) -> None:
    before = ana.get("/api/masters/site-days", site=ana.site)
    assert (before["time_zone"], before["version"], before["today"]) == ("UTC", 0, "2026-01-05")
    ana.clock.set("2026-01-05T16:00")
    assert change(ana, 403)["code"] == "forbidden"
    assert change(sue, 422, zone="Mars/Olympus")["code"] == "time_zone_unknown"
    assert change(sue, 422, month=13)["code"] == "invalid_request"
    after = change(sue, month=4)
    assert (after["today"], after["fiscal_year"], after["edited_by"]) == ("2026-01-06", "2025-26", "sue")
    assert [each["time_zone"] for each in ana.get("/api/session")["sites"]] == [after["time_zone"]]
    assert change(sue, 409)["code"] == "changed_meanwhile"
    assert change(sue, 409, version=1, zone="America/New_York")["code"] == "site_day_back"
    ana.clock.set("2026-01-06T05:00")
    assert change(sue, version=1, zone="America/New_York")["today"] == "2026-01-06"


def test_vouchers_are_dated_by_the_clock_of_the_site(app: Flask, ana: Api, sue: Api) -> None:
    change(sue)
    ana.clock.set("2026-01-05T14:59")
    assert dated(app, receive(ana, "NB25-0001")) == "2026-01-05"
    ana.clock.set("2026-01-05T15:00")
    assert dated(app, receive(ana, "NB25-0002")) == "2026-01-06"
    receipt = ana.open_receipt()
    ana.scan(receipt, "NB25-0003", batch_no="B-1")
    submit = f"/api/purchase-receipts/{receipt['id']}/submit"
    assert ana.post(submit, {"dated_on": "2026-01-07"}, 409)["code"] == "date_in_future"
    ana.post(submit, {"dated_on": "2026-01-06"})
    with app.app_context():
        assert check_ledger(db.session()).problems == []


def test_goods_expire_at_midnight_of_the_site(ana: Api, sue: Api) -> None:
    ana.clock.set("2026-01-05T10:00")
    receive(ana, "NB25-0001", expires_on="2026-01-05")
    (unit,) = ana.get("/api/units", site=ana.site, q="NB25-0001")["matches"]

    def availability() -> list[str]:
        stock = ana.get("/api/stock/units", site=ana.site, q="NB25-0001")["units"]
        return [ana.get(f"/api/units/{unit['id']}")["availability"], *(each["availability"] for each in stock)]

    ana.clock.set("2026-01-05T15:30")
    assert availability() == ["available", "available"]
    change(sue)
    assert availability() == ["expired", "expired"]


def test_numbers_follow_the_fiscal_year_of_the_site(app: Flask, ana: Api, sue: Api) -> None:
    change(sue, zone="UTC", month=4)
    series = {"site": sue.site, "kind": "purchase_receipt", "pattern": "PR-.FY.-.##", "seen": None}
    shown = sue.post("/api/masters/series", series)["series"]
    assert next(each["next"] for each in shown if each["kind"] == "purchase_receipt") == "PR-2025-26-01"
    assert ana.open_receipt()["number"] == "PR-2025-26-01"
    change_item(app, "LAP-15", serial_no_series="L-.FY.-.##")
    laptop = ana.open_receipt()["lines"][0]["item"]["id"]
    assert ana.get(f"/api/items/{laptop}/next-serial", site=ana.site)["serial_no"] == "L-2025-26-01"
    assert ana.get(f"/api/items/{laptop}/next-serial")["serial_no"] == "L-2025-26-01"


def test_pages_of_no_one_site_follow_the_day_of_the_site_that_they_are_opened_at(
    app: Flask, ana: Api, sue: Api, log_in: LogIn
) -> None:
    ana.clock.set("2026-01-05T10:00")
    receive(ana, "NB25-0001", expires_on="2026-01-05")
    (unit,) = ana.get("/api/units", site=ana.site, q="NB25-0001")["matches"]
    batch = ana.get(f"/api/units/{unit['id']}")["batch"]["id"]
    change(sue)
    admin = log_in("admin")
    there, here = (site["id"] for site in admin.sites)
    ana.clock.set("2026-01-05T15:30")
    assert ana.get(f"/api/batches/{batch}")["state"] == "expired"
    states = [admin.get(f"/api/batches/{batch}", site=each)["state"] for each in (there, here)]
    assert sorted(states) == ["expired", "released"]


def test_the_public_check_counts_the_days_of_the_site_that_sold_the_unit(app: Flask, ana: Api, sue: Api) -> None:
    receive(ana, "NB25-0001")
    deliver(ana, serial_nos=["NB25-0001"])
    change(sue)
    ana.clock.set("2027-01-05T15:30")
    asked = {"gtin": "09506000134352", "serial": "NB25-0001"}
    shown = app.test_client().get("/check", query_string=asked).get_data(as_text=True)
    assert "Out of Warranty: expired 1 day ago" in shown


def test_days_of_reports_and_events_are_those_of_the_site(ana: Api, sue: Api, kim: Api) -> None:
    """Eight hours behind and thirteen ahead of UTC: what came a minute before midnight is of the day before."""
    change(sue, zone="America/Los_Angeles")
    _received_around(ana, kim, "2026-01-06", "2026-01-06T07:59", "2026-01-06T08:00")
    change(sue, version=1, zone="Pacific/Apia")
    _received_around(ana, kim, "2026-01-07", "2026-01-06T10:59", "2026-01-06T11:00")


def _received_around(ana: Api, kim: Api, day: str, *moments: str) -> None:
    before = (date.fromisoformat(day) - timedelta(1)).isoformat()
    units = {moment: f"NB25-{day}-{number}" for number, moment in enumerate(moments)}
    for moment, serial_no in units.items():
        ana.clock.set(moment)
        receive(ana, serial_no)
    for key, of, name in (("ledger", 3, None), ("scan-quality", None, None), ("audit", None, "voucher_submitted")):
        query = {"site": kim.site, "limit": 1000} | ({"act": name} if name else {})
        last, first = (kim.get(f"/api/reports/{key}", **query | days) for days in ({"to": before}, {"from": day}))
        if of is None:
            assert (last["total"] > 0, first["total"]) == (True, 1), key
        else:
            found = [{row[of] for row in part["rows"]} & set(units.values()) for part in (last, first)]
            assert found == [{serial_no} for serial_no in units.values()]
    for wanted, serial_no in zip((before, day), units.values(), strict=True):
        answer = kim.client.get(f"/api/epcis/events?site={kim.site}&first_day={wanted}&last_day={wanted}").text
        assert [each in answer for each in units.values()] == [each == serial_no for each in units.values()]


def test_hours_of_picks_are_those_of_the_site(ana: Api, sue: Api, kim: Api) -> None:
    """Half an hour beside UTC; and where the clocks go back, the hour that comes twice is two."""
    moments = {
        "Asia/Kolkata": {"2026-01-05T10:29": "2026-01-05T15:00+05:30", "2026-01-05T10:31": "2026-01-05T16:00+05:30"},
        "Europe/Berlin": {
            "2026-03-29T00:59": "2026-03-29T01:00+01:00",
            "2026-03-29T01:01": "2026-03-29T03:00+02:00",
            "2026-10-25T00:59": "2026-10-25T02:00+02:00",
            "2026-10-25T01:01": "2026-10-25T02:00+01:00",
        },
        "Australia/Lord_Howe": {
            "2027-04-03T14:59": "2027-04-04T01:00+11:00",
            "2027-04-03T15:01": "2027-04-04T01:00+10:30",
        },
    }
    for version, (zone, hours) in enumerate(moments.items()):
        change(sue, version=version, zone=zone)
        for moment in hours:
            ana.clock.set(moment)
            receive(ana, moment)
            made = pick_list(ana, order(sue, ("LAP-15", 1)))
            pick(ana, made, moment)
        query = {"site": kim.site, "from": min(hours.values())[:10], "to": max(hours.values())[:10]}
        shown = kim.get("/api/reports/picks-per-hour", **query)
        expected = list(hours.values())
        assert [bar["label"] for bar in shown["bars"]] == expected
        assert [row[0] for row in shown["rows"]] == expected[::-1]
        file = kim.client.get("/api/reports/picks-per-hour/file.csv", query_string=query).text
        assert [line.split(",")[0].strip('"') for line in file.splitlines()[1:]] == expected[::-1]
