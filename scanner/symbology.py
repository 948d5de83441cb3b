"""The symbologies that the decoder knows, by the names that options, answers and reports use."""

from __future__ import annotations

from collections.abc import Iterable

import zxingcpp

_Format = zxingcpp.BarcodeFormat

LINEAR: dict[str, zxingcpp.BarcodeFormat] = {
    "Code128": _Format.Code128,
    "Code39": _Format.Code39,
    "Code93": _Format.Code93,
    "Codabar": _Format.Codabar,
    "EANUPC": _Format.EANUPC,
    "ITF": _Format.ITF,
    "DataBar": _Format.DataBar,
    "DXFilmEdge": _Format.DXFilmEdge,
    "Telepen": _Format.Telepen,
}
MATRIX: dict[str, zxingcpp.BarcodeFormat] = {
    "QRCode": _Format.QRCode,
    "DataMatrix": _Format.DataMatrix,
    "Aztec": _Format.Aztec,
    "PDF417": _Format.PDF417,
    "MaxiCode": _Format.MaxiCode,
}
"""Symbologies with Reed-Solomon codewords: a wrong text does not survive the check."""

ALL = (*MATRIX, *LINEAR)
WAREHOUSE = ("QRCode", "DataMatrix", "Code128", "Code39", "EANUPC", "ITF")
"""The default: what stands on goods and labels. Each further symbology costs time and adds misreads."""

RETAIL = frozenset({"EAN13", "EAN8", "UPCA", "UPCE", "ISBN"})
_SURE_CODE128_LENGTH = 6


def known(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names in the order of ``ALL``.

    Raises:
        ValueError: A name that is not in ``ALL``; the message lists them.
    """
    wanted = set(names)
    unknown = sorted(wanted - set(ALL))
    if unknown:
        raise ValueError(f"Unknown symbology {', '.join(unknown)}; known are {', '.join(ALL)}.")
    return tuple(name for name in ALL if name in wanted)


def zxing_formats(names: Iterable[str]) -> list[zxingcpp.BarcodeFormat]:
    """Return what zxing-cpp calls these symbologies."""
    table = LINEAR | MATRIX
    return [table[name] for name in names]


def name_of(barcode_format: object) -> str:
    """Return the name of a format as zxing-cpp reports it: "EAN-13" is EAN13, "QR Code" is QRCode."""
    return str(barcode_format).replace(" ", "").replace("-", "")


def family_of(name: str) -> str:
    """Return the name in ``ALL`` for a reported one: EAN13 is EANUPC, DataBarExp is DataBar."""
    if name in RETAIL:
        return "EANUPC"
    if name.endswith("QRCode") or name.startswith("QRCode"):
        return "QRCode"
    return next((known_name for known_name in ALL if name.startswith(known_name)), name)


def is_matrix(name: str) -> bool:
    """Tell whether a reported name belongs to a symbology with Reed-Solomon codewords."""
    return family_of(name) in MATRIX or name.endswith("PDF417")


def is_weak(name: str, text: str) -> bool:
    """Tell whether a single reading of this text may be a misreading.

    All misreadings seen on photographs were EAN and UPC with a check digit right by chance, or a part of an
    ITF symbol. Code 128 checks every character twice, but a short one has been seen in a printed grid.
    """
    return not (is_matrix(name) or (name == "Code128" and len(text) >= _SURE_CODE128_LENGTH))
