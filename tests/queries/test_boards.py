"""The curve of a receipt: few points, in their right places, the last one always."""

import uuid
from datetime import timedelta

from flask import Flask
from sqlalchemy import insert, select

from backend.extensions import db
from backend.models import Scan, table
from backend.queries import boards
from backend.unit_of_work import UnitOfWork, transact
from tests.api_client import Api, Clock


def test_a_long_curve_is_thinned_and_ends_where_the_receipt_stands(app: Flask, ana: Api, clock: Clock) -> None:
    long, short = ana.open_receipt(), ana.open_receipt()
    ana.scan(long, "NB25-0001", batch_no="B-1")
    codes = ["undone" if number % 10 == 9 else "ok" for number in range(700)]

    def scan_on(work: UnitOfWork) -> None:
        like = dict(work.connection.execute(select(table(Scan))).one()._mapping)
        work.connection.execute(
            insert(table(Scan)),
            [
                like
                | {
                    "id": str(uuid.uuid4()),
                    "voucher_id": receipt["id"],
                    "recorded_at": clock.now + timedelta(seconds=number + 1),
                    "feed_seq": 1000 + number,
                    "code": code,
                }
                for receipt, count in ((long, 700), (short, 3))
                for number, code in enumerate(codes[:count])
            ],
        )

    with app.app_context():
        transact(scan_on)
        curves = boards._curves(db.session(), [long["id"], short["id"]])

    start = clock.now.timestamp()
    assert curves[short["id"]] == [[start + 1, 1], [start + 2, 2], [start + 3, 3]]
    points = curves[long["id"]]
    assert len(points) <= boards.CURVE_POINTS + 1
    assert (points[0], points[-1]) == ([start, 1], [start + 700, 1 + 630 - 70])
    assert all(count == 1 + sum(1 if code == "ok" else -1 for code in codes[: int(at - start)]) for at, count in points)
