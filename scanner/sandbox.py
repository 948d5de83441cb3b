"""Reads pictures from outside in child processes, so that no picture can harm the process that serves.

Works with threads and under gevent alike: it waits on pipes, queues and timers of the standard library, which
gevent makes cooperative.
"""

from __future__ import annotations

import json
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROCESSES = 2
"""Child processes at work at the same time."""
WAITING = 20
"""Requests that may wait for one; more are told to come back."""
SECONDS = 5.0
"""How long a request may take before its child is ended."""
RECYCLED_AFTER = 200
"""Pictures that one child looks at before it makes room for a fresh one."""


class SandboxBusy(Exception):
    """All children are at work and enough requests wait; try again in ``retry_after`` seconds."""

    retry_after = 2


@dataclass
class PictureRefused(Exception):
    """The pictures cannot be read, and why.

    The codes of :class:`scanner.picture.ImageError`, and ``image_too_slow``; ``broken_image`` also when the
    child died over them.
    """

    code: str
    message: str


class Sandbox:
    """A pool of child processes. Children start when they are first needed and end with ``close``.

    Args:
        processes: Children at work at the same time.
        waiting: Requests that may wait for a child.
        seconds: Limit of one request.
    """

    def __init__(self, processes: int = PROCESSES, waiting: int = WAITING, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._places = threading.BoundedSemaphore(processes + waiting)
        self._children: queue.LifoQueue[_Child] = queue.LifoQueue()
        for _ in range(processes):
            self._children.put(_Child())

    @contextmanager
    def place(self) -> Iterator[Place]:
        """Get a place in the queue before anything of the request is read into memory.

        Raises:
            SandboxBusy: The queue is full.
        """
        if not self._places.acquire(blocking=False):
            raise SandboxBusy
        try:
            yield Place(self)
        finally:
            self._places.release()

    def close(self) -> None:
        """End the children."""
        while True:
            try:
                self._children.get_nowait().end()
            except queue.Empty:
                return

    def _run(self, header: dict[str, Any], frames: Sequence[bytes]) -> dict[str, Any]:
        child = self._children.get()
        try:
            return child.ask(header, frames, self._seconds)
        finally:
            self._children.put(child)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the queue of a sandbox."""

    _sandbox: Sandbox

    def read(self, frames: Sequence[bytes], *, keep: bool = False, **options: Any) -> dict[str, Any]:
        """Read one picture or a burst.

        Args:
            frames: One to eight encoded pictures.
            keep: Whether to give the first one back as a fresh JPEG without metadata (``kept``, base64).
            options: Those of :class:`scanner.options.DecodeOptions`.

        Returns:
            ``codes``, ``reason`` and ``kept`` as JSON values.

        Raises:
            PictureRefused: With a code, and what is wrong.
        """
        header = {"sizes": [len(frame) for frame in frames], "options": options, "keep": keep}
        answer = self._sandbox._run(header, frames)
        if "error" in answer:
            raise PictureRefused(**answer["error"])
        return answer


class _Child:
    """One child process, started when it is needed and replaced when it has died or has worked enough."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ready = False
        self._looked_at = 0

    def ask(self, header: dict[str, Any], frames: Sequence[bytes], seconds: float) -> dict[str, Any]:
        """Have the child read some pictures, for at most so many seconds."""
        process = self._running()
        if not self._is_ready:
            self._is_ready = _received(process, 4) is not None
        is_late = threading.Event()

        def give_up() -> None:
            is_late.set()
            process.kill()

        timer = threading.Timer(seconds, give_up)
        timer.start()
        try:
            answer = _exchange(process, header, frames)
        finally:
            timer.cancel()
        self._looked_at += len(frames)
        if answer is None:
            self.end()
            self._running()  # Starts up while the refusal travels: the next picture need not wait for it.
            if is_late.is_set():
                raise PictureRefused("image_too_slow", "Reading the picture took too long.")
            raise PictureRefused("broken_image", "The picture cannot be decoded: reading it broke off.")
        if self._looked_at >= RECYCLED_AFTER:
            self.end()
            self._running()
        return answer

    def end(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        self._is_ready, self._looked_at = False, 0
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
            process.wait()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.end()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "scanner.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # Nothing of our environment: it holds the secrets of the installation.
                env={"PYTHONPATH": str(Path(__file__).parents[1]), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            )
        return self._process


def _exchange(
    process: subprocess.Popen[bytes], header: dict[str, Any], frames: Sequence[bytes]
) -> dict[str, Any] | None:
    """Ask and wait for the answer; ``None`` when the child died over it."""
    head = json.dumps(header).encode()
    try:
        if process.stdin is not None:
            process.stdin.write(struct.pack(">I", len(head)) + head + b"".join(frames))
            process.stdin.flush()
        size = _received(process, 4)
        body = size and _received(process, struct.unpack(">I", size)[0])
        answer: dict[str, Any] | None = json.loads(body) if body else None
    except OSError:
        return None
    return answer


def _received(process: subprocess.Popen[bytes], size: int) -> bytes | None:
    """So many bytes from the child; ``None`` when it ended before."""
    data = process.stdout.read(size) if process.stdout is not None else b""
    return data if len(data) == size else None
