"""The curve of a receipt: few points, in their right places, the last one always."""

import uuid
from datetime import timedelta

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from backend.extensions import db
from backend.models import VoucherUnit, table
from backend.queries import boards
from backend.queries.board_memory import BoardMemory, KeptReceipt, curve
from tests.api_client import Api, Clock


def curves_of(session: Session, *receipts: str) -> dict[str, list[list[float]]]:
    """The curves as a board that has just come shows them."""
    curves = {}
    for receipt in receipts:
        kept = KeptReceipt()
        BoardMemory._read_units(session, receipt, kept)
        curves[receipt] = curve(kept.accepted_at, boards.CURVE_POINTS)
    return curves


def test_a_long_curve_is_thinned_and_ends_where_the_receipt_stands(app: Flask, ana: Api, clock: Clock) -> None:
    long, short = ana.open_receipt(), ana.open_receipt()
    ana.scan(long, "NB25-0001", batch_no="B-1")
    units = table(VoucherUnit)
    counts = [number % 10 not in (5, 9) for number in range(700)]

    with app.app_context():
        session = db.session()
        like = dict(session.execute(select(units).where(units.c.voucher_id == long["id"])).one()._mapping)
        del like["id"], like["scan_id"]
        session.execute(
            insert(units),
            [
                like
                | {
                    "voucher_id": receipt["id"],
                    "serial_key": f"{receipt['number']}-{number}",
                    "recorded_at": clock.now + timedelta(seconds=number + 1),
                    "condition": "rejected" if number % 10 == 5 else "accepted",
                    "status": "undone" if number % 10 == 9 else "open",
                }
                for receipt, count in ((long, 700), (short, 3))
                for number in range(count)
            ],
        )
        curves = curves_of(session, long["id"], short["id"])
        session.rollback()

    start = clock.now.timestamp()
    assert curves[short["id"]] == [[start + 1, 1], [start + 2, 2], [start + 3, 3]]
    points = curves[long["id"]]
    assert len(points) <= boards.CURVE_POINTS + 1
    assert (points[0], points[-1]) == ([start, 1], [start + 699, 1 + 560])
    assert all(count == 1 + sum(counts[: int(at - start)]) for at, count in points)


def test_units_that_come_at_once_are_one_step(app: Flask, ana: Api, clock: Clock) -> None:
    receipt = ana.open_receipt()
    ana.send(*(ana.a_scan(receipt, f"NB25-000{number}", batch_no="B-1") for number in range(1, 6)))
    with app.app_context():
        curves = curves_of(db.session(), receipt["id"])
    assert curves[receipt["id"]] == [[clock.now.timestamp(), 5]]


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(["ana", "ben", "undo", "look", "list"]), max_size=12))
def test_a_board_that_follows_shows_what_one_shows_that_has_just_come(
    app: Flask, ana: Api, ben: Api, clock: Clock, steps: list[str]
) -> None:
    receipt, memory = ana.open_receipt(), BoardMemory()
    item = receipt["lines"][0]["item"]["id"]
    scanned: list[str] = []
    for number, step in enumerate([*steps, "look"]):
        clock.forward(seconds=1)
        if step in ("ana", "ben"):
            person = ana if step == "ana" else ben
            scan = person.a_scan(receipt, f"{receipt['number']}-{number}", batch_no="B-1")
            person.send(scan)
            scanned.append(scan["id"])
        elif step == "undo" and scanned:
            ana.send(ana.a_scan(receipt, "", purpose="undo", undoes=scanned.pop(0)))
        elif step == "list":
            listed = [f"{receipt['number']}-{number}-{each}" for each in range(3)]
            wanted = {"id": str(uuid.uuid4()), "item_id": item, "serial_nos": listed, "batch_no": "B-1"}
            ana.post(f"/api/purchase-receipts/{receipt['id']}/units", wanted)
        with app.app_context():
            session = db.session()
            assert boards.receiving(session, ana.site, clock.now, memory) == boards.receiving(
                session, ana.site, clock.now
            )
            session.rollback()
    ana.post(f"/api/purchase-receipts/{receipt['id']}/discard", {"reason": "end"})
