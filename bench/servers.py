"""The servers that are measured: ours as it is shipped, and the floor, each in a process of its own."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from backend.app import create_app
from backend.config import Config
from backend.demo import load_demo
from backend.extensions import db
from backend.models import Item, Location, Party
from backend.services.masters import OrderLine, add_purchase_order
from backend.services.people import actor_of, check_password, open_session
from backend.unit_of_work import UnitOfWork, transact
from tests.databases import free_port

ORDERED = 1_000_000
"""Quantity of the order that is received from, larger than any measurement."""


@dataclass(frozen=True, slots=True)
class Database:
    """A database with demo data and one large order of LAP-15."""

    url: str
    folder: Path
    order_id: str


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers on loopback."""

    port: int
    process: subprocess.Popen[bytes]

    def memory_mb(self) -> float:
        """Resident memory of the process."""
        return self._status("VmRSS")

    def most_memory_mb(self) -> float:
        """The most resident memory that the process ever had."""
        return self._status("VmHWM")

    def _status(self, name: str) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split(f"{name}:")[1].split()[0]) / 1024


def processor_seconds(pid: int) -> float:
    """Processor time so far of a process and of its children: what a busy machine does not make longer."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if path.parent.name == str(pid) or fields[1] == str(pid):
                # In the program and in the system (proc(5)).
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def prepared(url: str | None, folder: Path) -> Database:
    """Make the schema, the demo data and the large order."""
    app = create_app(_config(url, folder))
    with app.app_context():
        upgrade(directory=app.extensions["migrate"].directory)
        transact(load_demo)
        order_id = transact(_large_order)
        db.session.remove()
        db.engine.dispose()
    return Database(app.config["SQLALCHEMY_DATABASE_URI"], folder, order_id)


@contextmanager
def serialtrail(database: Database) -> Iterator[Server]:
    """Our embedded server, as ``serialtrail serve`` starts it."""
    port = free_port()
    command = [sys.executable, "-m", "backend", "serve", "--port", str(port)]
    with _running(command, port, "/healthz", _environment(database)) as server:
        yield server


@contextmanager
def floor(database: Database) -> Iterator[Server]:
    """The floor: a bare route that writes the same rows with plain SQL."""
    port = free_port()
    command = [sys.executable, "-m", "bench.floor", str(port)]
    with _running(command, port, "/", _environment(database)) as server:
        yield server


@contextmanager
def application(database: Database) -> Iterator[Flask]:
    """The application in this process, to read and prepare."""
    app = create_app(_config(database.url, database.folder))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _config(url: str | None, folder: Path) -> Config:
    return Config(url or f"sqlite:///{folder / 'serialtrail.sqlite3'}", secret_key="bench", data_dir=folder)


def _environment(database: Database) -> dict[str, str]:
    return os.environ | {
        "SERIALTRAIL_DATA": str(database.folder),
        "SERIALTRAIL_DATABASE_URL": database.url,
        "SERIALTRAIL_SECRET_KEY": "bench",
        "PYTHONPATH": str(Path(__file__).parent.parent),
    }


@contextmanager
def _running(command: list[str], port: int, path: str, environment: dict[str, str]) -> Iterator[Server]:
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            _wait(process, f"http://127.0.0.1:{port}{path}", log)
            yield Server(port, process)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], url: str, log: object) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=1).read()
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.05)
    log.seek(0)  # type: ignore[attr-defined]
    raise SystemExit(f"{url} does not answer:\n{log.read().decode()}")  # type: ignore[attr-defined]


def _large_order(work: UnitOfWork) -> str:
    user_id = check_password(work.session, "sue", "demo-sue")
    token = open_session(work, user_id=user_id or 0, hours=1, user_agent="bench")
    actor, _ = actor_of(work.session, token, work.now) or (None, None)
    site = work.session.query(Location).filter_by(code="HQ").one()
    order = add_purchase_order(
        work,
        actor,  # type: ignore[arg-type]
        order_id=str(uuid.uuid4()),
        site_id=site.id,
        supplier=work.session.query(Party).filter_by(code="NorthStar").one(),
        lines=[OrderLine(work.session.query(Item).filter_by(item_code="LAP-15").one(), ORDERED)],
        number="PO-BENCH",
    )
    return order.id
