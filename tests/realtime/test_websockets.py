"""A message to a client that is slow arrives whole; a client that takes nothing loses its connection."""

from collections.abc import Iterator

import gevent
import pytest
from gevent import socket

from backend.realtime.websockets import Line

LARGE = b"m" * 4_000_000
"""More than the system takes at once."""

Ends = tuple[socket.socket, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    """The server's end of a connection, and the client's."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_large_message_arrives_whole_and_nothing_gets_between(ends: Ends) -> None:
    line = Line(ends[0], takes_within=60)
    senders = [gevent.spawn(line.send, data) for data in (LARGE, b"pong", LARGE)]
    got = b""
    while len(got) < 2 * len(LARGE) + 4:
        got += ends[1].recv(1_000_000)
    assert got == LARGE + b"pong" + LARGE
    assert [sender.get() for sender in senders] == [len(LARGE), 4, len(LARGE)]


def test_who_takes_nothing_is_hung_up_on(ends: Ends) -> None:
    line = Line(ends[0], takes_within=0.1)
    reader = gevent.spawn(ends[0].recv, 10)
    gevent.idle()
    with pytest.raises(TimeoutError):
        line.send(LARGE)
    # Whoever waits for the client, such as the reader of its messages, goes home.
    with pytest.raises(OSError, match="closed"):
        reader.get(timeout=60)
    with pytest.raises(BrokenPipeError):
        line.send(b"one more")
    while ends[1].recv(1_000_000):  # What was on its way, then the end.
        pass


def test_hanging_up_twice_or_after_the_end_does_no_harm(ends: Ends) -> None:
    line = Line(ends[0], takes_within=1)
    line.hang_up()
    line.hang_up()
    ends[0].close()
    line.hang_up()
