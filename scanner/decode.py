"""From a picture to the codes in it: a fast pass first, then the steps that are measured to add reads."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scanner.options import DecodeOptions
from scanner.result import DecodeResult
from scanner.search import Search
from scanner.steps import STEPS
from scanner.vote import decoded


def decode(image: NDArray[np.uint8], options: DecodeOptions | None = None) -> DecodeResult:
    """Find and decode the codes of one picture."""
    search = Search(image, options or DecodeOptions())
    for row in STEPS:
        if search.out_of_time:
            break
        if row.name not in search.options.skip and row.wanted(search):
            search.step = row.name
            row.run(search)
    return DecodeResult(tuple(decoded(c) for c in search.ballot.believed()))
