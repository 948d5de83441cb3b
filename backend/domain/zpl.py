"""Labels in ZPL II, the language of Zebra's printers.

Every text is written in hexadecimal escapes (^FH) but for letters, digits and a few signs, so that no text can end
its field or begin a command, whatever it holds.

References:
    Zebra ZPL II Programming Guide: ^BC, ^BQ, ^BX, ^CI, ^FH, ^PW.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.domain.labels import Format, Label, Symbol

_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .-/:+?=&%(),;@")
_FNC1 = "@1"
"""Within ^BX whose escape character is @, which no GS1 field can hold."""

_ESCAPES = "@|#$`!*{}" + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_QR_SPECIAL = "QA,"
_C128_SPECIAL = {"^": "><", ">": ">0", "~": ">="}


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a label's parts go, in dots: the symbol's corner and size of module, and the lines' tops and heights."""

    x: int
    y: int
    module: int
    height: int
    lines: tuple[tuple[int, int, int, int], ...]


def escaped(text: str) -> str:
    r"""A text as the data of a field with ^FH\.

    >>> escaped("A^XZ~é")
    'A\\5EXZ\\7E\\C3\\A9'
    """
    return "".join(chr(byte) if byte in _PLAIN else f"\\{byte:02X}" for byte in text.encode())


def write_zpl(label: Label, paper: Format, dpi: int, placed: Placed) -> str:
    """One label."""
    width, height = round(paper.width / 25.4 * dpi), round(paper.height / 25.4 * dpi)
    commands = [f"^XA^CI28^PW{width}^LL{height}^LH0,0"]
    commands.append(f"^FO{placed.x},{placed.y}{_symbol(label, placed)}^FS")
    for line, (x, y, size, room) in zip(label.lines, placed.lines, strict=False):
        commands.append(f"^FO{x},{y}^A0N,{size},{size}^FB{room},1,0,L,0^FH\\^FD{escaped(line)}^FS")
    return "\n".join([*commands, "^XZ"]) + "\n"


def _symbol(label: Label, placed: Placed) -> str:
    if label.symbol is Symbol.CODE_128:
        text = "".join(_C128_SPECIAL.get(character, character) for character in label.text)
        return f"^BY{placed.module}^BCN,{placed.height},N,N,N,N^FH\\^FD{escaped(text)}"
    if label.symbol is Symbol.GS1_DATAMATRIX and label.elements:
        return f"^BXN,{placed.module},200,0,0,,@,1^FH\\^FD{escaped(gs1_data(label.elements, _FNC1))}"
    if label.symbol is Symbol.GS1_DATAMATRIX:
        # Without one that is named, ~ or _ begins an escape, whichever the printer's firmware has.
        unused = next(sign for sign in _ESCAPES if sign not in label.text)
        return f"^BXN,{placed.module},200,0,0,,{unused},1^FH\\^FD{escaped(label.text)}"
    return f"^BQN,2,{placed.module}^FH\\^FD{_QR_SPECIAL}{escaped(label.text)}"


_FIXED = frozenset({"01", "17"})


def gs1_data(elements: Sequence[tuple[str, str]], fnc1: str) -> str:
    """Element strings after the leading FNC1, with one behind each field of variable length but the last.

    >>> gs1_data((("01", "09506000134352"), ("10", "B"), ("21", "1")), "@1")
    '@1010950600013435210B@1211'
    """
    parts = [fnc1]
    for index, (ai, value) in enumerate(elements):
        is_last = index == len(elements) - 1
        parts.append(f"{ai}{value}" + ("" if ai in _FIXED or is_last else fnc1))
    return "".join(parts)
