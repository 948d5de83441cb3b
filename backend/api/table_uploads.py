"""Files of rows over HTTP: turned away by their announced size, read within limits, sent as CSV or Excel."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, request
from werkzeug.datastructures import FileStorage

from backend.domain.errors import refuse
from backend.domain.serial_rows import COLUMNS
from backend.domain.tables import Row
from backend.services.table_files import MAX_FILE, must_fit, read_table, write_csv
from backend.services.xlsx_writing import xlsx_chunks

View = TypeVar("View", bound=Callable[..., Any])

FILES_OF_ONE_PERSON = "30 per minute"
BINARY = {"type": "string", "format": "binary"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_BESIDE_THE_FILE = 64 * 1024
"""Bytes for the other form fields and for what is between them."""


def of_bounded_size(view: View) -> View:
    """Turn a request away by its announced size, before any of it is read."""

    @wraps(view)
    def bounded(*args: Any, **kwargs: Any) -> Any:
        must_fit((request.content_length or 0) - _BESIDE_THE_FILE)
        return view(*args, **kwargs)

    return cast(View, bounded)


def read_upload(file: FileStorage | None, columns: Sequence[str] = COLUMNS) -> Sequence[Row]:
    """The rows of an uploaded file.

    Raises:
        DomainError: ``file_missing``, and what ``read_table`` raises.
    """
    content, name = content_of(file)
    return read_table(content, name, columns)


def content_of(file: FileStorage | None) -> tuple[bytes, str]:
    """What an uploaded file holds, and its name.

    Raises:
        DomainError: ``file_missing``.
    """
    if file is None:
        raise refuse("file_missing", "The request has no file in the field 'file'.", "Choose a file and send it again.")
    with file.stream:  # A large one lies in a temporary file, which goes now.
        return file.stream.read(MAX_FILE + 1), file.filename or ""


def download(rows: Sequence[Sequence[str]], name: str, ending: str, *, title: str) -> Response:
    """Rows as a file to save, ``csv`` or ``xlsx``; no cell of it is ever a formula."""
    if ending == "xlsx":
        content, content_type = b"".join(xlsx_chunks(rows, title=title)), XLSX
    else:
        content, content_type = write_csv(rows), "text/csv; charset=utf-8"
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return Response(content, content_type=content_type, headers=headers)
