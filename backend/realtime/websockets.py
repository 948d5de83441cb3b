"""The WebSocket of one client: a message reaches it whole and in time, or the connection ends.

simple-websocket 1.1.0 hands a message to the system once and forgets what the system did not take (its issue 45, mended
but not released): a client that was slow found the next message in the middle of one. And a client that takes nothing,
or whose network is gone, held its connection for as long as it liked, also after Socket.IO had given it up.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import gevent
from engineio.async_drivers.gevent import WebSocketWSGI
from gevent import socket
from gevent.lock import RLock

TAKES_WITHIN = 20.0
"""Seconds that a client has to take a message: as long as for its answer to a ping."""


class Line:
    """A connection whose ``send`` sends all that it is given, for one caller after the other."""

    def __init__(self, connection: Any, takes_within: float) -> None:
        self._connection = connection
        self._takes_within = takes_within
        # The answer to a ping of the client must not get into the middle of a message.
        self._turn = RLock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def send(self, data: bytes) -> int:
        """Send all of it.

        Raises:
            TimeoutError: The client has not taken it in time; the connection has ended.
        """
        try:
            with gevent.Timeout(self._takes_within, TimeoutError), self._turn:
                self._connection.sendall(data)
        except TimeoutError:
            self.hang_up()
            raise
        return len(data)

    def hang_up(self) -> None:
        """End the connection, and with it everything that waits for the client."""
        with suppress(OSError):
            # Of the socket below TLS: whoever reads finds its end, and not a connection without encryption.
            socket.socket.shutdown(self._connection, socket.SHUT_RDWR)


class WebSocket(WebSocketWSGI):  # type: ignore[misc]
    """What Engine.IO talks to a client through."""

    def __init__(self, handler: Callable[[Any], Any], server: Any) -> None:
        super().__init__(self._talk, server)
        self._handler = handler

    def _talk(self, _itself: Any) -> Any:
        self.ws.sock = Line(self.ws.sock, TAKES_WITHIN)
        return self._handler(self)

    def close(self) -> None:
        """Say good-bye and end the connection, whether or not the client answers."""
        try:
            super().close()
        finally:
            self.ws.sock.hang_up()
