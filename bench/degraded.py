"""Score the decoder on photographs made worse on purpose, and on bursts of five of them.

    python -m bench.degraded FOLDER [--pictures 40] [--bursts 40]

FOLDER is as for ``bench.decode``. Only photographs that plain zxing-cpp reads are degraded, so that the
degradation is measured and not the photograph: hand shake, defocus, dim light, glare, slant, strong
compression, few pixels, and all that together, at three levels each. Every picture has its own fixed seed.
Bursts are made of those that zxing-cpp still reads in an unblurred frame.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from bench.decode import OPTIONS
from bench.judging import Photograph, judge, photographs
from scanner.decode import decode, decode_burst

Picture = NDArray[np.uint8]
Rng = np.random.Generator

KINDS = ("motion", "defocus", "dim", "glare", "slant", "compressed", "few pixels", "together")
LEVELS = (1, 2, 3)
FRAME = (1280, 960)
SMALL_FRAME = (640, 480)
SPARE = 10
"""Photographs chosen besides, in place of those that a frame makes too small."""
SYMBOLOGIES = frozenset({"QRCode", "DataMatrix", "Code128", "EAN13", "UPCA", "Code39", "ITF"})


def seed_of(*parts: object) -> int:
    return int(hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:12], 16)


def framed(image: Picture, rng: Rng, size: tuple[int, int] = FRAME, share: float = 0.62) -> Picture:
    """Put a photograph into a cluttered frame, its longer side over a share of it."""
    width, height = size
    factor = min(width * share / image.shape[1], height * share / image.shape[0])
    inner = (max(8, int(image.shape[1] * factor)), max(8, int(image.shape[0] * factor)))
    small = cv2.resize(image, inner, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)
    clutter = rng.integers(60, 200, (6, 8), dtype=np.uint8)
    frame = cv2.resize(clutter, size, interpolation=cv2.INTER_CUBIC).astype(np.float32)
    frame += 1.5 * cv2.GaussianBlur(rng.normal(0, 14, (height, width)).astype(np.float32), (0, 0), 1.2)
    frame = np.clip(frame, 0, 255).astype(np.uint8)
    top = int((height - inner[1]) * rng.uniform(0.2, 0.8))
    left = int((width - inner[0]) * rng.uniform(0.2, 0.8))
    frame[top : top + inner[1], left : left + inner[0]] = small
    return frame


def shaken(image: Picture, pixels: float, degrees: float) -> Picture:
    side = int(pixels) | 1
    kernel = np.zeros((side, side), np.float32)
    kernel[side // 2] = 1
    turn = cv2.getRotationMatrix2D((side / 2 - 0.5, side / 2 - 0.5), degrees, 1)
    kernel = cv2.warpAffine(kernel, turn, (side, side))
    return np.asarray(cv2.filter2D(image, -1, kernel / kernel.sum()), np.uint8)


def defocused(image: Picture, radius: float) -> Picture:
    reach = int(np.ceil(radius))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disc = (x * x + y * y <= radius * radius + 0.25).astype(np.float32)
    return np.asarray(cv2.filter2D(image, -1, disc / disc.sum()), np.uint8)


def dimmed(image: Picture, light: float, rng: Rng, full_well: float = 900.0) -> Picture:
    """Photon and read noise at a share of the light, of which the camera lifts only a part."""
    linear = (image.astype(np.float32) / 255) ** 2.2 * light
    electrons = rng.poisson(np.clip(linear, 0, 1) * full_well) + rng.normal(0, 9, linear.shape)
    lifted = np.clip(electrons / full_well / light * min(1.0, light * 2.2), 0, 1)
    return np.asarray(lifted ** (1 / 2.2) * 255, np.uint8)


def glaring(image: Picture, spots: int, rng: Rng) -> Picture:
    height, width = image.shape
    y, x = np.mgrid[:height, :width].astype(np.float32)
    bright = image.astype(np.float32)
    for _ in range(spots):
        centre = (width * rng.uniform(0.3, 0.7), height * rng.uniform(0.3, 0.7))
        long = rng.uniform(0.05, 0.11) * width
        short, angle = long * rng.uniform(0.4, 1), rng.uniform(0, np.pi)
        u = ((x - centre[0]) * np.cos(angle) + (y - centre[1]) * np.sin(angle)) / long
        v = ((y - centre[1]) * np.cos(angle) - (x - centre[0]) * np.sin(angle)) / short
        bright += (255 - bright) * np.clip(1.25 * np.exp(-(u * u + v * v)), 0, 1)
    return np.clip(bright, 0, 255).astype(np.uint8)


def slanted(image: Picture, share: float, rng: Rng) -> Picture:
    height, width = image.shape
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    side = int(rng.integers(0, 4))
    target = source.copy()
    first, second = side, (side + 1) % 4
    inward = (target[second] - target[first]) * share
    target[first] += inward
    target[second] -= inward
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-25, 25), 0.95)
    warp = np.vstack([turn, [0, 0, 1]]) @ cv2.getPerspectiveTransform(source, target)
    moved = cv2.warpPerspective(image, warp, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)


def compressed(image: Picture, quality: int) -> Picture:
    data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def degraded(image: Picture, kind: str, level: int, seed: int) -> Picture:
    rng = np.random.default_rng(seed)
    at = level - 1
    if kind == "few pixels":
        return compressed(framed(image, rng, SMALL_FRAME, (0.75, 0.55, 0.40)[at]), 75)
    frame = framed(image, rng)
    match kind:
        case "motion":
            frame = shaken(frame, (7, 13, 21)[at], rng.uniform(0, 180))
        case "defocus":
            frame = defocused(frame, (2.0, 3.5, 5.0)[at])
        case "dim":
            frame = dimmed(frame, (0.25, 0.10, 0.05)[at], rng)
        case "glare":
            frame = glaring(frame, (1, 2, 4)[at], rng)
        case "slant":
            frame = slanted(frame, (0.10, 0.20, 0.30)[at], rng)
        case "compressed":
            blurred = np.asarray(cv2.GaussianBlur(frame, (0, 0), 0.8), np.uint8)
            return compressed(blurred, (60, 45, 30)[at])
        case _:
            frame = slanted(frame, (0.05, 0.10, 0.15)[at], rng)
            frame = shaken(frame, (3, 7, 11)[at], rng.uniform(0, 180))
            return compressed(dimmed(frame, (0.35, 0.2, 0.12)[at], rng), (75, 60, 45)[at])
    return compressed(frame, 88)


def burst(image: Picture, kind: str, seed: int) -> list[Picture]:
    """Return five frames of a hand that does not hold still, in dim light, moving, or both."""
    rng = np.random.default_rng(seed)
    frame = framed(image, rng)
    frames = []
    for _ in range(5):
        turn = cv2.getRotationMatrix2D((FRAME[0] / 2, FRAME[1] / 2), rng.normal(0, 0.6), 1)
        turn[:, 2] += rng.normal(0, 6, 2)
        moved = np.asarray(cv2.warpAffine(frame, turn, FRAME, borderMode=cv2.BORDER_REPLICATE), np.uint8)
        if kind != "dim":
            moved = shaken(moved, rng.uniform(3, 25), rng.uniform(0, 180))
        if kind != "motion":
            moved = dimmed(moved, 0.12 if kind == "dim" else 0.2, rng)
        frames.append(compressed(moved, 85))
    return frames


def chosen(folder: Path, count: int) -> list[tuple[Photograph, Picture]]:
    """Return photographs of one code that plain zxing-cpp reads, spread over the symbologies."""
    by_format: dict[str, list[tuple[Photograph, Picture]]] = defaultdict(list)
    for picture in sorted(photographs(folder), key=lambda picture: seed_of(picture.path.name)):
        if len(picture.codes) != 1 or picture.codes[0][0] not in SYMBOLOGIES:
            continue
        image = cv2.imdecode(np.frombuffer(picture.path.read_bytes(), np.uint8), cv2.IMREAD_GRAYSCALE)
        if judge(picture, plain(image))[0] == [True]:
            by_format[picture.codes[0][0]].append((picture, np.asarray(image, np.uint8)))
    found: list[tuple[Photograph, Picture]] = []
    while len(found) < count and any(by_format.values()):
        for waiting in by_format.values():
            if waiting and len(found) < count:
                found.append(waiting.pop(0))
    return found


def readable_in_frame(pictures: list[tuple[Photograph, Picture]]) -> list[tuple[Photograph, Picture]]:
    """Leave out photographs whose code is too small once they fill a part of a frame only, without any blur."""

    def is_read(picture: Photograph, image: Picture) -> bool:
        frame = framed(image, np.random.default_rng(seed_of(picture.path.name, "frame")))
        return judge(picture, plain(frame))[0] == [True]

    return [(picture, image) for picture, image in pictures if is_read(picture, image)]


def plain(image: Picture) -> list[str]:
    return [barcode.text for barcode in zxingcpp.read_barcodes(image)]


def ours(image: Picture) -> list[str]:
    return [code.text for code in decode(image, OPTIONS).codes]


def score_degraded(pictures: list[tuple[Photograph, Picture]]) -> None:
    spent: dict[str, float] = defaultdict(float)
    read: dict[tuple[str, str, int], int] = defaultdict(int)
    wrong: dict[str, int] = defaultdict(int)
    readers: dict[str, Callable[[Picture], list[str]]] = {"zxing-cpp": plain, "scanner": ours}
    for picture, image in pictures:
        for kind in KINDS:
            for level in LEVELS:
                worse = degraded(image, kind, level, seed_of(picture.path.name, kind, level))
                for name, reader in readers.items():
                    began = time.perf_counter()
                    hits, errors = judge(picture, reader(worse))
                    spent[name] += time.perf_counter() - began
                    read[name, kind, level] += all(hits)
                    wrong[name] += bool(errors)
    total = len(pictures)
    print("| kind | zxing-cpp at level 1 / 2 / 3 | scanner at level 1 / 2 / 3 |\n|---|---|---|")
    for kind in KINDS:
        cells = [" / ".join(f"{100 * read[name, kind, level] / total:.0f}" for level in LEVELS) for name in readers]
        print(f"| {kind} | {' | '.join(cells)} |")
    count = total * len(KINDS) * len(LEVELS)
    shares = {name: 100 * sum(n for key, n in read.items() if key[0] == name) / count for name in readers}
    print(f"| **all**, % | {shares['zxing-cpp']:.1f} | {shares['scanner']:.1f} |")
    print(f"| pictures with a wrong text | {wrong['zxing-cpp']} | {wrong['scanner']} |")
    print(f"| total time | 1 | {spent['scanner'] / spent['zxing-cpp']:.1f} |")


def score_bursts(pictures: list[tuple[Photograph, Picture]]) -> None:
    print("\n| burst of five | first frame, zxing-cpp | any frame, zxing-cpp | scanner, first frame | scanner |")
    print("|---|---|---|---|---|")
    for kind in ("dim", "motion", "both"):
        counts = np.zeros(4)
        wrong = 0
        for picture, image in pictures:
            frames = burst(image, kind, seed_of(picture.path.name, "burst", kind))
            single = [all(judge(picture, plain(frame))[0]) for frame in frames]
            fused = [code.text for code in decode_burst(list(frames), OPTIONS).codes]
            hits, errors = judge(picture, fused)
            wrong += bool(errors)
            counts += [single[0], any(single), all(judge(picture, ours(frames[0]))[0]), all(hits)]
        cells = " | ".join(f"{100 * count / len(pictures):.0f} %" for count in counts)
        print(f"| {kind} ({wrong} wrong) | {cells} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pictures", type=int, default=40)
    parser.add_argument("--bursts", type=int, default=40)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    found = chosen(arguments.folder, max(arguments.pictures, arguments.bursts + SPARE))
    if arguments.pictures:
        score_degraded(found[: arguments.pictures])
    if arguments.bursts:
        score_bursts(readable_in_frame(found)[: arguments.bursts])


if __name__ == "__main__":
    sys.exit(main())
