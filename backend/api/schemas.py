"""What requests and answers look like; the OpenAPI document is made from these."""

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from backend.domain.errors import DomainError
from backend.domain.quantities import MAX_QUANTITY, PLACES, quantity, read_quantity


class Request(Schema):
    """A request body or query: an unknown field is an error, so that a typing mistake is not a silent no-op."""

    class Meta:
        unknown = RAISE


EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Between them every device's clock is, however wrong; near the ends of the calendar zones run out of years."""


class Moment(fields.AwareDateTime):
    """ISO 8601 with a zone, kept and written in UTC with Z."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:
        moment = super()._deserialize(value, attr, data, **kwargs)
        if not EARLIEST <= moment < LATEST:
            raise ValidationError(f"Not between {EARLIEST.year} and {LATEST.year}.")
        return moment.astimezone(UTC)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.isoformat().replace("+00:00", "Z")


MOST = Decimal(10) ** 9
"""Above any quantity of goods that a warehouse holds; a double keeps six places of it."""


class Base64(fields.Field[bytes]):
    """Bytes as base64 text."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bytes:
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, TypeError, ValueError) as error:
            raise ValidationError("Not base64.") from error


class Quantity(fields.Field[Any]):
    """A quantity: a JSON number, or the same as text, with at most six decimal places."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {"type": "number", "minimum": 0, "maximum": MAX_QUANTITY, **kwargs.pop("metadata", {})}
        super().__init__(metadata=metadata, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        wanted = f"Not a quantity above 0 and up to {MAX_QUANTITY:,}, with at most {PLACES} decimal places."
        if isinstance(value, str):
            try:
                return read_quantity(value)
            except DomainError:
                raise ValidationError(wanted) from None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= MAX_QUANTITY:
            raise ValidationError(wanted)
        exact = Decimal(str(value))
        if exact != round(exact, PLACES):
            raise ValidationError(wanted)
        return quantity(exact)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> int | float | None:
        return float(value) if isinstance(value, Decimal) else value


def keepable(text: str) -> None:
    """Refuse what no text column of PostgreSQL can hold: NUL and halves of surrogate pairs."""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValidationError("Has characters that are no text.")


def string(most: int, *, least: int = 1, **kwargs: Any) -> fields.String:
    """A string field with a bound, for texts that are kept as they are."""
    return fields.String(validate=[validate.Length(min=least, max=most), keepable], **kwargs)


def scanned(most: int = 4096, *, least: int = 0, **kwargs: Any) -> fields.String:
    """What a scanner read or a person typed for a code, whatever it is: rules judge it, with codes of their own."""
    return fields.String(validate=validate.Length(min=least, max=most), **kwargs)


def whole(most: int = 2**31 - 1, *, least: int = 1, **kwargs: Any) -> fields.Integer:
    """An integer field with bounds; 1.5 and "1" are errors."""
    return fields.Integer(strict=True, validate=validate.Range(min=least, max=most), **kwargs)


def guid(**kwargs: Any) -> fields.String:
    """A UUID in its usual, lower-case form with dashes."""
    pattern = validate.Regexp(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", error="Not a UUID in lower case.")
    metadata = {"format": "uuid", **kwargs.pop("metadata", {})}
    return fields.String(validate=pattern, metadata=metadata, **kwargs)


class SiteQuery(Request):
    """The site that is asked about."""

    site = fields.Integer(required=True, validate=validate.Range(min=1, max=2**31 - 1))


class AnySiteQuery(Request):
    """At which site, whose day and fiscal year count; that of the person where none is named."""

    site = fields.Integer(load_default=None, validate=validate.Range(min=1, max=2**31 - 1))


class StatusQuery(SiteQuery):
    """The site, and which vouchers of it."""

    status = fields.String(
        load_default=None, validate=validate.OneOf(["open", "draft", "submitted", "closed", "cancelled"])
    )


class Problem(Schema):
    """An error: what was refused, by which rule, what to do next (RFC 9457)."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    code = fields.String()
    detail = fields.String()
    next_step = fields.String()
    actions = fields.List(fields.Dict())
    facts = fields.Dict()
    errors = fields.Dict()


class Named(Schema):
    """A supplier or customer."""

    code = fields.String()
    name = fields.String()


class ItemName(Schema):
    """An item in one line."""

    item_code = fields.String()
    name = fields.String()


class Place(Schema):
    """A place and where it is."""

    id = fields.Integer()
    code = fields.String()
    path = fields.String()
