"""The HTTP interface: blueprints with their request schemas."""

from flask import Flask
from flask_smorest import Api

from backend.api import auth, errors, frames, health, live, receiving, scans, units
from backend.api.access import add_headers
from scanner.sandbox import Sandbox


class ProblemApi(Api):  # type: ignore[misc]
    """flask-smorest without its own error format: ours is problem+json (see errors.py)."""

    def _register_error_handlers(self) -> None:
        """Leave every error to errors.register()."""


def register(app: Flask) -> None:
    """Bind the blueprints, the errors, the headers and the OpenAPI document at /api/openapi.json."""
    app.config.update(
        API_TITLE="Serialtrail",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
        MAX_CONTENT_LENGTH=16 * 1024 * 1024,
    )
    api = ProblemApi(app)
    api.ERROR_SCHEMA = None
    for module in (auth, scans, receiving, units, live, frames):
        api.register_blueprint(module.bp)
    app.register_blueprint(health.bp)
    errors.register(app)
    add_headers(app)
    app.extensions["serialtrail_scan_writers"] = {}
    app.extensions["serialtrail_sandbox"] = Sandbox()
    app.extensions["serialtrail_boards"] = live.SharedBoards()
