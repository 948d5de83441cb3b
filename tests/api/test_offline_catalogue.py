"""What a device keeps to work without the server: the same by changes as at once, and no more than one may read."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from backend.api import offline_catalogue
from tests.api.test_cancelling import sell
from tests.api_client import Api, Clock, new_id
from tests.conftest import LogIn
from tests.selling import receive
from tests.servicing import a_plan, add_fans, sold_laptop, swap, take_in, visit


class Keeper:
    """What the app does with the catalogue, in a few lines."""

    def __init__(self, person: Api) -> None:
        self.person = person
        self.kept: dict[str, dict[str, Any]] = {}
        self.customers: list[str] = []
        self.asked = 0
        self.came: list[str] = []
        self.left_out_of: dict[str, int] = {}

    def sync(self) -> "Keeper":
        """Ask until there is nothing more; ``came`` then names what was new."""
        self.came, more = [], True
        while more:
            held = {path: kept["version"] for path, kept in self.kept.items()}
            wanted = {"site": self.person.site, "held": held, "customers": self.customers}
            page = self.person.post("/api/offline-catalogue", wanted)
            self.left_out_of = page["left_out_of"]
            self.asked += 1
            for answer in page["answers"]:
                self.kept[answer["path"]] = answer
                self.came.append(answer["path"])
            for path in page["gone"]:
                del self.kept[path]
            more = page["more"]
        return self

    def as_read(self) -> dict[str, Any]:
        """What the addresses answer when each is read by itself."""
        return {path: self.person.client.get(path).json for path in self.kept if path.startswith("/api/")}

    def as_kept(self) -> dict[str, Any]:
        """What the device would show for them, its lists put together of their members."""
        return {path: self._body(kept) for path, kept in self.kept.items() if path.startswith("/api/")}

    def _body(self, kept: dict[str, Any]) -> Any:
        if kept["parts"] is None:
            return kept["body"]
        return {name: [self._body(self.kept[path]) for path in paths] for name, paths in kept["parts"].items()}


@pytest.fixture
def tom(log_in: LogIn) -> Api:
    """A technician."""
    return log_in("tom")


@pytest.fixture
def sue(log_in: LogIn) -> Api:
    """A supervisor."""
    return log_in("sue")


def without_units_of_lists(answers: dict[str, Any]) -> dict[str, Any]:
    """Lists show less of each member than its own page; a device may show the more."""
    return {
        path: {name: [each["id"] for each in rows] for name, rows in answer.items()} if "status=" in path else answer
        for path, answer in answers.items()
    }


def test_changes_lead_to_the_same_as_all_at_once(
    app: Flask, ana: Api, sue: Api, tom: Api, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offline_catalogue, "PAGE_ANSWERS", 4)
    clock.set("2026-01-05 08:00")
    sold_laptop(app, ana)
    receive(ana, [f"NB25-01{each:02}" for each in range(12)])
    tom.post("/api/maintenance-plans", a_plan(tom))
    devices = [Keeper(person).sync() for person in (ana, sue, tom)]
    assert all(device.asked > 1 for device in devices[:2]), "the first catalogue came in one page"
    chance = random.Random(6)
    steps = changes(app, ana, sue, tom, clock)
    chance.shuffle(steps)
    for step in steps:
        clock.forward(minutes=chance.choice((1, 10)))
        step()
        chance.choice(devices).sync()
    clock.forward(days=1)
    for device in devices:
        device.sync()
        assert without_units_of_lists(device.as_kept()) == without_units_of_lists(device.as_read())
        assert device.kept == Keeper(device.person).sync().kept
        assert device.sync().came == [], "nothing has changed, and yet something came"


def changes(app: Flask, ana: Api, sue: Api, tom: Api, clock: Clock) -> list[Callable[[], Any]]:
    """What happens on a day, in steps that may stand in any order."""

    def order_and_pick() -> None:
        order = sue.post(
            "/api/sales-orders",
            {"id": new_id(), "site": sue.site, "customer": "ACME", "lines": [{"item_code": "LAP-15", "qty": 2}]},
        )
        sue.post(f"/api/sales-orders/{order['id']}/submit", {})
        made = ana.post(
            "/api/pick-lists",
            {"id": new_id(), "sales_order_ids": [order["id"]], "location_id": ana.place("MAIN")},
        )
        unit = made["units"][0]
        ana.send(
            {"id": new_id(), "n": 900, "purpose": "pick", "voucher_id": made["id"], "text": unit["serial_no"]}
            | {"scanned_at": clock.now.isoformat(), "source": "camera"}
        )

    def warranty() -> None:
        unit = sue.get("/api/units", site=sue.site, q="NB25-0025")["matches"][0]["id"]
        sue.post(f"/api/units/{unit}/warranty/extend", {"reason": "goodwill", "end_on": "2031-01-05"})

    def hold() -> None:
        unit = sue.get("/api/units", site=sue.site, q="NB25-0025")["matches"][0]["id"]
        sue.post(f"/api/units/{unit}/hold", {"reason": "smells"})

    def correct() -> None:
        unit = sue.get("/api/units", site=sue.site, q="F-9")["matches"][0]["id"]
        sue.post(f"/api/units/{unit}/serial-no", {"serial_no": "F-90", "reason": "worn label"})

    def claim() -> None:
        body = {"id": new_id(), "site": tom.site, "customer": "ACME", "serial_no": "NB25-0025", "complaint": "hot"}
        tom.post("/api/warranty-claims", body)

    def contract() -> None:
        days = {"start_on": "2026-01-05", "end_on": "2027-01-04"}
        body = {"id": new_id(), "site": sue.site, "customer": "ACME", "serial_nos": ["NB25-0025"], **days}
        sue.post("/api/service-contracts", body)

    return [
        lambda: ana.scan(ana.open_receipt(), "NB25-0200"),
        lambda: receive(ana, ["NB25-0300"]),
        lambda: sell(ana, "NB25-0026"),
        lambda: visit(tom, parts=swap(tom)),
        lambda: visit(tom, next_visit_on="2026-01-20"),
        lambda: tom.post("/api/maintenance-plans", a_plan(tom, name="filter")),
        lambda: take_in(tom),
        lambda: add_fans(app, ana, "F-50"),
        order_and_pick,
        warranty,
        hold,
        correct,
        claim,
        contract,
    ]


def test_everybody_keeps_what_they_may_read(app: Flask, ana: Api, tom: Api, kim: Api, clock: Clock) -> None:
    clock.set("2026-01-05 08:00")
    sold_laptop(app, ana)
    tom.post("/api/maintenance-plans", a_plan(tom))
    unit = tom.get("/api/units", site=tom.site, q="NB25-0025")["matches"][0]["id"]

    kinds = {path.split("?")[0].rsplit("/", path.count("-") and 1)[0] for path in Keeper(tom).sync().kept}
    assert not any(kind.startswith(("/api/purchase", "/api/pick", "serial")) for kind in kinds)
    assert f"/api/units/{unit}/warranty" in Keeper(tom).sync().kept
    for person in (ana, kim):
        kept = Keeper(person).sync().kept
        assert not any(path.startswith(("/api/units/", "/api/my-work")) for path in kept)
        assert f"/api/purchase-orders?site={person.site}&status=open" in kept
    assert ana.post("/api/offline-catalogue", {"site": 99, "held": {}}, 403)["code"] == "forbidden"
    assert ana.post("/api/offline-catalogue", {"site": ana.site}, 422)["code"] == "invalid_request"


def test_a_technician_has_the_customers_along_whom_they_choose(
    app: Flask, ana: Api, tom: Api, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set("2026-01-05 08:00")
    sold_laptop(app, ana, customer="BETA")
    sell(ana, "NB25-0026", customer="BETA")
    found = tom.get("/api/served-customers", site=tom.site, q="beta")["customers"]
    assert [(each["code"], each["units"] >= 2) for each in found] == [("BETA", True)]
    assert tom.get("/api/served-customers", site=tom.site, q="nobody") == {"customers": []}
    assert ana.get("/api/served-customers", 403, site=ana.site)["code"] == "forbidden"

    device = Keeper(tom).sync()
    before = set(device.kept)
    device.customers = ["BETA", "NOBODY"]
    chosen = {path for path in device.sync().came if path.count("/") == 3}
    assert len(chosen) == found[0]["units"]
    assert {f"{path}/warranty" for path in chosen} <= set(device.kept)
    assert without_units_of_lists(device.as_kept()) == without_units_of_lists(device.as_read())
    assert device.left_out_of == {"BETA": 0, "NOBODY": 0}

    monkeypatch.setattr(offline_catalogue, "MOST_UNITS_OF_CUSTOMERS", 2)
    device.sync()
    assert device.left_out_of["BETA"] == found[0]["units"] - 1
    device.customers = []
    assert set(device.sync().kept) == before
    many = {"site": tom.site, "held": {}, "customers": [f"C{each}" for each in range(21)]}
    assert tom.post("/api/offline-catalogue", many, 422)["code"] == "invalid_request"


def test_it_is_bounded_and_says_what_it_leaves_out(
    app: Flask, ana: Api, tom: Api, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set("2026-01-05 08:00")
    sold_laptop(app, ana)
    sell(ana, "NB25-0026")
    tom.post("/api/maintenance-plans", a_plan(tom))
    monkeypatch.setattr(offline_catalogue, "MOST_UNITS", 1)
    answer = tom.post("/api/offline-catalogue", {"site": tom.site, "held": {"/api/units/999999": "x"}})
    cards = [
        each["body"]["serial_no"]
        for each in answer["answers"]
        if each["path"].count("/") == 3 and each["path"].startswith("/api/units/")
    ]
    assert (len(cards), answer["left_out"] > 0) == (1, True)
    assert answer["gone"] == ["/api/units/999999"]
