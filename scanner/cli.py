"""``serialtrail scan``: the decoder for people and scripts."""

from __future__ import annotations

import json
import re
import sys
import time
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import cv2

from scanner import symbology
from scanner.decode import ImageError, decode_bytes
from scanner.gs1 import parse
from scanner.options import DecodeOptions, Look
from scanner.result import Decoded, DecodeResult

_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})


@dataclass
class _Explainer:
    """Prints each look to standard error and keeps its picture in a folder."""

    folder: Path
    name: str
    count: int = 0

    def __call__(self, look: Look) -> None:
        self.count += 1
        step = re.sub(r"\W+", "-", look.step)
        target = self.folder / f"{self.name}-{self.count:03}-{step}.png"
        cv2.imwrite(str(target), look.image)
        height, width = look.image.shape
        texts = ", ".join(look.texts) or "nothing"
        click.echo(
            f"{self.count:4} {look.step:24} {width:5} × {height:<5} {look.milliseconds:8.1f} ms  {texts}",
            err=True,
        )


@click.command("scan")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--table", is_flag=True, help="Print a table instead of JSON lines.")
@click.option(
    "--formats",
    default=",".join(symbology.WAREHOUSE),
    show_default=True,
    help="Symbologies to look for, separated by commas; 'all' for every one.",
)
@click.option(
    "--budget",
    type=click.FloatRange(min=1),
    help="Milliseconds of processor time after which no further step starts; 1 or more. Without it there is no limit.",
)
@click.option(
    "--explain",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Say what each step did and how long it took, and write the pictures it looked at into FOLDER.",
)
def scan(files: tuple[str, ...], table: bool, formats: str, budget: float | None, explain: Path | None) -> None:
    """Read the codes in pictures: files, folders, or - for standard input.

    Leaves with 0 when every picture gave a code, 1 when one did not, 2 when one could not be decoded.
    """
    options = _options(formats, budget)
    if explain is not None:
        explain.mkdir(parents=True, exist_ok=True)
    worst = 0
    for number, (name, data) in enumerate(_pictures(files), start=1):
        if explain is not None:
            # Numbered: two folders may have files of one name.
            label = f"{number}-{re.sub(r'[^0-9A-Za-z]+', '-', Path(name).stem).strip('-') or 'picture'}"
            options = replace(options, explain=_Explainer(explain, label))
        began = time.perf_counter()
        try:
            result = decode_bytes(data, options)
        except ImageError as error:
            worst = 2
            _print_error(name, error, table=table)
            continue
        worst = max(worst, 0 if result.codes else 1)
        _print(name, result, (time.perf_counter() - began) * 1000, table=table)
    sys.exit(worst)


def _options(formats: str, budget: float | None) -> DecodeOptions:
    names = symbology.ALL if formats == "all" else tuple(name.strip() for name in formats.split(","))
    try:
        return DecodeOptions(formats=names, budget_ms=budget)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--formats") from error


def _pictures(names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for name in names:
        if name == "-":
            yield "-", sys.stdin.buffer.read()
            continue
        path = Path(name)
        if path.is_dir():
            found = sorted(child for child in path.rglob("*") if child.suffix.lower() in _SUFFIXES)
            yield from ((str(child), child.read_bytes()) for child in found)
        elif path.is_file():
            yield name, path.read_bytes()
        else:
            raise click.BadParameter(f"There is no file or folder {name}.")


def _print(name: str, result: DecodeResult, milliseconds: float, *, table: bool) -> None:
    if table:
        for code in result.codes:
            click.echo(f"{name}\t{code.symbology}\t{_visible(code.text)}\t{_summary(code)}")
        if result.reason is not None:
            click.echo(f"{name}\t-\t-\t{result.reason.message}")
        return
    line: dict[str, Any] = {
        "file": name,
        "codes": [
            code.as_dict() | {"meaning": parse(code.text, code.symbology_identifier).as_dict()} for code in result.codes
        ],
        "reason": None if result.reason is None else {"code": result.reason, "message": result.reason.message},
        "ms": round(milliseconds, 1),
    }
    click.echo(json.dumps(line, ensure_ascii=False))


def _print_error(name: str, error: ImageError, *, table: bool) -> None:
    if table:
        click.echo(f"{name}\t-\t-\t{error.message}")
    else:
        click.echo(json.dumps({"file": name, "error": {"code": error.code, "message": error.message}}))


def _summary(code: Decoded) -> str:
    meaning = parse(code.text, code.symbology_identifier)
    parts = [("GTIN", meaning.gtin), ("batch", meaning.batch_no), ("serial", meaning.serial_no)]
    facts = [f"{label} {value}" for label, value in parts if value]
    facts += [problem.message for problem in meaning.problems if problem.severity != "note"]
    if code.confidence.weak:
        facts.append("seen once only")
    return "; ".join(facts)


def _visible(text: str) -> str:
    """Show what steers a terminal instead of sending it: control characters, and those that turn the direction.

    >>> _visible("A\\x1b[31mB\\x9b\\u202e")
    'A␛[31mB<9b><202e>'
    """
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    if unicodedata.category(character) not in ("Cc", "Cf"):
        return character
    if character < " ":
        return chr(0x2400 + ord(character))
    return "\u2421" if character == "\x7f" else f"<{ord(character):x}>"
