"""Alembic's environment: the migrations run on the application's own engine, SQLite and PostgreSQL alike."""

from alembic import context

from backend.extensions import WRITE, db
from backend.models import Base


def run() -> None:
    """Run the migrations, each in one transaction: the schema is the old one or the new one, never between."""
    engine = db.engine.execution_options(**{WRITE: True})
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            transactional_ddl=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
