"""Eight people picking at the same moment: every unit is fetched exactly once, whoever asks for it."""

from collections import Counter
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from backend.extensions import db
from backend.models import Reservation
from tests.api_client import Api
from tests.concurrency.at_once import at_once
from tests.concurrency.conftest import LogInAt
from tests.selling import make_laptops, order, pick_list

PICKERS = 8
UNITS = 1000
EACH = UNITS // PICKERS
SHARED = range(0, EACH, 5)
"""Which of everybody's units the one before them fetches as well, at the same moment."""
AT_ONCE = 50
"""Scans in one request, as an outbox sends them."""


def test_eight_pickers_fetch_a_thousand_units_each_exactly_once(app: Flask, log_in_at: LogInAt) -> None:
    people = [log_in_at("ana" if number % 2 else "ben", number) for number in range(PICKERS)]
    serial_nos = make_laptops(app, people[0], UNITS)
    sue = log_in_at("sue", 0)

    # Proposals that are made at the same moment promise no unit to two.
    few = [order(sue, ("LAP-15", 20)) for _ in people]
    told = at_once(
        *(lambda person=person, sold=sold: pick_list(person, sold) for person, sold in zip(people, few, strict=True))  # type: ignore[misc]
    )
    proposed = [unit["serial_no"] for made in told for unit in made["units"]]
    assert len(proposed) == len(set(proposed)) == 20 * PICKERS
    for made in told:
        people[0].post(f"/api/pick-lists/{made['id']}/discard", {"reason": "fetched by hand"})

    # Nothing is promised to anybody: of two who scan a unit at the same moment one gets it.
    orders = [order(sue, ("LAP-15", EACH + len(SHARED))) for _ in people]
    lists = [pick_list(person, sold, manual=True) for person, sold in zip(people, orders, strict=True)]
    answers = at_once(
        *(
            lambda person=person, number=number: _scan(person, lists[number], _route(serial_nos, number))  # type: ignore[misc]
            for number, person in enumerate(people)
        )
    )

    codes = Counter(answer["code"] for told in answers for answer in told)
    assert codes == {"ok": UNITS, "serial_reserved": len(SHARED) * PICKERS}
    fetched = [answer["unit"]["serial_no"] for told in answers for answer in told if answer["code"] == "ok"]
    assert sorted(fetched) == serial_nos
    with app.app_context():
        standing = select(func.count(), func.count(Reservation.serial_id.distinct())).where(
            Reservation.status == "chosen"
        )
        assert tuple(db.session.execute(standing).one()) == (UNITS, UNITS)


def _route(serial_nos: list[str], number: int) -> list[str]:
    """A picker's own units, and beside some of them one that the next picker comes to at the same moment."""
    mine = serial_nos[number * EACH : (number + 1) * EACH]
    start = (number + 1) % PICKERS * EACH
    return [
        each for at, unit in enumerate(mine) for each in ([unit, serial_nos[start + at]] if at in SHARED else [unit])
    ]


def _scan(person: Api, made: dict[str, Any], wanted: list[str]) -> list[dict[str, Any]]:
    scans = [person.a_scan(made, serial_no, purpose="pick") for serial_no in wanted]
    return [
        answer for start in range(0, len(scans), AT_ONCE) for answer in person.send(*scans[start : start + AT_ONCE])
    ]
