"""Which settings of an item fit together."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from backend.domain import serials
from backend.domain.errors import DomainError, Refusal
from backend.domain.receiving import Tracking
from backend.domain.series import resolve

FIELDS = (
    "name",
    "tracking",
    "profile",
    "serial_no_series",
    "batch_no_series",
    "serial_length",
    "serial_pattern",
    "serial_standard",
    "secondary_kinds",
    "shelf_life_days",
    "expiry_required",
    "warranty_days",
    "warranty_months",
    "warranty_basis",
    "pick_rule",
    "over_receipt_percent",
    "reorder_level",
    "verify_returns",
)
"""What a person edits of an item besides its code, barcodes and picture."""

_NEEDS_SERIALS = ("serial_no_series", "serial_length", "serial_pattern", "serial_standard", "secondary_kinds")
_NEEDS_BATCHES = ("batch_no_series", "expiry_required", "shelf_life_days")
_WORDS = {
    "serial_no_series": "a series of serial numbers",
    "serial_length": "a length of serial numbers",
    "serial_pattern": "a form of serial numbers",
    "serial_standard": "a standard of serial numbers",
    "secondary_kinds": "secondary serial numbers",
    "batch_no_series": "a series of batches",
    "expiry_required": "a required expiry date",
    "shelf_life_days": "a shelf life",
}


def check(item_code: str, item: Mapping[str, Any], on: date) -> Refusal | None:
    """Refuse settings that contradict each other, or a series that gives no numbers.

    Args:
        item_code: For the message.
        item: All fields of ``FIELDS``.
        on: A day to try the series with.
    """
    tracking = Tracking(item["tracking"])
    lacking = (
        ("serial numbers", _NEEDS_SERIALS, tracking.has_serial),
        ("batches", _NEEDS_BATCHES, tracking.has_batch),
    )
    for what, fields, has in lacking:
        field = None if has else next((field for field in fields if item[field]), None)
        if field:
            return Refusal(
                "item_settings_disagree",
                f"{item_code} has {_WORDS[field]}, but its units have no {what}.",
                f"Choose a tracking with {what}, or clear the field.",
                facts={"field": field},
            )
    if item["pick_rule"] == "fefo" and not tracking.has_batch:
        return Refusal(
            "item_settings_disagree",
            f"{item_code} is picked by the expiry of its batches (FEFO), but it has no batches.",
            "Choose FIFO or LIFO, or a tracking with batches.",
            facts={"field": "pick_rule"},
        )
    if item["warranty_days"] is not None and item["warranty_months"] is not None:
        return Refusal(
            "item_settings_disagree",
            f"{item_code} has a warranty both in days and in months.",
            "Keep one of the two.",
            facts={"field": "warranty_months"},
        )
    return _check_series(item_code, item, on)


def _check_series(item_code: str, item: Mapping[str, Any], on: date) -> Refusal | None:
    for field, check in (("serial_no_series", serials.check), ("batch_no_series", _check_batch)):
        if not item[field]:
            continue
        try:
            number = resolve(item[field], on, {"item_code": item_code}).number(1)
        except DomainError as error:
            return error.refusal
        refusal = check(number)
        if refusal:
            return Refusal(
                "series_gives_no_serial",
                f"The series {item[field]} of {item_code} gives no number to use: {refusal.message}",
                "Correct the series of the item.",
                facts={"field": field},
            )
    return None


def _check_batch(text: str) -> Refusal | None:
    return serials.check_batch(text, "The series")
