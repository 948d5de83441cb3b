"""The locks: complete, in step with pyproject.toml, and usable by everybody."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.running import ROOT

LOCKS = ("runtime", "build", "dev")


def text_of(lock: str) -> str:
    return (ROOT / f"requirements/{lock}.lock").read_text()


def locked(lock: str) -> dict[str, set[str]]:
    """Name to versions; more than one where another Python needs another version."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9.-]+)==(\S+)", text_of(lock), re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("runtime", project()["dependencies"]),
        ("dev", project()["dependencies"] + project()["optional-dependencies"]["dev"]),
    ],
)
def test_every_requirement_is_locked_at_a_version_it_allows(lock, wanted):
    """When this fails, run: make lock"""
    versions = locked(lock)
    for requirement in map(Requirement, wanted):
        found = versions.get(requirement.name.lower())
        assert found, f"{requirement} is not in {lock}.lock"
        assert all(requirement.specifier.contains(version) for version in found), f"{requirement}: {found}"


def test_the_tests_run_on_what_is_shipped():
    shipped, tested = locked("runtime"), locked("dev")
    assert {name: tested.get(name) for name in shipped} == shipped


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_its_hashes(lock):
    pins = re.split(r"^(?=[a-z0-9.-]+==)", text_of(lock), flags=re.MULTILINE)[1:]
    assert len(pins) >= 5
    assert [pin.splitlines()[0] for pin in pins if "--hash=sha256:" not in pin] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_a_host_or_a_folder(lock):
    assert re.findall(r"\w+://|--\S*index|--find-links|/(?:home|root|tmp|opt)/", text_of(lock)) == []


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("name", ["gevent-websocket", "eventlet"])
def test_what_breaks_live_connections_by_being_installed_is_not(lock, name):
    assert name not in locked(lock)
