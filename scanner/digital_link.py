"""GS1 Digital Link URIs: ``https://any.domain/prefix/01/{gtin}/10/{batch}/21/{serial}?17=YYMMDD``."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlsplit

from scanner.check_digit import GTIN_LENGTHS, is_digits
from scanner.element_strings import Element, NotElementStrings

# GS1 Digital Link URI Syntax, section 4.4: what a path may begin with.
_NUMERIC = frozenset({"00", "01", "402", "414", "417", "8006", "8017", "8018"})
_PRIMARY = _NUMERIC | {"253", "255", "401", "8003", "8004", "8010", "8013"}


def is_web_address(text: str) -> bool:
    """Tell whether the text is an http or https address."""
    return text[:8].lower().startswith(("http://", "https://"))


def cut_digital_link(uri: str) -> list[Element]:
    """Return the elements of a Digital Link, path before query.

    Values are decoded after the path is cut, so that ``%2F`` is part of a value.

    Raises:
        NotElementStrings: A web address without a GS1 key in its path.

    >>> [(e.ai, e.value) for e in cut_digital_link("https://x.example/p/01/09506000134352/21/SN%2F01")]
    [('01', '09506000134352'), ('21', 'SN/01')]
    """
    try:
        address = urlsplit(uri)
    except ValueError as error:
        raise NotElementStrings(uri) from error
    parts = address.path.rstrip("/").split("/")
    start = _primary_at(parts)
    if start is None:
        raise NotElementStrings(uri)
    pairs = zip(parts[start::2], parts[start + 1 :: 2], strict=False)
    elements = [Element(ai, unquote(value)) for ai, value in pairs if _may_be_identifier(ai)]
    query = parse_qsl(address.query, keep_blank_values=True, separator="&")
    elements += [Element(ai, value) for ai, value in query if _may_be_identifier(ai)]
    return [_with_full_gtin(element) for element in elements]


def _primary_at(parts: list[str]) -> int | None:
    for at in range(len(parts) - 1):
        path = parts[at:]
        if path[0] not in _PRIMARY or len(path) % 2 or not all(_may_be_identifier(ai) for ai in path[::2]):
            continue
        # A prefix in front of the key may look like one: /01/catalogue/01/{gtin}.
        if path[1] and (path[0] not in _NUMERIC or is_digits(path[1])):
            return at
    return None


def _may_be_identifier(text: str) -> bool:
    return is_digits(text) and 2 <= len(text) <= 4


def _with_full_gtin(element: Element) -> Element:
    if element.ai == "01" and is_digits(element.value) and len(element.value) in GTIN_LENGTHS:
        return Element("01", element.value.zfill(14))
    return element
