"""A database that is away or busy is told from a fault of ours; a request holds one connection at a time."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import exc

from backend.extensions import db
from backend.services import receiving
from tests.api_client import Api


class _Driver(Exception):
    """What a driver raises."""


def away() -> Exception:
    return exc.OperationalError("SELECT", {}, _Driver("server closed the connection"))


def pool_is_empty() -> Exception:
    return exc.TimeoutError("QueuePool limit of size 10 overflow 20 reached")


def ours() -> Exception:
    return exc.DataError("SELECT", {}, _Driver("integer out of range"))


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (away, 503, "service_busy"),
        (pool_is_empty, 503, "service_busy"),
        (ours, 500, "internal_error"),
    ],
)
def test_what_the_database_says_is_told_for_what_it_is(
    ana: Api, monkeypatch: pytest.MonkeyPatch, error: Callable[[], Exception], status: int, code: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error()

    receipt = ana.open_receipt()
    monkeypatch.setattr(receiving, "submit_receipt", fail)
    headers = {"X-CSRF-Token": ana.csrf_token}
    answer = ana.client.post(f"/api/purchase-receipts/{receipt['id']}/submit", json={}, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert ("Retry-After" in answer.headers) == (status == 503)


def test_a_request_holds_one_connection_at_a_time(app: Flask, ana: Api) -> None:
    """Two each, and as many requests as the pool is large wait for each other until they time out."""
    most = 0

    def count(*_: Any) -> None:
        nonlocal most
        most = max(most, db.engine.pool.checkedout())  # type: ignore[attr-defined]

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        with app.app_context():
            receipt = ana.open_receipt()
            ana.scan(receipt, "NB25-0001", batch_no="B-1")
            ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
            ana.client.delete("/api/session", headers={"X-CSRF-Token": ana.csrf_token})
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)
    assert most == 1
