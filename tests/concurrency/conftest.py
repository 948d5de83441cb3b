"""One database, two processes' worth of applications on it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, current_app

from backend import unit_of_work
from tests.api_client import Api, Clock, logged_in
from tests.conftest import application, config_for

LogInAt = Callable[[str, int], Api]


@pytest.fixture
def second_app(app: Flask, database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    """As another web process would be: with connections and group commits of its own."""
    with application(config_for(database_url, tmp_path, clock)) as second:
        yield second


class _WriterEach:
    """In place of the lock of one process's writers, which two processes do not share."""

    def __init__(self, *apps: Flask) -> None:
        self._locks = {app: threading.RLock() for app in apps}

    def acquire(self) -> None:
        self._mine().acquire()

    def release(self) -> None:
        self._mine().release()

    def _mine(self) -> threading.RLock:
        return self._locks[current_app._get_current_object()]  # type: ignore[attr-defined]


@pytest.fixture
def writers_apart(app: Flask, second_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but the database keeps the writers of the two processes apart."""
    monkeypatch.setattr(unit_of_work, "_one_writer", _WriterEach(app, second_app))


@pytest.fixture
def log_in_at(app: Flask, second_app: Flask, clock: Clock) -> LogInAt:
    """Log a person in at the first or the second process, counted round."""
    return lambda username, process: logged_in((app, second_app)[process % 2], username, clock)


@pytest.fixture(params=[0, 1], ids=["same process", "other process"])
def other(request: pytest.FixtureRequest) -> int:
    """Where the second of two clients is."""
    return int(request.param)
