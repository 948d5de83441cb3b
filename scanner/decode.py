"""From a picture to the codes in it: a fast pass first, then the steps that are measured to add reads."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from scanner.burst import fused
from scanner.image_header import ImageError
from scanner.limits import MAX_FRAMES
from scanner.options import DecodeOptions
from scanner.picture import check_array, load_grey
from scanner.reason import why_nothing
from scanner.result import DecodeResult
from scanner.search import Search
from scanner.steps import STEPS
from scanner.vote import decoded

__all__ = ["ImageError", "decode", "decode_burst", "decode_bytes", "decode_files"]


def decode(image: NDArray[Any], options: DecodeOptions | None = None) -> DecodeResult:
    """Find and decode the codes of one picture.

    Args:
        image: Grey (H, W) or BGR (H, W, 3), values 0..255, at most 25 million pixels. Not changed.
        options: What to look for and for how long; the default looks for what stands on goods and labels.

    Returns:
        One ``Decoded`` per symbol, and a reason where there is none.

    Raises:
        ImageError: Wrong dtype, number of dimensions, or size.

    References:
        Symbology identifiers: ISO/IEC 15424. GS1 use of FNC1: GS1 General Specifications, section 7.8.
    """
    search = Search(check_array(image), options or DecodeOptions())
    for row in STEPS:
        if search.out_of_time:
            break
        if row.name not in search.options.skip and row.wanted(search):
            search.begin(row.name)
            row.run(search)
    codes = tuple(decoded(candidate) for candidate in search.ballot.believed())
    return DecodeResult(codes, None if codes else why_nothing(search))


def decode_bytes(data: bytes, options: DecodeOptions | None = None) -> DecodeResult:
    """Find and decode the codes of one JPEG, PNG or WebP file.

    Raises:
        ImageError: The file is not such a picture, is too large, or is incomplete.
    """
    return decode(load_grey(data), options)


def decode_burst(images: list[NDArray[Any]], options: DecodeOptions | None = None) -> DecodeResult:
    """Find and decode the codes of several pictures taken one after the other of the same label.

    Every step is tried on all pictures before the next one; the first picture with a sure text decides. Weak
    texts count where two pictures agree. What no picture gives alone is looked for in their aligned mean.

    Args:
        images: One to eight pictures as for ``decode``.
        options: As for ``decode``; the budget is that of the whole burst.

    Raises:
        ImageError: As for ``decode``; ``no_frames`` and ``too_many_frames`` for the number of pictures.
    """
    if not images:
        raise ImageError("no_frames", "There is no picture.")
    if len(images) > MAX_FRAMES:
        raise ImageError("too_many_frames", f"At most {MAX_FRAMES} pictures are decoded together.")
    if len(images) == 1:
        return decode(images[0], options)
    return fused([check_array(image) for image in images], options or DecodeOptions())


def decode_files(files: list[bytes], options: DecodeOptions | None = None) -> DecodeResult:
    """Find and decode the codes of a burst of JPEG, PNG or WebP files.

    Raises:
        ImageError: As for ``decode_bytes`` and ``decode_burst``.
    """
    if len(files) > MAX_FRAMES:
        raise ImageError("too_many_frames", f"At most {MAX_FRAMES} pictures are decoded together.")
    return decode_burst([load_grey(data) for data in files], options)
