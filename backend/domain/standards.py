"""Numbers that a standard gives a form and mostly a check digit: IMEI, MAC and VIN, and a component's own number."""

import re
from enum import StrEnum

from stdnum import imei, luhn, mac
from stdnum.exceptions import ValidationError

from backend.domain import serials
from backend.domain.errors import Refusal

_VIN_FORM = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_VIN_VALUES = dict(zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", "012345678912345678123457923456789", strict=True))
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_CHECKED = "12345L"
"""Where the ninth character is a check digit: North America (1 to 5) and China (L). Elsewhere it is free."""


class SecondaryKind(StrEnum):
    """What a further number of a unit is."""

    IMEI = "imei"
    MAC = "mac"
    VIN = "vin"
    COMPONENT = "component"

    @property
    def is_of_one_unit(self) -> bool:
        """Whether the number belongs to one unit in the world; two makers may number components alike."""
        return self is not SecondaryKind.COMPONENT


def clean(kind: SecondaryKind, text: str) -> str | Refusal:
    """A number as it is kept, or why it cannot be one.

    >>> clean(SecondaryKind.IMEI, "35-417803-685978-9")
    '354178036859789'
    >>> clean(SecondaryKind.MAC, "D0509984A2A0")
    'd0:50:99:84:a2:a0'
    >>> clean(SecondaryKind.IMEI, "354178036859781").message
    "'354178036859781' is no IMEI: its last digit should be 9."
    >>> clean(SecondaryKind.VIN, "1M8GDM9AXKP042788")
    '1M8GDM9AXKP042788'

    References:
        IMEI: 3GPP TS 23.003, 6.2. MAC: IEEE 802. VIN: ISO 3779, check digit 49 CFR 565.15.
    """
    refusal = serials.check(text)
    if refusal:
        return refusal
    number = serials.clean(text)
    match kind:
        case SecondaryKind.IMEI:
            return _imei(number)
        case SecondaryKind.MAC:
            return _mac(number)
        case SecondaryKind.VIN:
            return _vin(number)
        case SecondaryKind.COMPONENT:
            return number


def keys(text: str) -> set[str]:
    """What a look-up compares a text with that may be a secondary serial number of any kind.

    >>> sorted(keys("35-417803-685978-9"))
    ['35-417803-685978-9', '354178036859789']
    """
    if serials.check(text):
        return set()
    cleaned = (clean(kind, text) for kind in SecondaryKind)
    return {serials.key(each) for each in cleaned if isinstance(each, str)}


def _imei(number: str) -> str | Refusal:
    digits = imei.compact(number)
    if not (digits.isascii() and digits.isdigit() and len(digits) == 15):
        return Refusal("imei_invalid", *_words(number, "IMEI", "it has 15 digits"))
    wanted = luhn.calc_check_digit(digits[:-1])
    if digits[-1] != wanted:
        return Refusal("imei_invalid", *_words(number, "IMEI", f"its last digit should be {wanted}"))
    return digits


def _mac(number: str) -> str | Refusal:
    plain = re.sub(r"[^0-9A-Za-z]", "", number)
    try:
        # Whether the maker is in the list of the library is not asked: makers are newer than lists.
        address = mac.validate(":".join(re.findall("..", plain)), validate_manufacturer=False)
    except ValidationError:
        return Refusal("mac_invalid", *_words(number, "MAC address", "it has 12 digits from 0 to F"))
    if mac.is_multicast(address):
        return Refusal("mac_invalid", *_words(number, "MAC address of a device", "it stands for a group of them"))
    return address


def _vin(number: str) -> str | Refusal:
    vin = number.upper().replace(" ", "").replace("-", "")
    if not _VIN_FORM.fullmatch(vin):
        return Refusal("vin_invalid", *_words(number, "VIN", "it has 17 digits and letters without I, O and Q"))
    if vin[0] in _VIN_CHECKED:
        rest = sum(int(_VIN_VALUES[each]) * weight for each, weight in zip(vin, _VIN_WEIGHTS, strict=True)) % 11
        wanted = "X" if rest == 10 else str(rest)
        if vin[8] != wanted:
            return Refusal("vin_invalid", *_words(number, "VIN", f"its ninth character should be {wanted}"))
    return vin


def _words(number: str, name: str, why: str) -> tuple[str, str]:
    return (
        f"'{serials.printable(number)}' is no {name}: {why}.",
        "Scan it again, or compare what you typed with the label.",
    )
