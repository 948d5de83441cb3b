"""The wheel, installed where nothing else is: the whole system from any directory, its screens included."""

import json
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tests.databases import free_port
from tests.running import ROOT, Running, environment, running

PASSWORD = "a long enough password"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert (ROOT / "pwa/dist/index.html").is_file(), "The screens are not built. Run: make setup"
    folder = tmp_path_factory.mktemp("wheel")
    pip(None, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of a new environment that holds the locked packages and the wheel."""
    venv = tmp_path_factory.mktemp("clean") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    # Compiled is what is imported, when it is: a fraction of all.
    install = ("install", "--no-compile")
    pip(venv, *install, "--require-hashes", "-r", str(ROOT / "requirements/runtime.lock"))
    pip(venv, *install, "--no-deps", "--no-index", str(wheel))
    return venv / "bin"


@pytest.fixture(scope="module")
def data(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a new installation with the demo data and one more person, pia."""
    folder = tmp_path_factory.mktemp("installation") / "data"
    for command in (["db", "upgrade"], ["demo"], ["user", "add", "pia", "--role", "picker", "--site", "HQ"]):
        done = subprocess.run(
            [installed / "serialtrail", *command],
            env=environment(folder, PYTHONPATH="", SERIALTRAIL_PASSWORD=PASSWORD),
            cwd=folder.parent,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def server(installed: Path, data: Path) -> Iterator[Running]:
    port = free_port()
    command = [str(installed / "serialtrail"), "serve", "--port", str(port)]
    server = Running(data, https_port=0, http_port=port, connect_port=0)
    with running(server, command, environment(data, PYTHONPATH=""), cwd=data.parent):
        yield server


def pip(venv: Path | None, *arguments: str) -> None:
    """Run our own pip, on another environment than ours if one is given."""
    where = ["--python", str(venv)] if venv else []
    done = subprocess.run(
        [sys.executable, "-m", "pip", *where, "--quiet", "--disable-pip-version-check", *arguments],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def get(server: Running, path: str) -> tuple[str, bytes]:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.http_port}{path}", timeout=10) as answer:
        return answer.headers["Content-Type"], answer.read()


def test_the_wheel_holds_the_packages_and_the_screens_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"backend", "scanner"}
    dist = ROOT / "pwa" / "dist"
    built = {f"backend/_pwa/{path.relative_to(dist)}" for path in dist.rglob("*") if path.is_file()}
    assert {name for name in names if name.startswith("backend/_pwa/")} == built
    assert "backend/serving/onboarding/templates/connect.html" in names


def test_what_is_installed_fits_together(installed):
    pip(installed.parent, "check")


def test_it_runs_from_the_environment_and_not_from_the_checkout(installed, tmp_path):
    command = [installed / "python", "-c", "import backend; print(backend.__file__)"]
    found = subprocess.run(
        command,
        cwd=tmp_path,
        env=environment(tmp_path, PYTHONPATH=""),
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(found.stdout.strip()).is_relative_to(installed.parent)


def test_the_page_and_all_that_it_asks_for_is_served(server):
    content_type, page = get(server, "/")
    assert content_type.startswith("text/html")
    asked = set(re.findall(r'(?:src|href)="(/[^"]+)"', page.decode()))
    assert any(re.fullmatch(r"/assets/[\w-]+-[\w-]{8}\.js", path) for path in asked)
    for path in asked:
        assert get(server, path)[1], path


def test_the_phone_can_install_it(server):
    manifest_type, manifest = get(server, "/manifest.webmanifest")
    assert manifest_type.startswith("application/manifest+json")
    icons = json.loads(manifest)["icons"]
    assert icons
    for icon in icons:
        assert get(server, icon["src"])[1]
    worker_type, worker = get(server, "/service-worker.js")
    assert worker_type.startswith("text/javascript")
    assert b"install" in worker


def test_a_person_added_by_the_command_logs_in(server):
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    address = f"http://127.0.0.1:{server.http_port}/api/session"
    body = json.dumps({"username": "pia", "password": PASSWORD}).encode()
    log_in = urllib.request.Request(address, data=body, headers={"Content-Type": "application/json"})

    with browser.open(address, timeout=10) as answer:
        assert json.load(answer)["user"] is None
    browser.open(log_in, timeout=10).close()

    with browser.open(address, timeout=10) as answer:
        session = json.load(answer)
    assert session["user"]["username"] == "pia"
    assert [site["code"] for site in session["sites"]] == ["HQ"]


def test_it_tells_whom_the_demo_brought(server):
    assert "demo-ana" in server.said
    assert "pia" not in server.said


def test_without_node_the_build_ends_in_one_sentence(tmp_path):
    for name in ("pyproject.toml", "hatch_build.py", "README.md"):
        shutil.copy(ROOT / name, tmp_path)
    for package in ("backend", "scanner"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    refused = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", str(tmp_path)],
        env={"PATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert refused.returncode != 0
    assert "npm was not found" in refused.stdout + refused.stderr
