"""docs/errors.md names every code that the source has, and no other, with the status that the API gives it."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from backend.api import errors
from scanner.result import Reason
from tests.running import ROOT

TAKES_CODE_FIRST = {"Refusal", "AlreadyScanned", "AlreadyPicked", "refuse", "ImageError", "wrong_check_digit"}
TAKES_CODE_BY_NAME = {"Problem", "Outcome"}
PASSED_ON = {"code", "error.code", "problem.code", "answer['error']", "refusal.code"}
"""First arguments that only pass on a code which is found where it is made."""

ROW = re.compile(r"^\| `(?P<code>\w+)` \| (?P<where>[^|]+) \| (?P<meaning>[^|]+) \| (?P<next>[^|]+) \|$", re.MULTILINE)
DOCUMENT = (ROOT / "docs/errors.md").read_text()
ROWS = [match.groupdict() for match in ROW.finditer(DOCUMENT)]
WORDS = re.compile(
    r"[45]\d\d|scan: (accepted|duplicate|refused|needs_review)|label: ((refuse|review) or note|refuse|review|note)"
    r"|list|text|look-up|picture|socket|command line|scanner|any other status"
)


def test_every_code_of_the_source_is_explained_and_no_other() -> None:
    made = {code for path in _sources() for code in _codes(ast.parse(path.read_text()))} | set(map(str, Reason))
    assert made == {row["code"] for row in ROWS}


def test_no_code_hides_in_a_variable() -> None:
    """A code that is put together elsewhere would be found by nobody who looks for it."""
    hidden = {
        f"{path.relative_to(ROOT)}:{call.lineno}: {ast.unparse(_code_of(call))}"
        for path in _sources()
        for call in _calls(ast.parse(path.read_text()))
        if not isinstance(_code_of(call), ast.Constant) and ast.unparse(_code_of(call)) not in PASSED_ON
    }
    assert hidden == set()


def test_each_is_explained_once_and_whole() -> None:
    assert [code for code, times in Counter(row["code"] for row in ROWS).items() if times > 1] == []
    assert DOCUMENT.count("\n| `") == len(ROWS), "a row does not have the four columns"
    assert [row["code"] for row in ROWS if not (row["meaning"].strip().endswith(".") and row["next"].strip())] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["code"])
def test_where_it_appears_is_what_the_api_does(row: dict[str, str]) -> None:
    places = row["where"].split(", ")
    assert [place for place in places if not WORDS.fullmatch(place)] == []
    told = {int(place) for place in places if place.isdigit()}
    fixed = {int(status) for status, (code, _) in errors._OF_STATUS.items() if code == row["code"]}
    fixed |= {int(status) for code, status in errors._STATUS.items() if code == row["code"]}
    fixed |= {int(HTTPStatus.INTERNAL_SERVER_ERROR)} if row["code"] == "internal_error" else set()
    fixed |= {int(HTTPStatus.SERVICE_UNAVAILABLE)} if row["code"] == "service_busy" else set()
    assert told == fixed if fixed else told <= {int(HTTPStatus.CONFLICT)}


def _sources() -> list[Path]:
    return sorted(path for package in ("backend", "scanner") for path in (ROOT / package).rglob("*.py"))


def _codes(tree: ast.Module) -> Iterator[str]:
    for call in _calls(tree):
        yield from _texts(_code_of(call))
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value in ("code", "error"):
                    yield from _texts(value)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if _first_name(target) in ("code", "_OF_STATUS"):
                yield from _texts(node.value)


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    """The calls that give a code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _code_of(node) is not None:
            yield node


def _code_of(call: ast.Call) -> ast.expr | None:
    name = call.func.id if isinstance(call.func, ast.Name) else None
    if name in TAKES_CODE_FIRST and call.args:
        return call.args[0]
    if name in TAKES_CODE_BY_NAME:
        return next((keyword.value for keyword in call.keywords if keyword.arg == "code"), None)
    return None


def _texts(value: ast.expr | None) -> Iterator[str]:
    """A text that stands there itself, or first in a tuple, as in ``code, what = ("gtin_check_digit", "GTIN")``."""
    if isinstance(value, ast.Constant):
        yield from [value.value] if isinstance(value.value, str) else []
    elif value is not None:
        for node in ast.walk(value):
            if isinstance(node, ast.Tuple) and isinstance(node.elts[0], ast.Constant):
                yield node.elts[0].value


def _first_name(target: ast.expr) -> str | None:
    first = target.elts[0] if isinstance(target, ast.Tuple) else target
    return first.id if isinstance(first, ast.Name) else None
