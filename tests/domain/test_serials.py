"""Which texts are one serial number, which are none, and what is shown of them."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.domain import serials

texts = st.text(max_size=80)
ascii_serials = st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), min_size=1, max_size=64)
spaces = st.text(" \t\r\n\u00a0\u2003\u3000", max_size=3)


def code(text: str) -> str | None:
    refusal = serials.check(text)
    return refusal and refusal.code


@given(ascii_serials, spaces, spaces)
def test_case_and_outer_space_make_no_difference(text, before, after):
    for other in (text.upper(), text.lower(), text.swapcase(), f"{before}{text}{after}"):
        assert serials.key(other) == serials.key(text)


@given(texts)
@example("\u0390")  # The capital of ΐ is three characters.
@example("\U0001d400")  # The compatible form of a mathematical 𝐀 is a capital letter.
@example("\u00a8")  # The compatible form of ¨ begins with a space.
def test_one_key_whatever_the_case_or_the_form_of_unicode(text):
    key = serials.key(text)
    assert serials.key(key) == key
    assert serials.key(text.casefold()) == key
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert serials.key(unicodedata.normalize(form, text)) == key


@given(texts)
def test_the_short_way_for_ascii_gives_the_same_key(text):
    """A text beside a letter that is not ASCII goes the long way."""
    plain = text.encode("ascii", "ignore").decode().strip()
    assert serials.key(f"{plain}·ж").removesuffix("·ж") == serials.key(plain)


@given(ascii_serials, ascii_serials)
def test_other_texts_have_other_keys(one, other):
    assert (serials.key(one) == serials.key(other)) == (one.lower() == other.lower())


@pytest.mark.parametrize(
    ("one", "other"),
    [("NB25-1", "NB25-10"), ("NB25-1", "NB25-01"), ("SN1", "SN 1"), ("SN-1", "SN_1"), ("O", "0"), ("А1", "A1")],
)
def test_what_looks_alike_is_not_the_same(one, other):
    assert serials.key(one) != serials.key(other)


def test_full_width_digits_are_the_same_digits():
    assert serials.key("ＮＢ２５－１") == serials.key("nb25-1")


@given(texts)
def test_cleaning_twice_is_cleaning_once(text):
    assert serials.clean(serials.clean(text)) == serials.clean(text)


@pytest.mark.parametrize("text", ["", " ", "\t\r\n", "\u00a0", "\u3000\u2003"])
def test_nothing_but_space_is_empty(text):
    assert code(text) == "serial_empty"


@pytest.mark.parametrize(("length", "refused"), [(1, None), (64, None), (65, "serial_too_long")])
def test_a_serial_number_has_at_most_64_characters(length, refused):
    assert code("9" * length) == refused


def test_a_text_whose_key_no_database_keeps_is_too_long():
    """One character that stands for 18: ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM."""
    assert code("\ufdfa" * 11) is None
    assert code("\ufdfa" * 12) == "serial_too_long"


HIDDEN = "\x00\x07\x1b\x1d\x7f\x85\xad\u200b\u200f\u2028\u2029\u202e\u2066\ufeff\ud800\udfff\ue000\uffff\u0378"


@pytest.mark.parametrize("hidden", HIDDEN, ids=lambda character: f"U+{ord(character):04X}")
def test_hidden_characters_are_refused_and_shown_by_their_number(hidden):
    refusal = serials.check(f"NB{hidden}25")
    assert refusal is not None
    assert refusal.code == "serial_has_control_characters"
    assert f"NB<U+{ord(hidden):04X}>25" in refusal.message


@given(texts)
def test_an_accepted_serial_number_can_be_kept_and_shown(text):
    if code(text) is not None:
        return
    serial_no = serials.clean(text)
    assert 1 <= len(serial_no) <= serials.MAX_LENGTH
    assert 1 <= len(serials.key(serial_no)) <= serials.MAX_KEY_LENGTH
    assert serials.printable(serial_no) == serial_no
    serial_no.encode()


@given(texts)
def test_every_refusal_can_be_shown_and_says_what_to_do(text):
    for refusal in (serials.check(text), serials.check_batch(text, "X")):
        if refusal is not None:
            refusal.message.encode()
            assert not serials.has_hidden_characters(refusal.message)
            assert refusal.next_step.endswith(".")


@given(texts)
def test_what_is_printable_has_no_hidden_characters(text):
    assert not serials.has_hidden_characters(serials.printable(text))


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("", None),
        ("B-2026-01", None),
        ("B" * 64, None),
        ("B" * 65, "batch_too_long"),
        ("\ufdfa" * 12, "batch_too_long"),
        ("B\u00001", "batch_has_control_characters"),
        ("B\u202e1", "batch_has_control_characters"),
        ("B\ud8001", "batch_has_control_characters"),
    ],
    ids=ascii,
)
def test_batches_are_checked_like_serial_numbers_but_may_be_absent(text, refused):
    refusal = serials.check_batch(text, "NB25-0001")
    assert (refusal and refusal.code) == refused


@pytest.mark.parametrize(
    ("serial_no", "length", "pattern", "fits"),
    [
        ("NB25-0001", None, None, True),
        ("NB25-0001", 9, None, True),
        ("NB25-001", 9, None, False),
        ("NB25-0001", 9, "@@##-####", True),
        ("NB25-0001", None, "NB##-####", True),
        ("NB25-00A1", None, "NB##-####", False),
        ("NB25-0001X", None, "NB##-####", False),
        ("XNB25-0001", None, "NB##-####", False),
        ("nb25-0001", None, "NB##-####", False),
        ("NB25.0001", None, "NB25.****", True),
        ("NB25x0001", None, "NB25.****", False),
        ("NB25-٠٠٠١", None, "NB25-####", False),
        ("É1", None, "@#", True),
        ("_1", None, "@#", False),
        ("(a+)+", None, "(a+)+", True),
        ("aaaa", None, "(a+)+", False),
        ("a\\d", None, "a\\d", True),
        ("", None, "", True),
    ],
)
def test_the_shape_of_an_item(serial_no, length, pattern, fits):
    refusal = serials.check_shape(serial_no, "LAP-15", length, pattern)
    assert (refusal is None) == fits
    if refusal:
        assert refusal.code == "serial_shape"
        assert "LAP-15" in refusal.message


def stands_for(sign: str, character: str) -> bool:
    """The mini-language once more, said plainly."""
    if sign == "#":
        return character in "0123456789"
    if sign == "@":
        return unicodedata.category(character).startswith("L")
    return sign == "*" or sign == character


shown = st.characters(codec="latin-1", categories=["L", "Nd", "P", "S"])


@given(st.text(shown, max_size=12), st.data())
def test_a_pattern_is_matched_sign_by_sign(serial_no, data):
    signs = [data.draw(st.sampled_from([character, "#", "@", "*"])) for character in serial_no]
    pattern = "".join(signs) + data.draw(st.sampled_from(["", "", "*", "#"]))
    fits = len(pattern) == len(serial_no) and all(map(stands_for, pattern, serial_no))
    assert (serials.check_shape(serial_no, "X", None, pattern) is None) == fits
