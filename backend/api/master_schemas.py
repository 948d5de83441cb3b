"""What items, parties and places share as people list and change them."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from backend.api.schemas import Moment, Request, keepable, whole
from backend.domain import serials


def plain(text: str) -> None:
    """Refuse a text with characters that a person cannot see, or with space around it."""
    if serials.has_hidden_characters(text) or text != text.strip():
        raise ValidationError("Has space around it, or characters that nobody sees.")


def line(most: int, **kwargs: Any) -> fields.String:
    """A short text that people read: one line, nothing hidden."""
    return fields.String(validate=[validate.Length(min=1, max=most), keepable, plain], **kwargs)


class ShowQuery(Request):
    """Which masters."""

    q = fields.String(load_default="", validate=[validate.Length(max=200), keepable])
    show = fields.String(load_default="offered", validate=validate.OneOf(["offered", "retired", "all"]))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class ListQuery(ShowQuery):
    """Which masters, and from which code on."""

    after = fields.String(load_default=None, validate=[validate.Length(max=64), keepable])


class Version(Request):
    """Which state of a master the person saw."""

    version = whole(required=True)


class Edited(Schema):
    """Who changed a master last; ``version`` goes with the next change."""

    version = fields.Integer()
    retired_at = Moment(allow_none=True)
    edited_at = Moment(allow_none=True)
    edited_by = fields.String(allow_none=True)


# --- items ---------------------------------------------------------------------------------------
