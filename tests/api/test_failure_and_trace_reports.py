"""What failed, by claims and by repairs, and traces as reports, on both databases."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from backend.queries.reports.wanted import Wanted
from tests.api.test_moves import transfer
from tests.api.test_reports import bars, file_of, report
from tests.api.test_traces import same_in_pages
from tests.api_client import Api, Clock, new_id
from tests.conftest import LogIn
from tests.servicing import sold_laptop, take_in


@pytest.fixture
def tom(log_in: LogIn) -> Api:
    return log_in("tom")


def test_a_repair_is_a_failure_and_one_for_a_claim_is_the_same(
    app: Flask, ana: Api, sue: Api, tom: Api, kim: Api, clock: Clock
) -> None:
    def failed() -> list[Any]:
        (row,) = report(kim, "claims", item="LAP-15", batch=batch)
        return [row[key] for key in ("claims", "repairs", "failed_units", "failure_percent", "days_to_failure")]

    sold_laptop(app, ana)
    batch = report(kim, "whereabouts", serial="NB25-0025")[0]["batch_no"]
    (group,) = report(kim, "claims", item="LAP-15", batch=batch)
    assert failed() == [0, 0, 0, 0, None]

    clock.forward(days=10)
    order = take_in(tom)
    assert failed()[:3] == [0, 1, 1]
    assert failed()[3] == round(100 / group["units"], 1)
    assert failed()[4] == 10

    tom.post(f"/api/repair-orders/{order['id']}/give-back", {})
    clock.forward(days=10)
    claim = {"id": new_id(), "site": sue.site, "customer": "ACME", "serial_no": "NB25-0025", "complaint": "hot again"}
    claimed = sue.post("/api/warranty-claims", claim)
    take_in(tom, claim_id=claimed["id"])

    assert failed()[:3] == [1, 2, 1]
    assert failed()[4] == 15
    assert bars(kim, "claims", item="LAP-15")["LAP-15"] > 0


def test_a_trace_goes_both_ways_and_into_files(app: Flask, ana: Api, kim: Api, log_in: LogIn) -> None:
    sold_laptop(app, ana)
    places = {each["path"]: each["id"] for each in ana.get("/api/transfer-destinations", site=ana.site)["destinations"]}
    assert transfer(log_in("admin"), "NB25-0026", to=places["N-MAIN"])["status"] == "closed"

    (part, whole) = sorted(report(kim, "trace-forward", serial=" f-9 "), key=lambda row: row["asked_for"] == "no")

    assert (part["serial_no"], part["asked_for"], part["built_into"]) == ("F-9", "yes", "NB25-0025")
    assert (part["place"], part["customer"]) == ("CUSTOMER", "ACME Hospital")
    assert (whole["serial_no"], whole["asked_for"], whole["parts"]) == ("NB25-0025", "no", "F-9")
    assert [move.split()[0] for move in whole["places_before"].split("; ")] == ["MAIN", "CUSTOMER"]
    assert [move.split()[0] for move in part["places_before"].split("; ")] == ["VAN-7", "CONSUMED"]
    assert bars(kim, "trace-forward", serial="F-9") == {"ACME Hospital": 2}

    (gone,) = report(kim, "trace-forward", serial="NB25-0026")
    assert (gone["place"], gone["asked_for"]) == ("N-MAIN", "yes"), "it was here"
    for key in ("trace-forward", "trace-backward"):
        same_in_pages(app, key, Wanted(kim.site, date(2026, 1, 31)))

    inside = report(kim, "trace-backward", party="ACME", item="LAP-15")
    assert {"NB25-0025", "F-9"} <= {row["serial_no"] for row in inside}
    assert report(kim, "trace-backward", serial="F-9", to="2020-01-01") == []
    assert [row["serial_no"] for row in report(kim, "trace-backward", serial="F-9")] == ["F-9"]
    assert "F-9" in file_of(kim, "trace-backward", "csv", serial="NB25-0025").decode("utf-8-sig")
