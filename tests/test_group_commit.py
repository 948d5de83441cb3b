"""Jobs that share a transaction: each gets its own answer, whatever happens to the others or to who leads."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from backend.group_commit import GroupCommit

JOBS = range(5)


class Killed(BaseException):
    """What ends a greenlet from outside."""


def test_jobs_that_wait_run_together_and_each_gets_its_answer() -> None:
    groups: list[list[int]] = []

    def run(jobs: Sequence[int]) -> list[int]:
        groups.append(list(jobs))
        return [job * 10 for job in jobs]

    assert asked_together(run) == {job: job * 10 for job in JOBS}
    assert sorted(job for group in groups for job in group) == list(JOBS)
    assert len(groups) < len(JOBS)


def test_a_fault_of_one_is_not_everybodys() -> None:
    def run(jobs: Sequence[int]) -> list[int]:
        if 3 in jobs:
            raise ValueError("three")
        return list(jobs)

    answers = asked_together(run)

    assert isinstance(answers.pop(3), ValueError)
    assert answers == {0: 0, 1: 1, 2: 2, 4: 4}


def test_jobs_of_a_leader_that_was_killed_are_led_by_the_next() -> None:
    kills = [Killed()]

    def run(jobs: Sequence[int]) -> list[int]:
        if len(jobs) > 1 and kills:
            raise kills.pop()
        return list(jobs)

    answers = asked_together(run)

    killed = [job for job, answer in answers.items() if isinstance(answer, Killed)]
    assert len(killed) == 1
    assert all(answers[job] == job for job in JOBS if job not in killed)


def test_the_limit_bounds_a_group() -> None:
    sizes: list[int] = []

    def run(jobs: Sequence[int]) -> list[int]:
        sizes.append(len(jobs))
        return list(jobs)

    assert asked_together(run, limit=2) == {job: job for job in JOBS}
    assert max(sizes) == 2


def test_light_jobs_go_before_heavy_ones_and_a_group_has_only_so_much_work() -> None:
    groups: list[list[int]] = []

    def run(jobs: Sequence[int]) -> list[int]:
        groups.append(list(jobs))
        return list(jobs)

    # Jobs 0 and 1 are the queues of a whole shift, the others a scan each; whoever came first has begun already.
    weights = {0: 200, 1: 200}
    assert asked_together(run, weight=lambda job: weights.get(job, 1)) == {job: job for job in JOBS}
    begun, *waited = groups
    assert [group for group in waited if set(group) & weights.keys()] == waited[-len({0, 1} - set(begun)) :]
    assert all(len(group) == 1 for group in waited if set(group) & weights.keys())


def test_one_alone() -> None:
    assert GroupCommit[int, int](lambda jobs: [job + 1 for job in jobs])(7) == 8


def asked_together(run: Callable[[Sequence[int]], list[int]], **options: Any) -> dict[int, object]:
    """What callers get or are raised who all wait before the first of them is served."""
    taken: set[int] = set()
    all_wait = threading.Event()

    def waiting_for_all(jobs: Sequence[int]) -> list[int]:
        taken.update(jobs)
        all_wait.wait(20)
        return run(jobs)

    commit = GroupCommit[int, int](waiting_for_all, **options)
    answers: dict[int, object] = {}

    def ask(job: int) -> None:
        try:
            answers[job] = commit(job)
        except BaseException as error:
            answers[job] = error

    threads = [threading.Thread(target=ask, args=(job,)) for job in JOBS]
    for thread in threads:
        thread.start()
    while len(taken) + len(commit._waiting) < len(JOBS):
        time.sleep(0.001)
    all_wait.set()
    for thread in threads:
        thread.join(20)
    return answers
