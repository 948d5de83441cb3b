"""The HTTP interface: blueprints with their request schemas."""

from flask import Flask

from backend.api import (
    auth,
    cancelling,
    errors,
    frames,
    health,
    intake,
    items,
    live,
    parties,
    places,
    purchase_orders,
    receiving,
    scans,
    units,
)
from backend.api.access import add_headers
from backend.api.openapi import make_api
from scanner.sandbox import Sandbox


def register(app: Flask) -> None:
    """Bind the blueprints, the errors, the headers and the OpenAPI document at /api/openapi.json."""
    app.config.update(MAX_CONTENT_LENGTH=16 * 1024 * 1024)
    api = make_api(app)
    for module in (
        auth,
        scans,
        receiving,
        purchase_orders,
        intake,
        units,
        cancelling,
        live,
        frames,
        items,
        parties,
        places,
    ):
        api.register_blueprint(module.bp)
    app.register_blueprint(health.bp)
    errors.register(app)
    add_headers(app)
    app.extensions["serialtrail_scan_writers"] = {}
    app.extensions["serialtrail_sandbox"] = Sandbox()
    app.extensions["serialtrail_boards"] = live.SharedBoards()
