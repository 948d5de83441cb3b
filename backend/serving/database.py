"""The database as the embedded server finds it at its start."""

from flask import Flask
from sqlalchemy.exc import OperationalError

from backend import migrations
from backend.config import Config
from backend.extensions import db
from backend.serving.errors import CannotServe


def prepare_database(app: Flask, config: Config) -> None:
    """Make the tables of a new SQLite database; leave every other one as it is.

    Raises:
        CannotServe: The database does not answer; or its schema is not the one of this version. Changing
            that is for a person to say, who has made a backup before.
    """
    with app.app_context():
        try:
            with db.engine.connect() as connection:
                schema = migrations.revision(connection)
        except OperationalError as error:
            raise CannotServe(
                f"The database does not answer: {error.orig}.",
                "Start it, or correct SERIALTRAIL_DATABASE_URL.",
            ) from error
        wanted = migrations.head()
        if schema == wanted:
            return
        if schema is None and config.is_sqlite:
            from flask_migrate import upgrade

            upgrade()
            return
    raise CannotServe(
        f"The database has schema {schema or 'none'}, and this version of Serialtrail needs {wanted}.",
        "Make a backup, then run: serialtrail db upgrade",
    )
