"""The envelope of an outbox of any actions; each entry is judged by itself, like the scans of the older one."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from backend.api.scan_schemas import MOST_COUNTER, MalformedScan, OutcomesSchema, ScanSchema
from backend.api.schemas import Moment, Request, guid, string, whole
from backend.services.acting import IncomingAction
from backend.services.scan_batches import IncomingScan

MOST_ENTRIES = 5000


class ActionSchema(Request):
    """An entry of an outbox that is no scan."""

    id = guid(required=True, metadata={"description": "Made on the device; an action sent twice is done once."})
    n = whole(MOST_COUNTER, required=True, metadata={"description": "The device's counter, from 1."})
    kind = string(40, required=True, metadata={"description": "Which action, such as stock_transfer."})
    done_at = Moment(required=True)
    voucher_id = guid(load_default=None, allow_none=True)
    site_id = whole(load_default=None, allow_none=True)
    body = fields.Dict(keys=fields.String(), load_default=dict)


_action, _scan = ActionSchema(), ScanSchema()


class Entries(fields.List[Any]):
    """A list in which each entry is a scan or an action or, where it is neither, says what is wrong with it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(fields.Nested(ActionSchema), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValidationError("Not a list.")
        return [self._one(entry) for entry in value]

    @staticmethod
    def _one(entry: Any) -> IncomingScan | IncomingAction | MalformedScan:
        try:
            if isinstance(entry, dict) and entry.get("kind") == "scan":
                return _scan.load({name: value for name, value in entry.items() if name != "kind"})  # type: ignore[no-any-return]
            return IncomingAction(**_action.load(entry))
        except ValidationError as error:
            return MalformedScan.of(entry, error)


class Holds(fields.List[Any]):
    """Spans of the device's counter, each a pair: from the first number to the last."""

    def __init__(self, **kwargs: Any) -> None:
        pair = fields.List(whole(MOST_COUNTER), validate=validate.Length(equal=2))
        super().__init__(pair, validate=validate.Length(max=1000), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        spans: Any = super()._deserialize(value, attr, data, **kwargs)
        if any(first > last for first, last in spans):
            raise ValidationError("A span goes from the first number to the last.")
        return tuple((first, last) for first, last in spans)


class SyncBatch(Request):
    """What a device has to tell, in the order in which it happened."""

    device_id = guid(required=True)
    device_name = string(100, required=True)
    sent_at = Moment(required=True)
    holds = Holds(
        load_default=None,
        allow_none=True,
        metadata={"description": "Numbers that the device keeps still, beyond this batch: of others, or set aside."},
    )
    entries = Entries(
        required=True,
        validate=validate.Length(max=MOST_ENTRIES),
        metadata={"description": "None of a device that is new and only says that it is there."},
    )


class CounterGap(Schema):
    """Entries of this device that never arrived and that it does not hold either."""

    code = fields.String()
    message = fields.String()
    next_step = fields.String()
    facts = fields.Dict()


class SyncAnswer(OutcomesSchema):
    """One outcome for each entry, in order, and what is known of the device's counter."""

    last_counter = fields.Integer(metadata={"description": "The highest number that ever came from this device."})
    gap = fields.Nested(CounterGap, allow_none=True)
