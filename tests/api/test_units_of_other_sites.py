"""A unit is shown to the people of the sites where it is or was, and to nobody else."""

from flask import Flask

from backend.domain.people import Role
from backend.services import masters, people
from backend.unit_of_work import UnitOfWork, transact
from tests.api_client import Api, Clock, logged_in


def test_a_unit_of_another_site_is_not_there(app: Flask, ana: Api, kim: Api, clock: Clock) -> None:
    def hire(work: UnitOfWork) -> None:
        north = masters.site_by_code(work, "NORTH")
        roles = {north.id: frozenset({Role.SUPERVISOR})}
        people.add_user(work, username="ned", name="Ned", password="demo-ned", roles=roles)

    with app.app_context():
        transact(hire)
    ned = logged_in(app, "ned", clock)
    (theirs,) = kim.get("/api/units", site=kim.site, q="NB23-0001")["matches"]

    for text in ("NB23-0001", "NB23-000l"):
        found = ned.get("/api/units", site=ned.site, q=text)
        assert (found["matches"], found["suggestions"], found["code"]) == ([], [], "serial_unknown")
    assert ned.get(f"/api/units/{theirs['id']}", expect=404)["code"] == "not_found"
    assert kim.get("/api/units", site=kim.site, q="NB23-000l")["suggestions"] == [theirs]
    ned.get("/api/units", expect=403, site=kim.site, q="NB23-0001")


def test_a_person_of_two_sites_finds_the_units_of_both(app: Flask, ana: Api, clock: Clock) -> None:
    admin = logged_in(app, "admin", clock)
    for site in admin.sites:
        (found,) = admin.get("/api/units", site=site["id"], q="NB23-0001")["matches"]
        assert admin.get(f"/api/units/{found['id']}")["sold"]["customer"]["code"] == "ACME"
