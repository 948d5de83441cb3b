"""PostgreSQL and Redis for the tests: servers of their own, on free ports, in folders that are thrown away.

A machine without them fails these tests and never skips them: half of the promises are about these databases.
"""

import os
import pwd
import random
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
import pytest
import redis

_READY_WITHIN = 30.0
_PORTS = 100
_IN_MEMORY = Path("/dev/shm")
_ROOM = 2**30
_INSTALL = "Run `make test`, which installs it, or: sudo apt-get install"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """SQLAlchemy URL of a PostgreSQL cluster of this test run.

    Nobody cuts its power, so it need not wait for the disk, nor lie on one: a database, some three hundred files,
    is made in memory in a tenth of the time.
    """
    with TemporaryPostgres(is_durable=False) as server:
        yield server.url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """URL of a Redis of this test run, with the time-outs that docs/deployment.md asks for."""
    with TemporaryRedis() as server:
        yield server.url


class _TemporaryServer:
    """A server process in a folder of its own; ended by its own pid."""

    end_signal = signal.SIGTERM

    def __init__(self, *, within: Path | None = None) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="serialtrail-test-", dir=within))
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()

    def start(self) -> None:
        """Start it, also again after ``stop``, and return when it answers."""
        raise NotImplementedError

    def stop(self) -> None:
        """End it and wait until it is gone; its data stay until ``remove``."""
        if self.process is None:
            return
        # A server that a test has frozen does not see the signal otherwise.
        self.process.send_signal(signal.SIGCONT)
        self.process.send_signal(self.end_signal)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def remove(self) -> None:
        """End it and throw its data away."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self, command: list[str], user: str | None, answers: Callable[[], bool]) -> None:
        log = self.folder / "log"
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                user=user,
                group=user,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.folder,
            )
        deadline = time.monotonic() + _READY_WITHIN
        while not answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"{command[0]} did not start:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)


class TemporaryPostgres(_TemporaryServer):
    """A PostgreSQL cluster. ``url`` is for SQLAlchemy, its role may create databases.

    Args:
        is_durable: Whether it waits for the disk, as in production; for what measures it or kills it.
    """

    # "Fast shutdown": open sessions are closed, committed data are safe.
    end_signal = signal.SIGINT

    def __init__(self, *, is_durable: bool = True) -> None:
        super().__init__(within=None if is_durable else _memory())
        self._sync = "on" if is_durable else "off"
        password = secrets.token_hex(16)
        self.conninfo = f"postgresql://serialtrail:{password}@127.0.0.1:{self.port}/postgres"
        self.url = self.conninfo.replace("postgresql://", "postgresql+psycopg://")
        self._binaries = _postgres_binaries()
        # PostgreSQL refuses to run as root.
        self._user = "postgres" if os.geteuid() == 0 else None
        password_file = self.folder / "password"
        password_file.write_text(password)
        if self._user is not None:
            owner = pwd.getpwnam(self._user)
            for path in (self.folder, password_file):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        subprocess.run(
            [
                *(
                    self._binaries / "initdb",
                    "--pgdata",
                    self.folder / "cluster",
                    "--username",
                    "serialtrail",
                ),
                *("--pwfile", password_file, "--auth", "scram-sha-256", "--no-sync"),
                *("--encoding", "UTF8", "--locale", "C.UTF-8"),
            ],
            check=True,
            user=self._user,
            group=self._user,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
        )

    def start(self) -> None:
        """Start the cluster."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
            "max_connections": "200",
            "fsync": self._sync,
            "full_page_writes": self._sync,
            "max_wal_size": "128MB",
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        command = [str(self._binaries / "postgres"), "-D", str(self.folder / "cluster"), *options]
        self._start(command, self._user, self._answers)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.conninfo, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


class TemporaryRedis(_TemporaryServer):
    """A Redis that keeps nothing on disk."""

    def __init__(self) -> None:
        super().__init__()
        # Without the time-outs a frozen Redis would block whoever publishes for good.
        self.url = f"redis://127.0.0.1:{self.port}/0?socket_timeout=0.5&socket_connect_timeout=0.5"

    def start(self) -> None:
        """Start Redis."""
        program = shutil.which("redis-server")
        if program is None:
            pytest.fail(f"Redis is not installed. {_INSTALL} redis-server")
        command = [
            program,
            "--bind",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        self._start(command, None, self._answers)

    def _answers(self) -> bool:
        with redis.Redis.from_url(self.url) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False


def _memory() -> Path | None:
    """A folder in memory, where there is one with room; in a container it often is too small."""
    if _IN_MEMORY.is_dir() and os.access(_IN_MEMORY, os.W_OK) and shutil.disk_usage(_IN_MEMORY).free >= _ROOM:
        return _IN_MEMORY
    return None


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on, and that no other process of tests is told.

    Each process keeps a hundred ports for itself, by holding the first of them for as long as it lives. They lie
    below those that the system gives to whoever does not ask for a certain one, such as the near end of a
    connection: between here and the start of a server it would give away a port from there.
    """
    for port in islice(_own_ports(), _PORTS):
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    pytest.fail("None of the hundred ports of this process is free.")


@cache
def _own_ports() -> Iterator[int]:
    """Round and round."""
    firsts = range(10_000, 32_000, _PORTS)
    for first in random.SystemRandom().sample(firsts, len(firsts)):
        with suppress(OSError), socket.socket() as holder:
            holder.bind(("127.0.0.1", first))
            # Nobody closes it from here on.
            holder.detach()
            return cycle(range(first + 1, first + _PORTS))
    pytest.fail("No hundred ports between 10000 and 32000 are free.")


def _postgres_binaries() -> Path:
    """Where Debian keeps initdb and postgres, which are not on the PATH; the newest version counts."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    newest = max(versions, key=lambda path: float(path.parts[-3]), default=None)
    if newest is not None:
        return newest.parent
    on_path = shutil.which("postgres")
    if on_path is None:
        pytest.fail(f"PostgreSQL is not installed. {_INSTALL} postgresql")
    return Path(on_path).parent
