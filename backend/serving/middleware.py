"""What the servers do to a request before the application sees it."""

from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

TRUSTED_PATH = "/connect/trusted"
"""Answered to any origin over HTTPS: the onboarding page asks it to learn whether the phone trusts us."""


def without_websocket_compression(app: WSGIApplication) -> WSGIApplication:
    """Refuse permessage-deflate, which simple-websocket grants to every client that offers it.

    It costs 175 KB of memory per client and saves little on messages of 190 bytes; there is no switch.
    """

    def handle(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        return app(environ, start_response)

    return handle


def with_plain_addresses(app: WSGIApplication) -> WSGIApplication:
    """Give IPv4 clients of a socket that serves both families their own address back.

    ``::ffff:192.168.1.20`` would count as another client than ``192.168.1.20`` in limits and logs.
    """

    def handle(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["REMOTE_ADDR"] = environ.get("REMOTE_ADDR", "").removeprefix("::ffff:")
        return app(environ, start_response)

    return handle


def answering_trust(app: WSGIApplication) -> WSGIApplication:
    """Answer ``TRUSTED_PATH`` with 204 for every origin, and pass on the rest."""

    def handle(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != TRUSTED_PATH:
            return app(environ, start_response)
        start_response("204 No Content", [("Access-Control-Allow-Origin", "*"), ("Cache-Control", "no-store")])
        return []

    return handle


def wrapped(app: Any, *layers: Callable[[WSGIApplication], WSGIApplication]) -> WSGIApplication:
    """Put layers around an application, the first outermost."""
    for layer in reversed(layers):
        app = layer(app)
    return app  # type: ignore[no-any-return]
