"""One database, two processes' worth of applications on it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.api_client import Api, Clock, logged_in
from tests.conftest import application, config_for

LogInAt = Callable[[str, int], Api]


@pytest.fixture
def second_app(app: Flask, database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    """As another web process would be: with connections and group commits of its own."""
    with application(config_for(database_url, tmp_path, clock)) as second:
        yield second


@pytest.fixture
def log_in_at(app: Flask, second_app: Flask, clock: Clock) -> LogInAt:
    """Log a person in at the first or the second process, counted round."""
    return lambda username, process: logged_in((app, second_app)[process % 2], username, clock)


@pytest.fixture(params=[0, 1], ids=["same process", "other process"])
def other(request: pytest.FixtureRequest) -> int:
    """Where the second of two clients is."""
    return int(request.param)
