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
            itself, so that one caller's fault is not everybody's: a job that was done already is run again
            and must then give its first answer.
        limit: Most jobs in a group.
        weight: How much work a job is; light ones go first, so that a person who scans does not wait behind
            the queues of a whole shift.
        most: Most work in a group, unless a single job is more; bounds how long a transaction lasts.
    """

    def __init__(
        self,
        run: Callable[[Sequence[Job]], Sequence[Answer]],
        *,
        limit: int = 64,
        weight: Callable[[Job], int] = lambda job: 1,
        most: int = 200,
    ) -> None:
        self._run = run
        self._limit = limit
        self._weight = weight
        self._most = most
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
        group = self._next_group()
        try:
            self._answer(group)
        finally:
            # When this leader is stopped from outside, only its own job is: the next one leads the others.
            self._waiting.extendleft(each for each in reversed(group) if each is not mine and not each.is_done)

    def _next_group(self) -> list[_Waiting[Job, Answer]]:
        waiting = [self._waiting.popleft() for _ in range(len(self._waiting))]
        group: list[_Waiting[Job, Answer]] = []
        work = 0
        for each in sorted(waiting, key=lambda one: self._weight(one.job)):
            work += self._weight(each.job)
            if len(group) == self._limit or (group and work > self._most):
                break
            group.append(each)
        chosen = set(map(id, group))
        self._waiting.extendleft(each for each in reversed(waiting) if id(each) not in chosen)
        return [each for each in waiting if id(each) in chosen]

    def _answer(self, group: Sequence[_Waiting[Job, Answer]]) -> None:
        try:
            for waiting, answer in zip(group, self._run([each.job for each in group]), strict=True):
                waiting.answer, waiting.is_done = answer, True
        except Exception as error:
            if len(group) == 1:
                group[0].error, group[0].is_done = error, True
            else:
                for waiting in group:
                    self._answer([waiting])
