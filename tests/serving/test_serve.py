"""The embedded server as a process: what it answers, what it refuses, and how it ends."""

import http.client
import signal
import socket
import ssl
import subprocess
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
import websocket
from pysqlite3 import dbapi2

from tests.databases import free_port
from tests.running import Running, serialtrail, serving_lan


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    upgraded = serialtrail(folder, "db", "upgrade")
    assert upgraded.returncode == 0, upgraded.stderr
    return folder


@pytest.fixture(scope="module")
def server(data: Path):
    with serving_lan(data) as server:
        yield server


def trusting(server: Running) -> ssl.SSLContext:
    """What a phone has after it installed the certificate."""
    return ssl.create_default_context(cafile=server.data / "certificates" / "authority.crt")


def get(url: str, context: ssl.SSLContext | None = None) -> tuple[int, dict[str, str], bytes]:
    with urllib.request.urlopen(url, timeout=10, context=context) as answer:
        return answer.status, dict(answer.headers), answer.read()


def open_socket(server: Running, port: int, scheme: str = "ws") -> websocket.WebSocket:
    context = {"context": trusting(server)} if scheme == "wss" else {}
    return websocket.create_connection(
        f"{scheme}://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket",
        timeout=10,
        header=["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"],
        sslopt=context,
    )


def is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except (ConnectionRefusedError, ConnectionResetError):
        return False
    return True


def test_a_phone_that_trusts_the_authority_gets_the_app_over_https(server):
    status, _, body = get(f"https://127.0.0.1:{server.https_port}/healthz", trusting(server))
    assert status == 200
    assert b"ok" in body


def test_a_phone_that_does_not_trust_it_is_not_served(server):
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        get(f"https://127.0.0.1:{server.https_port}/healthz", ssl.create_default_context())


def test_a_handshake_that_fails_is_no_event(server):
    """Daily business while phones are being connected: gevent would print a traceback for each."""
    with socket.create_connection(("127.0.0.1", server.https_port), timeout=10) as phone:
        phone.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        with suppress(ConnectionResetError):
            while phone.recv(1000):
                pass
    assert get(f"https://127.0.0.1:{server.https_port}/healthz", trusting(server))[0] == 200
    assert "Traceback" not in server.said


def test_old_tls_is_refused(server):
    old = trusting(server)
    old.minimum_version = ssl.TLSVersion.TLSv1_2
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    assert get(f"https://127.0.0.1:{server.https_port}/healthz", old)[0] == 200
    command = ["openssl", "s_client", "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"]
    command += ["-connect", f"127.0.0.1:{server.https_port}"]
    assert subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=20).returncode != 0


def test_any_origin_may_ask_whether_the_phone_trusts_us_and_nothing_else(server):
    status, headers, body = get(f"https://127.0.0.1:{server.https_port}/connect/trusted", trusting(server))
    assert (status, headers["Access-Control-Allow-Origin"], body) == (204, "*", b"")
    _, headers, _ = get(f"https://127.0.0.1:{server.https_port}/healthz", trusting(server))
    assert "Access-Control-Allow-Origin" not in headers


def test_the_onboarding_page_is_all_that_is_served_without_tls_to_phones(server):
    _, _, page = get(f"http://127.0.0.1:{server.connect_port}/")
    assert f"https://127.0.0.1:{server.https_port}/".encode() in page
    for path in ("/healthz", "/api/session", "/socket.io/"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            get(f"http://127.0.0.1:{server.connect_port}{path}")


@pytest.mark.parametrize("scheme", ["ws", "wss"])
def test_live_connections_are_taken_without_compression(server, scheme):
    live = open_socket(server, server.https_port if scheme == "wss" else server.http_port, scheme)
    try:
        assert live.recv().startswith("0{")
        assert "sec-websocket-extensions" not in live.getheaders()
    finally:
        live.close()


def test_polling_is_not_served(server):
    with pytest.raises(urllib.error.HTTPError, match="400"):
        get(f"http://127.0.0.1:{server.http_port}/socket.io/?EIO=4&transport=polling")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_by_itself_and_sends_live_connections_to_reconnect(data, number):
    with serving_lan(data) as server:
        live = open_socket(server, server.http_port)
        live.recv()
        idle = http.client.HTTPConnection("127.0.0.1", server.http_port)
        idle.request("GET", "/healthz")
        idle.getresponse().read()
        half_said = socket.create_connection(("127.0.0.1", server.https_port))

        assert server.end(number) == 0
        assert "Traceback" not in server.said
        # Engine.IO's "close", then WebSocket's: to the client a lost transport, which it opens anew.
        assert live.recv_data() == (websocket.ABNF.OPCODE_TEXT, b"1")
        assert live.recv_data()[0] == websocket.ABNF.OPCODE_CLOSE
        live.shutdown()
        for connection in (idle, half_said):
            connection.close()


def test_a_request_under_way_gets_its_answer_when_the_server_ends(data):
    with serving_lan(data) as server:
        body = b'{"username": "nobody", "password": "wrong"}'
        head = b"POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        head += b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body)
        with socket.create_connection(("127.0.0.1", server.http_port), timeout=10) as phone:
            phone.sendall(head)
            # The application has begun to read the request: from here on it is under way.
            assert phone.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
            server.process.send_signal(signal.SIGTERM)
            while is_listening(server.http_port):
                pass
            phone.sendall(body)
            assert phone.recv(100).startswith(b"HTTP/1.1 401")
        assert server.process.wait(timeout=30) == 0


def test_the_next_start_serves_with_the_same_authority(data, server):
    authority = (data / "certificates" / "authority.crt").read_bytes()
    with serving_lan(data):
        assert (data / "certificates" / "authority.crt").read_bytes() == authority


def test_a_taken_port_is_one_sentence_and_exit_code_2(data, server):
    refused = serialtrail(data, "serve", "--port", str(server.http_port))
    assert refused.returncode == 2
    assert f"Port {server.http_port} is in use" in refused.stderr
    assert "Next: Stop that program, or use another port: add --port" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_public_name_is_refused(data):
    refused = serialtrail(data, "serve", "--lan", "--host", "127.0.0.1", "--port", "0", "--http-port", "0",
                          "--connect-port", "0", "--address", "shop.example")  # fmt: skip
    assert refused.returncode == 2
    assert "'shop.example' is no address of a local network" in refused.stderr


def test_the_address_around_a_container_is_offered_first(data):
    with serving_lan(data, "--address", "192.168.1.20") as server:
        assert f"http://192.168.1.20:{server.connect_port}/connect" in server.said


def test_what_only_its_owner_may_read(data, server):
    kept = {path for path in data.rglob("*") if path.suffix != ".log"}
    assert {data / "serialtrail.sqlite3", data / "secret-key", data / "certificates/authority.key"} <= kept
    assert [str(path) for path in kept if path.stat().st_mode & 0o077] == []


def test_a_new_installation_makes_its_own_tables(tmp_path):
    with serving_lan(tmp_path) as server:
        assert get(f"http://127.0.0.1:{server.http_port}/readyz")[0] == 200


def test_a_database_of_another_version_is_left_alone(tmp_path):
    assert serialtrail(tmp_path, "db", "upgrade").returncode == 0
    database = dbapi2.connect(tmp_path / "serialtrail.sqlite3")
    database.execute("UPDATE alembic_version SET version_num = 'of the future'")
    database.commit()
    database.close()

    refused = serialtrail(tmp_path, "serve", "--port", "0")

    assert refused.returncode == 2
    assert "The database has schema of the future" in refused.stderr
    assert "serialtrail db upgrade" in refused.stderr


def test_a_database_that_does_not_answer_is_one_sentence(tmp_path):
    nobody = f"postgresql://serialtrail@127.0.0.1:{free_port()}/serialtrail"
    refused = serialtrail(
        tmp_path, "serve", "--port", "0", SERIALTRAIL_DATABASE_URL=nobody, SERIALTRAIL_SECRET_KEY="s" * 64
    )
    assert refused.returncode == 2
    assert refused.stderr.startswith("The database does not answer: ")
    assert "Traceback" not in refused.stderr


def test_a_data_folder_that_cannot_be_used_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    refused = serialtrail(tmp_path / "file" / "data", "serve", "--port", "0")
    assert refused.returncode == 2
    assert refused.stderr.startswith("The data folder cannot be used: ")
    assert "Traceback" not in refused.stderr
