from hypothesis import given
from hypothesis import strategies as st

from scanner.reader import Reading
from scanner.result import Corners
from scanner.vote import Ballot


def reading(text: str, symbology: str = "EAN13", *, x: float = 0, y: float = 0) -> Reading:
    corners: Corners = ((x, y), (x + 100, y), (x + 100, y + 40), (x, y + 40))
    return Reading(text, text.encode(), symbology, "]E0", corners, "Text")


def believed(ballot: Ballot) -> list[str]:
    return [candidate.reading.text for candidate in ballot.believed()]


def test_a_matrix_symbol_counts_at_once() -> None:
    ballot = Ballot()
    ballot.count([reading("SN1", "DataMatrix")], "whole picture", "whole picture")

    assert [candidate.sure for candidate in ballot.believed()] == [True]


def test_a_long_code_128_counts_at_once_and_a_short_one_does_not() -> None:
    ballot = Ballot()
    ballot.count([reading("NB25-0017", "Code128"), reading("AB", "Code128", y=300)], "first", "first")

    assert believed(ballot) == ["NB25-0017"]


def test_a_linear_text_counts_when_two_passes_agree() -> None:
    ballot = Ballot()
    ballot.count([reading("9506000134352")], "whole picture", "whole picture")
    ballot.count([reading("9506000134352", y=4)], "second", "second")

    assert [(candidate.votes, candidate.sure) for candidate in ballot.believed()] == [(2, True)]


def test_the_same_pass_is_no_second_witness() -> None:
    ballot = Ballot()
    for _ in range(3):
        ballot.count([reading("9506000134352")], "whole picture", "whole picture")

    assert [candidate.sure for candidate in ballot.believed()] == [False]


def test_alone_on_the_untreated_picture_a_text_is_kept_and_flagged() -> None:
    ballot = Ballot()
    ballot.count([reading("9506000134352")], "whole picture", "whole picture")

    assert believed(ballot) == ["9506000134352"]
    assert not ballot.believed()[0].sure


def test_seen_once_on_a_treated_picture_a_text_is_dropped() -> None:
    ballot = Ballot()
    ballot.count([], "whole picture", "whole picture")
    ballot.count([reading("9506000134352")], "sharpened", "sharpened")

    assert believed(ballot) == []


def test_a_text_seen_once_is_dropped_beside_a_sure_one() -> None:
    ballot = Ballot()
    ballot.count([reading("1334", "ITF"), reading("SN1", "QRCode", y=400)], "first", "first")

    assert believed(ballot) == ["SN1"]


def test_of_two_texts_of_one_place_the_one_with_more_witnesses_counts() -> None:
    ballot = Ballot()
    for witness, text in [
        ("a", "8172731776478"),
        ("b", "8172731776478"),
        *[(w, "0023942431015") for w in "cde"],
    ]:
        ballot.count([reading(text)], witness, witness)

    assert believed(ballot) == ["0023942431015"]


def test_two_texts_of_one_place_that_are_level_are_both_dropped() -> None:
    ballot = Ballot()
    for witness, text in [
        ("a", "8172731776478"),
        ("b", "8172731776478"),
        ("c", "0023942431015"),
        ("d", "0023942431015"),
    ]:
        ballot.count([reading(text)], witness, witness)

    assert believed(ballot) == []
    assert len(ballot.contested()) == 2


def test_stacked_linear_codes_of_a_label_are_both_kept() -> None:
    ballot = Ballot()
    for witness in "ab":
        ballot.count([reading("LOT-42", "Code39"), reading("SN-1", "Code39", y=30)], witness, witness)

    assert believed(ballot) == ["LOT-42", "SN-1"]


def test_one_text_at_two_places_is_two_symbols() -> None:
    ballot = Ballot()
    ballot.count([reading("SN1", "QRCode"), reading("SN1", "QRCode", x=500)], "first", "first")

    assert believed(ballot) == ["SN1", "SN1"]


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["9506000134352", "0023942431015"]), st.booleans())))
def test_two_texts_of_one_place_are_never_both_believed(passes: list[tuple[str, str, bool]]) -> None:
    ballot = Ballot()
    for witness, text, moved in passes:
        ballot.count([reading(text, y=5.0 * moved)], witness, witness)

    assert len(set(believed(ballot))) <= 1
