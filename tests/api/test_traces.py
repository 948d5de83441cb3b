"""A property of traces: forward and backward agree, whatever was received, built in, sold, taken out and returned."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from backend.extensions import db
from backend.queries import trace
from backend.queries.reports import REPORTS
from backend.queries.reports.wanted import Wanted
from backend.unit_of_work import transact
from tests.api.test_claims import take_back
from tests.api_client import Api, new_id
from tests.conftest import LogIn
from tests.selling import deliver, make_order, receive
from tests.servicing import build_in, visit

UNITS = 5
STEPS = ("build in", "build in", "sell", "take out", "take back")
steps = st.tuples(st.sampled_from(STEPS), st.integers(0, 19))


@dataclass
class Book:
    """What plain dictionaries know of the units: their batch and place, what is in them, and what ever was."""

    batch: dict[str, str]
    place: dict[str, str] = field(default_factory=dict)
    inside: dict[str, str] = field(default_factory=dict)
    ever: set[tuple[str, str]] = field(default_factory=set)

    def holders(self, part: str) -> set[str]:
        """Everything that a part is or was in, directly or deeper, and the part."""
        return {part}.union(*(self.holders(parent) for each, parent in self.ever if each == part))

    def where(self, unit: str) -> str:
        """Where the outermost unit around it is."""
        return self.where(self.inside[unit]) if unit in self.inside else self.place[unit]

    def do(self, ana: Api, tom: Api, step: tuple[str, int]) -> None:
        """Do a step with one of the units that it can be done with, if there is one."""
        what, number = step
        ana.clock.forward(minutes=1)
        candidates = {
            "build in": permutations([unit for unit in self.batch if self.place[unit] == "MAIN"], 2),
            "sell": ((unit,) for unit in self.batch if self.place[unit] == "MAIN"),
            "take back": ((unit,) for unit in self.batch if self.place[unit] == "CUSTOMER"),
            "take out": (each for each in self.inside.items() if self.place[each[1]] == "CUSTOMER"),
        }
        possible = sorted(candidates[what])
        if not possible:
            return
        unit, *parent = possible[number % len(possible)]
        if what == "build in":
            build_in(ana, parent[0], unit, place="MAIN")
            self.inside[unit], self.place[unit] = parent[0], "INSIDE"
            self.ever.add((unit, parent[0]))
        elif what == "sell":
            deliver(ana, serial_nos=[unit])
            self.place[unit] = "CUSTOMER"
        elif what == "take back":
            take_back(ana, unit)
            self.place[unit] = "REJECT"
        else:
            parts = {"to_location_id": tom.place("REJECT"), "taken_out": [unit]}
            visit(tom, self.inside.pop(unit), parts=parts, unsigned_reason="nobody there")
            self.place[unit] = "REJECT"


@pytest.fixture
def tom(log_in: LogIn) -> Api:
    """A technician."""
    return log_in("tom")


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Traces are read in pieces of two units, so that those of a test have several."""
    monkeypatch.setattr(trace, "_PIECE", 2)


@pytest.mark.usefixtures("small_pieces")
# A failure is told as it was found: shrinking twelve steps, seconds each time, takes five minutes.
@settings(
    max_examples=3,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(in_first=st.integers(1, UNITS - 1), story=st.lists(steps, min_size=6, max_size=12))
def test_forward_and_backward_agree(
    app: Flask, ana: Api, tom: Api, sue: Api, in_first: int, story: list[tuple[str, int]]
) -> None:
    name = new_id()[:8].upper()
    serial_nos = [f"{name}-{n}" for n in range(UNITS)]
    with app.app_context():
        transact(lambda work: make_order(work, ana.site, "LAP-15", UNITS, f"PO-{name}"))
    book = Book({text: f"{name}-{'AB'[at >= in_first]}" for at, text in enumerate(serial_nos)})
    for batch_no in sorted(set(book.batch.values())):
        receive(ana, [text for text, of in book.batch.items() if of == batch_no], order=f"PO-{name}", batch_no=batch_no)
    book.place |= dict.fromkeys(serial_nos, "MAIN")
    for step in story:
        book.do(ana, tom, step)

    ids = {text: sue.get("/api/units", site=sue.site, q=text)["matches"][0]["id"] for text in serial_nos}
    forward = {text: traced(sue, "forward", unit=unit_id) for text, unit_id in ids.items()}
    backward = {text: traced(sue, "backward", unit=unit_id) for text, unit_id in ids.items()}
    for text in serial_nos:
        assert forward[text].keys() == book.holders(text)
        assert backward[text].keys() == {part for part in serial_nos if text in book.holders(part)}
        for found in (forward[text], backward[text]):
            for each, told in found.items():
                assert told == backward[each][each], "one unit, two answers"
                assert told["batch"]["batch_no"] == book.batch[each]
                assert told["place"]["code"] == book.where(each)
                assert {link["serial_no"] for link in told["built_into"]} == {
                    up for part, up in book.ever if part == each
                }
    for batch_no in set(book.batch.values()):
        of_batch = {text for text in serial_nos if book.batch[text] == batch_no}
        batch_id = forward[min(of_batch)][min(of_batch)]["batch"]["id"]
        assert traced(sue, "forward", batch=batch_id).keys() == set().union(*(book.holders(text) for text in of_batch))
        units = sue.get("/api/traces", batch=batch_id)["units"]
        assert {each["serial_no"] for each in units if each["is_asked_for"]} == of_batch
        for key in ("trace-forward", "trace-backward"):
            same_in_pages(app, key, Wanted(ana.site, ana.clock.now.date(), batch_no=batch_no))


def same_in_pages(app: Flask, key: str, wanted: Wanted) -> None:
    """The screen asks for a page, for how many there are and for the bars in other ways than a file for all rows."""
    report = REPORTS[key]
    by = [column.key for column in report.columns].index(str(report.chart and report.chart.by))
    with app.app_context():
        session = db.session()
        rows = list(report.stream(session, wanted))
        pages = [report.page(session, wanted, offset, 2) for offset in range(0, len(rows) + 2, 2)]
        assert [row for page in pages for row in page] == rows
        assert report.count(session, wanted) == len(rows)
        bars = Counter(row[by] for row in rows if row[by] is not None)
        total, shown = report.summary(session, wanted)
        assert (total, {bar.label: bar.value for bar in shown}) == (len(rows), bars)


def traced(person: Api, direction: str, **what: int) -> dict[str, Any]:
    """The units of a trace by serial number, without whether they were asked for."""
    answer = person.get("/api/traces", direction=direction, **what)
    units = answer["units"]
    ids = [each["id"] for each in units]
    assert ids == sorted(set(ids))
    assert answer["total"] == len(ids)
    first = person.get("/api/traces", direction=direction, limit=3, **what)
    assert (first["total"], first["units"]) == (len(ids), units[:3])
    return {each["serial_no"]: {**each, "is_asked_for": None} for each in units}
