"""Files that are not what they say, or far more than they say."""

import io
import random
import struct
import zlib
from collections.abc import Iterator

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
