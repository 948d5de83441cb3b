"""Alembic's environment: the migrations run on the application's own engine, SQLite and PostgreSQL alike."""

from typing import Any, cast

from alembic import context
from sqlalchemy import Connection

from backend.extensions import WRITE, db
from backend.models import Base


def run() -> None:
    """Run the migrations, each in one transaction: the schema is the old one or the new one, never between."""
    engine = db.engine.execution_options(**{WRITE: True})
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            # SQLite changes a table by making it anew, and drops the old one although others point to it.
            _cursor(connection).execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=is_sqlite,
            transactional_ddl=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
            if is_sqlite:
                _must_point_somewhere(connection)
        connection.commit()
        if is_sqlite:
            _cursor(connection).execute("PRAGMA foreign_keys=ON")


def _cursor(connection: Connection) -> Any:
    """A cursor past SQLAlchemy, which would open a transaction first; within one SQLite ignores the pragma."""
    return cast(Any, connection.connection.dbapi_connection).cursor()


def _must_point_somewhere(connection: Connection) -> None:
    """Refuse a migration that leaves a reference to a row that is not there; it is rolled back then."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise RuntimeError(f"the migration leaves a row of {broken[0]} that points to no row of {broken[2]}")


run()
