"""Webhooks: which addresses may be told, how a message is signed, and when it is tried again."""

import hashlib
import hmac
import ipaddress
from urllib.parse import urlsplit

from backend.domain.errors import refuse

ATTEMPTS = 8
"""Of one message; the last one comes some two hours after the first."""

_FIRST_WAIT = 30
_LONGEST_WAIT = 3600


def wait_after(attempts: int) -> int:
    """Seconds until the next attempt: each time twice as long.

    >>> [wait_after(number) for number in (1, 2, 3, 9)]
    [30, 60, 120, 3600]
    """
    return min(int(_FIRST_WAIT * 2 ** (attempts - 1)), _LONGEST_WAIT)


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """The header X-Serialtrail-Signature: HMAC-SHA256 over timestamp, a dot and the body.

    The timestamp is signed, so that a message that was overheard cannot be played again later.

    >>> sign("secret", 1, b"{}")[:12]
    't=1,v1=11227'
    """
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def must_be_allowed(url: str, allowed_hosts: tuple[str, ...]) -> None:
    """Refuse an address that is not https, unless its host is allowed by the installation's settings.

    Raises:
        DomainError: ``webhook_address_refused``.
    """
    try:
        address = urlsplit(url)
        host, port = address.hostname or "", address.port
    except ValueError:
        host, port, address = "", None, urlsplit("")
    is_allowed = host in allowed_hosts or f"{host}:{port}" in allowed_hosts
    is_named = bool(host) and not address.username and address.scheme in ("http", "https")
    if is_named and (is_allowed or (address.scheme == "https" and not is_literal_private(host))):
        return
    raise refuse(
        "webhook_address_refused",
        f"'{url[:100]}' may not be called: it is not https, or an address inside the house that is not allowed.",
        "Use an https address, or allow the host in SERIALTRAIL_WEBHOOK_HOSTS.",
    )


def is_literal_private(host: str) -> bool:
    """Whether a host is an address that is not of the public internet, or this computer.

    >>> [is_literal_private(host) for host in ("127.0.0.1", "10.1.2.3", "::1", "erp.example", "localhost")]
    [True, True, True, False, True]
    """
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))
