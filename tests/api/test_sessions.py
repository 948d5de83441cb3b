"""Log-ins: what a stranger learns, how they are limited, and what their end does to scans on their way."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from backend.domain.people import PERMISSIONS, Role
from backend.extensions import reading
from backend.models import User, UserRole, UserSession
from backend.services import masters, people
from backend.unit_of_work import UnitOfWork, transact
from tests.api_client import Api, Clock, logged_in
from tests.conftest import BOTH_DATABASES, LogIn, application, config_for

NOBODY = {"user": None, "csrf_token": None, "expires_at": None, "sites": []}


@pytest.fixture
def engine_name() -> str:
    """Where moments are compared by the database, both are asked."""
    return "sqlite"


def try_log_in(app: Flask, username: str, password: str) -> Any:
    return app.test_client().post("/api/session", json={"username": username, "password": password})


@BOTH_DATABASES
def test_a_stranger_does_not_learn_who_works_here(app: Flask) -> None:
    wrong, unknown = try_log_in(app, "ana", "wrong"), try_log_in(app, "nobody", "wrong")
    assert (wrong.status_code, wrong.get_json()["code"]) == (401, "wrong_credentials")
    assert (unknown.status_code, unknown.get_json()) == (wrong.status_code, wrong.get_json())
    assert _without_counters(unknown) == _without_counters(wrong)
    assert "Set-Cookie" not in wrong.headers


def _without_counters(answer: Any) -> dict[str, str]:
    return {name: value for name, value in answer.headers if not name.startswith(("X-RateLimit", "Retry-After"))}


@pytest.mark.parametrize("username", ["ana' OR '1'='1", "ANA", " ana", "%", "ana\n"])
def test_a_name_is_taken_as_it_is(app: Flask, username: str) -> None:
    assert try_log_in(app, username, "demo-ana").get_json()["code"] == "wrong_credentials"


def test_log_ins_are_limited_and_say_when_to_come_back(database_url: str, tmp_path: Path, clock: Clock) -> None:
    config = config_for(database_url, tmp_path, clock, login_limit="3 per hour")
    with application(config) as app:
        answers = [try_log_in(app, "ana", "wrong") for _ in range(3)] + [try_log_in(app, "ana", "demo-ana")]
        assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
        assert answers[-1].get_json()["code"] == "too_many_requests"
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 3600


def test_a_session_says_who_may_do_what_where(ana: Api, log_in: LogIn) -> None:
    session = ana.get("/api/session")
    assert session["user"] == {"username": "ana", "name": "Ana Ramos"}
    assert session["csrf_token"] == ana.csrf_token
    assert [(site["code"], site["roles"]) for site in session["sites"]] == [("HQ", ["picker"])]
    assert session["sites"][0]["permissions"] == sorted(PERMISSIONS[Role.PICKER])
    assert {site["code"] for site in log_in("admin").sites} == {"HQ", "NORTH"}


def test_each_log_in_has_a_token_of_its_own(app: Flask, clock: Clock) -> None:
    first, second = (logged_in(app, "ana", clock) for _ in range(2))
    assert first.csrf_token != second.csrf_token
    assert first.client.get_cookie("serialtrail") != second.client.get_cookie("serialtrail")


def expired(person: Api) -> None:
    person.clock.forward(hours=12 * 365 * 24)


def revoked(person: Api) -> None:
    with person.client.application.app_context():
        assert transact(lambda work: people.revoke_user(work, person.username)) == 1


def logged_out(person: Api) -> None:
    answer = person.client.delete("/api/session", headers={"X-CSRF-Token": person.csrf_token})
    assert answer.status_code == 204


@BOTH_DATABASES
@pytest.mark.parametrize("end", [expired, revoked, logged_out], ids=lambda end: end.__name__)
def test_scans_wait_for_the_next_log_in_and_count_once(app: Flask, ana: Api, clock: Clock, end: Any) -> None:
    receipt = ana.open_receipt()
    before = ana.scan(receipt, "NB25-0001", batch_no="B-1")
    waiting = [ana.a_scan(receipt, f"NB25-{number:04d}", batch_no="B-1") for number in (2, 3)]
    kept = ana.client.get_cookie("serialtrail")
    end(ana)
    if kept is not None:
        ana.client.set_cookie("serialtrail", kept.value)  # The browser may still send it.

    for _ in range(2):
        (refused,) = ana.send(*waiting, expect=401)
        assert (refused["code"], bool(refused["next_step"])) == ("not_logged_in", True)

    again = logged_in(app, "ana", clock)
    again.device_id = ana.device_id
    sent, sent_again = again.send(*waiting), again.send(*waiting)

    assert [(each["code"], each["replayed"]) for each in sent] == [("ok", False)] * 2
    assert [(each["code"], each["replayed"]) for each in sent_again] == [("ok", True)] * 2
    assert before["counts"]["accepted"] == 1
    shown = again.get(f"/api/purchase-receipts/{receipt['id']}")
    assert shown["counts"]["accepted"] == 3
    assert sorted(unit["serial_no"] for unit in shown["units"]) == ["NB25-0001", "NB25-0002", "NB25-0003"]


@BOTH_DATABASES
def test_a_log_in_ends_to_the_second(ana: Api, clock: Clock) -> None:
    ends = ana.get("/api/session")["expires_at"]
    clock.set(ends.removesuffix("Z"))
    clock.now -= timedelta(seconds=1)
    ana.get("/api/session")
    clock.forward(seconds=1)
    assert ana.get("/api/session") == NOBODY
    ana.get("/api/items", 401)


def test_only_the_log_in_that_was_closed_ends(app: Flask, clock: Clock) -> None:
    first, second = (logged_in(app, "ana", clock) for _ in range(2))
    logged_out(first)
    assert first.get("/api/session") == NOBODY
    assert second.get("/api/session")["user"]["username"] == "ana"


@pytest.mark.parametrize("token", ["", "x", "0" * 4000, "' OR 1=1 --"])
def test_a_token_that_is_none_of_ours_is_no_log_in(app: Flask, token: str) -> None:
    client = app.test_client()
    client.set_cookie("serialtrail", token)
    assert client.get("/api/session").get_json() == NOBODY
    assert client.get("/api/items").get_json()["code"] == "not_logged_in"


def test_a_role_that_is_taken_away_is_gone_at_once(app: Flask, clock: Clock) -> None:
    with app.app_context():
        hq = transact(lambda work: masters.site_by_code(work, "HQ").id)
        roles = {hq: frozenset({Role.PICKER})}
        transact(
            lambda work: people.add_user(work, username="lea", name="Lea", password="a good password", roles=roles)
        )
    lea = logged_in(app, "lea", clock, "a good password")
    lea.get("/api/purchase-orders", site=lea.site)
    with app.app_context():
        transact(lambda work: _take_roles(work, "lea"))
        reading().rollback()
    lea.get("/api/purchase-orders", 403, site=lea.site)
    assert lea.get("/api/session")["sites"] == []


def _take_roles(work: UnitOfWork, username: str) -> None:
    work.session.execute(delete(UserRole).where(UserRole.user_id.in_(select(User.id).where(User.username == username))))


@BOTH_DATABASES
def test_log_ins_that_ended_long_ago_are_deleted(app: Flask, clock: Clock) -> None:
    def kept() -> int:
        with app.app_context():
            return reading().scalar(select(func.count()).select_from(UserSession)) or 0

    kim = logged_in(app, "kim", clock)
    assert kim.client.delete("/api/session", headers={"X-CSRF-Token": kim.csrf_token}).status_code == 204
    clock.forward(days=people.ENDED_DAYS - 1)
    logged_in(app, "kim", clock)
    assert kept() == 2
    clock.forward(days=2)
    logged_in(app, "kim", clock)
    assert kept() == 2
    clock.forward(days=4000)
    logged_in(app, "kim", clock)
    assert kept() == 1
