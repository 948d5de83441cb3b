"""Runs ``serialtrail serve`` and gunicorn as their users do: as processes, on free ports of 127.0.0.1."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.databases import free_port

ROOT = Path(__file__).parents[1]


@dataclass
class Running:
    """A server under test.

    Args:
        data: Its data directory; the log lies there too.
        https_port: 0 without --lan.
        http_port: Answers ``/healthz``.
        connect_port: 0 without --lan.
        is_gunicorn: It does not greet people, as ``serialtrail serve`` does when it is ready.
    """

    data: Path
    https_port: int
    http_port: int
    connect_port: int
    is_gunicorn: bool = False
    process: subprocess.Popen[bytes] = field(init=False)

    @property
    def log(self) -> Path:
        """What it wrote to the terminal."""
        return self.data / f"server-{self.http_port}.log"

    @property
    def said(self) -> str:
        """What it wrote so far."""
        return self.log.read_text()

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to stop and wait until it has; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=30)

    def answers(self) -> bool:
        """Whether it is ready: alive and, where it greets people, done with that."""
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.http_port}/healthz", timeout=5).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
        return self.is_gunicorn or "Ctrl-C" in self.said


def environment(data: Path, **settings: str) -> dict[str, str]:
    """The environment of a process under test: nothing of Serialtrail's that the machine has set.

    And it may keep what it compiled: to start our modules anew costs each of many processes a second otherwise.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SERIALTRAIL_")}
    for name in ("WEB_CONCURRENCY", "PYTHONDONTWRITEBYTECODE"):
        inherited.pop(name, None)
    return {
        **inherited,
        "SERIALTRAIL_DATA": str(data),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        **settings,
    }


def serialtrail(data: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, with further settings in its environment."""
    return subprocess.run(
        [sys.executable, "-m", "backend", *arguments],
        env=environment(data, **settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@contextmanager
def serving_lan(data: Path, *further: str) -> Iterator[Running]:
    """``serialtrail serve --lan`` on 127.0.0.1."""
    https, http, connect = free_port(), free_port(), free_port()
    arguments = ["serve", "--lan", "--host", "127.0.0.1", "--data", str(data)]
    arguments += ["--port", str(https), "--http-port", str(http), "--connect-port", str(connect), *further]
    server = Running(data, https, http, connect)
    with running(server, [sys.executable, "-m", "backend", *arguments], environment(data)):
        yield server


@contextmanager
def running(server: Running, command: Sequence[str], env: Mapping[str, str], cwd: Path = ROOT) -> Iterator[Running]:
    """Run a server until the end of the block; it answers when the block begins."""
    with server.log.open("wb") as output:
        server.process = subprocess.Popen(
            command, env=dict(env), cwd=cwd, stdout=output, stderr=output, stdin=subprocess.DEVNULL
        )
    try:
        deadline = time.monotonic() + 60
        while not server.answers():
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"The server did not start:\n{server.said[-4000:]}")
            time.sleep(0.05)
        yield server
    finally:
        if server.process.poll() is None:
            server.process.kill()
        server.process.wait()
