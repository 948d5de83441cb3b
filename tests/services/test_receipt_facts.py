"""What every scan asks the database for is found by an index, however much there is."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from backend.extensions import db
from backend.models import Base
from backend.queries import boards
from tests.api_client import Api


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_nothing_is_searched_row_by_row(app: Flask, ana: Api) -> None:
    """SQLite plans without looking at the data, so that small tables tell what large ones will do."""
    receipt = ana.open_receipt()
    asked: dict[str, Any] = {}

    def remember(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE")):
            asked[statement] = values[0] if values and isinstance(values[0], tuple) else values

    with app.app_context():
        engine = db.engine
        sa.event.listen(engine, "before_cursor_execute", remember)
        try:
            scan = ana.a_scan(receipt, "NB25-0001", batch_no="B-1")
            ana.send(scan, ana.a_scan(receipt, "", purpose="undo", undoes=scan["id"]))
            boards.receiving(db.session(), ana.site, ana.clock.now)
        finally:
            sa.event.remove(engine, "before_cursor_execute", remember)
        explain = db.session.connection().exec_driver_sql
        plans = {
            statement: [row[3] for row in explain(f"EXPLAIN QUERY PLAN {statement}", values)]
            for statement, values in asked.items()
        }
    assert len(plans) > 10
    scanned = {
        statement: plan
        for statement, plan in plans.items()
        # What a statement made itself, a subquery, it may read through.
        if any(step.startswith("SCAN ") and step.split()[1] in Base.metadata.tables for step in plan)
    }
    assert scanned == {}
