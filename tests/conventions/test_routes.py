"""Every route declares what it asks for, and asks for it: of everybody, at every site, for every unsafe request."""

from typing import Any

import pytest
from flask import Flask

from backend.api.access import LOGGED_IN, PUBLIC
from backend.domain.people import PERMISSIONS, Permission, Role
from backend.extensions import reading
from backend.services import masters, people
from backend.unit_of_work import transact
from tests.api_client import Api, Clock, logged_in
from tests.conventions.calls import CALLS, Call, Things, asked_of, at_site, codes_of, is_unsafe, things_at

PUBLIC_ROUTES = {
    "api-docs.openapi_json",
    "health.alive",
    "health.metrics",
    "health.ready",
    "public_check.register",
    "public_check.resolve",
    "public_check.show_check",
    "public_check.show_style",
    "pwa.serve",
    "session.log_in",
    "session.present_session",
}
OF_NO_SITE = {
    "conflicts.settle_conflict",
    "session.log_out",
    "sync.post_sync",
    "frames.read_frames",
    "units.show_unit",
    "traces.show_trace",
    "traces.export_trace",
    "warranties.show_warranty",
    "batches.show_batch",
    "batches.hold_batch",
    "batches.lift_batch",
    "batches.change_batch_dates",
    "batches.hold_unit",
    "batches.lift_unit",
    "intake.parse_serial_list",
    "intake.show_next_serial",
    "intake.show_next_batch",
    "intake.csv_template",
    "labels.list_formats",
    "reports.list_reports",
    "purchase_orders.order_csv_template",
    "purchase_orders.order_xlsx_template",
    "intake.xlsx_template",
    "secondary_serials.add_secondary_serial",
    "secondary_serials.remove_secondary_serial",
    "items.find_items",
    "items.list_profiles",
    "items.show_item",
    "items.edit_item",
    "items.retire_item",
    "items.bring_item_back",
    "items.link_barcode",
    "items.unlink_barcode",
    "items.show_picture",
    "items.set_picture",
    "items.remove_picture",
    "parties.list_parties",
    "parties.show_party",
    "parties.edit_party",
    "parties.retire_party",
    "parties.bring_party_back",
}
"""What belongs to the person or to the whole business: a unit keeps one history wherever it goes, and so does a batch.

Those of other sites are answered as if they were not there.
"""

TAKE_FORMS = {
    "frames.read_frames",
    "intake.upload_units",
    "intake.upload_opening_units",
    "items.set_picture",
    "erpnext.upload_erpnext",
    "master_files.upload_masters",
    "purchase_orders.upload_orders",
    "purchase_orders.upload_expected",
}

PICKER, TECHNICIAN, SUPERVISOR, SUPPORT, ADMINISTRATOR = Role
BY_HAND = [
    (PICKER, "scans.post_scans", True),
    (PICKER, "receiving.submit_receipt", True),
    (PICKER, "delivering.deliver", True),
    (PICKER, "boards.receiving_board", False),
    (PICKER, "frames.show_kept", False),
    (TECHNICIAN, "units.find_units", True),
    (TECHNICIAN, "units.show_unit", True),
    (TECHNICIAN, "frames.read_frames", True),
    (TECHNICIAN, "scans.post_scans", False),
    (TECHNICIAN, "receiving.list_orders", False),
    (TECHNICIAN, "delivering.deliver", False),
    (SUPERVISOR, "boards.receiving_board", True),
    (SUPERVISOR, "frames.list_kept", True),
    (SUPERVISOR, "receiving.discard_receipt", True),
    (SUPPORT, "boards.receiving_board", True),
    (SUPPORT, "receiving.show_receipt", True),
    (SUPPORT, "scans.post_scans", False),
    (SUPPORT, "receiving.open_receipt", False),
    (SUPPORT, "frames.show_kept", False),
    (PICKER, "intake.upload_units", True),
    (TECHNICIAN, "intake.add_numbered_units", False),
    (SUPPORT, "intake.upload_units", False),
    (TECHNICIAN, "stock.list_stock_units", True),
    (TECHNICIAN, "vouchers.list_vouchers", False),
    (PICKER, "batches.hold_unit", False),
    (SUPERVISOR, "batches.hold_batch", True),
    (SUPERVISOR, "batches.change_batch_dates", True),
    (SUPPORT, "batches.lift_batch", False),
    (PICKER, "items.show_item", True),
    (PICKER, "items.edit_item", False),
    (PICKER, "items.link_barcode", False),
    (SUPERVISOR, "items.link_barcode", True),
    (SUPERVISOR, "places.retire_place", True),
    (SUPPORT, "parties.edit_party", False),
    (TECHNICIAN, "parties.list_parties", False),
    (SUPERVISOR, "alerts.set_rule", True),
    (SUPPORT, "alerts.list_alerts", True),
    (SUPPORT, "alerts.acknowledge_alert", False),
    (PICKER, "alerts.list_alerts", False),
    (PICKER, "recalls.start", False),
    (SUPERVISOR, "recalls.start", True),
    (SUPPORT, "recalls.list_recalled_units", True),
    (SUPPORT, "recalls.add_step", False),
    (TECHNICIAN, "traces.show_trace", False),
    (TECHNICIAN, "servicing.take_in", True),
    (TECHNICIAN, "servicing.close_visit", True),
    (SUPERVISOR, "servicing.assign", True),
    (PICKER, "servicing.take_in", False),
    (SUPPORT, "servicing.show_visit", True),
    (SUPPORT, "servicing.close_visit", False),
    (SUPPORT, "attachments.attach", False),
    (ADMINISTRATOR, "frames.show_kept", True),
    (ADMINISTRATOR, "receiving.add_units", True),
]


@pytest.fixture
def engine_name() -> str:
    """Who may do what is decided before a database is asked, so one of them is enough."""
    return "sqlite"


@pytest.fixture
def admin(app: Flask, clock: Clock) -> Api:
    return logged_in(app, "admin", clock)


@pytest.fixture
def here(admin: Api) -> Things:
    return things_at(at_site(admin, "HQ"), "PO-1", "MAIN", "HERE-1")


@pytest.fixture
def elsewhere(admin: Api) -> Things:
    return things_at(at_site(admin, "NORTH"), "PO-3", "N-MAIN", "ELSEWHERE-1")


def test_every_route_declares_its_permission(app: Flask) -> None:
    declared = {endpoint: getattr(view, "asked", frozenset()) for endpoint, view in app.view_functions.items()}
    known = ({PUBLIC}, {LOGGED_IN}, frozenset(Permission))
    assert [name for name, asked in declared.items() if not asked or not any(map(asked.issubset, known))] == []
    assert {name for name, asked in declared.items() if PUBLIC in asked} == PUBLIC_ROUTES


def test_every_route_of_the_api_is_called_here(app: Flask) -> None:
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")}
    assert routes - {"api-docs.openapi_json"} == CALLS.keys()


def test_roles_are_what_the_business_means_by_them(app: Flask) -> None:
    allowed = [
        (role, endpoint, not PERMISSIONS[role].isdisjoint(asked_of(app, endpoint))) for role, endpoint, _ in BY_HAND
    ]
    assert allowed == BY_HAND


@pytest.mark.parametrize("role", Role)
def test_a_role_comes_in_where_its_permissions_say(
    app: Flask, clock: Clock, here: Things, elsewhere: Things, role: Role
) -> None:
    """Every route, at the person's own site and at another one."""
    person = _somebody(app, clock, role)
    deviations = []
    for endpoint, call in CALLS.items():
        asked = asked_of(app, endpoint)
        for things in (here, elsewhere):
            may = not asked.isdisjoint({PUBLIC, LOGGED_IN, *PERMISSIONS[role]}) and (
                things is here or endpoint in OF_NO_SITE | PUBLIC_ROUTES
            )
            answer = call(things).send(person)
            if (not _is_denied(answer)) is not may or answer.status_code == 401 or answer.status_code >= 500:
                deviations.append((endpoint, things.site, answer.status, answer.get_data(as_text=True)))
            if endpoint in ("session.log_out", "session.log_in"):
                person = logged_in(app, f"the-{role}", clock, "a good password")
    assert deviations == []


def test_nobody_comes_in_without_a_log_in(app: Flask, here: Things) -> None:
    stranger = Api(app.test_client(), "", "", [], Clock())
    answers = {name: call(here).send(stranger) for name, call in CALLS.items() if name not in PUBLIC_ROUTES}
    assert {(answer.status_code, *codes_of(answer)) for answer in answers.values()} == {(401, "not_logged_in")}


def test_an_unsafe_request_carries_the_token_of_its_own_session(
    app: Flask, clock: Clock, admin: Api, here: Things
) -> None:
    of_another = logged_in(app, "admin", clock).csrf_token
    for endpoint, call in _unsafe(app, here).items():
        if endpoint in PUBLIC_ROUTES:
            continue
        for token in (None, "", of_another, admin.csrf_token[:-1], "é"):
            answer = call.send(admin, headers={} if token is None else {"X-CSRF-Token": token})
            assert (answer.status_code, codes_of(answer)) == (403, {"csrf_failed"}), (endpoint, token)


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost.evil.example", "http://localhost:1"])
def test_an_unsafe_request_comes_from_our_own_pages(app: Flask, admin: Api, here: Things, origin: str) -> None:
    for endpoint, call in _unsafe(app, here).items():
        answer = call.send(admin, headers={"X-CSRF-Token": admin.csrf_token, "Origin": origin})
        assert (answer.status_code, codes_of(answer)) == (403, {"csrf_failed"}), endpoint


def test_our_own_origin_is_welcome(app: Flask, admin: Api, here: Things) -> None:
    for endpoint, call in _unsafe(app, here).items():
        answer = call.send(admin, headers={"X-CSRF-Token": admin.csrf_token, "Origin": "http://localhost"})
        assert "csrf_failed" not in codes_of(answer), endpoint
        if endpoint.startswith("session."):
            admin = logged_in(app, "admin", admin.clock)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", None])
def test_a_body_is_what_a_form_of_another_site_cannot_send(
    app: Flask, admin: Api, here: Things, content_type: str | None
) -> None:
    for endpoint, call in _unsafe(app, here).items():
        answer = call.send(admin, json=None, data=b'{"reason": "x"}', content_type=content_type)
        assert (answer.status_code, codes_of(answer)) == (415, {"not_json"}), endpoint
    assert admin.get(f"/api/purchase-receipts/{here.receipt}")["status"] == "draft"


def test_files_come_as_a_form_and_all_else_as_json(app: Flask, admin: Api, here: Things) -> None:
    for endpoint, call in _unsafe(app, here).items():
        wrong: dict[str, Any] = (
            {"json": {}} if endpoint in TAKE_FORMS else {"data": {"a": "b"}, "content_type": "multipart/form-data"}
        )
        answer = Call(call.method, call.path).send(admin, **wrong)
        assert (answer.status_code, codes_of(answer)) == (415, {"not_json"}), endpoint


def _unsafe(app: Flask, things: Things) -> dict[str, Call]:
    """Those of the API; the plain form of the public page has tests of its own."""
    rules = {rule.endpoint for rule in app.url_map.iter_rules() if is_unsafe(rule) and rule.rule.startswith("/api/")}
    return {endpoint: CALLS[endpoint](things) for endpoint in sorted(rules)}


def _is_denied(answer: Any) -> bool:
    """Refused at the door; a scan is refused by itself, within an answer of 200."""
    return "forbidden" in codes_of(answer)


def _somebody(app: Flask, clock: Clock, role: Role) -> Api:
    """Log a new person in who has one role, at HQ alone."""
    with app.app_context():
        transact(
            lambda work: people.add_user(
                work,
                username=f"the-{role}",
                name=role.capitalize(),
                password="a good password",
                roles={masters.site_by_code(work, "HQ").id: frozenset({role})},
            )
        )
        reading().rollback()
    return logged_in(app, f"the-{role}", clock, "a good password")
