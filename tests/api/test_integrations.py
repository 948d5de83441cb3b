"""Programs that come in with a token, and webhooks that arrive once, late or never, on both databases."""

import contextlib
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from flask import Flask

from backend.domain.webhooks import ATTEMPTS
from backend.services import webhook_delivery, webhooks
from backend.services.webhook_delivery import deliver
from backend.unit_of_work import transact
from tests.api.test_receiving_scenarios import nb25, receive
from tests.api_client import Api, Clock
from tests.conftest import LogIn


@pytest.fixture
def admin(log_in: LogIn) -> Api:
    return log_in("admin")


def make_token(admin: Api, *permissions: str, name: str = "ERP", **more: Any) -> dict[str, Any]:
    wanted = {"site": admin.site, "name": name, "permissions": list(permissions), **more}
    made: dict[str, Any] = admin.post("/api/tokens", wanted)
    return made


def test_a_token_opens_what_it_names_until_it_is_revoked(app: Flask, admin: Api, ana: Api, clock: Clock) -> None:
    made = make_token(admin, "orders.read")
    headers = {"Authorization": f"Bearer {made['token']}"}
    program = app.test_client()
    path = f"/api/purchase-orders?site={admin.site}"
    assert program.get(path, headers=headers).status_code == 200
    assert program.get("/api/session", headers=headers).json["user"]["username"] == "api:ERP"
    beyond = program.get(f"/api/units?site={admin.site}&q=NB", headers=headers)
    assert (beyond.status_code, beyond.json["code"]) == (403, "forbidden")
    assert program.get(f"/api/purchase-orders?site={admin.site + 1000}", headers=headers).status_code == 403
    assert program.post("/api/tokens", json={"site": admin.site}, headers=headers).status_code == 403
    assert program.get(path).status_code == 401, "no cookie came with it"

    (listed,) = admin.get("/api/tokens", site=admin.site)["tokens"]
    assert "token" not in listed
    assert listed["used_at"] is not None
    assert admin.post(f"/api/tokens/{made['id']}/revoke", {})["revoked_by"] == "admin"
    over = program.get(path, headers=headers)
    assert (over.status_code, over.json["code"]) == (401, "token_invalid")
    assert admin.client.get(path, headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert admin.post("/api/tokens", {"site": admin.site, "name": "ERP", "permissions": ["pick"]}, 409)
    mighty = {"site": admin.site, "name": "Other", "permissions": ["users.manage"]}
    assert admin.post("/api/tokens", mighty, 409)["code"] == "token_too_mighty"
    short = make_token(admin, "orders.read", name="Short", expires_at=(clock.now + timedelta(hours=1)).isoformat())
    clock.forward(hours=1)
    assert program.get(path, headers={"Authorization": f"Bearer {short['token']}"}).status_code == 401
    assert ana.post("/api/tokens", {"site": ana.site, "name": "x", "permissions": ["pick"]}, 403)


class Receiver:
    """A program that listens on this computer and answers as it is told."""

    def __init__(self) -> None:
        self.status, self.got = 200, []  # type: ignore[var-annotated]
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((self.headers["X-Serialtrail-Signature"], body))
                self.send_response(outer.status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    listening = Receiver()
    yield listening
    listening.server.shutdown()
    listening.server.server_close()


def add_webhook(app: Flask, admin: Api, host: str) -> dict[str, Any]:
    """A webhook to this computer, which the settings of the test allow."""
    from backend.domain.people import Actor, Role

    actor = Actor(1, "admin", {admin.site: frozenset({Role.ADMINISTRATOR})})
    with app.app_context():

        def add(work: Any) -> dict[str, Any]:
            hook, secret = webhooks.add_webhook(
                work, actor, site_id=admin.site, url=f"http://{host}/in", kinds=["stock_moved"], allowed_hosts=(host,)
            )
            return {"id": hook.id, "secret": secret}

        return transact(add)


def send_due(app: Flask, host: str) -> list[str]:
    """One round of the sender."""
    with app.app_context():
        transact(webhooks.queue_from_feed)
        statuses = []
        for message in transact(webhooks.claim_due):
            delivered, answer = deliver(message, (host,))
            statuses.append(
                transact(
                    lambda work, message=message, delivered=delivered, answer=answer: webhooks.keep_outcome(
                        work, message_id=message.id, delivered=delivered, answer=answer
                    )
                )
            )
        return statuses


def test_a_webhook_is_told_signed_once_and_again_until_it_answers(
    app: Flask, admin: Api, ana: Api, clock: Clock, receiver: Receiver
) -> None:
    hook = add_webhook(app, admin, receiver.host)
    receive(ana, nb25(1, 1))
    receiver.status = 500
    assert send_due(app, receiver.host) == ["waiting"]
    assert send_due(app, receiver.host) == [], "it waits before it tries again"
    clock.forward(seconds=31)
    receiver.status = 204
    assert send_due(app, receiver.host) == ["delivered"]
    clock.forward(hours=5)
    assert send_due(app, receiver.host) == []

    (_, first), (signature, body) = receiver.got
    assert first == body
    assert json.loads(body)["kind"] == "stock_moved"
    moment, digest = (part.split("=")[1] for part in signature.split(","))
    assert digest == hmac.new(hook["secret"].encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    (message,) = admin.get(f"/api/webhooks/{hook['id']}/messages")["messages"]
    assert (message["status"], message["attempts"]) == ("delivered", 2)
    assert admin.get("/api/webhooks", site=admin.site)["webhooks"][0]["delivered"] == 1
    assert admin.post(f"/api/webhooks/{hook['id']}/stop", {})["stopped_at"] is not None
    receive(ana, nb25(2, 2))
    assert send_due(app, receiver.host) == []


def test_a_test_message_goes_to_one_address_whatever_it_is_told_of(
    app: Flask, admin: Api, sue: Api, receiver: Receiver
) -> None:
    hook, other = (add_webhook(app, admin, receiver.host) for _ in range(2))
    path = f"/api/webhooks/{hook['id']}"
    sue.post(f"{path}/test", {}, 403)
    queued = admin.post(f"{path}/test", {})
    assert (queued["kind"], queued["status"], queued["attempts"]) == ("test", "waiting", 0)
    assert send_due(app, receiver.host) == ["delivered"]
    ((signature, body),) = receiver.got
    assert (json.loads(body)["kind"], json.loads(body)["by"], signature[:2]) == ("test", "admin", "t=")
    assert [each["id"] for each in admin.get(f"{path}/messages")["messages"]] == [queued["id"]]
    assert admin.get(f"/api/webhooks/{other['id']}/messages")["messages"] == []
    admin.post(f"{path}/stop", {})
    assert admin.post(f"{path}/test", {}, 409)["code"] == "webhook_stopped"
    admin.post("/api/webhooks/999999/test", {}, 404)


def test_who_never_answers_is_given_up_with_the_reason(app: Flask, admin: Api, ana: Api, clock: Clock) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{closed.getsockname()[1]}"
        hook = add_webhook(app, admin, host)
        receive(ana, nb25(1, 1))
        statuses = []
        for _ in range(ATTEMPTS):
            statuses += send_due(app, host)
            clock.forward(hours=1)
    assert statuses == ["waiting"] * (ATTEMPTS - 1) + ["dead"]
    (message,) = admin.get(f"/api/webhooks/{hook['id']}/messages")["messages"]
    assert message["answer"].startswith("ConnectionRefusedError")


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("trickles", [False, True])
def test_a_receiver_that_hangs_is_left_and_tried_again(
    app: Flask, admin: Api, ana: Api, monkeypatch: pytest.MonkeyPatch, trickles: bool
) -> None:
    """It takes the connection and says nothing, or a byte now and then; the system takes it before anybody accepts."""
    monkeypatch.setattr(webhook_delivery, "SECONDS", 0.3)
    is_left = threading.Event()

    def trickle(listening: socket.socket) -> None:
        caller, _ = listening.accept()
        with caller, contextlib.suppress(OSError):
            while not is_left.wait(0.05):
                caller.sendall(b"H")

    with socket.create_server(("127.0.0.1", 0)) as hanging:
        if trickles:
            threading.Thread(target=trickle, args=(hanging,), daemon=True).start()
        host = f"127.0.0.1:{hanging.getsockname()[1]}"
        hook = add_webhook(app, admin, host)
        receive(ana, nb25(1, 1))
        assert send_due(app, host) == ["waiting"]
        is_left.set()
    (message,) = admin.get(f"/api/webhooks/{hook['id']}/messages")["messages"]
    assert (message["status"], message["attempts"]) == ("waiting", 1)


def test_addresses_inside_the_house_are_refused_unless_they_are_allowed(admin: Api) -> None:
    for url in (
        "http://erp.example/",
        "https://127.0.0.1/",
        "https://10.0.0.8/in",
        "https://localhost/",
        "https://[::1]/",
        "file:///etc/passwd",
        "https://user:pass@erp.example/",
        "https://[bad/",
    ):
        wanted = {"site": admin.site, "url": url, "kinds": ["stock_moved"]}
        assert admin.post("/api/webhooks", wanted, 422)["code"] == "webhook_address_refused", url
    message = webhooks.Outgoing("1", "https://localhost:1/", "s", b"{}", 1)
    delivered, answer = deliver(message, ())
    assert not delivered
    assert "inside the house" in answer
