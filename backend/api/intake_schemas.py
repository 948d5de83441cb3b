"""Serial numbers that are typed, numbered by the system or uploaded, as the API shows them."""

from marshmallow import Schema, fields

from backend.api.schemas import Request, string


class ListText(Request):
    """A typed or pasted list; ``ranges`` is the wish to read ``10-15`` and ``10+3`` as ranges."""

    text = string(1_000_000, least=0, required=True)
    ranges = fields.Boolean(load_default=False)


class RefusedEntry(Schema):
    """An entry of a list that is no serial number and no range."""

    line = fields.Integer()
    text = fields.String()
    code = fields.String(attribute="refusal.code")
    message = fields.String(attribute="refusal.message")
    next_step = fields.String(attribute="refusal.next_step")


class ParsedList(Schema):
    """What a list says; nothing is kept of it."""

    serial_nos = fields.List(fields.String())
    refused = fields.List(fields.Nested(RefusedEntry))
    possible_ranges = fields.List(
        fields.String(), metadata={"description": "Taken as serial numbers; with ``ranges`` they are ranges."}
    )
