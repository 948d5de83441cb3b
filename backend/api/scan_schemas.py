"""The outbox's envelope. Each scan in it is judged by itself, so that one bad one does not block the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from backend.api.schemas import Base64, Moment, Quantity, Request, guid, scanned, string, whole
from backend.services.scan_batches import IncomingScan

MOST_SCANS = 200
MOST_COUNTER = 2**53


class ScanSchema(Request):
    """One entry of an outbox."""

    id = guid(required=True, metadata={"description": "Made on the device; a scan sent twice counts once."})
    n = whole(MOST_COUNTER, required=True, metadata={"description": "The device's counter, from 1."})
    purpose = fields.String(required=True, validate=validate.OneOf(["receive", "pick", "undo"]))
    voucher_id = guid(required=True)
    text = scanned(required=True)
    raw = Base64(load_default=None, allow_none=True, validate=validate.Length(max=8192))
    symbology = string(8, least=0, load_default="")
    source = fields.String(load_default="typed", validate=validate.OneOf(["camera", "wedge", "typed", "server"]))
    scanned_at = Moment(required=True)
    batch_no = scanned(64, least=1, load_default=None, allow_none=True)
    expires_on = fields.Date(load_default=None, allow_none=True)
    item_id = whole(load_default=None, allow_none=True)
    condition = fields.String(load_default="accepted", validate=validate.OneOf(["accepted", "rejected"]))
    reason = string(200, load_default=None, allow_none=True)
    undoes = guid(load_default=None, allow_none=True)
    takes_unexpected = fields.Boolean(
        load_default=False, metadata={"description": "Take the unit though it is not on the supplier's list."}
    )
    qty = Quantity(
        load_default=None, allow_none=True, metadata={"description": "Of picked goods without serial numbers; else 1."}
    )
    location_id = whole(
        load_default=None, allow_none=True, metadata={"description": "Where picked goods lay, if the person said."}
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> IncomingScan:
        """The scan as services know it."""
        return IncomingScan(**data)


@dataclass(frozen=True, slots=True)
class MalformedScan:
    """An entry that is not a scan; ``id`` and ``n`` are its own as far as they could be read."""

    id: str | None
    message: str
    n: int | None = None

    @classmethod
    def of(cls, entry: Any, error: ValidationError) -> "MalformedScan":
        """What is wrong with an entry."""
        told = entry if isinstance(entry, dict) else {}
        entry_id, n = told.get("id"), told.get("n")
        is_number = isinstance(n, int) and not isinstance(n, bool) and 0 < n <= MOST_COUNTER
        return cls(entry_id if isinstance(entry_id, str) else None, sentence(error), n if is_number else None)


_scan = ScanSchema()


class Scans(fields.List[Any]):
    """A list in which each entry is a scan or, where it is not one, says what is wrong with it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(fields.Nested(ScanSchema), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValidationError("Not a list.")
        return [self._one(entry) for entry in value]

    @staticmethod
    def _one(entry: Any) -> IncomingScan | MalformedScan:
        try:
            return _scan.load(entry)  # type: ignore[no-any-return]
        except ValidationError as error:
            return MalformedScan.of(entry, error)


def sentence(error: ValidationError) -> str:
    """What is wrong with an entry, on one line."""
    messages = error.messages if isinstance(error.messages, dict) else {"entry": error.messages}
    return "; ".join(f"{name}: {_words(found)}" for name, found in messages.items())


def _words(found: Any) -> str:
    return " ".join(map(str, found)) if isinstance(found, list) else str(found)


class ScanBatchSchema(Request):
    """Scans of one device, oldest first."""

    device_id = guid(required=True)
    device_name = string(100, required=True)
    sent_at = Moment(required=True)
    scans = Scans(required=True, validate=validate.Length(min=1, max=MOST_SCANS))


class Counts(Schema):
    """Where a receipt or pick list stands; ``accepted`` is what was received or picked."""

    expected = Quantity()
    accepted = Quantity()
    rejected = Quantity()


class OutcomeSchema(Schema):
    """The answer to one entry of an outbox."""

    id = fields.String(allow_none=True)
    status = fields.String(validate=validate.OneOf(["accepted", "duplicate", "refused", "needs_review"]))
    replayed = fields.Boolean(metadata={"description": "The id was known; this is its first answer again."})
    code = fields.String()
    message = fields.String()
    next_step = fields.String()
    actions = fields.List(fields.Dict())
    facts = fields.Dict()
    unit = fields.Dict(allow_none=True)
    voucher = fields.Dict(
        allow_none=True, metadata={"description": "What an action made or changed: id, type, number, status."}
    )
    counts = fields.Nested(Counts, allow_none=True)
    recorded_at = fields.String(allow_none=True)


class OutcomesSchema(Schema):
    """One outcome for each entry, in order."""

    server_time = Moment()
    clock_skew_ms = fields.Integer(metadata={"description": "How far the device's clock is ahead."})
    clock_off = fields.Boolean(metadata={"description": "More than two minutes; server time decides."})
    outcomes = fields.List(fields.Nested(OutcomeSchema))
