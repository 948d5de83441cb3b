"""Items, parties and places as CSV and Excel files, in and out."""

from collections.abc import Sequence
from typing import Any

from flask import Response
from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate
from werkzeug.datastructures import FileStorage

from backend.api.access import MULTIPART, actor_or_refuse, requires
from backend.api.blueprints import Blueprint
from backend.api.schemas import Request, SiteQuery
from backend.api.table_uploads import BINARY, FILES_OF_ONE_PERSON, content_of, download, of_bounded_size
from backend.domain.master_rows import MasterKind, headers, read_master_table
from backend.domain.people import Permission
from backend.extensions import limiter, reading
from backend.queries import master_files as queries
from backend.services.importing import Policy
from backend.services.master_files import Outcome, RowAnswer, count, take_masters, try_masters
from backend.services.table_files import read_table
from backend.unit_of_work import transact

bp: Any = Blueprint("master_files", __name__, url_prefix="/api/masters", description="Masters in files")

KIND = f"<any({', '.join(MasterKind)}):kind>"


class DownloadQuery(SiteQuery):
    """All that is offered, or the header alone to fill in."""

    rows = fields.String(load_default="all", validate=validate.OneOf(["all", "none"]))


class MasterUploadForm(Request):
    """What comes beside the file."""

    site = fields.Integer(required=True, validate=validate.Range(min=1, max=2**31 - 1))
    mode = fields.String(required=True, validate=validate.OneOf(["dry_run", "commit"]))
    policy = fields.Enum(Policy, by_value=True, load_default=Policy.ALL_OR_NOTHING)


class MasterUploadFile(Request):
    """The file, CSV or .xlsx."""

    file = Upload(metadata={"description": "At most 8 MiB and 10,000 rows; the first row is the header."})


class MasterRowAnswer(Schema):
    """What became of a row of a file, or would. ``row`` counts as a spreadsheet does: the header is row 1."""

    row = fields.Integer()
    key = fields.String()
    outcome = fields.String(validate=validate.OneOf(list(Outcome)))
    code = fields.String()
    message = fields.String()
    next_step = fields.String()
    fields_ = fields.List(fields.String(), data_key="fields", attribute="fields")


class MasterUploadAnswer(Schema):
    """Every row of a file; ``committed`` says whether what it says holds now."""

    committed = fields.Boolean()
    counts = fields.Dict(keys=fields.String(validate=validate.OneOf(list(Outcome))), values=fields.Integer())
    ignored_columns = fields.List(fields.String())
    rows = fields.List(fields.Nested(MasterRowAnswer))


def upload_answer(
    wanted: dict[str, Any], ignored_columns: Sequence[str], answers: Sequence[RowAnswer]
) -> dict[str, Any]:
    """What became of the rows of an upload, for :class:`MasterUploadAnswer`."""
    return {
        "committed": wanted["mode"] == "commit",
        "counts": count(answers),
        "ignored_columns": ignored_columns,
        "rows": answers,
    }


@bp.post(f"/{KIND}/upload")
@requires(Permission.MASTERS_MANAGE, body=MULTIPART)
@of_bounded_size
@limiter.limit(FILES_OF_ONE_PERSON, key_func=lambda: actor_or_refuse().username)
@bp.arguments(MasterUploadForm, location="form")
@bp.arguments(MasterUploadFile, location="files")
@bp.response(200, MasterUploadAnswer)
def upload_masters(wanted: dict[str, Any], files: dict[str, FileStorage], kind: str) -> dict[str, Any]:
    """Judge a CSV or Excel file row by row: what is new, what changes, what is the same, what is refused.

    With ``mode=commit`` it is taken, all of it or nothing unless ``policy=good_rows``. The same file again changes
    nothing: an empty cell says nothing about its field, ``none`` empties it, and barcodes are only ever added.
    """
    actor, what = actor_or_refuse(), MasterKind(kind)
    actor.must(Permission.MASTERS_MANAGE, wanted["site"])
    content, name = content_of(files.get("file"))
    table = read_master_table(what, read_table(content, name, headers(what)))
    about: dict[str, Any] = {"site_id": wanted["site"], "kind": what, "rows": table.rows}
    if wanted["mode"] == "commit":
        answers = transact(lambda work: take_masters(work, actor, policy=wanted["policy"], **about))
    else:
        answers = transact(lambda work: try_masters(work, actor, **about))
    return upload_answer(wanted, table.ignored_columns, answers)


@bp.get(f"/{KIND}/file.<any(csv, xlsx):ending>")
@requires(Permission.ORDERS_READ)
@bp.arguments(DownloadQuery, location="query")
@bp.response(200, BINARY, content_type="application/octet-stream")
def download_masters(query: dict[str, Any], kind: str, ending: str) -> Response:
    """All that is offered of a kind as CSV or Excel, in the columns of an upload; or the header alone to fill in."""
    actor_or_refuse().must(Permission.ORDERS_READ, query["site"])
    what = MasterKind(kind)
    rows = queries.rows(reading(), what, query["site"]) if query["rows"] == "all" else []
    return download([headers(what), *rows], kind, ending, title=kind.capitalize())
