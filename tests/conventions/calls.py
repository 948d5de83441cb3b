"""One well-formed request for every route of the API, for tests that go through all of them.

The unsafe ones ask for something that a rule refuses wherever there is such a rule, so that they can be sent
again and again: what is asked of them here is whether they get past the door.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from backend.api.access import SAFE
from backend.domain.people import Actor
from backend.extensions import reading
from backend.models import Alert
from backend.services.attachments import AttachmentKind, Picture, keep
from backend.services.frames import keep_frame
from backend.services.people import actor_of
from backend.unit_of_work import UnitOfWork, transact
from tests.api_client import Api, new_id


@dataclass(frozen=True, slots=True)
class Things:
    """What there is at one site: an order and its open receipt, opening stock, a place, a unit, a kept picture."""

    site: int
    order: str
    receipt: str
    opening: str
    line_item: int
    place: int
    unit: int
    batch: int
    serial_no: str
    frame: int
    attachment: str
    label_print: str
    token: int
    webhook: int
    alert_rule: str
    alert: int
    transfer: str
    draft: str
    count: str
    sales_order: str
    pick_list: str
    delivery_note: str
    sales_invoice: str
    recall: str
    claim: str
    contract: str
    customer_return: str
    repaired_serial: str
    repair_order: str
    visit: str
    plan: str


@dataclass(frozen=True, slots=True)
class Call:
    """A request; ``json`` and ``form`` are bodies."""

    method: str
    path: str
    query: dict[str, Any] = field(default_factory=dict)
    json: Any = None
    form: dict[str, Any] | None = None

    def send(self, person: Api, headers: dict[str, str] | None = None, **changes: Any) -> TestResponse:
        """Send it with a person's cookie and, unless other headers are given, their CSRF token."""
        token = {"X-CSRF-Token": person.csrf_token} if headers is None else headers
        body = {"json": self.json} if self.json is not None else {}
        if self.form is not None:
            body = {"data": self.form, "content_type": "multipart/form-data"}
        answer = person.client.open(
            self.path, method=self.method, query_string=self.query, headers=token, **(body | changes)
        )
        answer.get_data()  # Whole: what is streamed ends here, and not in some later test.
        return answer


PRINT = "99999999-9999-4999-8999-999999999901"


def _labels(it: Things) -> dict[str, Any]:
    return {"site": it.site, "subject": "item", "ids": [it.line_item], "symbol": "qr"}


def a_draft(site: int) -> dict[str, Any]:
    """A draft to keep; as its revision says, one that was kept before."""
    return {"id": new_id(), "site": site, "kind": "stock_transfer", "revision": 1, "body": {"remark": "for later"}}


AN_EVENT = {"type": "ObjectEvent", "action": "ADD", "epcList": ["https://stock.example/id/item/LAP-15/21/ANNOUNCED-1"]}

CALLS: dict[str, Callable[[Things], Call]] = {
    "session.present_session": lambda _: Call("GET", "/api/session"),
    "session.log_out": lambda _: Call("DELETE", "/api/session"),
    "session.log_in": lambda _: Call("POST", "/api/session", json={"username": "ana", "password": "demo-ana"}),
    "conflicts.list_conflicts": lambda it: Call("GET", "/api/conflicts", {"site": it.site}),
    "conflicts.settle_conflict": lambda it: Call(
        "POST", f"/api/conflicts/{new_id()}/settle", json={"decision": "left_short"}
    ),
    "conflicts.settle_gap": lambda it: Call(
        "POST", "/api/device-gaps/settle", json={"site": it.site, "device_id": new_id(), "reason": "x"}
    ),
    "offline_catalogue.read_catalogue": lambda it: Call(
        "POST", "/api/offline-catalogue", json={"site": it.site, "held": {}}
    ),
    "offline_catalogue.list_served_customers": lambda it: Call("GET", "/api/served-customers", {"site": it.site}),
    "sync.post_sync": lambda it: Call("POST", "/api/sync", json=_an_action_of_nothing()),
    "scans.post_scans": lambda it: Call("POST", "/api/scans", json=_a_scan_of_nothing(it)),
    "receiving.list_locations": lambda it: Call("GET", "/api/locations", {"site": it.site}),
    "receiving.list_items": lambda it: Call("GET", "/api/items", {"site": it.site}),
    "receiving.list_orders": lambda it: Call("GET", "/api/purchase-orders", {"site": it.site}),
    "receiving.show_order": lambda it: Call("GET", f"/api/purchase-orders/{it.order}"),
    "receiving.list_receipts": lambda it: Call("GET", "/api/purchase-receipts", {"site": it.site}),
    "receiving.open_receipt": lambda it: Call(
        "POST",
        "/api/purchase-receipts",
        json={"id": new_id(), "purchase_order_id": it.order, "location_id": 2**31 - 1},
    ),
    "receiving.show_receipt": lambda it: Call("GET", f"/api/purchase-receipts/{it.receipt}"),
    "receiving.list_units": lambda it: Call("GET", f"/api/purchase-receipts/{it.receipt}/units"),
    "receiving.add_units": lambda it: Call(
        "POST",
        f"/api/purchase-receipts/{it.receipt}/units",
        json={"id": new_id(), "item_id": it.line_item, "serial_nos": [""]},
    ),
    "receiving.add_quantity": lambda it: Call(
        "POST",
        f"/api/purchase-receipts/{it.receipt}/quantities",
        json={"id": new_id(), "item_id": it.line_item, "qty": 1},
    ),
    "receiving.note_secondaries_of_unit": lambda it: Call(
        "POST",
        f"/api/purchase-receipts/{it.receipt}/secondary-serials",
        json={"unit": "NB25-0001", "secondary_serials": [{"kind": "imei", "text": "490154203237518"}]},
    ),
    "receiving.admit_more": lambda it: Call(
        "POST",
        f"/api/purchase-receipts/{it.receipt}/over-receipts",
        json={"id": new_id(), "item_id": 2**31 - 1, "qty": 1, "reason": "x"},
    ),
    "purchase_orders.draft_order": lambda it: Call(
        "POST",
        "/api/purchase-orders",
        json={"id": new_id(), "site": it.site, "supplier": "NOBODY", "lines": _a_line(it)},
    ),
    "purchase_orders.edit_order": lambda it: Call(
        "POST", f"/api/purchase-orders/{it.order}", json={"supplier": "NOBODY", "lines": _a_line(it)}
    ),
    "purchase_orders.submit_order": lambda it: Call("POST", f"/api/purchase-orders/{it.order}/submit", json={}),
    "purchase_orders.cancel_order": lambda it: Call(
        "POST", f"/api/purchase-orders/{it.order}/cancel", json={"reason": "x"}
    ),
    "purchase_orders.show_expected": lambda it: Call("GET", f"/api/purchase-orders/{it.order}/expected-serials"),
    "purchase_orders.announce": lambda it: Call(
        "POST",
        f"/api/purchase-orders/{it.order}/expected-serials",
        json={"item_id": it.line_item, "serial_nos": [""]},
    ),
    "purchase_orders.upload_expected": lambda it: Call(
        "POST", f"/api/purchase-orders/{it.order}/expected-serials/upload", form={"item_id": str(it.line_item)}
    ),
    "purchase_orders.show_expected_of_receipt": lambda it: Call(
        "GET", f"/api/purchase-receipts/{it.receipt}/expected-serials"
    ),
    "purchase_orders.upload_orders": lambda it: Call(
        "POST", "/api/purchase-order-uploads", form={"site": str(it.site), "mode": "dry_run"}
    ),
    "purchase_orders.order_csv_template": lambda _: Call("GET", "/api/purchase-order-template.csv"),
    "purchase_orders.order_xlsx_template": lambda _: Call("GET", "/api/purchase-order-template.xlsx"),
    "receiving.list_over_receipts": lambda it: Call("GET", f"/api/purchase-receipts/{it.receipt}/over-receipts"),
    "receiving.open_opening_stock": lambda it: Call(
        "POST", "/api/opening-stocks", json={"id": new_id(), "site": it.site, "location_id": 2**31 - 1}
    ),
    "receiving.list_opening_stocks": lambda it: Call("GET", "/api/opening-stocks", {"site": it.site}),
    "receiving.submit_receipt": lambda it: Call("POST", f"/api/purchase-receipts/{it.receipt}/submit", json={}),
    "receiving.discard_receipt": lambda it: Call(
        "POST", f"/api/purchase-receipts/{it.receipt}/discard", json={"reason": "opened by mistake"}
    ),
    "delivering.deliver": lambda it: Call(
        "POST",
        "/api/delivery-notes",
        json={
            "id": new_id(),
            "customer": "NOBODY",
            "location_id": it.place,
            "serial_nos": [it.serial_no],
        },
    ),
    "delivering.list_delivery_notes": lambda it: Call("GET", "/api/delivery-notes", {"site": it.site}),
    "delivering.show_delivery_note": lambda it: Call("GET", f"/api/delivery-notes/{it.delivery_note}"),
    "delivering.list_sales_invoices": lambda it: Call("GET", "/api/sales-invoices", {"site": it.site}),
    "delivering.show_sales_invoice": lambda it: Call("GET", f"/api/sales-invoices/{it.sales_invoice}"),
    "delivering.make_sales_invoice": lambda it: Call(
        "POST",
        "/api/sales-invoices",
        json={"id": new_id(), "delivery_note_id": it.delivery_note},
    ),
    "sales_orders.list_sales_orders": lambda it: Call("GET", "/api/sales-orders", {"site": it.site}),
    "sales_orders.show_sales_order": lambda it: Call("GET", f"/api/sales-orders/{it.sales_order}"),
    "sales_orders.create_sales_order": lambda it: Call(
        "POST",
        "/api/sales-orders",
        json={"id": new_id(), "site": it.site, "customer": "NOBODY", "lines": []},
    ),
    "sales_orders.edit_sales_order": lambda it: Call(
        "POST", f"/api/sales-orders/{it.sales_order}/edit", json={"customer": "NOBODY", "lines": []}
    ),
    "sales_orders.submit_sales_order": lambda it: Call("POST", f"/api/sales-orders/{it.sales_order}/submit", json={}),
    "sales_orders.cancel_sales_order": lambda it: Call(
        "POST", f"/api/sales-orders/{it.sales_order}/cancel", json={"reason": "written by mistake"}
    ),
    "sales_orders.reserve_units": lambda it: Call(
        "POST", f"/api/sales-orders/{it.sales_order}/reserve", json={"serial_nos": [it.serial_no]}
    ),
    "sales_orders.release_units": lambda it: Call(
        "POST", f"/api/sales-orders/{it.sales_order}/release", json={"serial_nos": [it.serial_no]}
    ),
    "picking.list_pick_lists": lambda it: Call("GET", "/api/pick-lists", {"site": it.site}),
    "picking.make_pick_list": lambda it: Call(
        "POST",
        "/api/pick-lists",
        json={"id": new_id(), "sales_order_ids": [new_id()], "location_id": it.place},
    ),
    "picking.show_pick_list": lambda it: Call("GET", f"/api/pick-lists/{it.pick_list}"),
    "picking.show_proposal": lambda it: Call("GET", f"/api/pick-lists/{it.pick_list}/proposal"),
    "picking.override": lambda it: Call(
        "POST", f"/api/pick-lists/{it.pick_list}/override", json={"serial_no": "nothing", "reason": "it is urgent"}
    ),
    "picking.finish_pick_list": lambda it: Call("POST", f"/api/pick-lists/{it.pick_list}/submit", json={}),
    "picking.discard_pick_list": lambda it: Call(
        "POST", f"/api/pick-lists/{it.pick_list}/discard", json={"reason": "opened by mistake"}
    ),
    "intake.parse_serial_list": lambda _: Call("POST", "/api/serial-lists/parse", json={"text": "A-09 to A-11"}),
    "intake.show_next_serial": lambda it: Call("GET", f"/api/items/{it.line_item}/next-serial"),
    "intake.add_numbered_units": lambda it: Call(
        "POST",
        f"/api/purchase-receipts/{it.receipt}/numbered-units",
        json={"id": new_id(), "item_id": 2**31 - 1, "count": 1},
    ),
    "intake.number_a_batch": lambda it: Call(
        "POST", f"/api/purchase-receipts/{it.receipt}/batches", json={"id": new_id(), "item_id": 2**31 - 1}
    ),
    "intake.show_next_batch": lambda it: Call("GET", f"/api/items/{it.line_item}/next-batch"),
    "intake.upload_units": lambda it: Call(
        "POST",
        f"/api/purchase-receipts/{it.receipt}/upload",
        form={"item_id": str(it.line_item), "mode": "dry_run"},
    ),
    "intake.csv_template": lambda _: Call("GET", "/api/serial-template.csv"),
    "intake.xlsx_template": lambda _: Call("GET", "/api/serial-template.xlsx"),
    "units.find_units": lambda it: Call("GET", "/api/units", {"site": it.site, "q": it.serial_no}),
    "units.show_unit": lambda it: Call("GET", f"/api/units/{it.unit}"),
    "stock.list_stock": lambda it: Call("GET", "/api/stock", {"site": it.site}),
    "stock.list_stock_units": lambda it: Call("GET", "/api/stock/units", {"site": it.site}),
    "stock.export_stock": lambda it: Call("GET", "/api/stock/lines.csv", {"site": it.site}),
    "stock.export_stock_units": lambda it: Call("GET", "/api/stock/units.csv", {"site": it.site}),
    "stock.show_item_stock": lambda it: Call("GET", f"/api/stock/items/{it.line_item}", {"site": it.site}),
    "stock.show_place_stock": lambda it: Call("GET", f"/api/stock/places/{it.place}"),
    "batches.show_batch": lambda it: Call("GET", f"/api/batches/{it.batch}"),
    "batches.hold_batch": lambda it: Call("POST", f"/api/batches/{it.batch}/hold", json={"reason": "drop test"}),
    "batches.lift_batch": lambda it: Call("POST", f"/api/batches/{it.batch}/lift", json={"reason": "passed"}),
    "batches.change_batch_dates": lambda it: Call(
        "POST",
        f"/api/batches/{it.batch}/dates",
        json={"manufactured_on": "2026-01-02", "expires_on": "2026-01-01", "reason": "label"},
    ),
    "batches.hold_unit": lambda it: Call("POST", f"/api/units/{it.unit}/hold", json={"reason": "drop test"}),
    "batches.lift_unit": lambda it: Call("POST", f"/api/units/{it.unit}/lift", json={"reason": "passed"}),
    "vouchers.list_vouchers": lambda it: Call("GET", "/api/vouchers", {"site": it.site}),
    "vouchers.show_voucher": lambda it: Call("GET", f"/api/vouchers/{it.receipt}"),
    "vouchers.list_voucher_units": lambda it: Call("GET", f"/api/vouchers/{it.receipt}/units"),
    "voucher_drafts.list_drafts": lambda it: Call("GET", "/api/voucher-drafts", {"site": it.site}),
    "voucher_drafts.save_draft": lambda it: Call("POST", "/api/voucher-drafts", json=a_draft(it.site)),
    "voucher_drafts.show_draft": lambda it: Call("GET", f"/api/voucher-drafts/{it.draft}"),
    "voucher_drafts.discard_draft": lambda it: Call(
        "POST", f"/api/voucher-drafts/{it.draft}/discard", json={"revision": 99}
    ),
    "cancelling.cancel": lambda it: Call(
        "POST", f"/api/vouchers/{it.receipt}/cancel", json={"reason": "a draft is not cancelled"}
    ),
    "units.correct": lambda it: Call(
        "POST", f"/api/units/{it.unit}/serial-no", json={"serial_no": it.serial_no, "reason": "it is right"}
    ),
    "moves.list_destinations": lambda it: Call("GET", "/api/transfer-destinations", {"site": it.site}),
    "alerts.list_alerts": lambda it: Call("GET", "/api/alerts", {"site": it.site}),
    "alerts.acknowledge_alert": lambda it: Call("POST", f"/api/alerts/{it.alert}/acknowledge", json={}),
    "alerts.list_rules": lambda it: Call("GET", "/api/alert-rules", {"site": it.site}),
    "alerts.set_rule": lambda it: Call(
        "POST", "/api/alert-rules", json={"id": new_id(), "site": it.site, "kind": "serial_unlisted", "threshold": 1}
    ),
    "alerts.change_rule": lambda it: Call("POST", f"/api/alert-rules/{it.alert_rule}", json={"threshold": 9_999}),
    "alerts.stop_rule": lambda it: Call("POST", f"/api/alert-rules/{it.alert_rule}/stop", json={}),
    "integrations.list_tokens": lambda it: Call("GET", "/api/tokens", {"site": it.site}),
    "integrations.make_token": lambda it: Call(
        "POST", "/api/tokens", json={"site": it.site, "name": f"ERP {it.site}", "permissions": ["units.read"]}
    ),
    "integrations.revoke_token": lambda it: Call("POST", f"/api/tokens/{it.token}/revoke", json={}),
    "integrations.list_webhooks": lambda it: Call("GET", "/api/webhooks", {"site": it.site}),
    "integrations.add_webhook": lambda it: Call(
        "POST", "/api/webhooks", json={"site": it.site, "url": "https://erp.example/", "kinds": ["stock_moved"]}
    ),
    "integrations.send_test": lambda it: Call("POST", f"/api/webhooks/{it.webhook}/test", json={}),
    "integrations.stop_webhook": lambda it: Call("POST", f"/api/webhooks/{it.webhook}/stop", json={}),
    "integrations.list_messages": lambda it: Call("GET", f"/api/webhooks/{it.webhook}/messages"),
    "labels.list_formats": lambda _: Call("GET", "/api/label-formats"),
    "labels.list_badge_holders": lambda it: Call("GET", "/api/badge-holders", {"site": it.site}),
    "labels.print_": lambda it: Call("POST", "/api/label-prints", json={"id": PRINT} | _labels(it)),
    "labels.list_prints": lambda it: Call(
        "GET", "/api/label-prints", {"site": it.site, "subject": "unit", "subject_id": it.unit}
    ),
    "labels.show_file": lambda it: Call("GET", f"/api/label-prints/{it.label_print}/labels.zpl"),
    "labels.show_preview": lambda it: Call("POST", "/api/label-previews", json=_labels(it)),
    "practice.show_practice": lambda it: Call("GET", "/api/practice", {"site": it.site}),
    "practice.show_practice_sheet": lambda it: Call("GET", "/api/practice-sheet", {"site": it.site}),
    "epcis.list_events": lambda it: Call("GET", "/api/epcis/events", {"site": it.site, "unit": it.unit}),
    "epcis.capture_events": lambda it: Call(
        "POST",
        f"/api/purchase-orders/{it.order}/epcis-events",
        json={"type": "EPCISDocument", "schemaVersion": "2.0", "epcisBody": {"eventList": [AN_EVENT]}},
    ),
    "reports.list_reports": lambda it: Call("GET", "/api/reports"),
    "reports.show_report": lambda it: Call("GET", "/api/reports/whereabouts", {"site": it.site}),
    "reports.export_report": lambda it: Call("GET", "/api/reports/stock-age/file.csv", {"site": it.site}),
    "moves.list_transfers": lambda it: Call("GET", "/api/stock-transfers", {"site": it.site}),
    "moves.show_transfer": lambda it: Call("GET", f"/api/stock-transfers/{it.transfer}"),
    "moves.transfer": lambda it: Call(
        "POST",
        "/api/stock-transfers",
        json={"id": new_id(), "location_id": it.place, "to_location_id": it.place},
    ),
    "moves.receive_transfer": lambda it: Call("POST", f"/api/stock-transfers/{it.transfer}/receive", json={}),
    "moves.return_to_supplier": lambda it: Call(
        "POST",
        "/api/supplier-returns",
        json={"id": new_id(), "location_id": it.place, "supplier": "NOBODY", "remark": "x"},
    ),
    "moves.enter_stock": lambda it: Call(
        "POST",
        "/api/stock-entries",
        json={"id": new_id(), "location_id": it.place, "purpose": "issue", "remark": "x"},
    ),
    "counts.list_counts": lambda it: Call("GET", "/api/stock-counts", {"site": it.site}),
    "counts.open_count": lambda it: Call("POST", "/api/stock-counts", json={"id": new_id(), "location_id": it.place}),
    "counts.show_count": lambda it: Call("GET", f"/api/stock-counts/{it.count}"),
    "counts.record_scans": lambda it: Call(
        "POST",
        f"/api/stock-counts/{it.count}/scans",
        json={"scans": [{"id": new_id(), "text": "X-77"}, {"id": new_id(), "text": it.serial_no}]},
    ),
    "counts.submit_count": lambda it: Call("POST", f"/api/stock-counts/{it.count}/submit", json={}),
    "counts.recount": lambda it: Call("POST", f"/api/stock-counts/{it.count}/recount", json={"round": 9}),
    "counts.approve_count": lambda it: Call("POST", f"/api/stock-counts/{it.count}/approve", json={}),
    "counts.show_result": lambda it: Call("GET", f"/api/stock-counts/{it.count}/result"),
    "live.read_feed": lambda it: Call("GET", "/api/feed", {"site": it.site, "since": 0}),
    "boards.receiving_board": lambda it: Call("GET", "/api/boards/receiving", {"site": it.site}),
    "boards.picking_board": lambda it: Call("GET", "/api/boards/picking", {"site": it.site}),
    "boards.stock_board": lambda it: Call("GET", "/api/boards/stock", {"site": it.site}),
    "boards.service_board": lambda it: Call("GET", "/api/boards/service", {"site": it.site}),
    "boards.decisions_board": lambda it: Call("GET", "/api/boards/decisions", {"site": it.site}),
    "boards.recalls_board": lambda it: Call("GET", "/api/boards/recalls", {"site": it.site}),
    "frames.read_frames": lambda it: Call("POST", "/api/frames", form={"site": str(it.site)}),
    "frames.list_kept": lambda it: Call("GET", "/api/kept-frames", {"site": it.site}),
    "secondary_serials.add_secondary_serial": lambda it: Call(
        "POST", f"/api/units/{it.unit}/secondary-serials", json={"kind": "imei", "text": "354178036859789"}
    ),
    "secondary_serials.remove_secondary_serial": lambda it: Call(
        "DELETE", f"/api/units/{it.unit}/secondary-serials/{2**31 - 1}"
    ),
    "master_files.upload_masters": lambda it: Call(
        "POST", "/api/masters/parties/upload", form={"site": str(it.site), "mode": "dry_run"}
    ),
    "erpnext.upload_erpnext": lambda it: Call(
        "POST", "/api/erpnext/batch/upload", form={"site": str(it.site), "mode": "dry_run"}
    ),
    "master_files.download_masters": lambda it: Call("GET", "/api/masters/items/file.csv", {"site": it.site}),
    "items.find_items": lambda _: Call("GET", "/api/masters/items"),
    "items.list_profiles": lambda _: Call("GET", "/api/masters/profiles"),
    "items.create_item": lambda it: Call(
        "POST", "/api/masters/items", json={"site": it.site, "name": "Laptop", "item_code": "LAP-15"}
    ),
    "items.show_item": lambda it: Call("GET", f"/api/masters/items/{it.line_item}"),
    "items.edit_item": lambda it: Call("POST", f"/api/masters/items/{it.line_item}", json={"version": 99}),
    "items.retire_item": lambda it: Call("POST", f"/api/masters/items/{it.line_item}/retire", json={"version": 99}),
    "items.bring_item_back": lambda it: Call(
        "POST", f"/api/masters/items/{it.line_item}/bring-back", json={"version": 99}
    ),
    "items.link_barcode": lambda it: Call(
        "POST", f"/api/masters/items/{it.line_item}/barcodes", json={"text": "010950600013435"}
    ),
    "items.unlink_barcode": lambda it: Call("DELETE", f"/api/masters/items/{it.line_item}/barcodes/{2**31 - 1}"),
    "items.show_picture": lambda it: Call("GET", f"/api/masters/items/{it.line_item}/picture"),
    "items.set_picture": lambda it: Call("POST", f"/api/masters/items/{it.line_item}/picture", form={}),
    "items.remove_picture": lambda it: Call("DELETE", f"/api/masters/items/{it.line_item}/picture"),
    "parties.list_parties": lambda _: Call("GET", "/api/masters/parties"),
    "parties.create_party": lambda it: Call(
        "POST", "/api/masters/parties", json={"site": it.site, "code": "ACME", "kind": "customer", "name": "ACME"}
    ),
    "parties.show_party": lambda _: Call("GET", "/api/masters/parties/1"),
    "parties.edit_party": lambda _: Call("POST", "/api/masters/parties/1", json={"version": 99}),
    "parties.retire_party": lambda _: Call("POST", "/api/masters/parties/1/retire", json={"version": 99}),
    "parties.bring_party_back": lambda _: Call("POST", "/api/masters/parties/1/bring-back", json={"version": 99}),
    "places.list_places": lambda it: Call("GET", "/api/masters/places", {"site": it.site}),
    "places.create_place": lambda it: Call(
        "POST",
        "/api/masters/places",
        json={"site": it.site, "code": "REJECT", "name": "Rejected", "kind": "bin", "parent_id": it.place},
    ),
    "places.show_place": lambda it: Call("GET", f"/api/masters/places/{it.place}"),
    "places.edit_place": lambda it: Call("POST", f"/api/masters/places/{it.place}", json={"version": 99}),
    "places.retire_place": lambda it: Call("POST", f"/api/masters/places/{it.place}/retire", json={"version": 99}),
    "places.bring_place_back": lambda it: Call(
        "POST", f"/api/masters/places/{it.place}/bring-back", json={"version": 99}
    ),
    "places.list_series": lambda it: Call("GET", "/api/masters/series", {"site": it.site}),
    "places.preview_series": lambda it: Call(
        "GET", "/api/masters/series/preview", {"site": it.site, "pattern": "PO-.####"}
    ),
    "site_days.show_days": lambda it: Call("GET", "/api/masters/site-days", {"site": it.site}),
    "site_days.change_days": lambda it: Call(
        "POST",
        "/api/masters/site-days",
        json={"site": it.site, "time_zone": "UTC", "fiscal_month": 4, "version": 0},
    ),
    "places.change_series": lambda it: Call(
        "POST", "/api/masters/series", json={"site": it.site, "kind": "item", "pattern": None, "seen": "X-.#"}
    ),
    "frames.show_kept": lambda it: Call("GET", f"/api/kept-frames/{it.frame}/picture"),
    "frames.remove_kept": lambda it: Call("DELETE", f"/api/kept-frames/{it.frame}"),
    "claims.list_claims": lambda it: Call("GET", "/api/warranty-claims", {"site": it.site}),
    "claims.enter_claim": lambda it: Call(
        "POST",
        "/api/warranty-claims",
        json={"id": new_id(), "site": it.site, "customer": "ACME", "serial_no": "", "complaint": "x"},
    ),
    "claims.show_claim": lambda it: Call("GET", f"/api/warranty-claims/{it.claim}"),
    "claims.decide_held_claim": lambda it: Call(
        "POST", f"/api/warranty-claims/{it.claim}/unit", json={"serial_no": "NOBODY-9"}
    ),
    "claims.assign_claim": lambda it: Call(
        "POST", f"/api/warranty-claims/{it.claim}/technician", json={"technician": "nobody"}
    ),
    "claims.end_claim": lambda it: Call("POST", f"/api/warranty-claims/{it.claim}/outcome", json={"outcome": "repair"}),
    "customer_returns.list_returns": lambda it: Call("GET", "/api/customer-returns", {"site": it.site}),
    "customer_returns.take_back": lambda it: Call(
        "POST",
        "/api/customer-returns",
        json={"id": new_id(), "location_id": it.place, "customer": "ACME", "serial_nos": ["x"], "reason": "x"},
    ),
    "customer_returns.show_return": lambda it: Call("GET", f"/api/customer-returns/{it.customer_return}"),
    "customer_returns.inspect_unit": lambda it: Call(
        "POST",
        f"/api/customer-returns/{it.customer_return}/inspections",
        json={"unit_id": it.unit, "outcome": "scrap"},
    ),
    "warranties.show_warranty": lambda it: Call("GET", f"/api/units/{it.unit}/warranty"),
    "warranties.extend_warranty": lambda it: Call(
        "POST", f"/api/units/{it.unit}/warranty/extend", json={"end_on": "2030-01-01", "reason": "x"}
    ),
    "warranties.void_warranty": lambda it: Call("POST", f"/api/units/{it.unit}/warranty/void", json={"reason": "x"}),
    "warranties.install_unit": lambda it: Call(
        "POST", "/api/installations", json={"id": new_id(), "site": it.site, "customer": "ACME", "serial_no": ""}
    ),
    "warranties.list_contracts": lambda it: Call("GET", "/api/service-contracts", {"site": it.site}),
    "warranties.make_contract": lambda it: Call("POST", "/api/service-contracts", json=_a_contract(it.site, "x")),
    "warranties.show_contract": lambda it: Call("GET", f"/api/service-contracts/{it.contract}"),
    "warranties.change_contract": lambda it: Call(
        "POST",
        f"/api/service-contracts/{it.contract}",
        json={"serial_nos": ["x"], "start_on": "2027-01-01", "end_on": "2027-12-31", "reason": "x"},
    ),
    "warranties.end_contract": lambda it: Call(
        "POST", f"/api/service-contracts/{it.contract}/end", json={"last_day": "2020-01-01", "reason": "x"}
    ),
    "servicing.list_technicians": lambda it: Call("GET", "/api/technicians", {"site": it.site}),
    "servicing.show_my_work": lambda it: Call("GET", "/api/my-work", {"site": it.site}),
    "servicing.list_repair_orders": lambda it: Call("GET", "/api/repair-orders", {"site": it.site}),
    "servicing.take_in": lambda it: Call(
        "POST", "/api/repair-orders", json=_a_job(it) | {"customer": "NOBODY", "complaint": "x"}
    ),
    "servicing.show_repair_order": lambda it: Call("GET", f"/api/repair-orders/{it.repair_order}"),
    "servicing.assign": lambda it: Call(
        "POST", f"/api/repair-orders/{it.repair_order}/technician", json={"technician": "nobody"}
    ),
    "servicing.give_back": lambda it: Call("POST", f"/api/repair-orders/{it.repair_order}/give-back", json={}),
    "servicing.scrap": lambda it: Call("POST", f"/api/repair-orders/{it.repair_order}/scrap", json={"remark": "x"}),
    "servicing.close_visit": lambda it: Call(
        "POST", "/api/service-visits", json=_a_job(it) | {"work_done": "x", "result": "fixed"}
    ),
    "servicing.show_visit": lambda it: Call("GET", f"/api/service-visits/{it.visit}"),
    "servicing.list_due": lambda it: Call("GET", "/api/maintenance-due", {"site": it.site}),
    "servicing.make_plan": lambda it: Call("POST", "/api/maintenance-plans", json=_a_plan(it, "nothing")),
    "servicing.end_plan": lambda it: Call("POST", f"/api/maintenance-plans/{it.plan}/end", json={"reason": "x"}),
    "attachments.attach": lambda it: Call(
        "POST",
        "/api/attachments",
        json={"id": new_id(), "done_at": "2026-01-05T10:00:00Z", "site": it.site, "kind": "photo", "picture": ""},
    ),
    "recalls.list_recalls": lambda it: Call("GET", "/api/recalls", {"site": it.site}),
    "recalls.preview_recall": lambda it: Call("POST", "/api/recalls/preview", json=_a_recall(it.site, it.serial_no)),
    "recalls.start": lambda it: Call(
        "POST", "/api/recalls", json=_a_recall(it.site, "NOBODY-1") | {"id": new_id(), "reason": "drop test"}
    ),
    "recalls.show_recall": lambda it: Call("GET", f"/api/recalls/{it.recall}"),
    "recalls.list_recalled_units": lambda it: Call("GET", f"/api/recalls/{it.recall}/units"),
    "recalls.export_recalled_units": lambda it: Call("GET", f"/api/recalls/{it.recall}/units.csv"),
    "recalls.export_recalled_events": lambda it: Call("GET", f"/api/recalls/{it.recall}/events.jsonld"),
    "recalls.add_step": lambda it: Call(
        "POST",
        "/api/recall-steps",
        json={
            "id": new_id(),
            "done_at": "2026-01-05T10:00:00Z",
            "recall_id": it.recall,
            "recall_unit_ids": [2**31 - 1],
            "outcome": "found",
        },
    ),
    "recalls.close": lambda it: Call("POST", f"/api/recalls/{it.recall}/close", json={}),
    "traces.show_trace": lambda it: Call("GET", "/api/traces", {"unit": it.unit}),
    "traces.export_trace": lambda it: Call("GET", "/api/traces.csv", {"unit": it.unit}),
    "attachments.show_attachment": lambda it: Call("GET", f"/api/attachments/{it.attachment}/picture"),
}


_FILLED_ALIKE = {
    "receiving.show_receipt": "receiving.show_opening_stock",
    "receiving.list_units": "receiving.list_opening_units",
    "receiving.add_units": "receiving.add_opening_units",
    "receiving.add_quantity": "receiving.add_opening_quantity",
    "receiving.note_secondaries_of_unit": "receiving.note_opening_secondaries",
    "receiving.submit_receipt": "receiving.submit_opening_stock",
    "receiving.discard_receipt": "receiving.discard_opening_stock",
    "intake.add_numbered_units": "intake.number_opening_units",
    "intake.number_a_batch": "intake.number_opening_batch",
    "intake.upload_units": "intake.upload_opening_units",
}
"""Opening stock is filled and posted by the same routes under an address of its own."""


def _of_opening(call: Callable[[Things], Call]) -> Callable[[Things], Call]:
    def opened(it: Things) -> Call:
        made = call(it)
        path = made.path.replace(f"/purchase-receipts/{it.receipt}", f"/opening-stocks/{it.opening}")
        return replace(made, path=path)

    return opened


CALLS |= {twin: _of_opening(CALLS[endpoint]) for endpoint, twin in _FILLED_ALIKE.items()}


def codes_of(answer: TestResponse) -> set[str]:
    """The codes that an answer gives: of a problem, and of the outcomes of scans."""
    told = answer.get_json(silent=True) or {}
    return {each["code"] for each in (told, *told.get("outcomes", ())) if each.get("code")}


def is_unsafe(rule: Rule) -> bool:
    """Whether a route changes something."""
    return not (rule.methods or set()) <= SAFE


def asked_of(app: Flask, endpoint: str) -> frozenset[str]:
    """What a route asks for; any one of it is enough."""
    asked: frozenset[str] = app.view_functions[endpoint].asked  # type: ignore[attr-defined]
    return asked


def things_at(person: Api, order: str, place: str, serial_no: str) -> Things:
    """Make one of everything at the first site of a person, who may do all."""
    filled = person.open_receipt(order, place)
    assert person.scan(filled, serial_no, batch_no="B-1")["code"] == "ok"
    person.post(f"/api/purchase-receipts/{filled['id']}/submit", {})
    receipt = person.open_receipt(order, place)
    (unit,) = person.get("/api/units", site=person.site, q=serial_no)["matches"]
    begin = {"id": new_id(), "site": person.site, "location_id": person.place(place)}
    item_code = receipt["lines"][0]["item"]["item_code"]
    sold = _sold_things(person, place, item_code, f"SOLD-{serial_no}", order)
    return Things(
        **sold,
        **_things_after_the_sale(person, f"SOLD-{serial_no}"),
        **service_things(person, place, f"FIXED-{serial_no}", order),
        site=person.site,
        order=receipt["purchase_order"]["id"],
        receipt=receipt["id"],
        opening=person.post("/api/opening-stocks", begin)["id"],
        line_item=receipt["lines"][0]["item"]["id"],
        place=receipt["location"]["id"],
        unit=unit["id"],
        batch=person.get(f"/api/units/{unit['id']}")["batch"]["id"],
        serial_no=serial_no,
        frame=_keep_picture(person),
        attachment=_attach_picture(person, sold["delivery_note"]),
        label_print=_print_label(person, unit["id"]),
        token=_made(person, "tokens", {"name": f"kept {person.site}", "permissions": ["units.read"]}),
        webhook=_made(person, "webhooks", {"url": "https://erp.example/", "kinds": ["stock_moved"]}),
        **_an_alert(person, filled["id"]),
        transfer=_transfer(person, unit, place),
        draft=person.post("/api/voucher-drafts", a_draft(person.site) | {"revision": 0})["id"],
        count=_count(person, receipt["location"]["id"]),
    )


def _made(person: Api, things: str, wanted: dict[str, Any]) -> int:
    return int(person.post(f"/api/{things}", {"site": person.site} | wanted)["id"])


def _an_alert(person: Api, receipt_id: str) -> dict[str, Any]:
    """A rule that has told one thing, about a receipt."""
    wanted = {"id": new_id(), "site": person.site, "kind": "under_receipt", "threshold": 0}
    rule = person.post("/api/alert-rules", wanted)
    with person.client.application.app_context():

        def job(work: UnitOfWork) -> int:
            made = Alert(
                rule_id=rule["id"],
                site_id=person.site,
                kind="under_receipt",
                key=receipt_id,
                message="short",
                voucher_id=receipt_id,
                raised_at=work.now,
                mail_status="none",
                mail_due_at=work.now,
            )
            work.session.add(made)
            work.session.flush()
            return made.id

        return {"alert_rule": rule["id"], "alert": transact(job)}


def _print_label(person: Api, unit_id: int) -> str:
    wanted = {"id": new_id(), "site": person.site, "subject": "unit", "ids": [unit_id]}
    return str(person.post("/api/label-prints", wanted)["id"])


def _transfer(person: Api, unit: dict[str, Any], place: str) -> str:
    """The unit goes to the rejected goods and comes back: its first transfer is over, its place the same."""
    reject, ids = reject_place(person), []
    for here, there in ((person.place(place), reject), (reject, person.place(place))):
        wanted = {"id": new_id(), "location_id": here, "to_location_id": there}
        ids.append(person.post("/api/stock-transfers", wanted | {"serial_nos": [unit["serial_no"]]})["id"])
    return str(ids[0])


def _count(person: Api, place: int) -> str:
    wanted = {"id": new_id(), "location_id": place}
    return str(person.post("/api/stock-counts", wanted)["id"])


def _sold_things(person: Api, place: str, item_code: str, serial_no: str, order: str) -> dict[str, Any]:
    """An order that is being picked, and another unit of its item that is sold already."""
    received = person.open_receipt(order, place)
    assert person.scan(received, serial_no, batch_no="B-1")["code"] == "ok"
    person.post(f"/api/purchase-receipts/{received['id']}/submit", {})
    sold = {"customer": "ACME", "location_id": person.place(place), "serial_nos": [serial_no]}
    note = person.post("/api/delivery-notes", sold | {"id": new_id()})
    invoice = person.post("/api/sales-invoices", {"id": new_id(), "delivery_note_id": note["id"]})
    wanted = {"customer": "ACME", "lines": [{"item_code": item_code, "qty": 1}], "submit": True}
    sales_order = person.post("/api/sales-orders", wanted | {"id": new_id(), "site": person.site})
    pick_list = person.post(
        "/api/pick-lists",
        {
            "id": new_id(),
            "sales_order_ids": [sales_order["id"]],
            "location_id": person.place(place),
            "manual": True,
        },
    )
    return {
        "sales_order": sales_order["id"],
        "pick_list": pick_list["id"],
        "delivery_note": note["id"],
        "sales_invoice": invoice["id"],
        "recall": _recall(person, serial_no),
    }


def _recall(person: Api, serial_no: str) -> str:
    """Of the unit that is sold: the other one is wanted free."""
    wanted = _a_recall(person.site, serial_no) | {"id": new_id(), "reason": "drop test"}
    return str(person.post("/api/recalls", wanted)["id"])


def _things_after_the_sale(person: Api, serial_no: str) -> dict[str, str]:
    """A claim that is held for review, a service contract for a sold unit, and then its return."""
    of_customer = {"id": new_id(), "customer": "ACME"}
    claim = of_customer | {"site": person.site, "serial_no": "NOBODY-1", "complaint": "dead", "hold": True}
    contract = person.post("/api/service-contracts", _a_contract(person.site, serial_no))
    back = of_customer | {"location_id": reject_place(person), "serial_nos": [serial_no], "reason": "dead"}
    return {
        "claim": person.post("/api/warranty-claims", claim)["id"],
        "contract": contract["id"],
        "customer_return": person.post("/api/customer-returns", back | {"id": new_id()})["id"],
    }


def _a_contract(site: int, serial_no: str) -> dict[str, Any]:
    days = {"start_on": "2027-02-01", "end_on": "2028-01-31"}
    return {"id": new_id(), "site": site, "customer": "ACME", "serial_nos": [serial_no]} | days


def reject_place(person: Api) -> int:
    """The place for rejected goods of a site."""
    places = person.get("/api/locations", site=person.site)["locations"]
    return int(next(each["id"] for each in places if each["kind"] == "reject"))


def service_things(person: Api, place: str, serial_no: str, order: str) -> dict[str, Any]:
    """A unit that is sold, planned to be looked after, taken in for repair and visited."""
    received = person.open_receipt(order, place)
    assert person.scan(received, serial_no, batch_no="B-1")["code"] == "ok"
    person.post(f"/api/purchase-receipts/{received['id']}/submit", {})
    person.post(
        "/api/delivery-notes",
        {"id": new_id(), "customer": "ACME", "location_id": person.place(place), "serial_nos": [serial_no]},
    )
    job = {"done_at": "2026-01-05T10:00:00Z", "site": person.site, "serial_no": serial_no}
    taken_in = person.post("/api/repair-orders", job | {"id": new_id(), "customer": "ACME", "complaint": "hums"})
    plan = {"name": "yearly check", "every": 12, "period": "months", "starts_on": "2026-01-10"}
    readings = [{"name": "Temperature", "value": "41", "unit": "°C"}]
    done = {"work_done": "oiled", "result": "fixed", "readings": readings, "parts": {"noted": ["OEM-1"]}}
    return {
        "repaired_serial": serial_no,
        "repair_order": taken_in["id"],
        "visit": person.post("/api/service-visits", job | done | {"id": new_id()})["id"],
        "plan": person.post(
            "/api/maintenance-plans",
            {"id": new_id(), "site": person.site, "serial_no": serial_no} | plan,
        )["id"],
    }


def at_site(person: Api, code: str) -> Api:
    """The same log-in, looking at another site of theirs."""
    return replace(person, sites=[site for site in person.sites if site["code"] == code])


_JPEG = b"\xff\xd8\xff\xd9"


def _keep_picture(person: Api) -> int:
    with person.client.application.app_context():
        actor = _actor(person)
        return transact(
            lambda work: keep_frame(work, actor, site_id=person.site, purpose="bad_label", note=None, jpeg=_JPEG)
        )


def _attach_picture(person: Api, voucher_id: str) -> str:
    wanted = Picture(
        new_id(), person.site, AttachmentKind.PHOTO, None, person.clock.now, "", _JPEG, (640, 480), voucher_id
    )
    with person.client.application.app_context():
        actor = _actor(person)
        return transact(lambda work: keep(work, actor, wanted).id)


def _actor(person: Api) -> Actor:
    cookie = person.client.get_cookie("serialtrail")
    assert cookie is not None
    found = actor_of(reading(), cookie.value, person.clock.now)
    assert found is not None
    reading().rollback()
    return found[0]


def _a_job(it: Things, serial_no: str = "nothing") -> dict[str, Any]:
    return {"id": new_id(), "done_at": "2026-01-05T10:00:00Z", "site": it.site, "serial_no": serial_no}


def _a_plan(it: Things, serial_no: str) -> dict[str, Any]:
    plan = {"name": "yearly check", "every": 12, "period": "months", "starts_on": "2026-01-10"}
    return {"id": new_id(), "site": it.site, "serial_no": serial_no} | plan


def _a_line(it: Things) -> list[dict[str, Any]]:
    return [{"item_id": it.line_item, "qty": 1}]


def _an_action_of_nothing() -> dict[str, Any]:
    moment = "2026-01-05T10:00:00Z"
    entry = {"id": new_id(), "n": 1, "kind": "nothing", "done_at": moment, "body": {}}
    return {"device_id": new_id(), "device_name": "a phone", "sent_at": moment, "entries": [entry]}


def _a_recall(site: int, serial_no: str) -> dict[str, Any]:
    return {"site": site, "scope": {"origin": "serials", "serial_nos": [serial_no]}}


def _a_scan_of_nothing(it: Things) -> dict[str, Any]:
    moment = "2026-01-05T10:00:00Z"
    scan = {"id": new_id(), "n": 1, "purpose": "receive", "voucher_id": it.receipt, "text": ""}
    return {
        "device_id": new_id(),
        "device_name": "a phone",
        "sent_at": moment,
        "scans": [scan | {"scanned_at": moment}],
    }
