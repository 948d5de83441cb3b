"""The phone carries its own copy of the GS1 dictionary; it must be the one that the server uses."""

import re
from itertools import product
from pathlib import Path

from scanner.element_strings import identifier_at

FOUR_DIGITS = ["".join(digits) for digits in product("0123456789", repeat=4)]
ON_SERVER = {text: found for text in FOUR_DIGITS if (found := identifier_at(text))}


PHONE = Path(__file__).parents[2] / "pwa" / "src" / "scan" / "gs1-dictionary.ts"
ROW = re.compile(r'^ *\["([^"]+)", "([^"]+)"(?:, (\d+))?\],$', re.MULTILINE)


def phone_rows() -> list[tuple[re.Pattern[str], str, int]]:
    text = PHONE.read_text(encoding="utf-8")
    table = text[text.index("const DICTIONARY") : text.index("const ROWS")]
    return [(re.compile(ai), field, int(length or 0)) for ai, field, length in ROW.findall(table)]


def test_phone_and_server_know_the_same_identifiers() -> None:
    rows = phone_rows()

    on_phone = {text: match.group() for text in FOUR_DIGITS for ai, _, _ in rows if (match := ai.match(text))}

    assert len(rows) > 60
    assert on_phone == {text: identifier.ai for text, identifier in ON_SERVER.items()}


def test_phone_and_server_ask_for_the_same_fields() -> None:
    on_server = {identifier.ai: identifier for identifier in ON_SERVER.values()}
    for ai, field, length in phone_rows():
        ours = re.compile(field.replace("\\\\", "\\").replace("X", r"[!%-?A-Z_a-z\x22]"))
        identifier = next(found for name, found in on_server.items() if ai.fullmatch(name))
        theirs = re.compile(identifier.pattern.removeprefix("^" + identifier.ai).removesuffix("$"))

        assert (length == 0) == identifier.separator_required
        for probe in (
            "1",
            "12",
            "271231",
            "1" * 13,
            "1" * 14,
            "1" * 18,
            "A",
            "A" * 20,
            "A" * 21,
            "a/",
            "0" * 31,
        ):
            assert bool(ours.fullmatch(probe)) == bool(theirs.fullmatch(probe)), (identifier.ai, probe)
