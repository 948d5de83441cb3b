"""Many units at once by two at the same moment: each list whole or not at all, each number and request once."""

from typing import Any

import pytest
from flask import Flask

from tests.api_client import Api, new_id
from tests.concurrency.at_once import at_once
from tests.concurrency.conftest import LogInAt
from tests.orders import add_order

pytestmark = pytest.mark.usefixtures("writers_apart")


def put(person: Api, receipt: dict[str, Any], serial_nos: list[str], **more: Any) -> tuple[int, Any]:
    wanted = {
        "id": new_id(),
        "item_id": receipt["lines"][0]["item"]["id"],
        "serial_nos": serial_nos,
        "batch_no": "B-1",
        **more,
    }
    answer = person.client.post(
        f"/api/purchase-receipts/{receipt['id']}/units", json=wanted, headers={"X-CSRF-Token": person.csrf_token}
    )
    return answer.status_code, answer.get_json()


def test_s15_of_two_receipts_of_5000_that_share_a_serial_one_wins_whole(
    app: Flask, log_in_at: LogInAt, other: int
) -> None:
    add_order(app, "BIG", 10_000)
    people = [log_in_at("ana", 0), log_in_at("ben", other)]
    receipts = [person.open_receipt("BIG") for person in people]
    lists = [[f"{letter}-{number:05d}" for number in range(4_999)] + ["SHARED-1"] for letter in "AB"]

    first, second = at_once(
        lambda: put(people[0], receipts[0], lists[0]), lambda: put(people[1], receipts[1], lists[1])
    )

    (won, _), (lost, problem) = sorted([first, second], key=lambda told: told[0])
    assert (won, lost, problem["code"]) == (200, 422, "list_refused")
    (refused,) = problem["facts"]["refused"]
    assert (refused["serial_no"], refused["code"], refused["index"]) == ("SHARED-1", "serial_in_other_receipt", 4_999)
    counts = [people[0].get(f"/api/purchase-receipts/{receipt['id']}")["counts"]["accepted"] for receipt in receipts]
    assert sorted(counts) == [0, 5_000]


def test_one_request_that_comes_twice_at_once_counts_once(log_in_at: LogInAt, other: int) -> None:
    """A phone that lost the answer tries again while the first try is still on its way."""
    ana, again = log_in_at("ana", 0), log_in_at("ana", other)
    receipt = ana.open_receipt()
    for number in range(5):
        same = {"id": new_id()}
        told = at_once(
            lambda: put(ana, receipt, [f"T-{number}"], **same),  # noqa: B023
            lambda: put(again, receipt, [f"T-{number}"], **same),  # noqa: B023
        )
        assert [(status, answer["added"]) for status, answer in told] == [(200, 1), (200, 1)]
    assert ana.get(f"/api/purchase-receipts/{receipt['id']}")["counts"]["accepted"] == 5
