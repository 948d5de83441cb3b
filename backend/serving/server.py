"""Several listening sockets served by one gevent loop, until a signal ends it.

The process must have been patched by gevent before anything else was imported (``backend.__main__`` does so).
"""

import resource
import signal
import socket
import ssl
from collections.abc import Callable
from typing import Any
from wsgiref.types import WSGIApplication

import gevent
from flask_socketio import SocketIO
from gevent import pywsgi
from gevent.event import Event
from gevent.pool import Pool

MOST_CONNECTIONS = 4000
"""Per listening socket; a phone holds two or three, one of them for as long as it is on."""

REQUESTS_MAY_END_WITHIN = 3.0
"""Seconds that requests under way have when the server is told to stop."""

_HANDSHAKE_WITHIN = 10.0
"""Seconds for TLS to begin; a client that connects and says nothing must not hold its place."""


class EmbeddedServer:
    """Serves until SIGTERM or SIGINT, then lets requests end and sends sockets to reconnect.

    Args:
        socketio: Whose clients are told that the server goes away.
    """

    def __init__(self, socketio: SocketIO) -> None:
        self._socketio = socketio
        self._servers: list[_Server] = []
        self._is_stopping = Event()

    def listen(self, listener: socket.socket, app: WSGIApplication, tls: ssl.SSLContext | None = None) -> None:
        """Serve an application on a listening socket, over TLS when a context is given."""
        # Head and body of an answer leave in two writes. Without this the second one waits for the client's
        # delayed acknowledgement of the first: 40 ms on every answer. Accepted sockets inherit it.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        secure: dict[str, Any] = {} if tls is None else {"ssl_context": tls}
        self._servers.append(
            _Server(listener, app, spawn=Pool(MOST_CONNECTIONS), handler_class=_Handler, log=None, **secure)
        )

    def run(self, started: Callable[[], None]) -> None:
        """Serve; call ``started`` once every socket answers; return when stopped, within five seconds."""
        _allow_as_many_files_as_the_system_does()
        for server in self._servers:
            server.start()
        watchers = [gevent.signal_handler(number, self.stop) for number in (signal.SIGTERM, signal.SIGINT)]
        try:
            started()
            self._is_stopping.wait()
            self._end()
        finally:
            for watcher in watchers:
                watcher.cancel()

    def stop(self) -> None:
        """End ``run``. May be called from a signal handler."""
        self._is_stopping.set()

    def _end(self) -> None:
        for server in self._servers:
            server.close()
        send_sockets_away(self._socketio)
        with gevent.Timeout(REQUESTS_MAY_END_WITHIN, False):
            while any(server.requests_under_way for server in self._servers):
                gevent.sleep(0.02)
        gevent.joinall([gevent.spawn(server.stop, timeout=0) for server in self._servers])


def send_sockets_away(socketio: SocketIO) -> None:
    """Close every live connection as a lost transport, which clients answer by reconnecting with jitter.

    A Socket.IO "disconnect" would be taken for a decision of the server, and clients would stay away.
    """
    engine = socketio.server.eio
    closing = [gevent.spawn(engine.disconnect, sid) for sid in list(engine.sockets)]
    # A phone that left the network does not take its last message, and is not waited for.
    gevent.joinall(closing, timeout=1)


def _allow_as_many_files_as_the_system_does() -> None:
    """Each connection is an open file, and Linux allows a process 1,024 unless it asks for more."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class _Handler(pywsgi.WSGIHandler):  # type: ignore[misc]
    """Counts requests under way: a browser's idle connection must not hold up the end."""

    def handle_one_response(self) -> None:
        self.server.requests_under_way += 1
        try:
            super().handle_one_response()
        finally:
            self.server.requests_under_way -= 1

    def handle_error(self, kind: type[BaseException], error: BaseException, trace: Any) -> None:
        """Drop the connection of a request that the end of the server cut off.

        gevent would answer it with 500, which says that the request failed; a phone that hears nothing sends
        it again, and it counts once.
        """
        if issubclass(kind, gevent.GreenletExit):
            self.close_connection = True
            return
        super().handle_error(kind, error, trace)


class _Server(pywsgi.WSGIServer):  # type: ignore[misc]
    """A WSGI server that takes a failed TLS handshake for what it is: a phone that does not trust us yet."""

    requests_under_way = 0

    def wrap_socket_and_handle(self, client_socket: Any, address: Any) -> None:
        try:
            with gevent.Timeout(_HANDSHAKE_WITHIN):
                secured = self.wrap_socket(client_socket, **self.ssl_args)
        except (OSError, gevent.Timeout):
            # ssl.SSLError is an OSError. gevent would print a traceback for each.
            client_socket.close()
            return
        try:
            self.handle(secured, address)
        finally:
            secured.close()
