"""Requests that write at the same moment share one transaction, and so one flush to the disk."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Job = TypeVar("Job")
Answer = TypeVar("Answer")


class _Waiting(Generic[Job, Answer]):
    __slots__ = ("answer", "error", "is_done", "job")

    def __init__(self, job: Job) -> None:
        self.job = job
        self.answer: Answer | None = None
        self.error: BaseException | None = None
        self.is_done = False


class GroupCommit(Generic[Job, Answer]):
    """Runs the jobs of concurrent callers together, in the order in which they came.

    The first caller to get the lock leads: it takes every waiting job, runs them in one transaction and hands
    each caller its answer. A caller alone pays nothing for it. Measured with eight clients that post one scan
    each to SQLite with synchronous=FULL: see docs/performance.md.

    Args:
        run: Commits a group of jobs and returns their answers in order. When it fails, each job is run by
            itself, so that one caller's fault is not everybody's.
        limit: Most jobs in a group; bounds how long a transaction lasts.
    """

    def __init__(self, run: Callable[[Sequence[Job]], Sequence[Answer]], *, limit: int = 64) -> None:
        self._run = run
        self._limit = limit
        self._waiting: deque[_Waiting[Job, Answer]] = deque()
        self._lead = threading.Lock()

    def __call__(self, job: Job) -> Answer:
        """Run a job, alone or with others; return its answer or raise its error."""
        mine = _Waiting[Job, Answer](job)
        self._waiting.append(mine)
        while not mine.is_done:
            with self._lead:
                if not mine.is_done:
                    # Lets requests that have arrived meanwhile come as far as this queue. Under gevent a
                    # sleep of nothing would not look at the sockets.
                    time.sleep(0.001)
                    self._serve(mine)
        if mine.error is not None:
            raise mine.error
        return mine.answer  # type: ignore[return-value]

    def _serve(self, mine: _Waiting[Job, Answer]) -> None:
        group = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._limit))]
        try:
            self._answer(group)
        finally:
            # A leader can be killed at any input or output, its transaction is rolled back: the others wait on.
            left = [waiting for waiting in group if not waiting.is_done and waiting is not mine]
            self._waiting.extendleft(reversed(left))

    def _answer(self, group: Sequence[_Waiting[Job, Answer]]) -> None:
        try:
            answers = self._run([waiting.job for waiting in group])
        except Exception as error:
            if len(group) > 1:
                for waiting in group:
                    self._answer([waiting])
                return
            group[0].error, group[0].is_done = error, True
            return
        for waiting, answer in zip(group, answers, strict=True):
            waiting.answer, waiting.is_done = answer, True
