"""Texts of other people in files and on paper: shown as they are, never run, and the same when they come back.

References:
    OWASP, CSV Injection; ASVS 5.0, 1.2.10. ECMA-376-1, 22.9.2.19 (ST_Xstring). Unicode 16, 23.2 (Cf) and 23.7.
"""

import re
import unicodedata
from decimal import Decimal

TableCell = str | int | Decimal | None
"""What a cell of a file that we write holds: a text, or a number to calculate with."""

_BREAKS = re.compile(r"\r\n|[\t\n\r\x0b\x0c\x85\u2028\u2029]")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Control characters, what turns the direction of the text around it, and what no XML can hold."""

_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x005[Ff]_(?=x[0-9A-Fa-f]{4}_)")
_FORMULA = ("=", "+", "-", "@")


def shown(text: str) -> str:
    r"""A text on one line, without what a person cannot see or what turns the text beside it.

    >>> shown("line 1\r\nline 2\x1b\u202e!")
    'line 1 line 2!'
    """
    if text.isascii() and text.isprintable():
        return text
    return _UNSEEN.sub("", _BREAKS.sub(" ", text))


def visible(text: str) -> str:
    """A text on paper: on one line, without what steers a printer or turns the direction of what stands around it.

    >>> visible("NB25\\u202e-1\\x1b")
    'NB25-1'
    """
    return "".join(character for character in shown(text) if unicodedata.category(character) not in ("Cf", "Co"))


def as_text(text: str) -> str:
    """A text that a spreadsheet shows and never runs when it opens it as CSV: an apostrophe before what would run.

    >>> as_text('=HYPERLINK("x")'), as_text("NB25-0001")
    ('\\'=HYPERLINK("x")', 'NB25-0001')
    """
    text = shown(text)
    return f"'{text}" if _runs(text.lstrip("'")) else text


def from_text(text: str) -> str:
    """What was written by :func:`as_text`.

    >>> [from_text(as_text(text)) for text in ("-1", "'-1", "'a", "")]
    ['-1', "'-1", "'a", '']
    """
    return text[1:] if text[:1] == "'" and _runs(text.lstrip("'")) else text


def as_xstring(text: str) -> str:
    """A text for a workbook, where _x0041_ would stand for the letter A.

    >>> as_xstring("SN_x0041_1")
    'SN_x005F_x0041_1'
    """
    return _ESCAPE.sub("_x005F_", shown(text))


def from_xstring(text: str) -> str:
    """What was written by :func:`as_xstring`.

    >>> from_xstring("SN_x005F_x0041_1")
    'SN_x0041_1'
    """
    return _ESCAPED.sub("_", text)


def _runs(text: str) -> bool:
    return unicodedata.normalize("NFKC", text.lstrip()[:1])[:1] in _FORMULA if text else False
