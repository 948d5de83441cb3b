"""The migrations: one line of them, in step with the models, and both ways, on both databases."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade

from backend import migrations
from backend.extensions import db
from backend.models import Base
from tests.api_client import Clock
from tests.conftest import application, config_for

OURS_AND_ALEMBICS = {*Base.metadata.tables, "alembic_version"}


def test_there_is_one_newest_migration() -> None:
    assert ScriptDirectory(migrations.Migrations.directory).get_heads() == [migrations.head()]


# SQLite cannot say what an index of expressions is; the next test compares those as SQLite keeps them.
@pytest.mark.filterwarnings(
    "ignore:Skipped unsupported reflection of expression-based index",
    "ignore:autogenerate skipping metadata-specified expression-based index",
)
def test_the_models_are_what_the_migrations_make(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
        assert set(sa.inspect(connection).get_table_names()) == OURS_AND_ALEMBICS


def test_every_migration_can_be_taken_back_and_made_again(database_url: str, tmp_path: Path, clock: Clock) -> None:
    with application(config_for(database_url, tmp_path, clock)) as app, app.app_context():
        before = _shape()
        downgrade(directory=app.extensions["migrate"].directory, revision="base")
        assert _shape() == {"alembic_version": before["alembic_version"]}
        upgrade(directory=app.extensions["migrate"].directory)
        assert _shape() == before


def _shape() -> dict[str, object]:
    """What there is, by name, as the database itself tells it."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"))
            # A table that was made anew has its columns and constraints in another order.
            return {row.name: sorted(part.strip(' ,"') for part in (row.sql or "").splitlines()) for row in rows}
        found = sa.inspect(connection)
        tables = {table: _table(found, table) for table in found.get_table_names()}
        return tables | dict.fromkeys(connection.scalars(sa.text(_TRIGGERS_AND_THEIR_FUNCTIONS)))


_TRIGGERS_AND_THEIR_FUNCTIONS = """
    SELECT tgname || ' on ' || tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal
    UNION SELECT proname || '()' FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


def _table(found: sa.Inspector, table: str) -> object:
    return {
        "columns": {column["name"]: (str(column["type"]), column["nullable"]) for column in found.get_columns(table)},
        "indexes": sorted(str(index) for index in found.get_indexes(table)),
        "uniques": sorted(str(unique) for unique in found.get_unique_constraints(table)),
        "foreign keys": sorted(str(key) for key in found.get_foreign_keys(table)),
        "checks": sorted(str(check) for check in found.get_check_constraints(table)),
    }
