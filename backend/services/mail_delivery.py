"""One mail over SMTP, within some seconds whatever the server does."""

import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from datetime import datetime
from urllib.parse import unquote, urlsplit

from backend.domain.mail import Letter, written

SECONDS = 15
"""For all of it: a server that answers a byte a second has answered nothing."""


def deliver(letter: Letter, *, smtp_url: str, sender: str, at: datetime, seconds: float = SECONDS) -> tuple[bool, str]:
    """Send a letter; returns whether the server took it, and what it said or why there is no answer.

    Args:
        letter: What is sent.
        smtp_url: ``smtp://`` goes over to TLS where the server offers it, and gives a password over TLS only;
            ``smtps://`` begins with TLS.
        sender: The address that it comes from.
        at: The moment that it names.
        seconds: When to give up.
    """
    server = urlsplit(smtp_url)
    is_secure = server.scheme == "smtps"
    # Without a name smtplib asks the network for ours, and waits for it.
    name = sender.partition("@")[2]
    connection = (
        smtplib.SMTP_SSL(local_hostname=name, timeout=seconds, context=ssl.create_default_context())
        if is_secure
        else smtplib.SMTP(local_hostname=name, timeout=seconds)
    )
    watchdog = threading.Timer(seconds, _cut, [connection])
    watchdog.daemon = True
    watchdog.start()
    try:
        message = written(letter, sender, at)
        # Whose certificate is expected; connect() alone does not keep it.
        connection._host = server.hostname or ""  # type: ignore[attr-defined]
        connection.connect(server.hostname or "", server.port or (465 if is_secure else 587))
        connection.ehlo()
        if not is_secure and connection.has_extn("starttls"):
            connection.starttls(context=ssl.create_default_context())
            connection.ehlo()
            is_secure = True
        if server.username:
            if not is_secure:
                return False, "The server offers no TLS, and a password is not given without it."
            connection.login(unquote(server.username), unquote(server.password or ""))
        connection.send_message(message)
        with suppress(OSError, smtplib.SMTPException):
            connection.quit()
        return True, "The server took it."
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return False, f"{type(error).__name__}: {error}"
    finally:
        watchdog.cancel()
        with suppress(OSError):
            connection.close()


def _cut(connection: smtplib.SMTP) -> None:
    held = getattr(connection, "sock", None)
    if held is not None:
        with suppress(OSError):
            held.shutdown(socket.SHUT_RDWR)
