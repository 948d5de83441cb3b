"""A server with the demo data that a test may freeze, stop and start again, and whose database it may read."""

import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.databases import free_port
from tests.running import Running, environment, running, serialtrail

DATABASE = "serialtrail.sqlite3"


class DemoServer:
    """``serialtrail serve`` on a port of its own, over a new data directory with a copy of a database."""

    def __init__(self, data: Path, database: Path) -> None:
        self.data = data
        self.port = free_port()
        self._until_stopped = ExitStack()
        self._process = Running(data, 0, self.port, 0)
        shutil.copy(database, data / DATABASE)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        """What it wrote to the terminal since its last start."""
        return self._process.said

    def start(self) -> None:
        """Start it, also again after ``stop``; it answers when this returns."""
        command = [sys.executable, "-m", "backend", "serve", "--port", str(self.port), "--data", str(self.data)]
        self._until_stopped.enter_context(running(self._process, command, environment(self.data)))

    def stop(self) -> None:
        """Stop it as Ctrl-C does; connections to its port are refused from then on."""
        if self._process.process.poll() is None:
            self._process.end(signal.SIGINT)
        self._until_stopped.close()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """The process stands still: requests arrive and nobody answers, until the end of the block."""
        os.kill(self._process.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._process.process.pid, signal.SIGCONT)

    def run(self, *arguments: str) -> str:
        """Run a command of ``serialtrail`` on its data; what it wrote."""
        done = serialtrail(self.data, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def rows(self, statement: str, *parameters: Any) -> list[dict[str, Any]]:
        """Read its database, beside it."""
        connection = sqlite3.connect(f"file:{self.data / DATABASE}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in connection.execute(statement, parameters)]
        finally:
            connection.close()

    def number(self, voucher_id: str) -> str:
        """The number of a voucher that people know it by."""
        return str(self.rows("SELECT number FROM voucher WHERE id = ?", voucher_id.replace("-", ""))[0]["number"])

    def scans(self, receipt_id: str) -> list[dict[str, Any]]:
        """The scans of a receipt in the order in which the server took them."""
        return self.rows(
            "SELECT scan.id, counter, purpose, CAST(raw AS TEXT) AS text, symbology, source, status, code,"
            " device_id, app_user.username AS by, recorded_at FROM scan JOIN app_user ON app_user.id = user_id"
            " WHERE voucher_id = ? ORDER BY feed_seq",
            receipt_id.replace("-", ""),
        )

    def posted(self, receipt_id: str) -> dict[str, int]:
        """What the ledger brought into each place by a receipt: units by the place's code."""
        entries = self.rows(
            "SELECT location.code AS place, sum(qty) AS units FROM stock_ledger_entry"
            " JOIN location ON location.id = location_id WHERE voucher_id = ? AND qty > 0 GROUP BY location.code",
            receipt_id.replace("-", ""),
        )
        return {entry["place"]: int(entry["units"]) for entry in entries}

    def entries(self, voucher_id: str) -> int:
        """How many lines of the ledger a voucher caused; each unit has two."""
        counted = "SELECT count(*) AS entries FROM stock_ledger_entry WHERE voucher_id = ?"
        return int(self.rows(counted, voucher_id.replace("-", ""))[0]["entries"])


def moment(text: str) -> datetime:
    """A moment as the API writes it, or as SQLite keeps it: in UTC, without saying so."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)
