"""The Procfile's web process: what it refuses to start with, and how it ends."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import websocket

from tests.databases import free_port
from tests.running import ROOT, Running, environment, running, serialtrail


def command_of(process: str) -> str:
    """The line of the Procfile for a process type."""
    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    return lines[process].replace("gunicorn ", f"{sys.executable} -m gunicorn ", 1)


def refused(data: Path, **settings: str) -> str:
    """What a web process says that refuses to start with these settings."""
    process = subprocess.run(
        ["/bin/sh", "-c", f"exec {command_of('web')}"],
        env=environment(data, PORT=str(free_port()), **settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert process.returncode != 0
    assert "Traceback" not in process.stderr
    return process.stderr


@pytest.fixture
def data(tmp_path: Path) -> Path:
    upgraded = serialtrail(tmp_path, "db", "upgrade")
    assert upgraded.returncode == 0, upgraded.stderr
    return tmp_path


def test_several_processes_on_sqlite_are_refused(tmp_path):
    assert "SQLite serves one" in refused(tmp_path, WEB_CONCURRENCY="2")


def test_several_processes_without_redis_are_refused(tmp_path):
    settings = {
        "SERIALTRAIL_DATABASE_URL": "postgresql://db.invalid/serialtrail",
        "SERIALTRAIL_SECRET_KEY": "s" * 64,
    }
    assert "Set SERIALTRAIL_REDIS_URL" in refused(tmp_path, WEB_CONCURRENCY="2", **settings)


def test_a_missing_secret_is_refused(tmp_path):
    said = refused(tmp_path, SERIALTRAIL_DATABASE_URL="postgresql://db.invalid/serialtrail")
    assert "SERIALTRAIL_SECRET_KEY is missing" in said


def test_it_serves_and_sends_live_connections_to_reconnect_when_it_ends(data):
    port = free_port()
    settings = environment(data, PORT=str(port))
    server = Running(data, https_port=0, http_port=port, connect_port=0, is_gunicorn=True)
    with running(server, ["/bin/sh", "-c", f"exec {command_of('web')}"], settings):
        live = websocket.create_connection(
            f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket",
            timeout=30,
            header=["Sec-WebSocket-Extensions: permessage-deflate"],
        )
        assert "sec-websocket-extensions" not in live.getheaders()
        assert live.recv().startswith("0{")

        assert server.end(signal.SIGTERM) == 0

        assert live.recv_data() == (websocket.ABNF.OPCODE_TEXT, b"1")
        assert live.recv_data()[0] == websocket.ABNF.OPCODE_CLOSE
        live.shutdown()
        assert "graceful timeout" not in server.said
