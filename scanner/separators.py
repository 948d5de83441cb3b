"""The forms in which symbology identifier and GS separator arrive from cameras and keyboard scanners."""

from __future__ import annotations

import re

GS = "\x1d"

# ISO/IEC 15424. Only the letters that the standard gives out, so that a serial such as "]w1" stays one.
_IDENTIFIER = re.compile(r"\][A-IK-PRSTXYQJUdesz][0-9A-Za-z]")

# Identifiers of symbols that begin with FNC1 and so hold GS1 element strings. ]d8 is what zxing-cpp reports
# for a rectangular extension symbol with FNC1 in front.
GS1_IDENTIFIERS = frozenset({"]C1", "]d2", "]d5", "]d8", "]e0", "]e1", "]e2", "]J1", "]Q3", "]Q4", "]z1"})
RETAIL_IDENTIFIERS = frozenset({"]E0", "]E1", "]E2", "]E3", "]E4"})

# Seen in the field: the names that scanners print, the picture of the character (U+241D), what Alt+029 leaves
# behind in code page 437 (U+2194), and the key names themselves where the page swallowed only the Alt key.
_SEPARATOR = re.compile(
    r"<GS>|\{GS\}|\[GS\]|<FNC1>|\{FNC1\}|\u241d|\u2194|<?\{?ALT\s?\+\s?0{0,2}29\}?>?", re.IGNORECASE
)

# Spelled out, because str.strip() also removes 0x1D and differs from JavaScript's trim().
_OUTER_SPACE = (
    " \t\r\n\f\v\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\ufeff"
)


def strip_outer_space(text: str) -> str:
    """Remove white space around a scan, but never the GS separator, which is part of it."""
    return text.strip(_OUTER_SPACE)


def split_identifier(text: str, symbology: str) -> tuple[str, str]:
    """Return (symbology identifier, rest); an identifier typed in front of the text wins.

    >>> split_identifier("]C121SN0001", "")
    (']C1', '21SN0001')
    """
    match = _IDENTIFIER.match(text)
    if match is None:
        return symbology, text
    return match.group(), text[match.end() :]


def restore_separators(text: str) -> str:
    """Turn each written form of the GS separator into 0x1D.

    >>> restore_separators("10ABC123<GS>21SN0001")
    '10ABC123\\x1d21SN0001'
    """
    return _SEPARATOR.sub(GS, text)
