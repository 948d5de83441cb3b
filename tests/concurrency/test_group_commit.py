"""The shared transaction alone, without a database."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from backend.group_commit import GroupCommit
from tests.concurrency.at_once import at_once


class Ledger:
    """Stands for the database: holds the first group until it is let go, so that the rest gather meanwhile."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.is_open = threading.Event()
        self.has_begun = threading.Event()

    def run(self, jobs: Sequence[int]) -> list[int]:
        self.groups.append(list(jobs))
        self.has_begun.set()
        assert self.is_open.wait(timeout=60)
        if any(job < 0 for job in jobs):
            raise ValueError(f"{min(jobs)} is below zero")
        return [job * 10 for job in jobs]


class Callers:
    """Calls that wait behind a first one, in an order that is known."""

    def __init__(self, ledger: Ledger, jobs: Sequence[int], **options: Any) -> None:
        commit = GroupCommit[int, int](ledger.run, **options)
        with ThreadPoolExecutor(len(jobs) + 1) as pool:
            self.first = pool.submit(commit, 100)
            assert ledger.has_begun.wait(timeout=60)
            self.answers = []
            for waiting, job in enumerate(jobs, start=1):
                self.answers.append(pool.submit(commit, job))
                while len(commit._waiting) < waiting:
                    threading.Event().wait(0.001)
            ledger.is_open.set()


def test_those_who_wait_share_one_group_in_the_order_in_which_they_came() -> None:
    ledger = Ledger()
    callers = Callers(ledger, [3, 1, 2])
    assert ledger.groups == [[100], [3, 1, 2]]
    assert [answer.result() for answer in callers.answers] == [30, 10, 20]


def test_a_group_has_a_limit() -> None:
    ledger = Ledger()
    Callers(ledger, [1, 2, 3, 4, 5], limit=2)
    assert ledger.groups == [[100], [1, 2], [3, 4], [5]]


def test_light_jobs_go_before_heavy_ones_and_a_group_has_only_so_much_work() -> None:
    ledger = Ledger()
    callers = Callers(ledger, [1, 2, 3, 4], weight=lambda job: 200 if job < 3 else 1)
    assert ledger.groups == [[100], [3, 4], [1], [2]]
    assert [answer.result() for answer in callers.answers] == [10, 20, 30, 40]


def test_whoever_has_an_answer_does_not_wait_for_the_groups_of_others() -> None:
    is_heavy = lambda job: job < 3  # noqa: E731
    may_end = threading.Event()
    ledger = Ledger()

    def run(jobs: Sequence[int]) -> list[int]:
        assert not any(map(is_heavy, jobs)) or may_end.wait(timeout=60)
        return ledger.run(jobs)

    commit = GroupCommit[int, int](run, weight=lambda job: 200 if is_heavy(job) else 1)
    with ThreadPoolExecutor(4) as pool:
        pool.submit(commit, 100)
        assert ledger.has_begun.wait(timeout=60)
        heavy = []
        for waiting, job in enumerate((1, 2), start=1):
            heavy.append(pool.submit(commit, job))
            while len(commit._waiting) < waiting:
                threading.Event().wait(0.001)
        light = pool.submit(commit, 3)
        while len(commit._waiting) < 3:
            threading.Event().wait(0.001)
        ledger.is_open.set()
        try:
            assert light.result(timeout=60) == 30
            assert not any(each.done() for each in heavy)
        finally:
            may_end.set()


def test_one_that_fails_is_told_so_and_the_others_are_not_harmed() -> None:
    ledger = Ledger()
    callers = Callers(ledger, [1, -2, 3])
    # The group as a whole was rolled back; each was then run by itself, in the same order.
    assert ledger.groups == [[100], [1, -2, 3], [1], [-2], [3]]
    assert [callers.answers[index].result() for index in (0, 2)] == [10, 30]
    with pytest.raises(ValueError, match="-2 is below zero"):
        callers.answers[1].result()


def test_a_caller_alone_gets_its_own_error() -> None:
    ledger = Ledger()
    ledger.is_open.set()
    with pytest.raises(ValueError, match="-1 is below zero"):
        GroupCommit[int, int](ledger.run)(-1)
    assert ledger.groups == [[-1]]


def test_a_leader_that_is_killed_leaves_the_others_to_the_next() -> None:
    """Under gevent a greenlet can be killed at any input or output: nobody may get an answer that is none."""

    class Killed(BaseException):
        """As gevent.GreenletExit."""

    ledger = Ledger()
    killed: list[int] = []

    def run(jobs: Sequence[int]) -> list[int]:
        if len(jobs) > 1 and not killed:
            killed.append(jobs[0])
            raise Killed
        return ledger.run(jobs)

    commit = GroupCommit[int, int](run)
    ends: dict[int, object] = {}

    def call(job: int) -> None:
        try:
            ends[job] = commit(job)
        except Killed:
            ends[job] = "killed"

    threads = [threading.Thread(target=call, args=(job,)) for job in (100, 1, 2, 3)]
    threads[0].start()
    assert ledger.has_begun.wait(timeout=60)
    for waiting, thread in enumerate(threads[1:], start=1):
        thread.start()
        while len(commit._waiting) < waiting:
            threading.Event().wait(0.001)
    ledger.is_open.set()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(map(str, ends.values())) in (
        sorted(["1000", "killed", "20", "30"]),
        sorted(["1000", "10", "killed", "30"]),
        sorted(["1000", "10", "20", "killed"]),
    )


def test_many_callers_each_get_their_own_answer() -> None:
    commit = GroupCommit[int, int](lambda jobs: [job * 10 for job in jobs], limit=4)
    answers = at_once(*(lambda job=job: [commit(job + n) for n in range(50)] for job in range(0, 800, 100)))
    assert answers == [[(job + n) * 10 for n in range(50)] for job in range(0, 800, 100)]
