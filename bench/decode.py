"""Score the decoder against others on a folder of photographs, all in one run.

    python -m bench.decode FOLDER [--readers scanner,zxing-cpp,…] [--limit N] [--steps] [--misses FILE]

FOLDER holds ``manifest.tsv`` and the pictures. Each reader gets the bytes of each picture, one reader
straight after the other, so that the ratios of their times are taken under the same load: by the clock, and
in brackets in processor time. Prints Markdown.
zbar is the system's library (``make bench-decode`` installs libzbar0); where it is missing that is said.
"""

from __future__ import annotations

import argparse
import csv
import ctypes
import ctypes.util
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import zxingcpp

from bench.judging import Photograph, judge, photographs
from scanner import symbology
from scanner.decode import ImageError, decode_bytes
from scanner.options import DecodeOptions, Look
from scanner.steps import STEPS

Reader = Callable[[bytes], list[str]]
OPTIONS = DecodeOptions(formats=symbology.ALL)


def grey(data: bytes) -> np.ndarray | None:
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE) if data else None


def scanner(data: bytes) -> list[str]:
    try:
        return [code.text for code in decode_bytes(data, OPTIONS).codes]
    except ImageError:
        return []


def plain_zxing(data: bytes) -> list[str]:
    image = grey(data)
    return [] if image is None else [barcode.text for barcode in zxingcpp.read_barcodes(image)]


def opencv_qr(data: bytes) -> list[str]:
    image = grey(data)
    if image is None:
        return []
    try:
        _, texts, _, _ = cv2.QRCodeDetector().detectAndDecodeMulti(image)
    except (cv2.error, UnicodeDecodeError):  # it takes bytes for UTF-8
        return []
    return [text for text in texts if text]


def opencv_bars(data: bytes) -> list[str]:
    image = grey(data)
    if image is None:
        return []
    try:
        _, texts, _, _ = cv2.barcode.BarcodeDetector().detectAndDecodeWithType(image)
    except cv2.error:
        return []
    return [text for text in texts if text]


def zbar() -> Reader | None:
    """Return a reader over the system's libzbar, or None where it is not installed."""
    name = ctypes.util.find_library("zbar")
    if name is None:
        return None
    library = ctypes.CDLL(name)
    for function, result in (
        ("zbar_image_scanner_create", ctypes.c_void_p),
        ("zbar_image_create", ctypes.c_void_p),
        ("zbar_image_first_symbol", ctypes.c_void_p),
        ("zbar_symbol_next", ctypes.c_void_p),
        ("zbar_symbol_get_data", ctypes.c_char_p),
    ):
        getattr(library, function).restype = result
    machine = ctypes.c_void_p(library.zbar_image_scanner_create())
    library.zbar_image_scanner_set_config(machine, 0, 0, 1)
    fourcc = int.from_bytes(b"Y800", "little")

    def read(data: bytes) -> list[str]:
        image = grey(data)
        if image is None:
            return []
        pixels = image.tobytes()
        handle = ctypes.c_void_p(library.zbar_image_create())
        library.zbar_image_set_format(handle, ctypes.c_ulong(fourcc))
        library.zbar_image_set_size(handle, image.shape[1], image.shape[0])
        library.zbar_image_set_data(handle, pixels, ctypes.c_ulong(len(pixels)), None)
        library.zbar_scan_image(machine, handle)
        texts = []
        symbol = library.zbar_image_first_symbol(handle)
        while symbol:
            texts.append(library.zbar_symbol_get_data(ctypes.c_void_p(symbol)).decode("utf-8", "replace"))
            symbol = library.zbar_symbol_next(ctypes.c_void_p(symbol))
        library.zbar_image_destroy(handle)
        return texts

    return read


@dataclass
class Score:
    milliseconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    """Milliseconds of processor time: on a busy machine they vary less than those by the clock."""
    read: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    wrong: int = 0
    false_positives: int = 0
    whole: set[Path] = field(default_factory=set)


def readers() -> dict[str, Reader]:
    found: dict[str, Reader] = {
        "zxing-cpp": plain_zxing,
        "scanner": scanner,
        "OpenCV QR": opencv_qr,
        "OpenCV bars": opencv_bars,
    }
    libzbar = zbar()
    if libzbar is None:
        print("zbar is left out: install it with scripts/debian-packages libzbar0", file=sys.stderr)
    else:
        found["zbar"] = libzbar
    return found


def score(pictures: list[Photograph], table: dict[str, Reader], misses: list[list[str]]) -> dict[str, Score]:
    scores = {name: Score() for name in table}
    for picture in pictures:
        data = picture.path.read_bytes()
        for name, reader in table.items():
            began, worked = time.perf_counter(), time.process_time()
            texts = reader(data)
            result = scores[name]
            result.milliseconds.append((time.perf_counter() - began) * 1000)
            result.processor.append((time.process_time() - worked) * 1000)
            read, wrong = judge(picture, texts)
            for (barcode_format, text), hit in zip(picture.codes, read, strict=True):
                for group in (
                    ("symbology", barcode_format),
                    ("source", picture.source.split()[0]),
                    ("all", ""),
                ):
                    result.read[group] += hit
                if not hit and name == "scanner":
                    misses.append([picture.path.name, barcode_format, text.encode("unicode_escape").decode()])
            if all(read):
                result.whole.add(picture.path)
            result.wrong += bool(wrong and picture.codes)
            result.false_positives += bool(wrong and not picture.codes)
    return scores


def report(pictures: list[Photograph], scores: dict[str, Score]) -> str:
    totals: dict[tuple[str, str], int] = defaultdict(int)
    for picture in pictures:
        for barcode_format, _ in picture.codes:
            for group in (("symbology", barcode_format), ("source", picture.source.split()[0]), ("all", "")):
                totals[group] += 1
    names = list(scores)
    lines = [f"| | codes | {' | '.join(names)} |", "|---" * (len(names) + 2) + "|"]
    for group in sorted(totals, key=lambda group: (["all", "source", "symbology"].index(group[0]), group[1])):
        shares = [f"{100 * scores[name].read[group] / totals[group]:.1f} %" for name in names]
        lines.append(f"| {group[1] or 'all codes read'} | {totals[group]} | {' | '.join(shares)} |")
    base = scores["zxing-cpp"]

    def row(label: str, value: Callable[[Score], str]) -> None:
        lines.append(f"| {label} | | {' | '.join(value(scores[name]) for name in names)} |")

    def ratio(measure: Callable[[list[float]], float]) -> Callable[[Score], str]:
        def both(result: Score) -> str:
            clock = measure(result.milliseconds) / measure(base.milliseconds)
            return f"{clock:.2f} ({measure(result.processor) / measure(base.processor):.2f})"

        return both

    row("photographs with a wrong text", lambda result: str(result.wrong))
    row("false positives without a code", lambda result: str(result.false_positives))
    row("lost that zxing-cpp reads whole", lambda result: str(len(base.whole - result.whole)))
    row("median ms", lambda result: f"{np.median(result.milliseconds):.1f}")
    row("p95 ms", lambda result: f"{np.percentile(result.milliseconds, 95):.1f}")
    row("median / zxing-cpp by the clock (processor time)", ratio(lambda times: float(np.median(times))))
    row("p95 / zxing-cpp by the clock (processor time)", ratio(lambda times: float(np.percentile(times, 95))))
    row("total / zxing-cpp by the clock (processor time)", ratio(sum))
    return "\n".join(lines)


def steps_report(pictures: list[Photograph]) -> str:
    """What each step is the first to read, and what it costs."""
    runs: dict[str, int] = defaultdict(int)
    looks: dict[str, int] = defaultdict(int)
    spent: dict[str, float] = defaultdict(float)
    first: dict[str, int] = defaultdict(int)
    for picture in pictures:
        seen: set[str] = set()

        def note(look: Look, seen: set[str] = seen) -> None:
            looks[look.step] += 1
            spent[look.step] += look.milliseconds
            seen.add(look.step)

        options = DecodeOptions(formats=symbology.ALL, explain=note)
        for code in decode_bytes(picture.path.read_bytes(), options).codes:
            first[code.confidence.stage] += 1
        for step in seen:
            runs[step] += 1
    lines = ["| step | pictures | looks | reading ms a picture | first reader of |", "|---|---|---|---|---|"]
    for name in (row.name for row in STEPS):
        mean = spent[name] / max(1, runs[name])
        lines.append(f"| {name} | {runs[name]} | {looks[name]} | {mean:.1f} | {first[name]} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--readers", default="", help="names separated by commas; default: all there are")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--steps", action="store_true", help="also report what each step adds")
    parser.add_argument("--misses", type=Path, help="write the codes that the scanner did not read")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    table = readers()
    if arguments.readers:
        wanted = ["zxing-cpp", *arguments.readers.split(",")]
        table = {name: reader for name, reader in table.items() if name in wanted}
    pictures = photographs(arguments.folder)[: arguments.limit]
    for picture in pictures[:2]:
        for reader in table.values():
            reader(picture.path.read_bytes())
    misses: list[list[str]] = []
    print(report(pictures, score(pictures, table, misses)))
    if arguments.steps:
        print("\n" + steps_report(pictures))
    if arguments.misses:
        with arguments.misses.open("w", encoding="utf-8", newline="") as target:
            csv.writer(target, delimiter="\t").writerows(misses)


if __name__ == "__main__":
    sys.exit(main())
