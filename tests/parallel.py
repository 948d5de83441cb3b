"""How the tests are shared out to processes that run at the same time, as ``make test`` does.

One process runs all tests of a file, in their order: they may share a server. The files that take longest come
first, so that at the end no process waits long for the other. What such a process prints is lost where the test
passes, so a test that has something to say records it as the property ``told``, and it stands in the summary.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/resilience/",)
"""Folders of one process: what they start, freeze and kill are several servers at a time already."""

LONGEST_FIRST = (
    *TOGETHER,
    "tests/browser/",
    "tests/packaging/",
)


class ByFile(LoadScopeScheduling):
    """Gives each process a file, and the next one when it is nearly done."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        # By itself it would begin with the files that have the most tests.
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return next((folder for folder in TOGETHER if file.startswith(folder)), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    return ByFile(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _place(item.nodeid))


def _place(nodeid: str) -> int:
    found = (place for place, path in enumerate(LONGEST_FIRST) if nodeid.startswith(path))
    return next(found, len(LONGEST_FIRST))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    told = [
        f"{report.nodeid}: {text}"
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        if report.when == "call"
        for name, text in report.user_properties
        if name == "told"
    ]
    if told:
        terminalreporter.section("what tests tell")
        terminalreporter.write_line("\n".join(told))
