"""Scenario S3 through the API, on both databases: what the codes of a label come to in a receipt and in a look-up."""

from typing import Any

import pytest

from tests.api.test_receiving_scenarios import look_up, nb25, receive
from tests.api_client import Api

GS = "\x1d"
GTIN = "09506000134352"
WHOLE = f"01{GTIN}10ABC123{GS}21SN0001"


@pytest.mark.parametrize(
    ("text", "batch_no", "expires_on"),
    [
        (f"]d2{WHOLE}", "ABC123", None),
        (f"01{GTIN}1727120010ABC123{GS}21SN0001", "ABC123", "2027-12-31"),
        (f"(01){GTIN}(10)ABC123(21)SN0001", "ABC123", None),
        (f"]C1{WHOLE}", "ABC123", None),
        (f"{GS}{WHOLE}", "ABC123", None),
        (WHOLE.replace(GS, "<GS>"), "ABC123", None),
        (WHOLE.replace(GS, "{GS}"), "ABC123", None),
        (f"https://id.gs1.org/01/{GTIN}/10/ABC123/21/SN0001?17=271231", "ABC123", "2027-12-31"),
        (f"01{GTIN}10ABC123{GS}99INTERNAL{GS}21SN0001", "ABC123", None),
    ],
)
def test_s3_the_forms_of_one_label_are_one_unit(ana: Api, text: str, batch_no: str, expires_on: str | None) -> None:
    outcome = ana.scan(ana.open_receipt(), text)
    assert outcome["code"] == "ok", outcome
    unit = outcome["unit"]
    assert (unit["item_code"], unit["serial_no"], unit["batch_no"]) == ("LAP-15", "SN0001", batch_no)
    assert unit["expires_on"] == expires_on


def test_s3_a_link_of_any_domain_holds_an_escaped_serial(ana: Api) -> None:
    outcome = ana.scan(ana.open_receipt(), f"https://x.example/p/01/{GTIN}/21/SN%2F01", batch_no="B-1")
    assert (outcome["code"], outcome["unit"]["serial_no"]) == ("ok", "SN/01")


REVIEWS: list[tuple[str, str, str, list[dict[str, Any]]]] = [
    (f"]d201{GTIN}10ABC12321SN0001", "separator_missing", "between batch and serial number is missing", []),
    (f"]d201{GTIN}240REF721SN0001", "separator_missing", "between two fields is missing", []),
    (f"]d201{GTIN}21SN000110ABC12345678901234", "separator_missing", "between batch and serial number", []),
    (
        f"]d201{GTIN}10ABC123{GS}21SN1{GS}21SN2",
        "repeated_ai",
        "SN1: The code holds two serial numbers: SN1 and SN2.",
        [{"serial_no": "SN1", "batch_no": "ABC123"}, {"serial_no": "SN2", "batch_no": "ABC123"}],
    ),
    (
        f"]d201{GTIN}10ABC123{GS}10ABC124{GS}21SN1",
        "repeated_ai",
        "SN1: The code holds two batches: ABC123 and ABC124.",
        [{"serial_no": "SN1", "batch_no": "ABC123"}, {"serial_no": "SN1", "batch_no": "ABC124"}],
    ),
    (f"]d201{GTIN}1727123117271230{GS}21SN1", "repeated_ai", "two expiry dates", []),
]


@pytest.mark.parametrize(("text", "code", "words", "choices"), REVIEWS)
def test_what_a_label_says_twice_or_hides_is_asked(
    ana: Api, text: str, code: str, words: str, choices: list[dict[str, Any]]
) -> None:
    outcome = ana.scan(ana.open_receipt(), text, batch_no="B-1")
    assert (outcome["status"], outcome["code"]) == ("needs_review", code)
    assert words in outcome["message"]
    assert outcome["actions"] == [{"kind": "use_proposal", **choice} for choice in choices]
    assert outcome["next_step"]


def test_s3_the_cut_is_proposed_only_where_the_batch_is_known(ana: Api) -> None:
    receipt = ana.open_receipt()
    ana.scan(receipt, f"]d201{GTIN}10ABC123{GS}21SN0009")
    outcome = ana.scan(receipt, f"]d201{GTIN}10ABC12321SN0001")
    assert outcome["code"] == "separator_missing"
    assert outcome["actions"] == [{"kind": "use_proposal", "batch_no": "ABC123", "serial_no": "SN0001"}]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("010950600013435321SN1", "gtin_check_digit", "should be 2"),
        (f"]d201{GTIN}17271331{GS}21SN1", "bad_date", "not a date"),
        ("00106141411234567897", "sscc_not_serial", "unknown pallet"),
        ("]C110ABC123", "code_without_serial", "batch ABC123, but no serial number"),
        ("]C11727123110ABC123", "code_without_serial", "batch ABC123 and the expiry date 2027-12-31"),
        ("]C1400PO-77", "code_without_serial", "neither an item nor a serial number"),
        (f"]C101{GTIN}", "item_code_not_serial", "product code of LAP-15"),
    ],
)
def test_s3_what_cannot_be_received_is_refused_in_words(ana: Api, text: str, code: str, words: str) -> None:
    outcome = ana.scan(ana.open_receipt(), text, batch_no="B-1")
    assert (outcome["status"], outcome["code"]) == ("refused", code)
    assert words in outcome["message"]
    assert outcome["next_step"]


def test_s3_a_plain_code_is_a_serial(ana: Api) -> None:
    assert (
        ana.scan(ana.open_receipt(), "NB25-0017", symbology="]C0", batch_no="B-1")["unit"]["serial_no"] == "NB25-0017"
    )


def test_s3_a_serial_without_its_gtin_is_looked_up(ana: Api, kim: Api) -> None:
    receive(ana, nb25(1, 1))
    assert look_up(kim, "]C121NB25-0001")["serial_no"] == "NB25-0001"
    unknown = kim.get("/api/units", site=kim.site, q="]C121SN-NOBODY")
    assert (unknown["matches"], unknown["code"]) == ([], "serial_unknown")
    pallet = kim.get("/api/units", site=kim.site, q="00106141411234567897")
    assert (pallet["code"], pallet["matches"]) == ("sscc_unknown", [])
    assert "Unknown pallet" in pallet["message"]
