"""Every refusal as problem+json with a stable code, in one place."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, jsonify, request
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import HTTPException

from backend.domain.errors import DomainError, Refusal

log = structlog.get_logger(__name__)

_STATUS = {
    "forbidden": HTTPStatus.FORBIDDEN,
    "not_logged_in": HTTPStatus.UNAUTHORIZED,
    "token_invalid": HTTPStatus.UNAUTHORIZED,
    "alert_threshold": HTTPStatus.UNPROCESSABLE_ENTITY,
    "email_invalid": HTTPStatus.UNPROCESSABLE_ENTITY,
    "webhook_address_refused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "wrong_credentials": HTTPStatus.UNAUTHORIZED,
    "csrf_failed": HTTPStatus.FORBIDDEN,
    "not_found": HTTPStatus.NOT_FOUND,
    "dock_unknown": HTTPStatus.NOT_FOUND,
    "order_unknown": HTTPStatus.NOT_FOUND,
    "receipt_unknown": HTTPStatus.NOT_FOUND,
    "voucher_unknown": HTTPStatus.NOT_FOUND,
    "draft_unknown": HTTPStatus.NOT_FOUND,
    "draft_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "site_unknown": HTTPStatus.NOT_FOUND,
    "conflict_unknown": HTTPStatus.NOT_FOUND,
    "location_unknown": HTTPStatus.UNPROCESSABLE_ENTITY,
    "supplier_unknown": HTTPStatus.UNPROCESSABLE_ENTITY,
    "customer_unknown": HTTPStatus.UNPROCESSABLE_ENTITY,
    "party_unknown": HTTPStatus.UNPROCESSABLE_ENTITY,
    "report_too_long": HTTPStatus.UNPROCESSABLE_ENTITY,
    "serial_missing": HTTPStatus.UNPROCESSABLE_ENTITY,
    "contract_days": HTTPStatus.UNPROCESSABLE_ENTITY,
    "return_place": HTTPStatus.UNPROCESSABLE_ENTITY,
    "replacement_missing": HTTPStatus.UNPROCESSABLE_ENTITY,
    "contract_unknown": HTTPStatus.NOT_FOUND,
    "act_unknown": HTTPStatus.UNPROCESSABLE_ENTITY,
    "item_unknown": HTTPStatus.UNPROCESSABLE_ENTITY,
    "batch_unknown": HTTPStatus.UNPROCESSABLE_ENTITY,
    "quantity_not_whole": HTTPStatus.UNPROCESSABLE_ENTITY,
    "serial_count": HTTPStatus.UNPROCESSABLE_ENTITY,
    "serial_unknown": HTTPStatus.UNPROCESSABLE_ENTITY,
    "decoder_busy": HTTPStatus.TOO_MANY_REQUESTS,
    "frame_count": HTTPStatus.UNPROCESSABLE_ENTITY,
    "format_unknown": HTTPStatus.UNPROCESSABLE_ENTITY,
    "purpose_unknown": HTTPStatus.UNPROCESSABLE_ENTITY,
    "image_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "unsupported_image": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "empty_image": HTTPStatus.UNPROCESSABLE_ENTITY,
    "truncated_image": HTTPStatus.UNPROCESSABLE_ENTITY,
    "broken_image": HTTPStatus.UNPROCESSABLE_ENTITY,
    "technician_unknown": HTTPStatus.UNPROCESSABLE_ENTITY,
    "plan_unknown": HTTPStatus.NOT_FOUND,
    "signature_missing": HTTPStatus.UNPROCESSABLE_ENTITY,
    "signer_unnamed": HTTPStatus.UNPROCESSABLE_ENTITY,
    "next_visit_in_past": HTTPStatus.UNPROCESSABLE_ENTITY,
    "place_needed": HTTPStatus.UNPROCESSABLE_ENTITY,
    "picture_too_small": HTTPStatus.UNPROCESSABLE_ENTITY,
    "attachment_unknown": HTTPStatus.UNPROCESSABLE_ENTITY,
    "decode_crashed": HTTPStatus.UNPROCESSABLE_ENTITY,
    "decode_timed_out": HTTPStatus.UNPROCESSABLE_ENTITY,
    "list_refused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "file_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "reader_busy": HTTPStatus.TOO_MANY_REQUESTS,
    "rows_refused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "file_missing": HTTPStatus.UNPROCESSABLE_ENTITY,
    "file_empty": HTTPStatus.UNPROCESSABLE_ENTITY,
    "file_name_mismatch": HTTPStatus.UNPROCESSABLE_ENTITY,
    "file_is_old_excel": HTTPStatus.UNPROCESSABLE_ENTITY,
    "file_not_text": HTTPStatus.UNPROCESSABLE_ENTITY,
    "file_broken": HTTPStatus.UNPROCESSABLE_ENTITY,
    "file_unpacks_too_large": HTTPStatus.UNPROCESSABLE_ENTITY,
    "file_too_costly": HTTPStatus.UNPROCESSABLE_ENTITY,
    "file_too_many_rows": HTTPStatus.UNPROCESSABLE_ENTITY,
    "file_too_many_columns": HTTPStatus.UNPROCESSABLE_ENTITY,
    "file_too_much_text": HTTPStatus.UNPROCESSABLE_ENTITY,
    "header_missing": HTTPStatus.UNPROCESSABLE_ENTITY,
    "header_repeated": HTTPStatus.UNPROCESSABLE_ENTITY,
    "list_too_long": HTTPStatus.UNPROCESSABLE_ENTITY,
    "recall_scope_incomplete": HTTPStatus.UNPROCESSABLE_ENTITY,
    "series_dot_missing": HTTPStatus.UNPROCESSABLE_ENTITY,
    "series_gives_no_serial": HTTPStatus.UNPROCESSABLE_ENTITY,
    "series_missing": HTTPStatus.UNPROCESSABLE_ENTITY,
    "series_unknown_field": HTTPStatus.UNPROCESSABLE_ENTITY,
    "secondary_of_no_unit": HTTPStatus.UNPROCESSABLE_ENTITY,
    "imei_invalid": HTTPStatus.UNPROCESSABLE_ENTITY,
    "mac_invalid": HTTPStatus.UNPROCESSABLE_ENTITY,
    "vin_invalid": HTTPStatus.UNPROCESSABLE_ENTITY,
    "item_settings_disagree": HTTPStatus.UNPROCESSABLE_ENTITY,
    "barcode_names_no_item": HTTPStatus.UNPROCESSABLE_ENTITY,
    "barcode_invalid": HTTPStatus.UNPROCESSABLE_ENTITY,
    "time_zone_unknown": HTTPStatus.UNPROCESSABLE_ENTITY,
    "series_gives_no_number": HTTPStatus.UNPROCESSABLE_ENTITY,
    "item_has_no_serials": HTTPStatus.UNPROCESSABLE_ENTITY,
    "item_has_no_batches": HTTPStatus.UNPROCESSABLE_ENTITY,
    "item_has_serials": HTTPStatus.UNPROCESSABLE_ENTITY,
    "date_missing": HTTPStatus.UNPROCESSABLE_ENTITY,
    "registration_unknown": HTTPStatus.NOT_FOUND,
}
"""Status of a code; a rule that says no to the present state of things is a conflict."""

_OF_STATUS: Mapping[int, tuple[str, str]] = {
    400: ("bad_request", "Send what the API document at /api-docs/ describes."),
    401: ("not_logged_in", "Log in and try again; what waits on the device is kept."),
    403: ("forbidden", "Ask an administrator for the permission."),
    404: ("not_found", "Check the address."),
    405: ("method_not_allowed", "See the API document at /api-docs/ for the methods of this address."),
    413: ("too_large", "Send less at once."),
    415: ("not_json", "Send JSON with the header Content-Type: application/json, pictures as multipart/form-data."),
    422: ("invalid_request", "Correct the fields that are named and send it again."),
    429: ("too_many_requests", "Wait for the seconds in Retry-After, then try again."),
}


def status_of(code: str) -> HTTPStatus:
    """The status of the answer to a request that was refused with a code."""
    return _STATUS.get(code, HTTPStatus.CONFLICT)


def problem(status: int, refusal: Refusal, **more: Any) -> Response:
    """A problem+json answer (RFC 9457)."""
    response = jsonify(
        {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "code": refusal.code,
            "detail": refusal.message,
            "next_step": refusal.next_step,
            "actions": list(refusal.actions),
            "facts": refusal.facts,
            **more,
        }
    )
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def on_domain_error(error: DomainError) -> Response:
    """Answer a refusal."""
    response = problem(status_of(error.refusal.code), error.refusal)
    if "retry_after" in error.refusal.facts:
        response.headers["Retry-After"] = str(error.refusal.facts["retry_after"])
    return response


def on_http_error(error: HTTPException) -> Response:
    """Answer what the framework refuses: no such address, not JSON, fields that are not what they should be."""
    status = error.code or 500
    code, next_step = _OF_STATUS.get(status, ("http_error", "Try again."))
    data = getattr(error, "data", None) or {}
    fields = data.get("messages", {})
    named = ", ".join(_field_names(fields)).removesuffix(".")
    message = f"Some fields are missing or wrong: {named}." if named else (error.description or "")
    refusal = Refusal(code, message, next_step, facts={"fields": named} if named else {})
    response = problem(status, refusal, **({"errors": fields} if fields else {}))
    for name, value in error.get_headers():
        if name in ("Retry-After", "Allow"):
            response.headers[name] = value
    return response


def on_database_trouble(error: OperationalError | InterfaceError | NoConnection) -> Response:
    """The database is away, busy or full: nothing was stored, and trying again is safe.

    What else it says, such as a number out of range, is a fault of ours that no second try mends.
    """
    log.exception("database_trouble", path=request.path)
    response = problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        Refusal(
            "service_busy",
            "The database did not take this; nothing was stored.",
            "Try again in a few seconds; scans that wait on the device are kept.",
        ),
    )
    response.headers["Retry-After"] = "5"
    return response


def on_unexpected(error: Exception) -> Response:
    """A fault of ours: logged whole, told in one sentence."""
    log.exception("unexpected_error", path=request.path)
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        Refusal(
            "internal_error",
            "Something went wrong on the server; nothing was stored.",
            "Try again; if it stays, report it with the time.",
        ),
    )


def register(app: Flask) -> None:
    """Bind the handlers."""
    app.register_error_handler(DomainError, on_domain_error)
    app.register_error_handler(HTTPException, on_http_error)
    for error in (OperationalError, InterfaceError, NoConnection):
        app.register_error_handler(error, on_database_trouble)
    app.register_error_handler(Exception, on_unexpected)


def _field_names(messages: Any, path: str = "") -> list[str]:
    if not isinstance(messages, Mapping):
        return [f"{path}: {' '.join(map(str, messages))}" if isinstance(messages, list) else path]
    names: list[str] = []
    for key, value in messages.items():
        inner = path if key in ("json", "query", "_schema") else f"{path}.{key}".lstrip(".")
        names += _field_names(value, inner)
    return names
