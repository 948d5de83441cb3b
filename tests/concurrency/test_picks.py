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
AT_ONCE = 50
"""Scans in one request, as an outbox sends them."""


def test_eight_pickers_fetch_a_thousand_units_each_exactly_once(app: Flask, log_in_at: LogInAt) -> None:
    people = [log_in_at("ana" if number % 2 else "ben", number) for number in range(PICKERS)]
    serial_nos = make_laptops(app, people[0], UNITS)
    sue = log_in_at("sue", 0)
    orders = [order(sue, ("LAP-15", EACH)) for _ in people]
    lists = at_once(
        *(lambda person=person, sold=sold: pick_list(person, sold) for person, sold in zip(people, orders, strict=True))  # type: ignore[misc]
    )
    proposed = [unit["serial_no"] for made in lists for unit in made["units"]]
    assert len(proposed) == len(set(proposed)) == UNITS

    # Everybody scans their own half way round the shelves and then what the next one was promised.
    answers = at_once(
        *(
            lambda person=person, number=number: _scan(person, lists[number], _route(lists, number))  # type: ignore[misc]
            for number, person in enumerate(people)
        )
    )

    codes = Counter(answer["code"] for told in answers for answer in told)
    assert codes["ok"] == UNITS, codes
    assert set(codes) <= {"ok", "serial_reserved", "over_pick"}
    fetched = [answer["unit"]["serial_no"] for told in answers for answer in told if answer["code"] == "ok"]
    assert len(fetched) == len(set(fetched)) == UNITS
    assert set(fetched) <= set(serial_nos) | {"NB23-0002"}
    with app.app_context():
        standing = select(func.count()).where(Reservation.status == "chosen")
        assert db.session.scalar(standing) == UNITS


def _route(lists: list[dict[str, Any]], number: int) -> list[str]:
    mine, others = lists[number]["units"], lists[(number + 1) % len(lists)]["units"]
    return [unit["serial_no"] for pair in zip(mine, others, strict=True) for unit in pair]


def _scan(person: Api, made: dict[str, Any], wanted: list[str]) -> list[dict[str, Any]]:
    scans = [person.a_scan(made, serial_no, purpose="pick") for serial_no in wanted]
    return [
        answer for start in range(0, len(scans), AT_ONCE) for answer in person.send(*scans[start : start + AT_ONCE])
    ]
