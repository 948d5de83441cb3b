"""ERPNext's Serial No and Batch files, in. Out, they are the reports erpnext-serial-no and erpnext-batch."""

from typing import Any

from werkzeug.datastructures import FileStorage

from backend.api.access import MULTIPART, actor_or_refuse, requires
from backend.api.blueprints import Blueprint
from backend.api.master_files import MasterUploadAnswer, MasterUploadFile, MasterUploadForm, upload_answer
from backend.api.table_uploads import FILES_OF_ONE_PERSON, content_of, of_bounded_size
from backend.domain.erpnext_rows import COLUMNS, Doctype, read_erpnext_table
from backend.domain.people import Permission
from backend.extensions import limiter
from backend.services.erpnext_files import take_erpnext, try_erpnext
from backend.services.table_files import read_table
from backend.unit_of_work import transact

bp: Any = Blueprint("erpnext", __name__, url_prefix="/api/erpnext", description="ERPNext's own files")

DOCTYPES = ", ".join(f'"{each}"' for each in Doctype)


@bp.post(f"/<any({DOCTYPES}):doctype>/upload")
@requires(Permission.MASTERS_MANAGE, body=MULTIPART)
@of_bounded_size
@limiter.limit(FILES_OF_ONE_PERSON, key_func=lambda: actor_or_refuse().username)
@bp.arguments(MasterUploadForm, location="form")
@bp.arguments(MasterUploadFile, location="files")
@bp.response(200, MasterUploadAnswer)
def upload_erpnext(wanted: dict[str, Any], files: dict[str, FileStorage], doctype: str) -> dict[str, Any]:
    """Judge a CSV or Excel file of ERPNext's Data Export row by row, and take it with ``mode=commit``.

    Serial numbers with a warehouse become opening stock there, batches are described. All of it is taken or nothing,
    unless ``policy=good_rows``. The same file again changes nothing.
    """
    actor, what = actor_or_refuse(), Doctype(doctype)
    actor.must(Permission.MASTERS_MANAGE, wanted["site"])
    content, name = content_of(files.get("file"))
    table = read_erpnext_table(what, read_table(content, name, COLUMNS[what]))
    about: dict[str, Any] = {"site_id": wanted["site"], "doctype": what, "rows": table.rows}
    if wanted["mode"] == "commit":
        answers = transact(lambda work: take_erpnext(work, actor, policy=wanted["policy"], **about))
    else:
        answers = transact(lambda work: try_erpnext(work, actor, **about))
    return upload_answer(wanted, table.ignored_columns, answers)
