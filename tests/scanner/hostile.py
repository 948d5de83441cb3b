"""Files that are not what they say, or far more than they say."""

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.scanner.symbols import data_matrix, encoded


def png_header(width: int, height: int, *, data: bytes = b"") -> bytes:
    """A PNG whose header promises a size that its data may not keep."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def bomb(side: int) -> bytes:
    """A PNG of side × side white pixels in a few kilobytes."""
    squeeze = zlib.compressobj(9)
    row = b"\0" + b"\xff" * side
    return png_header(side, side, data=b"".join(squeeze.compress(row) for _ in range(side)) + squeeze.flush())


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def good(kind: str = "PNG") -> bytes:
    return encoded(data_matrix("NB25-0017"), {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp"}[kind])


REFUSED = {
    "empty": (b"", "empty_image"),
    "text": (b"hello", "unsupported_image"),
    "HTML": (b"<html><script>alert(1)</script></html>", "unsupported_image"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "unsupported_image"),
    "SVG behind an XML head": (b'<?xml version="1.0"?><svg/>', "unsupported_image"),
    "HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0", "unsupported_image"),
    "GIF": (saved(Image.new("L", (8, 8)), "GIF"), "unsupported_image"),
    "TIFF": (saved(Image.new("L", (8, 8)), "TIFF"), "unsupported_image"),
    "BMP": (saved(Image.new("L", (8, 8)), "BMP"), "unsupported_image"),
    "20,000 × 20,000": (png_header(20_000, 20_000), "image_too_large"),
    "2,000,000 × 20": (png_header(2_000_000, 20), "image_too_large"),
    "0 × 0": (png_header(0, 0), "broken_image"),
    "JPEG cut in half": (good("JPEG")[: len(good("JPEG")) // 2], "truncated_image"),
    "JPEG without its end": (good("JPEG")[:-2], "truncated_image"),
    "only the magic of JPEG": (b"\xff\xd8\xff", "broken_image"),
    "only the magic of PNG": (b"\x89PNG\r\n\x1a\n", "broken_image"),
    "tiny WebP": (b"RIFF\x16\0\0\0WEBPVP8L\x0a\0\0\0\x2f\0\0\0\0\0\0\0\0\0", "broken_image"),
    "more than 8 MiB": (b"\xff\xd8\xff" + bytes(8 * 1024 * 1024), "image_too_large"),
}


def mutations(count: int, seed: int) -> Iterator[bytes]:
    """Good files with bytes flipped, parts cut out, and parts of two files spliced."""
    chance = random.Random(seed)
    seeds = [good("PNG"), good("JPEG"), good("WEBP")]
    for _ in range(count):
        data = bytearray(chance.choice(seeds))
        match chance.randrange(3):
            case 0:
                for _ in range(chance.randrange(1, 200)):
                    data[chance.randrange(len(data))] = chance.randrange(256)
            case 1:
                start = chance.randrange(len(data))
                del data[start : start + chance.randrange(1, 500)]
            case _:
                other = chance.choice(seeds)
                cut = chance.randrange(min(len(data), len(other)))
                data = data[:cut] + bytearray(other[cut:])
        yield bytes(data)


def crafted(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Files made to do harm, each named: lying headers, bombs, endless codes, polyglots, broken chunks, EXIF.

    Every kind comes once before any comes again, each time with other sizes and contents.
    """
    chance = random.Random(seed)
    kinds: list[tuple[str, Callable[[random.Random], bytes]]] = [
        *((name, lambda _, data=data: data) for name, (data, _) in REFUSED.items()),
        ("lying PNG header", lambda any_: png_header(any_.randrange(1, 2**31), any_.randrange(1, 2**31))),
        ("PNG header without its pixels", lambda any_: png_header(any_.randrange(1, 5000), any_.randrange(1, 5000))),
        ("bomb up to the limit", lambda any_: bomb(any_.choice((1000, 3000, 5000)))),
        ("bomb beyond the limit", lambda any_: bomb(any_.choice((5001, 6000)))),
        ("one line of pixels", lambda any_: saved(Image.new("L", (any_.randrange(1, 60_000), 1), 128), "PNG")),
        ("PDF417-like bars", _like_pdf417),
        ("finder patterns everywhere", _like_qr),
        ("noise", lambda any_: _of_pixels(_noise(any_, any_.choice((300, 1000, 2000))), any_)),
        ("stripes", _stripes),
        ("polyglot", lambda any_: good("JPEG") + b"<script>alert(1)</script>" * any_.randrange(1, 1000)),
        ("script before a picture", lambda any_: b"<html>" * any_.randrange(1, 100) + good("JPEG")),
        ("EXIF of random bytes", lambda any_: _with_exif(any_.randbytes(any_.randrange(6, 60_000)))),
        ("EXIF that points to itself", lambda _: _with_exif(b"Exif\0\0MM\0*\0\0\0\x08" + b"\xff" * 600)),
        ("PNG with a wrong checksum", lambda any_: _flipped(good("PNG"), any_, 30)),
        ("PNG with thousands of chunks", _many_chunks),
        ("WebP with a wrong length", lambda any_: b"RIFF" + any_.randbytes(4) + good("WEBP")[8:]),
        ("animation", lambda any_: saved(_grey(any_), "WEBP", save_all=True, append_images=[_grey(any_)] * 9)),
        ("CMYK", lambda any_: saved(_grey(any_).convert("CMYK"), "JPEG")),
        ("16 bits", lambda any_: saved(Image.fromarray(_noise(any_, 500).astype(np.uint16) * 257), "PNG")),
        ("progressive JPEG cut off", lambda any_: _cut(saved(_grey(any_), "JPEG", progressive=True), any_)),
        ("JPEG with thousands of markers", lambda any_: b"\xff\xd8" + b"\xff\xfe\0\x04ab" * 9999 + good("JPEG")[2:]),
    ]
    for number in range(count):
        name, make = kinds[number % len(kinds)]
        yield name, make(chance)


def _noise(chance: random.Random, side: int) -> NDArray[np.uint8]:
    return np.random.default_rng(chance.randrange(2**32)).integers(0, 256, (side, side), np.uint8)


def _grey(chance: random.Random) -> Image.Image:
    return Image.fromarray(_noise(chance, 300))


def _of_pixels(pixels: NDArray[np.uint8], chance: random.Random) -> bytes:
    return saved(Image.fromarray(pixels), chance.choice(("PNG", "JPEG", "WEBP")))


def _like_pdf417(chance: random.Random) -> bytes:
    """Rows upon rows of start patterns of PDF417, which cost plain readers seconds."""
    start = np.array([0] * 8 + [255] + [0] + [255] + [0] + [255] + [0] + [255] * 3, np.uint8)
    rows, scale = chance.randrange(200, 700), chance.randrange(1, 4)
    body = np.random.default_rng(chance.randrange(2**32)).integers(0, 2, (rows, 400), np.uint8) * 255
    body[:, :17] = start
    return _of_pixels(np.kron(body, np.ones((1, scale), np.uint8)), chance)


def _like_qr(chance: random.Random) -> bytes:
    finder = np.zeros((9, 9), np.uint8)
    finder[1:8, 1:8], finder[2:7, 2:7], finder[3:6, 3:6] = 255, 0, 255
    times, scale = chance.randrange(10, 60), chance.randrange(1, 4)
    return _of_pixels(np.kron(np.tile(255 - finder, (times, times)), np.ones((scale, scale), np.uint8)), chance)


def _stripes(chance: random.Random) -> bytes:
    line = (np.arange(chance.randrange(500, 2500)) // chance.randrange(1, 5) % 2 * 255).astype(np.uint8)
    return _of_pixels(np.tile(line, (chance.randrange(300, 1500), 1)), chance)


def _with_exif(exif: bytes) -> bytes:
    whole = good("JPEG")
    return whole[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + whole[2:]


def _flipped(data: bytes, chance: random.Random, count: int) -> bytes:
    changed = bytearray(data)
    for _ in range(count):
        changed[chance.randrange(8, len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _many_chunks(chance: random.Random) -> bytes:
    whole = good("PNG")
    text = b"tEXt" + b"Comment\0" + chance.randbytes(20)
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    return whole[:33] + chunk * chance.randrange(1000, 20_000) + whole[33:]


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(4, len(data))]
