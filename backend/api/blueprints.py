"""The blueprint of the API's modules: what is not JSON is the client's fault, whatever way it is not."""

from typing import Any

from flask import Request
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import Schema
from webargs.flaskparser import FlaskParser, abort


class JsonParser(FlaskParser):
    """Refuses also what Python's reader raises other errors for: deep nesting, numbers of thousands of digits."""

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The body of a request."""
        try:
            return super().load_json(req, schema)
        except (RecursionError, ValueError) as error:
            abort(400, exc=error, messages={"json": ["Nested too deeply, or with a number that is too long."]})


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """A part of the API."""

    # The schemas refuse unknown fields, in a query too, which webargs by itself passes over.
    ARGUMENTS_PARSER = JsonParser(unknown=None)
