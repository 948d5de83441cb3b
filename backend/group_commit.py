"""Requests that write at the same moment share one transaction, and so one flush to the disk."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Job = TypeVar("Job")
Answer = TypeVar("Answer")


class _Waiting(Generic[Job, Answer]):
    __slots__ = ("answer", "error", "is_done", "is_gone", "job", "turn")

    def __init__(self, job: Job) -> None:
        self.job = job
        self.answer: Answer | None = None
        self.error: BaseException | None = None
        self.is_done = False
        self.is_gone = False
        self.turn = threading.Event()
        """Set when it is done or when it leads."""


class GroupCommit(Generic[Job, Answer]):
    """Runs the jobs of concurrent callers together, in the order in which they came.

    The first caller leads: it takes the waiting jobs, runs them in one transaction and hands each caller its
    answer, who goes home at once; then the caller that has waited longest leads. A caller alone pays nothing
    for it. Measured with eight clients that post one scan each to SQLite with synchronous=FULL: see
    docs/performance.md.

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
        self._leader: _Waiting[Job, Answer] | None = None
        self._lock = threading.Lock()

    def __call__(self, job: Job) -> Answer:
        """Run a job, alone or with others; return its answer or raise its error."""
        mine = _Waiting[Job, Answer](job)
        with self._lock:
            self._waiting.append(mine)
            self._choose_leader()
        try:
            mine.turn.wait()
            while not mine.is_done:
                # Lets requests that have arrived meanwhile come as far as this queue. Under gevent a sleep of
                # nothing would not look at the sockets.
                time.sleep(0.001)
                self._serve(mine)
        finally:
            self._leave(mine)
        if mine.error is not None:
            raise mine.error
        return mine.answer  # type: ignore[return-value]

    def _choose_leader(self) -> None:
        if self._leader is None and self._waiting:
            self._leader = self._waiting[0]
            self._leader.turn.set()

    def _leave(self, mine: _Waiting[Job, Answer]) -> None:
        """Go, also when stopped from outside, and let another one lead."""
        with self._lock:
            mine.is_gone = True
            if mine in self._waiting:
                self._waiting.remove(mine)
            if self._leader is mine:
                self._leader = None
            self._choose_leader()

    def _serve(self, mine: _Waiting[Job, Answer]) -> None:
        with self._lock:
            group = self._next_group()
        try:
            self._answer(group)
        finally:
            # When this leader is stopped from outside, only its own job is: the next one leads the others.
            with self._lock:
                self._waiting.extendleft(
                    each for each in reversed(group) if not (each is mine or each.is_done or each.is_gone)
                )

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
                waiting.turn.set()
        except Exception as error:
            if len(group) == 1:
                group[0].error, group[0].is_done = error, True
                group[0].turn.set()
            else:
                for waiting in group:
                    self._answer([waiting])
