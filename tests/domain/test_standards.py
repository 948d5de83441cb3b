"""IMEI, MAC and VIN: one wrong digit is seen, and the same number is the same however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from backend.domain.errors import Refusal
from backend.domain.standards import SecondaryKind, clean, keys

IMEI, MAC, VIN, COMPONENT = SecondaryKind

imeis = st.text("0123456789", min_size=14, max_size=14).map(lambda digits: digits + luhn.calc_check_digit(digits))


@given(imeis, st.integers(0, 14), st.integers(1, 9))
def test_a_wrong_digit_of_an_imei_is_seen(imei: str, place: int, by: int) -> None:
    wrong = imei[:place] + str((int(imei[place]) + by) % 10) + imei[place + 1 :]
    assert clean(IMEI, imei) == imei
    assert isinstance(clean(IMEI, wrong), Refusal)


@given(imeis)
def test_an_imei_is_found_however_it_is_written(imei: str) -> None:
    assert imei in keys(f" {imei[:2]}-{imei[2:8]}-{imei[8:14]}-{imei[14]} ")


@pytest.mark.parametrize("text", ["d0:50:99:84:a2:a0", "D0-50-99-84-A2-A0", "D0509984A2A0", "d050.9984.a2a0"])
def test_a_mac_is_one_however_it_is_written(text: str) -> None:
    assert clean(MAC, text) == "d0:50:99:84:a2:a0"


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (IMEI, "35417803685978", "imei_invalid"),
        (MAC, "ff:ff:ff:ff:ff:ff", "mac_invalid"),
        (MAC, "d0:50:99:84:a2", "mac_invalid"),
        (VIN, "1M8GDM9A1KP042788", "vin_invalid"),
        (VIN, "1M8GDM9AXKP04278", "vin_invalid"),
        (VIN, "IM8GDM9AXKP042788", "vin_invalid"),
        (COMPONENT, " ", "serial_empty"),
    ],
)
def test_what_cannot_be_one_is_refused(kind: SecondaryKind, text: str, code: str) -> None:
    refusal = clean(kind, text)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code


def test_the_check_digit_of_a_vin_holds_where_it_is_the_law() -> None:
    assert clean(VIN, "1m8gdm9axkp042788") == "1M8GDM9AXKP042788"
    assert clean(VIN, "WVWZZZ1JZXW000001") == "WVWZZZ1JZXW000001"
