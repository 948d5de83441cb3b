"""The built PWA is served, and nothing beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend import pwa


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
