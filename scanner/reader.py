"""zxing-cpp, wrapped once: a view in, readings with corners in the source out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import zxingcpp

from scanner.result import Corners
from scanner.symbology import is_weak, name_of, zxing_formats
from scanner.view import View


@dataclass(frozen=True, slots=True)
class Reading:
    """One symbol as one pass saw it."""

    text: str
    raw: bytes
    symbology: str
    symbology_identifier: str
    corners: Corners
    content_type: str

    @property
    def weak(self) -> bool:
        """Whether a second witness is asked for."""
        return is_weak(self.symbology, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What zxing-cpp tries beyond the upright picture; all of it is its own default.

    Leaving out ``rotate`` halves the time and loses vertical linear codes and many DataMatrix; a cut that
    stands upright needs none of the three.
    """

    rotate: bool = True
    invert: bool = True
    downscale: bool = True
    global_histogram: bool = False
    report_damage: bool = False


FULL = Effort()
FIRST = Effort(invert=False, downscale=False, report_damage=True)
FIRST_UPRIGHT = Effort(rotate=False, invert=False, downscale=False, report_damage=True)
DARK_ON_LIGHT = Effort(invert=False)
DARK_ON_LIGHT_FULL_SIZE = Effort(invert=False, downscale=False)
HISTOGRAM = Effort(invert=False, global_histogram=True)
UPRIGHT = Effort(rotate=False, invert=False, downscale=False)
UPRIGHT_INVERTED = Effort(rotate=False, invert=True, downscale=False)
UPRIGHT_HISTOGRAM = Effort(rotate=False, invert=False, downscale=False, global_histogram=True)


def read(view: View, formats: tuple[str, ...], effort: Effort = FULL) -> tuple[list[Reading], bool]:
    """Return what zxing-cpp reads in a view, and whether it also met a symbol that failed its check."""
    binarizer = zxingcpp.Binarizer.GlobalHistogram if effort.global_histogram else zxingcpp.Binarizer.LocalAverage
    found = zxingcpp.read_barcodes(
        view.image,
        formats=zxingcpp.BarcodeFormats(zxing_formats(formats)),
        try_rotate=effort.rotate,
        try_invert=effort.invert,
        try_downscale=effort.downscale,
        binarizer=binarizer,
        # The default, HRI, rewrites control characters and loses where a GS1 field ends.
        text_mode=zxingcpp.TextMode.Plain,
        return_errors=effort.report_damage,
    )
    valid = [barcode for barcode in found if barcode.valid and barcode.text]
    return [_reading(barcode, view) for barcode in valid], len(valid) < len(found)


def _reading(barcode: zxingcpp.Barcode, view: View) -> Reading:
    place = barcode.position
    points = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    return Reading(
        text=barcode.text,
        raw=bytes(barcode.bytes),
        symbology=name_of(barcode.format),
        symbology_identifier=barcode.symbology_identifier,
        corners=view.source_corners(np.array([(point.x, point.y) for point in points], dtype=np.float64)),
        content_type=str(barcode.content_type).removeprefix("ContentType."),
    )
