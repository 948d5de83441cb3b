"""What counts as a right text on a photograph, for all benches."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

RETAIL = frozenset({"EAN13", "EAN8", "UPCA", "UPCE"})
_NAMED = re.compile(r"<(?:[A-Z]{2,3}[0-9]?|U\+[0-9A-F]{2,4})>")
_HUMAN_READABLE = re.compile(r"(\([0-9]{2,4}\)[^()]*)+")


@dataclass
class Photograph:
    """One picture with the codes that are known to be on it."""

    path: Path
    source: str
    licence: str
    group: str
    codes: list[tuple[str, str]] = field(default_factory=list)
    also_there: list[str] = field(default_factory=list)
    """Texts that are on the picture too, but not asked for; "*" for any, "re:…" for a pattern."""


def photographs(folder: Path) -> list[Photograph]:
    """Return the pictures that ``manifest.tsv`` in a folder describes, one row per code."""
    found: dict[str, Photograph] = {}
    with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t", quoting=csv.QUOTE_NONE):
            picture = found.setdefault(
                row["path"], Photograph(folder / row["path"], row["source"], row["licence"], row["set"])
            )
            if row["format"] != "NONE":
                text = row["expected_text"].encode("latin-1", "backslashreplace").decode("unicode_escape")
                picture.codes.append((row["format"], text))
            if row.get("other_ok"):
                picture.also_there = json.loads(row["other_ok"])
    return list(found.values())


def judge(picture: Photograph, texts: list[str]) -> tuple[list[bool], list[str]]:
    """Return for each expected code whether it was read, and the texts that are wrong."""
    left = list(texts)
    read = []
    for barcode_format, expected in picture.codes:
        match = next((text for text in left if is_same(expected, text, barcode_format)), None)
        if match is not None:
            left.remove(match)
        read.append(match is not None)
    wrong = {
        text
        for text in texts
        if not any(is_same(expected, text, barcode_format) for barcode_format, expected in picture.codes)
        and not any(_is_also_there(pattern, text) for pattern in picture.also_there)
    }
    return read, sorted(wrong)


def is_same(expected: str, text: str, barcode_format: str) -> bool:
    """Tell whether two texts are one code; readers differ in separators, start signs and leading zeros."""
    one, other = plain(expected), plain(text)
    if one == other:
        return True
    if barcode_format in RETAIL:
        return _same_retail(one, other)
    if barcode_format.startswith("DataBar"):
        return _same_databar(re.sub(r"\D", "", one), re.sub(r"\D", "", other))
    if barcode_format == "Code39" and other == "I" + one:
        return True  # an import prefix of vehicle numbers that some readers drop
    if barcode_format in ("Code39", "Code93", "ITF"):
        return one.strip("*") == other.strip("*")
    if barcode_format == "Codabar":
        return one.strip("ABCDabcd") == other.strip("ABCDabcd")
    return False


def plain(text: str) -> str:
    """Return a text without control characters in any notation and without brackets of element strings."""
    text = "".join(chr(ord(char) - 0x2400) if 0x2400 <= ord(char) <= 0x241F else char for char in text)
    text = _NAMED.sub("", text)
    text = "".join(char for char in text if ord(char) >= 0x20 and not 0x7F <= ord(char) < 0xA0).strip()
    return re.sub(r"\(([0-9]{2,4})\)", r"\1", text) if _HUMAN_READABLE.fullmatch(text) else text


def _same_retail(one: str, other: str) -> bool:
    if _gtins(one) & _gtins(other):
        return True
    digits = re.sub(r"[ +]", "", other)
    for add_on in (2, 5):
        for long, short in ((one, digits), (digits, one)):
            if long.isdigit() and len(long) - add_on in (8, 12, 13) and _gtins(long[:-add_on]) & _gtins(short):
                return True
    return False


def _gtins(text: str) -> set[str]:
    if not text.isdigit() or not 7 <= len(text) <= 14:
        return set()
    found = {text.lstrip("0")}
    if len(text) == 8 and text[0] in "01":
        found.add(_expanded(text).lstrip("0"))
    return found


def _expanded(upce: str) -> str:
    """Return the UPC-A that a UPC-E stands for (GS1 General Specifications, section 5.2.2.4)."""
    system, body, check = upce[0], upce[1:7], upce[7]
    last = body[5]
    if last in "012":
        return f"{system}{body[:2]}{last}0000{body[2:5]}{check}"
    if last == "3":
        return f"{system}{body[:3]}00000{body[3:5]}{check}"
    if last == "4":
        return f"{system}{body[:4]}00000{body[4]}{check}"
    return f"{system}{body[:5]}0000{last}{check}"


def _same_databar(one: str, other: str) -> bool:
    return bool(one and other) and (one == other or "01" + one.zfill(14) == other or "01" + other.zfill(14) == one)


def _is_also_there(pattern: str, text: str) -> bool:
    if pattern.startswith("re:"):
        return re.search(pattern[3:], text) is not None
    return pattern == "*" or plain(pattern) == plain(text)
