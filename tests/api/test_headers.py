"""What every answer carries for browsers and caches, and what /healthz and /readyz tell whoever watches over us."""

from pathlib import Path

import pytest
from flask import Flask

from backend import pwa
from backend.extensions import db
from tests.api_client import Api, Clock
from tests.conftest import BOTH_DATABASES, application, config_for

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=()",
}
ASSET = "/assets/main-3f2a91c4.js"
EVERY_KIND = {
    "page": "/",
    "page of the app": "/receive/PO-1",
    "asset": ASSET,
    "service worker": "/service-worker.js",
    "API": "/api/session",
    "browsable API": "/api-docs/",
    "document of the API": "/api/openapi.json",
    "refusal": "/api/units/999999",
    "no such address of the API": "/api/nothing",
    "no such file": "/nothing.png",
    "health": "/healthz",
    "readiness": "/readyz",
    "counters": "/metrics",
}


@pytest.fixture
def engine_name() -> str:
    """Headers come from no database; the tests of readiness ask for both."""
    return "sqlite"


@pytest.fixture(autouse=True)
def screens(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Screens as the build leaves them, since these tests are about headers and not about the build."""
    built = tmp_path_factory.mktemp("dist")
    for name in ("index.html", "service-worker.js", ASSET[1:], "api-docs/index.html", "manifest.webmanifest"):
        (built / name).parent.mkdir(exist_ok=True)
        (built / name).write_text(name)
    (built / f"{ASSET[1:]}.br").write_bytes(b"pressed")
    monkeypatch.setattr(pwa, "folder", lambda: built)


def test_every_answer_has_the_security_headers(ana: Api) -> None:
    for kind, path in EVERY_KIND.items():
        answer = ana.client.get(path, buffered=True)
        assert SECURITY_HEADERS.items() <= dict(answer.headers).items(), kind


def test_every_answer_has_a_policy_that_runs_our_files_only(ana: Api) -> None:
    policies = {ana.client.get(path, buffered=True).headers["Content-Security-Policy"] for path in EVERY_KIND.values()}
    (policy,) = policies
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert rules["connect-src"] == "'self'"
    assert (rules["base-uri"], rules["form-action"], rules["frame-ancestors"]) == ("'none'", "'self'", "'none'")
    assert "unsafe-inline" not in policy
    assert "*" not in policy


def test_an_unsafe_request_is_answered_with_the_same_headers(ana: Api) -> None:
    answers = [
        ana.client.post("/api/scans", json={}),
        ana.client.post("/api/session", json={"username": "ana", "password": "wrong"}),
        ana.client.post("/api/session", data="not JSON", content_type="text/plain"),
        ana.client.put("/api/session"),
    ]
    assert [answer.status_code for answer in answers] == [403, 401, 415, 405]
    for answer in answers:
        assert SECURITY_HEADERS.items() <= dict(answer.headers).items()
        assert answer.headers["Cache-Control"] == "no-store"


def test_nothing_of_the_api_is_kept_by_a_cache(ana: Api) -> None:
    for path in (path for path in EVERY_KIND.values() if path.startswith("/api/")):
        assert ana.client.get(path).headers["Cache-Control"] == "no-store", path


def test_screens_are_asked_for_anew(ana: Api) -> None:
    for path in ("/", "/receive/PO-1", "/service-worker.js", "/manifest.webmanifest", "/api-docs/"):
        answer = ana.client.get(path, buffered=True)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache"), path


def test_a_screen_names_what_it_asks_for_first(ana: Api) -> None:
    page = '<link rel="icon" href="/icons/icon.svg"><script src="/assets/a.js"></script><link href="/assets/a.css">'
    (pwa.folder() / "index.html").write_text(page)
    for path in ("/", "/unit/7"):
        assert ana.client.get(path, buffered=True).headers["Link"] == (
            "</assets/a.js>; rel=modulepreload; crossorigin, </assets/a.css>; rel=preload; as=style; crossorigin"
        )
    assert "Link" not in ana.client.get(ASSET, buffered=True).headers


@pytest.mark.parametrize("encoding", ["", "br"])
def test_assets_are_kept_for_ever(ana: Api, encoding: str) -> None:
    answer = ana.client.get(ASSET, headers={"Accept-Encoding": encoding}, buffered=True)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers.get("Content-Encoding", "") == encoding
    assert answer.mimetype == "text/javascript"


def test_an_asset_that_is_gone_is_not_kept(ana: Api) -> None:
    answer = ana.client.get("/assets/main-00000000.js", buffered=True)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
    assert "immutable" not in answer.headers.get("Cache-Control", "")


def test_the_cookie_is_for_the_server_alone(app: Flask) -> None:
    login = {"username": "ana", "password": "demo-ana"}
    plain = app.test_client().post("/api/session", json=login).headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(plain.split("; "))
    over_tls = app.test_client().post("/api/session", json=login, base_url="https://localhost").headers["Set-Cookie"]
    assert over_tls.startswith("__Host-serialtrail=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(over_tls.split("; "))


def test_the_process_is_alive_without_its_database(tmp_path: Path, clock: Clock) -> None:
    with application(config_for("sqlite:////nowhere/at/all.sqlite3", tmp_path, clock)) as app:
        assert app.test_client().get("/healthz").get_json() == {"status": "ok"}
        answer = app.test_client().get("/readyz")
        assert (answer.status_code, answer.get_json()["code"]) == (503, "service_busy")
        assert int(answer.headers["Retry-After"]) > 0


@BOTH_DATABASES
class TestReadiness:
    def test_it_is_ready_with_the_schema_of_this_version(self, app: Flask) -> None:
        answer = app.test_client().get("/readyz")
        assert (answer.status_code, answer.get_json()["status"]) == (200, "ok")

    def test_it_is_not_ready_with_another_schema(self, app: Flask) -> None:
        _change(app, "UPDATE alembic_version SET version_num = '0000'")
        answer = app.test_client().get("/readyz")
        assert (answer.status_code, answer.get_json()) == (503, {"status": "schema_differs", "schema": "0000"})

    def test_it_is_not_ready_without_a_schema(self, app: Flask) -> None:
        _change(app, "ALTER TABLE alembic_version RENAME TO elsewhere")
        answer = app.test_client().get("/readyz")
        assert (answer.status_code, answer.get_json()) == (503, {"status": "schema_differs", "schema": None})


def _change(app: Flask, statement: str) -> None:
    with app.app_context(), db.engine.connect() as connection:
        connection.exec_driver_sql(statement)
        connection.commit()
