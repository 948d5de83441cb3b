"""What a caller can choose about decoding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scanner import symbology

Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Look:
    """One reading of one picture, for ``explain``: what was looked at, for how long, and what it gave."""

    step: str
    image: Grey
    milliseconds: float
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodeOptions:
    """How to decode.

    Attributes:
        formats: Symbologies to look for, names of ``symbology.ALL``; default ``symbology.WAREHOUSE``. Fewer
            are faster and misread less.
        budget_ms: No further step starts after this many milliseconds of processor time, 1 or more; None
            (default) sets no limit. 150 keeps nearly all of the gain on live frames. A step once begun is not
            interrupted. A busy machine reads as much as an idle one, only later.
        deadline_ms: The same by the clock, for a caller who waits.
        skip: Names of steps of ``steps.STEPS`` that are left out; none by default.
        explain: Called with each look that is taken; None by default.
    """

    formats: tuple[str, ...] = symbology.WAREHOUSE
    budget_ms: float | None = None
    deadline_ms: float | None = None
    skip: frozenset[str] = frozenset()
    explain: Callable[[Look], None] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "formats", symbology.known(self.formats))
        if not self.formats:
            raise ValueError("At least one symbology is needed.")
        for name in ("budget_ms", "deadline_ms"):
            limit = getattr(self, name)
            if limit is not None and limit < 1:
                raise ValueError(f"{name} is 1 or more.")
