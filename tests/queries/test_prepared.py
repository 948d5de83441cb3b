"""PostgreSQL plans what is asked again and again once, and not with each request."""

import pytest
from flask import Flask
from sqlalchemy import text

from backend.extensions import db
from tests.api_client import Api


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_the_statements_of_a_look_up_stay_prepared(app: Flask, kim: Api) -> None:
    for _ in range(10):
        assert kim.get("/api/units", site=kim.site, q="NB24-0001")["matches"]
    with app.app_context(), db.engine.connect() as connection:
        prepared = connection.execute(text("SELECT statement FROM pg_prepared_statements")).scalars().all()
    assert any("FROM serial_number" in statement for statement in prepared)
