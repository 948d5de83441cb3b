"""S8 through the API: two pickers offline take the same unit; nothing is dropped, and somebody decides."""

from typing import Any

from tests.api_client import Api, Clock, new_id
from tests.selling import order, pick_list, receive_laptops

NB25_0030 = "NB25-0030"


def serials(*numbers: int) -> list[str]:
    return [f"NB25-{n:04}" for n in numbers]


def picks(person: Api, made: dict[str, Any], texts: list[str], at: str) -> list[dict[str, Any]]:
    return [
        {"kind": "scan"} | person.a_scan(made, text, purpose="pick", scanned_at=f"2026-01-05T{at}Z") for text in texts
    ]


def test_s8_the_second_sees_who_when_and_where_and_what_is_free_and_settles_it(
    ana: Api, ben: Api, sue: Api, clock: Clock
) -> None:
    receive_laptops(ana)
    of_ana, of_ben = (
        pick_list(ana, order(sue, ("LAP-15", qty), number=number), manual=True)
        for qty, number in ((40, "SO-11"), (1, "SO-12"))
    )
    by_ana = picks(ana, of_ana, [NB25_0030, *serials(*range(31, 51), *range(1, 20))], "10:05:00")
    by_ben = picks(ben, of_ben, [NB25_0030], "10:07:00")

    clock.set("2026-01-05T10:20:00")
    assert [outcome["status"] for outcome in ben.sync(*by_ben)] == ["accepted"]
    clock.set("2026-01-05T10:30:00")
    outcomes = ana.sync(*by_ana)

    assert [outcome["status"] for outcome in outcomes] == ["needs_review"] + ["accepted"] * 39
    conflict = outcomes[0]
    assert conflict["message"] == "NB25-0030 taken by ben 10:07 for SO-12, received 10:20."
    offered = offered_by(conflict)
    assert len(set(offered)) == 3
    assert conflict["next_step"] == f"Take {offered[0]} in MAIN instead, or leave the order short by 1."
    taken = conflict["facts"]["taken"]
    assert (taken["by"], taken["device"], taken["location"]) == ("ben", "ben's phone", "MAIN")
    assert (taken["scanned_at"][11:16], taken["received_at"][11:16]) == ("10:07", "10:20")
    assert ana.get(f"/api/pick-lists/{of_ana['id']}")["counts"]["accepted"] == 39
    assert ana.sync(*by_ana)[0] == conflict | {"replayed": True}

    (seen,) = sue.get("/api/conflicts", site=sue.site)["conflicts"]
    assert (seen["serial_no"], seen["by"], seen["taken"]["by"], seen["decision"]) == (NB25_0030, "ana", "ben", None)

    instead = picks(ana, of_ana, offered[:1], "10:31:00")
    settled = ana.an_action("conflict.settle", {"decision": "other_unit"}, voucher_id=seen["id"])
    assert [outcome["status"] for outcome in ana.sync(*instead, settled)] == ["accepted", "accepted"]
    assert ana.get(f"/api/pick-lists/{of_ana['id']}")["counts"]["accepted"] == 40
    assert sue.get("/api/conflicts", site=sue.site)["conflicts"] == []
    (decided,) = sue.get("/api/conflicts", site=sue.site, status="decided")["conflicts"]
    assert (decided["decision"], decided["decided_by"]) == ("other_unit", "ana")
    late = sue.post(f"/api/conflicts/{seen['id']}/settle", {"decision": "left_short"}, expect=409)
    assert late["code"] == "conflict_decided"


def test_nothing_is_offered_instead_that_the_same_phone_has_taken(ana: Api, ben: Api, sue: Api) -> None:
    receive_laptops(ana)
    of_ana, of_ben = (pick_list(ana, order(sue, ("LAP-15", qty)), manual=True) for qty in (10, 1))
    ben.sync(*picks(ben, of_ben, [NB25_0030], "10:05:00"))
    (first,) = ana.sync(*picks(ana, of_ana, [NB25_0030], "10:06:00"))
    conflict, *others = ana.sync(*picks(ana, of_ana, [NB25_0030, *offered_by(first)], "10:07:00"))
    assert [outcome["status"] for outcome in others] == ["accepted"] * 3
    assert len(offered_by(conflict)) == 3
    assert not set(offered_by(conflict)) & set(offered_by(first))


def offered_by(conflict: dict[str, Any]) -> list[str]:
    return [each["serial_no"] for each in conflict["actions"] if each["kind"] == "take_instead"]


def test_lost_entries_are_listed_until_a_supervisor_says_what_became_of_them(ana: Api, sue: Api) -> None:
    receipt = ana.open_receipt()
    scans = [{"kind": "scan"} | ana.a_scan(receipt, f"NB25-{n:04}") for n in range(1, 53)]
    ana.sync(*scans[:39], holds=[])
    answer = ana.post("/api/sync", ana.outbox(scans[51]) | {"holds": []})
    assert answer["gap"]["message"] == "12 entries of this device never arrived: n 40-51."
    (lost,) = sue.get("/api/conflicts", site=sue.site)["lost"]
    assert (lost["device"], lost["count"], lost["numbers"]) == ("ana's phone", 12, "n 40-51")
    found_out = {"site": sue.site, "device_id": ana.device_id, "reason": "counted again, all there"}
    ana.post("/api/device-gaps/settle", found_out, expect=403)
    sue.post("/api/device-gaps/settle", found_out, expect=204)
    assert sue.get("/api/conflicts", site=sue.site)["lost"] == []
    assert ana.post("/api/sync", ana.outbox(scans[51]))["gap"] is None


def begins_anew(person: Api) -> Any:
    """Its browser forgets all that scripts have stored; what the server says to the first word of the new device."""
    person.device_id = new_id()
    return person.post("/api/sync", person.outbox() | {"holds": []})["gap"]


def test_a_browser_that_cleared_its_storage_is_known_again_and_told_what_is_lost(
    ana: Api, ben: Api, sue: Api, clock: Clock
) -> None:
    cleared_device = ana.device_id
    first = {"kind": "scan"} | ana.a_scan(ana.open_receipt(), "NB25-0001")
    ana.sync(first, holds=[[2, 5]])
    clock.forward(minutes=30)
    # Somebody else is logged in by now; it is what ana did that is lost.
    ben.client.set_cookie("serialtrail-device", cleared_device)
    gap = begins_anew(ben)
    assert gap["code"] == "storage_cleared"
    assert gap["facts"] == {"device": "ana's phone", "by": "ana", "last_seen_at": "2026-01-05T10:00:00Z", "unsent": 4}
    assert "what ana did on it since 2026-01-05 10:00 UTC and was not sent is lost; 4 entries were" in gap["message"]
    assert ben.post("/api/sync", ben.outbox())["gap"] == gap, "until somebody has settled it"

    (seen,) = sue.get("/api/conflicts", site=sue.site)["cleared"]
    assert (seen["device"], seen["by"], seen["unsent"]) == ("ana's phone", "ana", 4)
    assert (seen["last_seen_at"], seen["noticed_at"]) == ("2026-01-05T10:00:00Z", "2026-01-05T10:30:00Z")
    found_out = {"site": sue.site, "device_id": cleared_device, "reason": "scanned again"}
    ana.post("/api/device-gaps/settle", found_out, expect=403)
    sue.post("/api/device-gaps/settle", found_out, expect=204)
    assert sue.get("/api/conflicts", site=sue.site)["cleared"] == []
    assert ben.post("/api/sync", ben.outbox())["gap"] is None


def test_without_any_cookie_a_device_is_missed_that_said_it_kept_entries(ana: Api, ben: Api, clock: Clock) -> None:
    silent = ana.device_id
    entries = [{"kind": "scan"} | ana.a_scan(ana.open_receipt(), "NB25-0001") for _ in range(2)]
    ana.sync(entries[0], holds=[[2, 2]])
    for person in (ana, ben):
        person.client.set_cookie("serialtrail-device", "nobody's")
    ben.sync({"kind": "scan"} | ben.a_scan(ben.open_receipt(), "NB25-0002"), holds=[])
    ben.client.delete_cookie("serialtrail-device")
    assert begins_anew(ben) is None, "it had said that nothing waits"
    ana.client.delete_cookie("serialtrail-device")
    assert begins_anew(ana)["facts"]["unsent"] == 1
    ana.client.delete_cookie("serialtrail-device")
    assert begins_anew(ana) is None, "it is missed once"

    begun = ana.device_id
    clock.forward(minutes=5)
    ana.device_id = silent
    ana.sync(entries[1], holds=[])
    ana.device_id = begun
    assert ana.post("/api/sync", ana.outbox())["gap"] is None, "it was another one: nothing is lost"
