"""The curve of a receipt: few points, in their right places, the last one always."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import insert, select

from backend.extensions import db
from backend.models import VoucherUnit, table
from backend.queries import boards
from tests.api_client import Api, Clock


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
        curves = boards._curves(session, [long["id"], short["id"]])
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
        curves = boards._curves(db.session(), [receipt["id"]])
    assert curves[receipt["id"]] == [[clock.now.timestamp(), 5]]
