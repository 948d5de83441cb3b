"""What a serial number may look like, and when two texts mean the same one."""

import re
import unicodedata

from backend.domain.errors import Refusal

MAX_LENGTH = 64
"""Longest serial number, in characters. GS1 allows 20; plain labels are seen with more."""

MAX_KEY_LENGTH = 200
"""Longest key that a database keeps: compatibility forms can be many times longer than what they stand for."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean(text: str) -> str:
    """The text of a serial number as it is kept: outer space removed, Unicode in composed form.

    >>> clean("  NB25-0017 ")
    'NB25-0017'
    """
    return unicodedata.normalize("NFC", text.strip())


def key(text: str) -> str:
    """What a look-up compares: two texts with one key are one serial number of an item.

    Case, outer space and compatibility forms (full-width digits) are ignored.

    >>> key("nb25-0017 ") == key("NB25-0017")
    True
    >>> key("SN-1") == key("SN-10")
    False
    """
    if text.isascii():
        return text.strip().lower()
    # Again after the folding, which takes some letters apart that the other case of the same letter keeps.
    return _compatible(_compatible(text.strip()).casefold()).strip()


def _compatible(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


_LOOKALIKES = (("O", "0"), ("I", "1"), ("L", "1"), ("S", "5"), ("B", "8"))


def lookalikes(text: str) -> list[str]:
    """Serial numbers that a person or a worn label confuses with a text: one letter for one digit, everywhere.

    >>> "NB25-0017" in lookalikes("nb25-OO17")
    True
    """
    upper = text.strip().upper()
    near = {upper}
    for letter, digit in _LOOKALIKES:
        near |= {other.replace(letter, digit) for other in near}
        near |= {other.replace(digit, letter) for other in near}
    return sorted(near - {upper})


def check(text: str) -> Refusal | None:
    """Refuse a text that cannot be a serial number of any item: empty, too long, or with hidden characters."""
    serial_no = clean(text)
    if not serial_no:
        return Refusal("serial_empty", "The serial number is empty.", "Scan or type the serial number.")
    if len(serial_no) > MAX_LENGTH or len(key(serial_no)) > MAX_KEY_LENGTH:
        return Refusal(
            "serial_too_long",
            f"'{printable(serial_no[:20])}…' has {len(serial_no)} characters; a serial has at most {MAX_LENGTH}.",
            "Scan the code of the serial number; this may be another code of the label.",
        )
    if has_hidden_characters(serial_no):
        return Refusal(
            "serial_has_control_characters",
            f"'{printable(serial_no)}' has control or invisible characters, which no serial number has.",
            "Scan again; if it stays, check the scanner's settings on a plain label.",
        )
    return None


def check_batch(text: str, name: str) -> Refusal | None:
    """Refuse a text that cannot be a batch number: too long, or with hidden characters. Empty is no batch at all.

    Args:
        text: The batch number.
        name: The unit or item that it stands on, for the message.
    """
    batch_no = clean(text)
    if len(batch_no) > MAX_LENGTH or len(key(batch_no)) > MAX_KEY_LENGTH:
        return Refusal(
            "batch_too_long",
            f"{name}: batch '{printable(batch_no[:20])}…' has {len(batch_no)} characters, at most {MAX_LENGTH} count.",
            "Scan the code of the batch again, or enter the batch by hand.",
        )
    if has_hidden_characters(batch_no):
        return Refusal(
            "batch_has_control_characters",
            f"{name}: batch '{printable(batch_no)}' has control or invisible characters, which no batch has.",
            "Scan again; if it stays, check the scanner's settings, or enter the batch by hand.",
        )
    return None


def has_hidden_characters(text: str) -> bool:
    """Whether a text has characters that a person cannot see or that change how the others are shown."""
    if text.isascii():
        return not text.isprintable()
    return any(unicodedata.category(character) in _HIDDEN for character in text)


def check_shape(serial_no: str, item_code: str, length: int | None, pattern: str | None) -> Refusal | None:
    """Refuse a serial number that does not have the shape its item asks for.

    Args:
        serial_no: Cleaned serial number.
        item_code: The item, for the message.
        length: Exact number of characters, or ``None`` for any.
        pattern: Fixed mini-language, ``#`` a digit, ``@`` a letter, ``*`` any one character, the rest literal;
            ``None`` for any. Not a regular expression, so that no pattern can be slow.
    """
    wrong_length = length is not None and len(serial_no) != length
    if wrong_length or (pattern is not None and not _matches(serial_no, pattern)):
        wanted = f"{length} characters" if wrong_length else f"the form {pattern}"
        return Refusal(
            "serial_shape",
            f"'{serial_no}' is not a serial number of {item_code}, which has {wanted}.",
            "Check that this is the serial number's code and the right item.",
        )
    return None


def printable(text: str) -> str:
    """A text in which every hidden character shows as its code point, safe for any screen or log.

    >>> printable("SN" + chr(29) + "1")
    'SN<U+001D>1'
    """
    return "".join(
        f"<U+{ord(character):04X}>" if unicodedata.category(character) in _HIDDEN else character for character in text
    )


_CLASSES = {"#": "[0-9]", "@": r"[^\W\d_]", "*": "."}


def _matches(serial_no: str, pattern: str) -> bool:
    expression = "".join(_CLASSES.get(character, re.escape(character)) for character in pattern)
    return re.fullmatch(expression, serial_no) is not None
