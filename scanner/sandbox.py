"""Decoding in child processes with limits, for a web process that must survive any picture.

Pipes, poll and locks only, so that it works in threads and under gevent's monkey patching alike; forking a
web process that holds sockets and database connections would not.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from scanner import limits, wire
from scanner.image_header import ImageError
from scanner.options import DecodeOptions
from scanner.result import DecodeResult

COMMAND = (sys.executable, "-m", "scanner.child")
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONPATH", "VIRTUAL_ENV")
_CHUNK = 1 << 16


class SandboxError(Exception):
    """A request that the sandbox could not answer; ``code`` is stable."""

    code = "decode_failed"


class DecodeCrashed(SandboxError):
    """The decoding process ended on this picture."""

    code = "decode_crashed"


class DecodeTimedOut(SandboxError):
    """The picture took longer than allowed."""

    code = "decode_timed_out"


class Busy(SandboxError):
    """Too many requests are waiting; try again in ``retry_after`` seconds."""

    code = "service_busy"
    retry_after = 2


class Sandbox:
    """A pool of decoding processes, started when they are first needed.

    Args:
        children: Processes, 1 or more.
        backlog: Requests that may wait for a process, 0 or more.
        seconds: Wall-clock time for one request.
        pictures_per_child: Pictures after which a process is replaced, 1 or more.
        command: What to start; it speaks the protocol of ``scanner.child``.
    """

    def __init__(
        self,
        *,
        children: int = limits.CHILDREN,
        backlog: int = limits.BACKLOG,
        seconds: float = limits.REQUEST_SECONDS,
        pictures_per_child: int = limits.PICTURES_PER_CHILD,
        command: tuple[str, ...] = COMMAND,
    ) -> None:
        self._seconds = seconds
        self._pictures_per_child = pictures_per_child
        self._command = command
        self._backlog = backlog
        self._gate = threading.Condition()
        self._idle: list[_Child] = []
        self._free = children
        self._waiting = 0

    def read(self, frames: list[bytes], options: DecodeOptions | None = None) -> DecodeResult:
        """Decode a burst of one to eight image files in a child process.

        Raises:
            ImageError: The files cannot be decoded, with a stable code.
            Busy: More requests are waiting than allowed.
            DecodeCrashed: The process ended; it is replaced, and other requests do not notice.
            DecodeTimedOut: The request took too long; its process was killed and is replaced.
        """
        answer = self._ask(wire.request(frames, options or DecodeOptions()), len(frames))
        return wire.result_of(answer)

    def encode_anew(self, frame: bytes, *, most_side: int | None = None) -> bytes:
        """Return a picture as a fresh JPEG, without metadata or anything else the file held.

        In grey and as large as it is; with ``most_side`` in colour, and made smaller to fit.

        Raises:
            The same as :meth:`read`.
        """
        return base64.b64decode(self._ask(wire.encode_request(frame, most_side), 1)["jpeg"])

    @property
    def is_full(self) -> bool:
        """Whether a request would be turned away now; asked before its pictures are read into memory."""
        return self._free == 0 and self._waiting >= self._backlog

    def _ask(self, message: bytes, pictures: int) -> wire.Message:
        child = self._take()
        try:
            if child is None:
                child = _Child(self._command)
            answer = child.ask(message, self._seconds)
        except BaseException:
            if child is not None:
                child.kill()
            self._give_back(None)
            raise
        child.pictures += pictures
        if child.pictures >= self._pictures_per_child:
            child.kill()
            child = None
        self._give_back(child)
        if "error" in answer:
            raise ImageError(answer["error"], answer["message"])
        return answer

    def close(self) -> None:
        """End the processes that are idle."""
        with self._gate:
            idle, self._idle = self._idle, []
        for child in idle:
            child.kill()

    def _take(self) -> _Child | None:
        with self._gate:
            if self._free == 0:
                if self._waiting >= self._backlog:
                    raise Busy
                self._waiting += 1
                try:
                    self._gate.wait_for(lambda: self._free > 0)
                finally:
                    self._waiting -= 1
            self._free -= 1
            return self._idle.pop() if self._idle else None

    def _give_back(self, child: _Child | None) -> None:
        with self._gate:
            if child is not None:
                self._idle.append(child)
            self._free += 1
            self._gate.notify()


class _Child:
    """One decoding process and the two pipes to it."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self.pictures = 0
        to_child, self._to = os.pipe()
        self._from, from_child = os.pipe()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the command is ours
                command,
                stdin=to_child,
                stdout=from_child,
                stderr=subprocess.DEVNULL,
                cwd=Path(__file__).parents[1],
                env={name: os.environ[name] for name in _PASSED_ON if name in os.environ}
                | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )
        finally:
            os.close(to_child)
            os.close(from_child)
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)
        try:
            self._receive(time.monotonic() + limits.START_SECONDS)
        except BaseException:
            self.kill()
            raise

    def ask(self, message: bytes, seconds: float) -> wire.Message:
        """Send a request and return its answer."""
        deadline = time.monotonic() + seconds
        try:
            self._send(message, deadline)
            return self._receive(deadline)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise self._ended() from error

    def kill(self) -> None:
        """End the process and close its pipes."""
        self._process.kill()
        self._process.wait()
        for end in (self._to, self._from):
            with contextlib.suppress(OSError):
                os.close(end)

    def _send(self, message: bytes, deadline: float) -> None:
        view = memoryview(message)
        while view:
            _wait_for(self._to, select.POLLOUT, deadline)
            with contextlib.suppress(BlockingIOError):
                view = view[os.write(self._to, view[:_CHUNK]) :]

    def _receive(self, deadline: float) -> wire.Message:
        size = wire.HEAD.unpack(self._receive_bytes(wire.HEAD.size, deadline))[0]
        message: wire.Message = json.loads(self._receive_bytes(size, deadline))
        return message

    def _receive_bytes(self, size: int, deadline: float) -> bytes:
        received = bytearray()
        while len(received) < size:
            _wait_for(self._from, select.POLLIN, deadline)
            try:
                part = os.read(self._from, size - len(received))
            except BlockingIOError:
                continue
            if not part:
                raise self._ended()
            received += part
        return bytes(received)

    def _ended(self) -> SandboxError:
        """Say how the process ended: out of processor time is a time-out, all else a crash."""
        status = self._process.wait()
        return DecodeTimedOut() if status == -signal.SIGXCPU else DecodeCrashed(f"exit status {status}")


def _wait_for(end: int, event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(end, event)
    left = deadline - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise DecodeTimedOut
