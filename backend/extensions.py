"""The extensions, made here and bound to an application in create_app()."""

from contextlib import suppress
from typing import Any

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

db = SQLAlchemy()
limiter = Limiter(key_func=get_remote_address, headers_enabled=True)
socketio = SocketIO()

WRITE = "serialtrail_write"
"""Execution option of a connection whose transaction will write."""


def engine_options(database_url: str) -> dict[str, Any]:
    """Options of the engine.

    SQLite comes from the pysqlite3 package: the one that Debian 12's Python links (3.40) can corrupt a WAL
    database with two writers (fixed in 3.51.3). PostgreSQL compiles no statement: that takes longer than any of
    ours runs.
    """
    if not database_url.startswith("sqlite"):
        connect_args = {"options": "-c jit=off"}
        pool = {"pool_size": 10, "max_overflow": 20, "pool_timeout": 10, "pool_pre_ping": True}
        return {**pool, "connect_args": connect_args}
    from pysqlite3 import dbapi2

    return {"module": dbapi2, "pool_size": 10, "max_overflow": 20, "pool_timeout": 10}


_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "recursive_triggers=ON")


def prepare_sqlite(engine: Engine) -> None:
    """Make a SQLite engine durable and honest about its transactions.

    synchronous=FULL: a scan that was acknowledged survives a power cut. BEGIN IMMEDIATE for writers: a
    transaction that reads first and then writes fails with "database is locked" whatever the time-out.
    recursive_triggers: otherwise REPLACE deletes rows of the ledger without asking the trigger that forbids it.
    """

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        writes = connection.get_execution_options().get(WRITE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def reading() -> Session:
    """The session of this request, for what it reads; what it writes goes through a unit of work."""
    return db.session()


def end_reading() -> None:
    """Let go of what this request has read; the next question is asked anew.

    By a COMMIT, as there is nothing to undo: after a ROLLBACK psycopg forgets the statements that it has prepared, and
    PostgreSQL plans each of them again, which takes longer than to answer them.
    """
    session = db.session()
    if session.new or session.dirty or session.deleted:
        session.rollback()
    else:
        session.commit()


def end_reading_of_request(error: BaseException | None) -> None:
    """Let go of it at the end of a request that went well, before Flask-SQLAlchemy gives the connection back."""
    if error is None and db.session.registry.has():  # A file of the app is sent without any.
        with suppress(SQLAlchemyError):  # A connection that was lost has nothing to let go of.
            end_reading()


def reading_one_moment() -> Session:
    """The session of this request, from here on reading everything as of one moment.

    SQLite's transactions always do; PostgreSQL's, unless told so, see with each statement what was committed
    meanwhile.
    """
    session = db.session()
    session.rollback()
    if db.engine.dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    return session
