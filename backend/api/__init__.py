"""The HTTP interface: blueprints with their request schemas."""

from flask import Flask

from backend.api import (
    alerts,
    attachments,
    auth,
    batches,
    boards,
    cancelling,
    claims,
    conflicts,
    counts,
    customer_returns,
    delivering,
    epcis,
    erpnext,
    errors,
    frames,
    health,
    intake,
    integrations,
    items,
    labels,
    live,
    master_files,
    moves,
    offline_catalogue,
    parties,
    picking,
    places,
    practice,
    public_check,
    purchase_orders,
    recalls,
    receiving,
    reports,
    sales_orders,
    scans,
    secondary_serials,
    servicing,
    site_days,
    stock,
    sync,
    traces,
    units,
    voucher_drafts,
    vouchers,
    warranties,
)
from backend.api.access import add_headers
from backend.api.openapi import make_api
from backend.api.shared_boards import SharedBoards
from scanner.sandbox import Sandbox


def register(app: Flask) -> None:
    """Bind the blueprints, the errors, the headers and the OpenAPI document at /api/openapi.json."""
    app.config.update(MAX_CONTENT_LENGTH=16 * 1024 * 1024)
    api = make_api(app)
    for module in (
        alerts,
        attachments,
        auth,
        batches,
        boards,
        cancelling,
        conflicts,
        claims,
        counts,
        customer_returns,
        delivering,
        epcis,
        erpnext,
        frames,
        intake,
        integrations,
        items,
        labels,
        live,
        master_files,
        moves,
        offline_catalogue,
        parties,
        picking,
        places,
        practice,
        purchase_orders,
        recalls,
        receiving,
        reports,
        sales_orders,
        scans,
        secondary_serials,
        servicing,
        site_days,
        stock,
        sync,
        traces,
        units,
        voucher_drafts,
        vouchers,
        warranties,
    ):
        api.register_blueprint(module.bp)
    app.register_blueprint(health.bp)
    app.register_blueprint(public_check.bp)
    errors.register(app)
    add_headers(app)
    app.extensions["serialtrail_scan_writers"] = {}
    app.extensions["serialtrail_sandbox"] = Sandbox()
    app.extensions["serialtrail_boards"] = SharedBoards()
