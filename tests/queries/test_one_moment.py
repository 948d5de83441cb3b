"""What is compared or shown side by side is read as of one moment, whoever writes meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask

from backend.extensions import db
from tests.api_client import Api
from tests.elsewhere import elsewhere


@contextmanager
def before_reading(app: Flask, table: str, act: Callable[[], Any]) -> Iterator[None]:
    """Let somebody else act just before the first statement that reads from a table."""
    acts = [act]

    def look(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if acts and f"FROM {table}" in statement:
            elsewhere(acts.pop())

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", look)
    try:
        yield
    finally:
        sa.event.remove(engine, "before_cursor_execute", look)
    assert not acts


def test_the_ledger_is_checked_while_goods_are_posted(app: Flask, ana: Api) -> None:
    receipt = ana.open_receipt()
    ana.scan(receipt, "NB25-0001", batch_no="B-1")

    with before_reading(app, "balance", lambda: ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})):
        result = app.test_cli_runner().invoke(args=["check-ledger"])

    assert result.exit_code == 0, result.output


def test_a_board_shows_what_stood_at_its_head(app: Flask, ana: Api, sue: Api) -> None:
    receipt = ana.open_receipt()
    ana.scan(receipt, "NB25-0001", batch_no="B-1")

    with before_reading(app, "scan JOIN", lambda: ana.scan(receipt, "NB25-0002", batch_no="B-1")):
        board = sue.get("/api/boards/receiving", site=sue.site)

    (shown,) = (each for each in board["receipts"] if each["id"] == receipt["id"])
    assert shown["accepted"] == 1
    assert [scan["serial_no"] for scan in board["stream"]] == ["NB25-0001"]
    assert shown["curve"][-1][1] == 1
    assert sue.get("/api/feed", site=sue.site, since=board["head"])["events"][0]["kind"] == "unit_accepted"
