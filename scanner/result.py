"""What the decoder answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Corners = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]


class Reason(StrEnum):
    """Why nothing was read, for the person who holds the camera."""

    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    BLURRED = "blurred"
    TOO_SMALL = "too_small"
    CODE_NOT_READABLE = "code_not_readable"
    NO_CODE = "no_code"

    @property
    def message(self) -> str:
        """What to do about it."""
        return _MESSAGES[self]


_MESSAGES = {
    Reason.TOO_DARK: "The picture is too dark. Switch on the light or the torch.",
    Reason.TOO_BRIGHT: "The picture is too bright. Tilt the label away from the light.",
    Reason.BLURRED: "The picture is blurred. Hold still until the label is sharp.",
    Reason.TOO_SMALL: "The code is too small in the picture. Go closer.",
    Reason.CODE_NOT_READABLE: "There is a code, but it cannot be read. Try another angle or wipe the label.",
    Reason.NO_CODE: "No code found. Point the camera at the label.",
}


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure a text is.

    ``stage`` is the step that saw it first, ``passes`` the number of readings that were tried on the picture
    until then, ``votes`` how many of all readings gave this text. ``weak`` asks for a second witness: a
    symbology that is misread now and then, seen only once.
    """

    stage: str
    passes: int
    votes: int
    weak: bool


@dataclass(frozen=True, slots=True)
class Decoded:
    """One symbol. Corners are (x, y) in pixels of frame ``frame``, clockwise from the symbol's top left."""

    text: str
    raw: bytes
    symbology: str
    symbology_identifier: str
    corners: Corners
    content_type: str
    confidence: Confidence
    frame: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the symbol as JSON values, ``raw`` as hexadecimal digits."""
        return {
            "text": self.text,
            "raw": self.raw.hex(),
            "symbology": self.symbology,
            "symbology_identifier": self.symbology_identifier,
            "corners": [[round(x, 1), round(y, 1)] for x, y in self.corners],
            "frame": self.frame,
            "content_type": self.content_type,
            "confidence": {
                "stage": self.confidence.stage,
                "passes": self.confidence.passes,
                "votes": self.confidence.votes,
                "weak": self.confidence.weak,
            },
        }


@dataclass(frozen=True, slots=True)
class DecodeResult:
    """The codes of a picture, or of a burst, and where there is none, why."""

    codes: tuple[Decoded, ...]
    reason: Reason | None = None
