"""The built PWA is served, and nothing beside it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend import pwa
from tests.running import ROOT


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    """A client of a built PWA with a page, and a file beside its folder."""
    (tmp_path / "secret").write_text("not for the web")
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "index.html").write_text("the page")
    monkeypatch.setattr(pwa, "folder", lambda: tmp_path / "dist")
    app = Flask("pwa", static_folder=None)
    app.register_blueprint(pwa.bp)
    with app.test_client() as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/receive", "/unit/12", "/" + "a" * 300, "/a%00b"])
def test_addresses_that_the_app_knows_get_its_page(client: FlaskClient, path: str) -> None:
    answer = client.get(path, buffered=True)
    assert (answer.status_code, answer.get_data(as_text=True)) == (200, "the page")
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/missing.js", "/" + "a" * 300 + ".js", "/api/nothing", "/socket.io/"])
def test_files_that_are_not_there_are_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path, buffered=True).status_code == 404


def test_nobody_learns_which_files_lie_beside_it(client: FlaskClient) -> None:
    there, not_there = (client.get(f"/%2e%2e/{name}", buffered=True) for name in ("secret", "sesame"))
    assert "not for the web" not in there.get_data(as_text=True)
    assert there.status_code == not_there.status_code


def test_a_packed_file_is_saved_under_its_own_name(client: FlaskClient) -> None:
    (pwa.folder() / "profile.json").write_text("{}")
    (pwa.folder() / "profile.json.br").write_bytes(b"packed")
    answer = client.get("/profile.json", headers={"Accept-Encoding": "br"}, buffered=True)
    assert answer.headers["Content-Encoding"] == "br"
    assert "profile.json.br" not in answer.headers.get("Content-Disposition", "")


def test_the_handheld_profile_is_what_datawedge_takes() -> None:
    """Every setting is a string, its name one of Zebra's SET_CONFIG; it sends keys, GS among them, and then Enter."""
    profile = json.loads((ROOT / "pwa/public/serialtrail-datawedge.json").read_text())
    plugins = {plugin["PLUGIN_NAME"]: plugin for plugin in profile["PLUGIN_CONFIG"]}
    settings = [value for plugin in plugins.values() for value in plugin["PARAM_LIST"].values()]
    assert set(profile) == {"PROFILE_NAME", "PROFILE_ENABLED", "CONFIG_MODE", "APP_LIST", "PLUGIN_CONFIG"}
    assert all(isinstance(value, str) for value in settings)
    assert plugins["BDF"]["OUTPUT_PLUGIN_NAME"] == "KEYSTROKE"
    assert plugins["BDF"]["PARAM_LIST"]["bdf_send_enter"] == "true"
    keys = plugins["KEYSTROKE"]["PARAM_LIST"]
    assert keys["keystroke_send_chars_as_events"] == keys["keystroke_send_control_chars_as_events"] == "true"
