"""Versions below which a hole is known or data can be lost, and what the database says of itself."""

from importlib.metadata import PackageNotFoundError, version

import pytest
from flask import Flask
from packaging.version import Version

from backend.extensions import db

FLOORS = {
    "flask": "3.1.3",  # CVE-2026-27205: a cache could give a session to somebody else
    "werkzeug": "3.1.9",  # CVE-2026-102598
    "jinja2": "3.1.6",
    "gunicorn": "22",  # CVE-2024-6827: request smuggling
    "python-socketio": "5.16.3",  # CVE-2025-61765, CVE-2026-48804
    "python-engineio": "4.13.3",  # CVE-2026-48802, CVE-2026-48809
    "opencv-python-headless": "4.12",  # CVE-2025-53644: write past the heap
    "pillow": "13.0.0",  # CVE-2026-112403
    "zxing-cpp": "3.1.1",
    "pysqlite3": "0.6.1",
}
# Without maintenance, or patching the whole process where gevent's own support is enough.
UNWANTED = ("eventlet", "gevent-websocket", "opencv-python", "pysqlite3-binary")
WAL_SAFE = (3, 51, 3)
"""Before it, two writers can corrupt a SQLite database in WAL mode."""


@pytest.mark.parametrize(("package", "floor"), FLOORS.items())
def test_no_package_is_older_than_its_last_known_hole(package: str, floor: str) -> None:
    assert Version(version(package)) >= Version(floor)


@pytest.mark.parametrize("package", UNWANTED)
def test_unwanted_packages_are_not_installed(package: str) -> None:
    with pytest.raises(PackageNotFoundError):
        version(package)


class TestSqlite:
    @pytest.fixture
    def engine_name(self) -> str:
        return "sqlite"

    def test_it_is_new_enough_for_a_write_ahead_log(self, app: Flask) -> None:
        assert tuple(map(int, _asked(app, "SELECT sqlite_version()").split("."))) >= WAL_SAFE

    @pytest.mark.parametrize(
        ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1")]
    )
    def test_an_acknowledged_scan_is_on_the_disk(self, app: Flask, pragma: str, value: str) -> None:
        """``synchronous`` 2 is FULL."""
        assert _asked(app, f"PRAGMA {pragma}") == value


class TestPostgresql:
    @pytest.fixture
    def engine_name(self) -> str:
        return "postgresql"

    def test_an_acknowledged_scan_is_on_the_disk(self, app: Flask) -> None:
        assert _asked(app, "SHOW synchronous_commit") == "on"


def _asked(app: Flask, question: str) -> str:
    with app.app_context(), db.engine.connect() as connection:
        return str(connection.exec_driver_sql(question).scalar_one())
