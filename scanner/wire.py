"""How parent and child talk: a JSON head, four bytes of length before it, and after it the raw pictures."""

from __future__ import annotations

import json
import struct
from typing import Any

from scanner.options import DecodeOptions
from scanner.result import Confidence, Corners, Decoded, DecodeResult, Reason

HEAD = struct.Struct(">I")
Message = dict[str, Any]


def pack(message: Message) -> bytes:
    """Return a message with its length in front."""
    text = json.dumps(message).encode()
    return HEAD.pack(len(text)) + text


def request(frames: list[bytes], options: DecodeOptions) -> bytes:
    """Return a request to decode a burst of image files; ``explain`` stays with the caller."""
    head = {
        "sizes": [len(frame) for frame in frames],
        "formats": list(options.formats),
        "budget_ms": options.budget_ms,
        "deadline_ms": options.deadline_ms,
        "skip": sorted(options.skip),
    }
    return pack(head) + b"".join(frames)


def encode_request(frame: bytes, most_side: int | None = None) -> bytes:
    """Return a request to encode a picture anew; in colour and within a size, or in grey as it is."""
    return pack({"encode": True, "most_side": most_side, "sizes": [len(frame)]}) + frame


def options_of(message: Message) -> DecodeOptions:
    """Return the options of a request."""
    return DecodeOptions(
        formats=tuple(message["formats"]),
        budget_ms=message["budget_ms"],
        deadline_ms=message["deadline_ms"],
        skip=frozenset(message["skip"]),
    )


def answer(result: DecodeResult) -> Message:
    """Return a result as a message."""
    return {
        "codes": [code.as_dict() for code in result.codes],
        "reason": None if result.reason is None else str(result.reason),
    }


def result_of(message: Message) -> DecodeResult:
    """Return the result that a message carries."""
    reason = message["reason"]
    return DecodeResult(tuple(_decoded(code) for code in message["codes"]), None if reason is None else Reason(reason))


def _decoded(code: Message) -> Decoded:
    return Decoded(
        text=code["text"],
        raw=bytes.fromhex(code["raw"]),
        symbology=code["symbology"],
        symbology_identifier=code["symbology_identifier"],
        corners=_corners(code["corners"]),
        content_type=code["content_type"],
        confidence=Confidence(**code["confidence"]),
        frame=code["frame"],
    )


def _corners(points: list[list[float]]) -> Corners:
    first, second, third, fourth = ((float(x), float(y)) for x, y in points)
    return first, second, third, fourth
