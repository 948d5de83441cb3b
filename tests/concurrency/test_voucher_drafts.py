"""One draft, changed and submitted by two at the same moment."""

from functools import partial
from typing import Any

from tests.api_client import Api, new_id
from tests.concurrency.at_once import at_once
from tests.concurrency.conftest import LogInAt
from tests.selling import receive

ROUNDS = 3


def posted(person: Api, path: str, body: dict[str, Any]) -> Any:
    headers = {"X-CSRF-Token": person.csrf_token}
    return person.client.post(f"/api/{path}", json=body, headers=headers).get_json()


def test_one_of_two_people_changes_a_draft_and_one_submits_it(log_in_at: LogInAt) -> None:
    ana, ben = log_in_at("ana", 0), log_in_at("ben", 1)
    texts = [f"NB25-{number:04d}" for number in range(ROUNDS)]
    receive(ana, texts)
    way = {"location_id": ana.place("MAIN"), "to_location_id": ana.place("A-01")}

    for text in texts:
        draft = {"id": new_id(), "site": ana.site, "kind": "stock_transfer"}
        for revision in range(2):
            seen = draft | {"revision": revision}
            saved = at_once(
                *(partial(posted, who, "voucher-drafts", seen | {"body": {"remark": text}}) for who in (ana, ben))
            )
            (kept,) = (each for each in saved if each["status"] == "draft")
            (refused,) = (each for each in saved if each is not kept)
            assert (refused["code"], refused["facts"]["by"]) == ("changed_meanwhile", kept["changed_by"])
        move = way | {"id": new_id(), "serial_nos": [text], "draft": {"id": draft["id"], "revision": 2}}
        answers = at_once(
            partial(posted, ana, "stock-transfers", move),
            partial(posted, ana, "stock-transfers", move),
            partial(posted, ben, "stock-transfers", move | {"id": new_id()}),
        )
        made = [each for each in answers if each["status"] == "closed"]
        late = [each for each in answers if each not in made]
        assert len({each["id"] for each in made}) == 1
        number = made[0]["number"]
        assert {(each["code"], each["facts"]["number"]) for each in late} == {("draft_closed", number)}
