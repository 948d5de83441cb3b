"""What every test stands on: real databases with the migrated schema, a small cast, and a clock that obeys."""

import secrets
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import settings

from backend.app import create_app
from backend.config import Config
from backend.demo import load_demo
from backend.extensions import db
from backend.queries.ledger_check import check_ledger
from backend.unit_of_work import transact

pytest_plugins = ["tests.databases"]

# Timings never decide a test: the machine may be busy.
settings.register_profile("serialtrail", deadline=None, print_blob=True)
settings.load_profile("serialtrail")


@dataclass(slots=True)
class Clock:
    """The server's clock in a test: stands still until it is told."""

    now: datetime = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def set(self, text: str) -> None:
        """Set it to an ISO moment or day."""
        self.now = datetime.fromisoformat(text).replace(tzinfo=UTC)

    def forward(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


@dataclass(slots=True)
class Api:
    """A logged-in client of the API."""

    client: FlaskClient
    username: str
    csrf_token: str
    sites: list[dict[str, Any]]
    clock: Clock
    device_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    counter: int = 0

    @property
    def site(self) -> int:
        return int(self.sites[0]["id"])

    def get(self, path: str, expect: int = 200, **query: Any) -> Any:
        return self._checked(self.client.get(path, query_string=query), expect)

    def post(self, path: str, body: Any, expect: int = 200) -> Any:
        headers = {"X-CSRF-Token": self.csrf_token}
        return self._checked(self.client.post(path, json=body, headers=headers), expect)

    def open_receipt(self, order: str = "PO-1", place: str = "MAIN") -> dict[str, Any]:
        """Open a receipt for an order of the demo data at a place."""
        receipt: dict[str, Any] = self.post("/api/purchase-receipts", self.receipt_request(order, place))
        return receipt

    def receipt_request(self, order: str = "PO-1", place: str = "MAIN") -> dict[str, Any]:
        orders = self.get("/api/purchase-orders", site=self.site)["purchase_orders"]
        return {
            "id": str(uuid.uuid4()),
            "purchase_order_id": next(each["id"] for each in orders if each["number"] == order),
            "location_id": self.place(place),
            "device_id": self.device_id,
        }

    def place(self, code: str) -> int:
        places = self.get("/api/locations", site=self.site)["locations"]
        return int(next(each["id"] for each in places if each["code"] == code))

    def a_scan(self, receipt: dict[str, Any], text: str, **more: Any) -> dict[str, Any]:
        """A scan as the outbox keeps it."""
        self.counter += 1
        return {
            "id": str(uuid.uuid4()),
            "n": self.counter,
            "purpose": "receive",
            "voucher_id": receipt["id"],
            "text": text,
            "scanned_at": self.clock.now.isoformat(),
            "source": "camera",
            **more,
        }

    def send(self, *scans: Any, expect: int = 200) -> list[dict[str, Any]]:
        """Send scans as the outbox does; returns their outcomes."""
        answer = self.post("/api/scans", self.envelope(*scans), expect)
        outcomes: list[dict[str, Any]] = answer["outcomes"] if expect == 200 else [answer]
        return outcomes

    def envelope(self, *scans: Any) -> dict[str, Any]:
        return {
            "device_id": self.device_id,
            "device_name": f"{self.username}'s phone",
            "sent_at": self.clock.now.isoformat(),
            "scans": list(scans),
        }

    def scan(self, receipt: dict[str, Any], text: str, **more: Any) -> dict[str, Any]:
        """Scan one code into a receipt."""
        return self.send(self.a_scan(receipt, text, **more))[0]

    @staticmethod
    def _checked(response: Any, expect: int) -> Any:
        assert response.status_code == expect, f"{response.status_code}: {response.get_data(as_text=True)}"
        return response.get_json() if response.data else None


LogIn = Callable[[str], Api]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database with the demo data, copied for each test."""
    folder = tmp_path_factory.mktemp("template")
    _fill(_config(f"sqlite:///{folder / 'template.sqlite3'}", folder, Clock()))
    return folder / "template.sqlite3"


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same on PostgreSQL: the name of a database to copy."""
    name = "template_serialtrail"
    _postgres(postgres_url, f'CREATE DATABASE "{name}"')
    _fill(_config(_with_database(postgres_url, name), tmp_path_factory.mktemp("pg"), Clock()))
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with the demo data, on each of the two engines."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = tmp_path / "serialtrail.sqlite3"
        path.write_bytes(template.read_bytes())
        yield f"sqlite:///{path}"
        return
    server: str = request.getfixturevalue("postgres_url")
    template_name: str = request.getfixturevalue("postgres_template")
    name = f"test_{secrets.token_hex(6)}"
    _postgres(server, f'CREATE DATABASE "{name}" TEMPLATE "{template_name}"')
    yield _with_database(server, name)
    _postgres(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    """The application on a database of its own; afterwards its ledger must be in order."""
    app = create_app(_config(database_url, tmp_path, clock))
    yield app
    with app.app_context():
        problems = check_ledger(db.session()).problems
        db.session.remove()
        db.engine.dispose()
    assert problems == []


@pytest.fixture
def log_in(app: Flask, clock: Clock) -> LogIn:
    """Log a person of the demo data in."""

    def as_user(username: str) -> Api:
        client = app.test_client()
        answer = client.post("/api/session", json={"username": username, "password": f"demo-{username}"})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        session = answer.get_json()
        return Api(client, username, session["csrf_token"], session["sites"], clock)

    return as_user


@pytest.fixture
def ana(log_in: LogIn) -> Api:
    """A picker."""
    return log_in("ana")


@pytest.fixture
def ben(log_in: LogIn) -> Api:
    """Another picker."""
    return log_in("ben")


@pytest.fixture
def kim(log_in: LogIn) -> Api:
    """Support: reads all, changes nothing."""
    return log_in("kim")


@pytest.fixture
def sue(log_in: LogIn) -> Api:
    """A supervisor."""
    return log_in("sue")


def _config(database_url: str, data_dir: Path, clock: Clock) -> Config:
    return Config(
        database_url=database_url,
        secret_key=secrets.token_hex(16),
        data_dir=data_dir,
        clock=clock,
        login_limit="1000 per minute",
        session_hours=10 * 365 * 24,  # Tests let years pass.
    )


def _fill(config: Config) -> None:
    app = create_app(config)
    with app.app_context():
        upgrade(directory=app.extensions["migrate"].directory)
        assert transact(load_demo)
        if config.is_sqlite:
            # The copy is of one file, so nothing may be left in the write-ahead log.
            with db.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
        db.session.remove()
        db.engine.dispose()


def _with_database(url: str, name: str) -> str:
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)


def _postgres(url: str, statement: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
