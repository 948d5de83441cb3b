"""Opening the ports to listen on, with an answer for people when one cannot be had."""

import errno
import socket

from backend.serving.errors import CannotServe

_BACKLOG = 1024


def bind(host: str | None, port: int, option: str) -> socket.socket:
    """Open a listening socket.

    Args:
        host: A name or address, or ``None`` for every address of this computer, IPv4 and IPv6.
        port: 0 for any free one.
        option: With which option of the command another port is chosen, for the error's next step.

    Raises:
        CannotServe: The port is taken or not ours to open, or the host is not this computer.
    """
    try:
        if host is None:
            return _bind_everywhere(port)
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise _cannot_bind(host, port, option, error) from error


def _bind_everywhere(port: int) -> socket.socket:
    if socket.has_dualstack_ipv6():
        try:
            return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=_BACKLOG)
        except OSError as error:
            # IPv6 is compiled in but switched off.
            if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                raise
    return socket.create_server(("", port), backlog=_BACKLOG)


def _cannot_bind(host: str | None, port: int, option: str, error: OSError) -> CannotServe:
    if error.errno == errno.EADDRINUSE:
        other = f"{option} {_free_port_after(port)}"
        return CannotServe(
            f"Port {port} is in use by another program, or by a Serialtrail that is still running.",
            f"Stop that program, or use another port: add {other} (with make: make run ARGS='{other}').",
        )
    if error.errno == errno.EACCES:
        return CannotServe(f"Only the system may open port {port}.", f"Use a port above 1023: add {option} 8443.")
    return CannotServe(
        f"Cannot listen on {host or 'this computer'}, port {port}: {error.strerror or error}.",
        "Give an address of this computer, or leave --host out.",
    )


def _free_port_after(port: int) -> int:
    for candidate in range(port + 1, min(port + 100, 65536)):
        try:
            _bind_everywhere(candidate).close()
        except OSError:
            continue
        return candidate
    return 0
