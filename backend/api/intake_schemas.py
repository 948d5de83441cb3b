"""Serial numbers that are typed, numbered by the system or uploaded, as the API shows them."""

from typing import Any

from flask_smorest.fields import Upload
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from backend.api.receiving_schemas import NumberOfUnit, PurchaseReceipt
from backend.api.schemas import AnySiteQuery, Request, guid, scanned, string, whole
from backend.domain.ranges import MAX_LIST
from backend.domain.receiving import Condition
from backend.services.importing import Outcome, Policy

_COUNT = f"Not a whole number from 1 to {MAX_LIST:,}."


_ASKED_ONCE = {"description": "Made on the device; sent again it gets the first answer and draws or adds nothing."}


class ListText(Request):
    """A typed or pasted list; ``ranges`` is the wish to read ``10-15`` and ``10+3`` as ranges."""

    text = scanned(1_000_000, required=True)
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
    secondary_serials = fields.List(
        fields.Nested(NumberOfUnit), metadata={"description": "Further numbers, written behind their serial numbers."}
    )
    refused = fields.List(fields.Nested(RefusedEntry))
    possible_ranges = fields.List(
        fields.String(), metadata={"description": "Taken as serial numbers; with ``ranges`` they are ranges."}
    )


class NumberedUnits(Request):
    """How many units the system is to number, and what holds for all of them."""

    id = guid(required=True, metadata=_ASKED_ONCE)
    item_id = whole(required=True)
    count = fields.Integer(
        strict=True,
        required=True,
        validate=validate.Range(min=1, max=MAX_LIST, error=_COUNT),
        error_messages={"invalid": _COUNT},
    )
    batch_no = string(64, load_default=None, allow_none=True)
    manufactured_on = fields.Date(load_default=None, allow_none=True)
    expires_on = fields.Date(load_default=None, allow_none=True)
    condition = fields.Enum(Condition, by_value=True, load_default=Condition.ACCEPTED)
    reason = string(200, load_default=None, allow_none=True)


class NumberedReceipt(PurchaseReceipt):
    """A receipt, with the serial numbers that were drawn for it now."""

    serial_nos = fields.List(fields.String())


class NextSerialQuery(AnySiteQuery):
    """How many are wanted, and at which site."""

    count = fields.Integer(load_default=1, validate=validate.Range(min=1, max=MAX_LIST, error=_COUNT))


class NextSerial(Schema):
    """What the system would draw next for an item: the first and the last of so many."""

    series = fields.String()
    serial_no = fields.String()
    last_serial_no = fields.String()


class NumberedBatch(Request):
    """A batch that the system is to number."""

    id = guid(required=True, metadata=_ASKED_ONCE)
    item_id = whole(required=True)
    manufactured_on = fields.Date(load_default=None, allow_none=True)
    expires_on = fields.Date(load_default=None, allow_none=True)


class BatchNumber(Schema):
    """The number of a batch."""

    batch_no = fields.String()


class NextBatch(Schema):
    """What the system would draw next for a batch of an item."""

    series = fields.String()
    batch_no = fields.String()


class TemplateQuery(Request):
    """For which item; without one the columns that every item with serial numbers has."""

    item_id = fields.Integer(load_default=None, validate=validate.Range(min=1, max=2**31 - 1))


class UploadForm(Request):
    """What comes beside the file; the batch and dates hold for rows that have none of their own."""

    id = guid(load_default=None, metadata=_ASKED_ONCE)
    item_id = fields.Integer(required=True, validate=validate.Range(min=1, max=2**31 - 1))
    mode = fields.String(required=True, validate=validate.OneOf(["dry_run", "commit"]))
    policy = fields.Enum(Policy, by_value=True, load_default=Policy.ALL_OR_NOTHING)
    batch_no = string(64, load_default=None)
    manufactured_on = fields.Date(load_default=None)
    expires_on = fields.Date(load_default=None)
    takes_unexpected = fields.Boolean(
        load_default=False, metadata={"description": "Take what is not on the supplier's list, too; it is marked."}
    )

    @validates_schema
    def needs_an_id_to_commit(self, data: dict[str, Any], **_: Any) -> None:
        """Only a dry run may be asked twice without a word."""
        if data["mode"] == "commit" and data["id"] is None:
            raise ValidationError("A commit needs an id.", "id")


class UploadFile(Request):
    """The file, CSV or .xlsx."""

    file = Upload(metadata={"description": "At most 8 MiB and 10,000 rows; the first row is the header."})


class RowAnswer(Schema):
    """What became of a row of a file, or would. ``row`` counts as a spreadsheet does: the header is row 1."""

    row = fields.Integer()
    serial_no = fields.String()
    qty = fields.String(allow_none=True, metadata={"description": "Of goods without serial numbers, as it stands."})
    outcome = fields.String(validate=validate.OneOf(list(Outcome)))
    code = fields.String()
    message = fields.String()
    next_step = fields.String()
    duplicate_of = fields.Integer(allow_none=True)


class UploadAnswer(Schema):
    """Every row of a file; ``committed`` says whether its new units are on the receipt now."""

    committed = fields.Boolean()
    counts = fields.Dict(keys=fields.String(validate=validate.OneOf(list(Outcome))), values=fields.Integer())
    ignored_columns = fields.List(fields.String())
    rows = fields.List(fields.Nested(RowAnswer))
