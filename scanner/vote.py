"""Which of the texts that were read on a picture are believed.

Reed-Solomon symbologies and Code 128 are taken at once. Any other linear text needs a second pass that
agrees; if only the untreated picture gave it and nothing else was found, it is kept and flagged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import hypot

from scanner.reader import Reading
from scanner.result import Confidence, Decoded
from scanner.symbology import RETAIL, is_matrix

UNTREATED = "whole picture"
"""The step that reads the picture as it is."""


@dataclass
class Candidate:
    """A text at a place, with the passes that saw it."""

    reading: Reading
    stage: str
    passes: int
    witnesses: set[str] = field(default_factory=set)

    @property
    def votes(self) -> int:
        """How many different passes saw it."""
        return len(self.witnesses)

    @property
    def sure(self) -> bool:
        """Whether it needs no further witness."""
        return not self.reading.weak or self.votes > 1

    @property
    def centre(self) -> tuple[float, float]:
        """Middle of the symbol in the source."""
        xs, ys = zip(*self.reading.corners, strict=True)
        return sum(xs) / 4, sum(ys) / 4

    @property
    def side(self) -> float:
        """Longest side of the symbol, pixels of the source."""
        corners = self.reading.corners
        return max(hypot(x - u, y - v) for (x, y), (u, v) in zip(corners, (*corners[1:], corners[0]), strict=True))


class Ballot:
    """All readings of one picture."""

    def __init__(self) -> None:
        self.candidates: list[Candidate] = []
        self.passes = 0

    def count(self, readings: list[Reading], stage: str, witness: str) -> int:
        """Add one pass; return how many of its readings were new or made an older one sure."""
        self.passes += 1
        news = 0
        for reading in readings:
            candidate = self._same(reading)
            if candidate is None:
                candidate = Candidate(reading, stage, self.passes)
                self.candidates.append(candidate)
                news += 1
            was_sure = candidate.sure
            candidate.witnesses.add(witness)
            news += candidate.sure and not was_sure
        return news

    def matrices(self) -> list[Candidate]:
        """Return the candidates of matrix symbologies."""
        return [candidate for candidate in self.candidates if is_matrix(candidate.reading.symbology)]

    def contested(self) -> list[Candidate]:
        """Return the linear candidates that were seen once, or whose place gave another text as well."""
        return [
            candidate
            for candidate in self.candidates
            if candidate.reading.weak and (not candidate.sure or self._rivals(candidate))
        ]

    def believed(self) -> list[Candidate]:
        """Return the candidates that count, in the order in which they were found.

        Where two texts claim one place, the one with more witnesses counts, and neither if they are level: a
        wrong serial number is worse than none.
        """
        sure = [
            candidate
            for candidate in self.candidates
            if candidate.sure and all(_outweighs(candidate, rival) for rival in self._rivals(candidate))
        ]
        if sure:
            return sure
        # Nothing has two witnesses. What the untreated picture gave is kept, flagged as weak.
        untreated = [candidate for candidate in self.candidates if candidate.stage == UNTREATED]
        return untreated[:1] if not any(self._rivals(candidate) for candidate in untreated) else []

    def _rivals(self, candidate: Candidate) -> list[Candidate]:
        return [other for other in self.candidates if other is not candidate and _contradicts(candidate, other)]

    def _same(self, reading: Reading) -> Candidate | None:
        probe = Candidate(reading, "", 0)
        for candidate in self.candidates:
            same_text = candidate.reading.text == reading.text and (
                candidate.reading.symbology == reading.symbology
                or {candidate.reading.symbology, reading.symbology} <= RETAIL
            )
            if same_text and _overlap(candidate, probe):
                return candidate
        return None


def decoded(candidate: Candidate, frame: int = 0) -> Decoded:
    """Return a candidate as the decoder's answer."""
    reading = candidate.reading
    return Decoded(
        text=reading.text,
        raw=reading.raw,
        symbology=reading.symbology,
        symbology_identifier=reading.symbology_identifier,
        corners=reading.corners,
        content_type=reading.content_type,
        confidence=Confidence(candidate.stage, candidate.passes, candidate.votes, not candidate.sure),
        frame=frame,
    )


def _outweighs(one: Candidate, other: Candidate) -> bool:
    if one.reading.weak != other.reading.weak:
        return other.reading.weak
    return one.votes > other.votes


def _overlap(one: Candidate, other: Candidate, share: float = 0.6) -> bool:
    (x, y), (u, v) = one.centre, other.centre
    return hypot(x - u, y - v) < share * max(one.side, other.side)


def _contradicts(one: Candidate, other: Candidate) -> bool:
    """Whether both cannot stand in the picture because they are two texts of one place.

    Labels stack linear codes with little between them, but not EAN or UPC, which are nearly as high as wide.
    A matrix symbol may stand inside the span of a linear one.
    """
    if is_matrix(one.reading.symbology) or is_matrix(other.reading.symbology):
        return False
    both_retail = {one.reading.symbology, other.reading.symbology} <= RETAIL
    return _overlap(one, other, _RETAIL_HEIGHT if both_retail else _LINE_HEIGHT)


_RETAIL_HEIGHT = 0.5
_LINE_HEIGHT = 0.15
