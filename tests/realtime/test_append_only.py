"""What was written stays written: the database refuses to change it, and the check finds what was changed yet."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from backend.domain.ledger import chained
from backend.extensions import db
from backend.models import StockLedgerEntry
from backend.queries.ledger_check import check_ledger
from tests.api_client import Clock
from tests.conftest import application, config_for

TABLES = ["stock_ledger_entry", "event"]
FIRST = "site_id = 1 AND seq = 3"


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    """An application whose ledger may be out of order at the end."""
    with application(config_for(database_url, tmp_path, clock)) as app, app.app_context():
        assert check_ledger(db.session()).problems == []
        assert run("SELECT count(*) FROM stock_ledger_entry WHERE site_id = 1 AND seq <= 12").scalar() == 12
        yield app


def run(statement: str, **values: object) -> sa.CursorResult[Any]:
    """Run a statement and commit, on a connection as the application's own."""
    result = db.session.connection().execute(sa.text(statement), values)
    if not result.returns_rows:
        db.session.commit()
    return result


def without_triggers() -> None:
    """As somebody could who owns the database."""
    for table in TABLES:
        if db.engine.name == "postgresql":
            run(f"DROP TRIGGER {table}_append_only ON {table}")
        else:
            run(f"DROP TRIGGER {table}_no_update")
            run(f"DROP TRIGGER {table}_no_delete")


def problems() -> list[str]:
    db.session.rollback()
    return check_ledger(db.session()).problems


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {{table}} SET voucher_id = voucher_id WHERE {FIRST}",
        f"DELETE FROM {{table}} WHERE {FIRST}",
        "DELETE FROM {table}",
        f"INSERT INTO {{table}} SELECT * FROM {{table}} WHERE {FIRST} "
        "ON CONFLICT (site_id, seq) DO UPDATE SET voucher_id = excluded.voucher_id",
    ],
)
def test_changing_and_deleting_is_refused(app: Flask, table: str, statement: str) -> None:
    with pytest.raises(DBAPIError, match=f"{table} is append-only"):
        run(statement.format(table=table))
    assert problems() == []


@pytest.mark.parametrize("engine_name", ["postgresql"])
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("more", ["", " CASCADE"])
def test_emptying_is_refused(app: Flask, table: str, more: str) -> None:
    with pytest.raises(DBAPIError, match=f"{table} is append-only"):
        run(f"TRUNCATE {table}{more}")
    assert problems() == []


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("table", TABLES)
def test_replacing_is_refused(app: Flask, table: str) -> None:
    """SQLite deletes what it replaces, by default without asking the triggers."""
    with pytest.raises(DBAPIError, match=f"{table} is append-only"):
        run(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE {FIRST}")
    assert problems() == []


def test_a_changed_entry_is_found(app: Flask) -> None:
    without_triggers()
    run(f"UPDATE stock_ledger_entry SET actor_id = actor_id + 1 WHERE {FIRST}")
    assert problems() == ["site 1, entry 3: changed after it was written"]


def test_an_entry_changed_with_its_hash_is_found(app: Flask) -> None:
    """Whoever knows how entries are hashed would have to hash all that follow, and the feed's end."""
    without_triggers()
    entry = dict(db.session.execute(sa.select(StockLedgerEntry.__table__).where(sa.text(FIRST))).one()._mapping)
    entry["actor_id"] += 1
    previous, _ = entry.pop("prev_hash"), entry.pop("hash")
    digest = chained(previous, tuple(entry.values()))
    run(
        f"UPDATE stock_ledger_entry SET actor_id = :actor, hash = :hash WHERE {FIRST}",
        actor=entry["actor_id"],
        hash=digest,
    )
    assert problems() == ["site 1, entry 4: not chained to the entry before it"]


def test_a_deleted_entry_is_found(app: Flask) -> None:
    without_triggers()
    run(f"DELETE FROM stock_ledger_entry WHERE {FIRST}")
    found = problems()
    assert "site 1, entry 4: entry 3 is missing" in found
    assert "site 1, entry 4: not chained to the entry before it" in found
    assert not [problem for problem in found if "entry 5" in problem]


def test_a_deleted_last_entry_is_found(app: Flask) -> None:
    last = run("SELECT max(seq) FROM stock_ledger_entry WHERE site_id = 1").scalar()
    without_triggers()
    run("DELETE FROM stock_ledger_entry WHERE site_id = 1 AND seq = :last", last=last)
    assert f"site 1: the ledger ends at {last - 1}, the feed says {last}" in problems()


def test_two_swapped_entries_are_found(app: Flask) -> None:
    without_triggers()
    unit = run("SELECT * FROM serial_number WHERE last_site_id = 1 AND last_seq = 4").one()
    rest = f"{unit.batch_id}, {unit.owner_id}, {unit.location_id}"
    for old, new in ((3, -1), (4, 3), (-1, 4)):
        run("UPDATE stock_ledger_entry SET seq = :new WHERE site_id = 1 AND seq = :old", old=old, new=new)
    assert problems() == [
        "site 1, entry 3: not chained to the entry before it",
        "site 1, entry 3: changed after it was written",
        "site 1, entry 4: not chained to the entry before it",
        "site 1, entry 4: changed after it was written",
        "site 1, entry 5: not chained to the entry before it",
        f"unit {unit.serial_no} ({unit.id}): last site, last entry, batch, owner and place are (1, 4, {rest}), "
        f"the ledger says (1, 3, {rest})",
    ]


def test_a_deleted_event_is_found(app: Flask) -> None:
    without_triggers()
    head = run("SELECT head FROM feed WHERE site_id = 1").scalar()
    run(f"DELETE FROM event WHERE {FIRST}")
    assert problems() == [f"site 1: the feed says {head}, there are {head - 1} events, the last is {head}"]


def test_the_command_names_the_position_and_fails(app: Flask) -> None:
    without_triggers()
    run(f"UPDATE stock_ledger_entry SET qty = 2 * qty WHERE {FIRST}")
    result = app.test_cli_runner().invoke(args=["check-ledger"])
    assert result.exit_code == 1
    assert "site 1, entry 3: changed after it was written\n" in result.output
