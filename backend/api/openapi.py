"""The OpenAPI document at /api/openapi.json, made from the schemas of the routes."""

from threading import Lock
from typing import Any

from apispec import BasePlugin
from flask import Flask, Response
from flask_smorest import Api, Blueprint
from werkzeug.routing import Rule

from backend.api.access import PUBLIC, requires
from backend.api.schemas import Problem


class ProblemApi(Api):  # type: ignore[misc]
    """flask-smorest with our errors: problem+json (see errors.py), handled there and described here.

    The document is begun and the routes are described when somebody asks for it, and not at every start, of which
    that was more than the half.
    """

    ERROR_SCHEMA = Problem

    def __init__(self, app: Flask, **options: Any) -> None:
        self._describing = Lock()
        self._not_described: list[Blueprint] = []
        self._options: dict[str, Any] | None = None
        super().__init__(app, **options)

    def _init_spec(self, **options: Any) -> None:
        """Keep what the document is begun with."""
        self._options = options

    def register_blueprint(self, blp: Blueprint) -> None:
        """Bind the routes of a blueprint."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp)
        self._not_described.append(blp)

    def _register_error_handlers(self) -> None:
        """Leave every error to errors.register()."""

    def _register_responses(self) -> None:
        """Describe the errors with the content type that they have; that of all other answers stays."""
        self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/problem+json"
        super()._register_responses()
        del self.DEFAULT_RESPONSE_CONTENT_TYPE

    @requires(PUBLIC)
    def _openapi_json(self) -> Response:
        with self._describing:
            if self._options is not None:
                super()._init_spec(**self._options)
                self._options = None
            while self._not_described:
                self._describe(self._not_described.pop(0))
        return super()._openapi_json()  # type: ignore[no-any-return]

    def _describe(self, blp: Blueprint) -> None:
        blp.register_views_in_doc(self, self._app, self.spec, name=blp.name, parameters=None)
        self.spec.tag({"name": blp.name, "description": blp.description})


class OperationIds(BasePlugin):
    """Names each operation as its view is named, so that generated clients get readable functions."""

    def operation_helper(
        self, path: str | None = None, operations: dict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        """Add the id; no view serves two methods."""
        rule: Rule = kwargs["rule"]
        for operation in (operations or {}).values():
            operation["operationId"] = rule.endpoint.rsplit(".", 1)[-1]


def make_api(app: Flask) -> ProblemApi:
    """Bind the document to an application."""
    app.config.update(
        API_TITLE="Serialtrail",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
    )
    return ProblemApi(app, spec_kwargs={"extra_plugins": [OperationIds()]})
