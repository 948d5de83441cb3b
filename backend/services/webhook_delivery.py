"""One message over HTTP: signed, within five seconds, to no address inside the house that is not allowed."""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from urllib.parse import urlsplit

from backend.domain.webhooks import sign
from backend.services.webhooks import Outgoing

SECONDS = 5
"""For all of it: a receiver that answers a byte a second has answered nothing."""

_MOST_ANSWER = 300


def deliver(message: Outgoing, allowed_hosts: tuple[str, ...]) -> tuple[bool, str]:
    """Send a message; returns whether it was taken, and what the receiver said or why there is no answer.

    Redirects are not followed: an address that was allowed would lead to one that was not.
    """
    address = urlsplit(message.url)
    host, port = address.hostname or "", address.port or (443 if address.scheme == "https" else 80)
    is_allowed = host in allowed_hosts or f"{host}:{port}" in allowed_hosts
    timestamp = int(time.time())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Serialtrail",
        "X-Serialtrail-Message": message.id,
        "X-Serialtrail-Signature": sign(message.secret, timestamp, message.body),
    }
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    watchdog = threading.Timer(SECONDS, _cut, [connection])
    watchdog.daemon = True
    watchdog.start()
    try:
        connection.sock = _connected(host, port, is_secure=address.scheme == "https", is_allowed=is_allowed)
        target = address.path + (f"?{address.query}" if address.query else "")
        connection.request("POST", target or "/", message.body, headers)
        answer = connection.getresponse()
        said = answer.read(_MOST_ANSWER).decode(errors="replace")
        return 200 <= answer.status < 300, f"{answer.status} {answer.reason} {said}".strip()
    except (OSError, http.client.HTTPException, ValueError) as error:
        return False, f"{type(error).__name__}: {error}"
    finally:
        watchdog.cancel()
        connection.close()


def _connected(host: str, port: int, *, is_secure: bool, is_allowed: bool) -> socket.socket:
    """Connect to the address that was judged: a name that is asked twice may answer differently."""
    (*_, sockaddr), *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not is_allowed and not ipaddress.ip_address(str(sockaddr[0]).split("%")[0]).is_global:
        raise OSError(f"{host} is {sockaddr[0]}, an address inside the house that is not allowed")
    plain = socket.create_connection((str(sockaddr[0]), port), timeout=SECONDS)
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host) if is_secure else plain


def _cut(connection: http.client.HTTPConnection) -> None:
    try:
        if connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
