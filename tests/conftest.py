"""What every test stands on: real databases with the migrated schema, a small cast, and a clock that obeys."""

import gc
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from flask_migrate import upgrade
from hypothesis import settings

from backend.app import create_app
from backend.config import Config
from backend.demo import load_demo
from backend.extensions import db
from backend.queries.ledger_check import check_ledger
from backend.services import people
from backend.unit_of_work import transact
from tests.api_client import Api, Clock, logged_in
from tests.compiled import compile_addresses_once, share_statements

__all__ = ["Api", "Clock"]

pytest_plugins = ["tests.databases", "tests.parallel"]

# Timings never decide a test: the machine may be busy. For a longer search: pytest --hypothesis-profile=deep
settings.register_profile("serialtrail", deadline=None, print_blob=True, max_examples=30)
settings.register_profile("deep", settings.get_profile("serialtrail"), max_examples=1000)
settings.load_profile("serialtrail")


# An application and its statements live as long as its test: looking for garbage among them took a tenth of the time.
gc.set_threshold(100_000, 20, 100)

LogIn = Callable[[str], Api]


@pytest.fixture(scope="session", autouse=True)
def _addresses() -> Iterator[None]:
    with compile_addresses_once():
        yield


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database with the demo data, copied for each test."""
    folder = tmp_path_factory.mktemp("template")
    _fill(config_for(f"sqlite:///{folder / 'template.sqlite3'}", folder, Clock()))
    return folder / "template.sqlite3"


@pytest.fixture(scope="session")
def demo_of_today(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the demo data of this moment, for a server under test, which goes by the machine's clock."""
    folder = tmp_path_factory.mktemp("today")
    _fill(config_for(f"sqlite:///{folder / 'template.sqlite3'}", folder, Clock(datetime.now(UTC))))
    return folder / "template.sqlite3"


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same on PostgreSQL: the name of a database to copy."""
    name = "template_serialtrail"
    _postgres(postgres_url, f'CREATE DATABASE "{name}"')
    _fill(config_for(_with_database(postgres_url, name), tmp_path_factory.mktemp("pg"), Clock()))
    return name


NewDatabase = Callable[[str], AbstractContextManager[str]]


@pytest.fixture(scope="session")
def new_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> NewDatabase:
    """Makes a database with the demo data, "sqlite" or "postgresql", for the length of a block."""

    @contextmanager
    def of_engine(engine: str) -> Iterator[str]:
        if engine == "sqlite":
            template: Path = request.getfixturevalue("sqlite_template")
            path = tmp_path_factory.mktemp("database") / "serialtrail.sqlite3"
            path.write_bytes(template.read_bytes())
            yield f"sqlite:///{path}"
            return
        server: str = request.getfixturevalue("postgres_url")
        template_name: str = request.getfixturevalue("postgres_template")
        name = f"test_{secrets.token_hex(6)}"
        _postgres(server, f'CREATE DATABASE "{name}" TEMPLATE "{template_name}" STRATEGY FILE_COPY')
        yield _with_database(server, name)
        _postgres(server, f'DROP DATABASE "{name}" WITH (FORCE)')

    return of_engine


BOTH_DATABASES = pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
"""For a test of a file whose ``engine_name`` is one database, because most of it has nothing to do with them."""


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each of the two databases."""
    return str(request.param)


@pytest.fixture
def database_url(engine_name: str, new_database: NewDatabase) -> Iterator[str]:
    """A database with the demo data, on each of the two engines."""
    with new_database(engine_name) as url:
        yield url


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    """The application on a database of its own; afterwards its ledger must be in order."""
    with application(config_for(database_url, tmp_path, clock)) as app:
        yield app
        with app.app_context():
            assert check_ledger(db.session()).problems == []


@contextmanager
def application(config: Config) -> Iterator[Flask]:
    """An application, with its connections and its children closed at the end."""
    app = create_app(config)
    with app.app_context():
        share_statements(db.engine)
    try:
        yield app
    finally:
        app.extensions["serialtrail_sandbox"].close()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def log_in(app: Flask, clock: Clock) -> LogIn:
    """Log a person of the demo data in."""
    return lambda username: logged_in(app, username, clock)


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


def config_for(database_url: str, data_dir: Path, clock: Clock, **changes: Any) -> Config:
    """Settings of an application under test."""
    defaults: dict[str, Any] = {
        "database_url": database_url,
        "secret_key": secrets.token_hex(16),
        "data_dir": data_dir,
        "clock": clock,
        "login_limit": "1000 per minute",
        "session_hours": 10 * 365 * 24,  # Tests let years pass.
    }
    return Config(**defaults | changes)


def _fill(config: Config) -> None:
    # A password is checked as it was hashed: here at the least price, since every test logs somebody in.
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch, application(config) as app, app.app_context():
        patch.setattr(people, "_hasher", cheap)
        upgrade(directory=app.extensions["migrate"].directory)
        assert transact(load_demo)
        if config.is_sqlite:
            # The copy is of one file, so nothing may be left in the write-ahead log.
            with db.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")


def _with_database(url: str, name: str) -> str:
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)


def _postgres(url: str, statement: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
