"""The migrations: which is the newest, and which one a database has.

A web process asks for both and never migrates. Alembic, which Flask-Migrate brings along, takes 11 MB of memory: it is
loaded by the first who asks for a migration.
"""

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, inspect, text

if TYPE_CHECKING:
    from flask_migrate import Migrate

_FOLDER = Path(__file__).parent
_NAMED = re.compile(r"""^(down_)?revision = ["'](\w+)["']""", re.MULTILINE)


class Migrations:
    """Stands in the application for Flask-Migrate, as its commands look for it."""

    directory = str(_FOLDER)

    def __init__(self, db: SQLAlchemy) -> None:
        self._db = db

    @functools.cached_property
    def migrate(self) -> "Migrate":
        """The extension itself."""
        from flask_migrate import Migrate

        return Migrate(db=self._db, directory=self.directory, compare_type=True)


@functools.cache
def head() -> str:
    """The newest revision: the one that no other follows, as the files of the migrations say."""
    named: list[tuple[str, str]] = [
        each for file in _FOLDER.glob("versions/*.py") for each in _NAMED.findall(file.read_text())
    ]
    (newest,) = {name for down, name in named if not down} - {name for down, name in named if down}
    return newest


def revision(connection: Connection) -> str | None:
    """The revision that a database has; none before its first migration."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found
