"""The commands of ``serialtrail``, run in the application's own command group."""

import getpass

import pytest
from flask import Flask

from backend.extensions import db
from tests.api_client import Api


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Run a command; returns its exit code and what it said."""

    def invoke(*arguments: str, **environment: str) -> tuple[int, str]:
        result = app.test_cli_runner().invoke(args=list(arguments), env=environment)
        return result.exit_code, result.output

    return invoke


def test_a_site_and_its_people_are_added_without_demo_data(run, app: Flask) -> None:  # type: ignore[no-untyped-def]
    code, said = run("site", "add", "SOUTH", "--warehouse", "S-1", "--warehouse", "S-2")
    assert (code, said) == (0, "SOUTH added with S-1, S-2 and REJECT\n")
    code, said = run(
        "user", "add", "zoe", "--role", "supervisor", "--site", "SOUTH", SERIALTRAIL_PASSWORD="a-long-password"
    )
    assert (code, said) == (0, "zoe added\n")

    client = app.test_client()
    session = client.post("/api/session", json={"username": "zoe", "password": "a-long-password"}).get_json()
    here = {"site": session["sites"][0]["id"]}
    places = client.get("/api/locations", query_string=here).get_json()["locations"]
    assert {"S-1", "S-2", "REJECT", "SUPPLIER"} <= {place["code"] for place in places}
    kept = client.get("/api/reports/audit", query_string=here).get_json()["rows"]
    made = {(what, subject): by for _, what, subject, _, by, *_ in kept}
    commands = [("site_made", "SOUTH"), *(("place_made", code) for code in ("S-1", "S-2", "REJECT"))]
    by = f"command line ({getpass.getuser()})"
    assert [made.get(each) for each in (*commands, ("user_made", "zoe"))] == [by] * 5


def test_what_cannot_be_added_is_said_in_one_sentence(run) -> None:  # type: ignore[no-untyped-def]
    assert run("site", "add", "HQ") == (1, "Error: There is a site HQ already. Choose another code.\n")
    short = run("user", "add", "zed", "--role", "picker", "--site", "HQ", SERIALTRAIL_PASSWORD="short")
    assert short == (1, "Error: The password has 5 characters; it needs at least 8. Choose a longer one.\n")
    lost = run("user", "add", "zed", "--role", "picker", "--site", "NOWHERE", SERIALTRAIL_PASSWORD="long-enough")
    assert lost == (1, "Error: There is no site NOWHERE. Use the code of a site of yours.\n")


def test_demo_data_go_into_an_empty_database_only(run) -> None:  # type: ignore[no-untyped-def]
    assert run("demo", "--if-empty") == (0, "")
    assert run("demo")[0] == 1


def test_a_revoked_person_is_logged_out(run, ana: Api) -> None:  # type: ignore[no-untyped-def]
    assert run("user", "revoke", "ana") == (0, "1 log-ins of ana ended\n")
    ana.get("/api/items", 401)


def test_the_ledger_is_checked_and_balances_are_rebuilt(run, app: Flask) -> None:  # type: ignore[no-untyped-def]
    assert run("check-ledger") == (0, "26 entries, 10 units, 0 problems\n")
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE balance SET qty = qty + 1 WHERE qty > 0")
    code, said = run("check-ledger")
    assert code == 1
    assert "balance of place" in said
    assert run("rebuild-balances")[0] == 0
    assert run("check-ledger")[0] == 0
