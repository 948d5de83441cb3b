"""Whether a process can work, told quickly to anybody who asks."""

from flask import Flask
from sqlalchemy import text

from backend.extensions import db
from backend.unit_of_work import transact


def test_ready_says_whether_the_schema_is_of_this_version(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    assert (client.get("/readyz").status_code, client.get("/readyz").get_json()["status"]) == (200, "ok")

    with app.app_context():
        transact(lambda work: work.connection.execute(text("UPDATE alembic_version SET version_num = '0000'")))
        assert (client.get("/readyz").status_code, client.get("/readyz").get_json()["schema"]) == (503, "0000")
        transact(lambda work: work.connection.execute(text("DROP TABLE alembic_version")))
        db.session.remove()
    assert (client.get("/readyz").status_code, client.get("/readyz").get_json()["schema"]) == (503, None)
