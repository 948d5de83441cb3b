"""Cursors of pages: what the last row was found by, as one word that a client hands back unread."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields


class Cursor(fields.Field[Any]):
    """A cursor in a query; ``None`` for the first page. ``parts`` are the types of what it holds."""

    def __init__(self, *parts: type, **kwargs: Any) -> None:
        super().__init__(load_default=None, metadata={"type": "string"}, **kwargs)
        self._parts = parts

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        try:
            held = json.loads(base64.urlsafe_b64decode(str(value)))
        except (binascii.Error, ValueError, RecursionError) as error:
            raise ValidationError("Not a cursor of this list.") from error
        if not (isinstance(held, list) and [type(part) for part in held] == list(self._parts)):
            raise ValidationError("Not a cursor of this list.")
        if any(isinstance(part, int) and not 0 <= part < 2**62 for part in held):
            raise ValidationError("Not a cursor of this list.")
        return tuple(held)


def word(*parts: int | str) -> str:
    """A cursor as a word.

    >>> word("LAP-15", 3)
    'WyJMQVAtMTUiLDNd'
    """
    return base64.urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).decode()
