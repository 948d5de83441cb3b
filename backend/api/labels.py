"""Labels: printed, printed again with a reason, fetched as files; and a preview."""

from typing import Any

from flask import Response
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from backend.api.access import LOGGED_IN, actor_or_refuse, requires
from backend.api.blueprints import Blueprint
from backend.api.epcis import names
from backend.api.schemas import Moment, Request, SiteQuery, guid, string, whole
from backend.api.table_uploads import BINARY
from backend.domain.errors import DomainError, refuse
from backend.domain.labels import FORMATS, LAYOUTS, MOST_LABELS, PLACEHOLDERS, Subject, Symbol
from backend.domain.people import Permission
from backend.extensions import end_reading, reading
from backend.models import LabelPrint
from backend.queries import label_prints
from backend.services import label_files
from backend.services.labels import PERMISSION, WantedLabels, labels_of_print, preview, print_labels
from backend.unit_of_work import transact

bp: Any = Blueprint("labels", __name__, url_prefix="/api", description="Labels of units, batches, places and items")

_TYPES = {
    "pdf": "application/pdf",
    "zpl": "application/zpl; charset=utf-8",
    "png": "image/png",
    "svg": "image/svg+xml",
}


class LabelsWanted(Request):
    """Labels of things by their ids, of all units that a voucher moved, or of an item's units by ranges."""

    site = whole(required=True)
    subject = fields.Enum(Subject, by_value=True, required=True)
    ids = fields.List(whole(), load_default=(), validate=validate.Length(max=MOST_LABELS))
    voucher_id = guid(load_default=None, allow_none=True)
    item_id = whole(load_default=None, allow_none=True)
    serials = string(
        20_000,
        load_default=None,
        allow_none=True,
        metadata={"description": "Serial numbers of the item, one a line or with commas; ranges as in a typed list."},
    )
    symbol = fields.Enum(Symbol, by_value=True, load_default=Symbol.GS1_DATAMATRIX)
    format = fields.String(load_default="roll_50x25", validate=validate.OneOf(list(FORMATS)))
    dpi = fields.Integer(strict=True, load_default=300, validate=validate.OneOf([203, 300, 600]))
    copies = whole(10, load_default=1)
    skip = whole(64, least=0, load_default=0)
    layout = string(500, load_default=None, allow_none=True)

    @validates_schema
    def _one_way(self, wanted: dict[str, Any], **_: Any) -> None:
        ways = [bool(wanted["ids"]), wanted["voucher_id"] is not None, wanted["serials"] is not None]
        if sum(ways) != 1 or (wanted["serials"] is None) != (wanted["item_id"] is None):
            raise ValidationError("Name the things, the voucher that moved them, or an item and its serials.", "ids")
        if not wanted["ids"] and wanted["subject"] is not Subject.UNIT:
            raise ValidationError("Vouchers and serial numbers are of units.", "subject")


class PrintWanted(LabelsWanted):
    """Labels to print. The id is made by the caller, so that asking twice prints once."""

    id = guid(required=True)
    reason = string(500, load_default=None, allow_none=True)
    done_at = Moment(load_default=None, allow_none=True)


class LabelFormat(Schema):
    """A size of label."""

    name = fields.String()
    width = fields.Float()
    height = fields.Float()
    on_sheet = fields.Integer(metadata={"description": "Labels on a sheet; 1 on a roll."})


class LabelFormats(Schema):
    """What can be printed."""

    formats = fields.List(fields.Nested(LabelFormat))
    symbols = fields.List(fields.String(validate=validate.OneOf(list(Symbol))))
    layouts = fields.Dict(
        keys=fields.String(validate=validate.OneOf(list(Subject))),
        values=fields.String(),
        metadata={"description": "The usual lines of a label of each subject."},
    )
    placeholders = fields.List(fields.String(), metadata={"description": "What may stand in braces in a line."})


class Print(Schema):
    """A print: what, by whom, when and why."""

    id = fields.String()
    subject = fields.String(validate=validate.OneOf(list(Subject)))
    symbol = fields.String(validate=validate.OneOf(list(Symbol)))
    format = fields.String()
    labels = fields.Integer()
    again = fields.Integer(metadata={"description": "How many of them had a label before."})
    reason = fields.String(allow_none=True)
    by = fields.String()
    at = Moment()


class PrintsQuery(Request):
    """Of which thing."""

    site = fields.Integer(required=True, validate=validate.Range(min=1, max=2**31 - 1))
    subject = fields.Enum(Subject, by_value=True, required=True)
    subject_id = fields.Integer(required=True, validate=validate.Range(min=1, max=2**31 - 1))


class Prints(Schema):
    """The prints of a thing, newest first; the last fifty."""

    prints = fields.List(fields.Nested(Print))


class BadgeHolder(Schema):
    """A person who can have a badge."""

    id = fields.Integer()
    name = fields.String()
    username = fields.String()


class BadgeHolders(Schema):
    """The people of a site, by name."""

    people = fields.List(fields.Nested(BadgeHolder))


class LabelDrawing(Schema):
    """A label as a drawing."""

    svg = fields.String()


class FileQuery(Request):
    """Which label of the print, for pictures of one."""

    index = fields.Integer(load_default=0, validate=validate.Range(min=0, max=MOST_LABELS))


@bp.get("/label-formats")
@requires(LOGGED_IN)
@bp.response(200, LabelFormats)
def list_formats() -> dict[str, Any]:
    """The sizes and the codes that labels come in, and what their lines may say."""
    formats = [
        {"name": name, "width": each.width, "height": each.height, "on_sheet": each.columns * each.rows}
        for name, each in FORMATS.items()
    ]
    return {
        "formats": formats,
        "symbols": list(Symbol),
        "layouts": LAYOUTS,
        "placeholders": sorted(PLACEHOLDERS),
    }


@bp.post("/label-prints")
@requires(Permission.UNITS_READ)
@bp.arguments(PrintWanted)
@bp.response(200, Print)
def print_(wanted: dict[str, Any]) -> dict[str, Any]:
    """Keep a print, whose file is then fetched; what had a label before needs a reason."""
    actor, print_id = actor_or_refuse(), wanted.pop("id")
    wanted.pop("done_at")
    labels = _wanted(wanted)
    transact(lambda work: print_labels(work, actor, print_id=print_id, wanted=labels).id)
    end_reading()
    return label_prints.print_of(reading(), print_id) or {}


@bp.get("/label-prints")
@requires(Permission.UNITS_READ)
@bp.arguments(PrintsQuery, location="query")
@bp.response(200, Prints)
def list_prints(query: dict[str, Any]) -> dict[str, Any]:
    """When labels of a thing were printed at a site, by whom and why."""
    actor_or_refuse().must(PERMISSION[query["subject"]], query["site"])
    return {"prints": label_prints.prints_of(reading(), query["site"], query["subject"], query["subject_id"])}


@bp.get("/badge-holders")
@requires(Permission.USERS_MANAGE)
@bp.arguments(SiteQuery, location="query")
@bp.response(200, BadgeHolders)
def list_badge_holders(query: dict[str, Any]) -> dict[str, Any]:
    """The people of a site whose badges can be printed."""
    actor_or_refuse().must(Permission.USERS_MANAGE, query["site"])
    return {"people": label_prints.badge_holders(reading(), query["site"])}


@bp.get("/label-prints/<uuid:print_id>/labels.<any(pdf, zpl, png, svg):ending>")
@requires(Permission.UNITS_READ)
@bp.arguments(FileQuery, location="query")
@bp.response(200, BINARY, content_type="application/octet-stream")
def show_file(query: dict[str, int], print_id: object, ending: str) -> Response:
    """The labels of a print: PDF and ZPL hold all of them, PNG and SVG one."""
    made = reading().get(LabelPrint, str(print_id))
    if made is None:
        raise _unknown()
    actor_or_refuse().must(PERMISSION[Subject(made.subject)], made.site_id)
    labels, paper = labels_of_print(reading(), made, names().base), FORMATS[made.format]
    if query["index"] >= len(labels):
        raise _unknown()
    end_reading()  # Drawing takes a while; nobody waits for a connection meanwhile.
    content: str | bytes
    if ending == "pdf":
        content = label_files.labels_as_pdf(labels, paper, skip=made.skip)
    elif ending == "zpl":
        content = label_files.labels_as_zpl(labels, paper, made.dpi)
    elif ending == "png":
        content = label_files.label_as_png(labels[query["index"]], paper, made.dpi)
    else:
        content = label_files.label_as_svg(labels[query["index"]], paper)
    headers = {"Content-Disposition": f'inline; filename="labels.{ending}"'}
    return Response(content, content_type=_TYPES[ending], headers=headers)


@bp.post("/label-previews")
@requires(Permission.UNITS_READ)
@bp.arguments(LabelsWanted)
@bp.response(200, LabelDrawing)
def show_preview(wanted: dict[str, Any]) -> dict[str, str]:
    """The first label as it would be printed; nothing is kept."""
    label = preview(reading(), actor_or_refuse(), _wanted(wanted), names().base)
    return {"svg": label_files.label_as_svg(label, FORMATS[wanted["format"]])}


def _wanted(given: dict[str, Any]) -> WantedLabels:
    wanted = dict(given)
    return WantedLabels(site_id=wanted.pop("site"), ids=tuple(wanted.pop("ids")), **wanted)


def _unknown() -> DomainError:
    return refuse("not_found", "There is no such label.", "Print it again.")
