"""Practising on the demo data: whether there is some, and a sheet of labels to scan."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from backend.api.access import actor_or_refuse, requires
from backend.api.blueprints import Blueprint
from backend.api.epcis import names
from backend.api.schemas import Request
from backend.api.table_uploads import BINARY
from backend.domain.people import Permission
from backend.extensions import end_reading, reading
from backend.services.label_files import labels_as_pdf
from backend.services.practice import PAPER, practice_labels, practice_order

bp: Any = Blueprint("practice", __name__, url_prefix="/api", description="Practising on the demo data")


class PracticeQuery(Request):
    """At which site."""

    site = fields.Integer(required=True, validate=validate.Range(min=1, max=2**31 - 1))


class Practice(Schema):
    """What a newcomer begins with."""

    order = fields.String(
        allow_none=True, metadata={"description": "The order to receive on; null where there is no demo data."}
    )


@bp.get("/practice")
@requires(Permission.UNITS_READ)
@bp.arguments(PracticeQuery, location="query")
@bp.response(200, Practice)
def show_practice(query: dict[str, int]) -> dict[str, str | None]:
    """Whether a site has demo data to practise on."""
    actor_or_refuse().must(Permission.UNITS_READ, query["site"])
    return {"order": practice_order(reading(), query["site"])}


@bp.get("/practice-sheet")
@requires(Permission.UNITS_READ)
@bp.arguments(PracticeQuery, location="query")
@bp.response(200, BINARY, content_type="application/pdf")
def show_practice_sheet(query: dict[str, int]) -> Response:
    """A PDF sheet with labels of demo units and places, for scanning within a minute."""
    actor_or_refuse().must(Permission.UNITS_READ, query["site"])
    labels = practice_labels(reading(), query["site"], names().base)
    end_reading()  # Drawing takes a while; nobody waits for a connection meanwhile.
    headers = {"Content-Disposition": 'inline; filename="practice-sheet.pdf"'}
    return Response(labels_as_pdf(labels, PAPER), content_type="application/pdf", headers=headers)
