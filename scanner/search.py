"""The state of one search: the picture, what was read so far, and how much time is left."""

from __future__ import annotations

import time
from functools import cached_property
from typing import NamedTuple

import numpy as np

from scanner.locate import BarRegion, bar_regions, coherence, detected_bars, matrix_places
from scanner.options import DecodeOptions, Grey, Look
from scanner.preprocess import threshold
from scanner.reader import FULL, Effort, Reading, read
from scanner.symbology import LINEAR, family_of
from scanner.view import View
from scanner.vote import Ballot, Candidate

# No step adds readings of other matrix symbologies, and PDF417 costs as much as all linear codes together.
_STUBBORN = ("QRCode", "DataMatrix")
_ONLY_BARS = 0.85


class Part(NamedTuple):
    """One of the views that a pass reads: which symbologies in it, and what zxing-cpp tries."""

    view: View
    formats: tuple[str, ...]
    effort: Effort


class Search:
    """One picture being searched. Steps read views through ``look`` so that votes, time and trace agree."""

    def __init__(self, image: Grey, options: DecodeOptions) -> None:
        self.whole = View.of(image)
        self.options = options
        self.ballot = Ballot()
        self.linear = tuple(name for name in options.formats if name in LINEAR)
        self.matrix = tuple(name for name in options.formats if name in _STUBBORN)
        self.step = ""
        self.damaged = False
        """Whether zxing-cpp found a symbol that failed its own check."""
        self.barred: list[float] = []
        """Lengths of places that have the bars of a linear code, pixels."""
        self._place_like: bool | None = None
        self._began = time.perf_counter()
        self._worked_before = time.thread_time()

    def begin(self, step: str) -> None:
        """Name the step that the following looks belong to."""
        self.step = step

    @property
    def image(self) -> Grey:
        """The picture itself."""
        return self.whole.image

    @property
    def megapixels(self) -> float:
        """Size of the picture."""
        return self.image.size / 1e6

    @property
    def out_of_time(self) -> bool:
        """Whether the budget is spent or the deadline over."""
        limits = (
            (self.options.budget_ms, time.thread_time() - self._worked_before),
            (self.options.deadline_ms, time.perf_counter() - self._began),
        )
        return any(limit is not None and seconds * 1000 >= limit for limit, seconds in limits)

    @property
    def empty(self) -> bool:
        """Whether nothing at all was read."""
        return not self.ballot.candidates

    @property
    def unsure(self) -> bool:
        """Whether nothing was read, or only texts that need another witness."""
        return not any(candidate.sure for candidate in self.ballot.candidates)

    @cached_property
    def only_bars(self) -> bool:
        """Whether the gradients of the whole picture have one direction each: no matrix symbol in it."""
        return coherence(self.image) > _ONLY_BARS

    @property
    def crowd(self) -> tuple[str, ...]:
        """Symbologies to go on with where two matrix symbols or more were read: those that were."""
        if len(self.ballot.matrices()) < 2:
            return ()
        present = {family_of(candidate.reading.symbology) for candidate in self.ballot.candidates}
        return tuple(name for name in (*self.matrix, *self.linear) if name in present)

    @cached_property
    def bars(self) -> list[BarRegion]:
        """Places that look like linear codes."""
        return bar_regions(self.image, limit=6)

    @cached_property
    def detected(self) -> list[BarRegion]:
        """Places that OpenCV's detector takes for an EAN."""
        return detected_bars(self.image, limit=2)

    @cached_property
    def black_and_white(self) -> View:
        """The picture as black and white."""
        return self.whole.with_image(threshold(self.image))

    def look(self, view: View, formats: tuple[str, ...], effort: Effort = FULL, witness: str = "") -> int:
        """Read a view and count what it gives; return how much was new.

        Args:
            view: What to read.
            formats: Symbologies; nothing happens where there is none.
            effort: What zxing-cpp tries.
            witness: Name of the pass; passes of one name count as one witness. Default: the step's name.
        """
        return self.look_at([Part(view, formats, effort)], witness)

    def look_at(self, parts: list[Part], witness: str = "") -> int:
        """Read several views as one pass; arguments and answer as for :meth:`look`."""
        readings: list[Reading] = []
        asked = [part for part in parts if part.formats and part.view.image.size]
        for part in asked:
            readings += self._read(part)
        return self.ballot.count(readings, self.step, witness or self.step) if asked else 0

    def _read(self, part: Part) -> list[Reading]:
        began = time.perf_counter()
        readings, damaged = read(part.view, part.formats, part.effort)
        self.damaged = self.damaged or damaged
        if self.options.explain is not None:
            took = (time.perf_counter() - began) * 1000
            texts = tuple(reading.text for reading in readings)
            self.options.explain(Look(self.step, part.view.image, took, texts))
        return readings

    def has_place_like(self, candidate: Candidate) -> bool:
        """Whether another place looks like this matrix symbol; asked once for a picture."""
        if self._place_like is None:
            self._place_like = bool(matrix_places(self.image, candidate.side, [candidate.centre], limit=1))
        return self._place_like

    def unconfirmed(self) -> list[Candidate]:
        """Return the candidates that need another witness."""
        return [candidate for candidate in self.ballot.candidates if not candidate.sure]

    def typical_side(self) -> float:
        """Side of the matrix symbols read so far, pixels; their median."""
        return float(np.median([candidate.side for candidate in self.ballot.matrices()]))
