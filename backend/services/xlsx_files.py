"""Excel workbooks, opened in a process with limits (see ``xlsx_child``)."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from backend.domain.errors import DomainError, Refusal, refuse
from backend.domain.tables import Cell, CellKind, Row

COMMAND = (sys.executable, "-m", "backend.services.xlsx_child")
SECONDS = 30
"""Longest that a workbook may take, whatever else the machine does."""

_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONPATH", "VIRTUAL_ENV")
_turns = threading.BoundedSemaphore(2)
"""Two at a time: each may take half a gigabyte."""


def read_xlsx(content: bytes) -> list[Row]:
    """Read the first sheet of a workbook.

    Raises:
        DomainError: ``reader_busy``, ``file_too_costly``, and what ``xlsx_child.read_rows`` raises.
    """
    if not _turns.acquire(timeout=SECONDS):
        raise refuse(
            "reader_busy",
            "Other workbooks are being read.",
            "Upload it again in a minute, or as CSV.",
            retry_after=SECONDS,
        )
    try:
        answer = _ask(content)
    finally:
        _turns.release()
    if "refused" in answer:
        code, message, next_step, facts = answer["refused"]
        raise DomainError(Refusal(code, message, next_step, facts=facts))
    return [[Cell(text, CellKind(kind)) for text, kind in row] for row in answer["rows"]]


def _ask(content: bytes) -> dict[str, Any]:
    try:
        finished = subprocess.run(  # noqa: S603 - the command is ours
            COMMAND,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=True,
            cwd=Path(__file__).parents[2],
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        # Out of memory or out of time; there is no file that a person fills in by which this happens.
        raise refuse(
            "file_too_costly",
            "The workbook takes more memory or time to read than a list of serial numbers may.",
            "Keep one sheet with the columns that are read, or save it as CSV.",
        ) from None
    answer: dict[str, Any] = json.loads(finished.stdout)
    return answer
