"""Trade profiles: a named set of defaults and checks for an item, applied in one choice and editable afterwards."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from backend.domain import serials
from backend.domain.errors import Refusal
from backend.domain.receiving import Tracking
from backend.domain.standards import SecondaryKind


class ProfileName(StrEnum):
    """The trades."""

    MEDICAL_DEVICE = "medical_device"
    PHARMA = "pharma"
    ELECTRONICS = "electronics"
    AUTOMOTIVE = "automotive"
    MACHINERY = "machinery"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a trade usually asks of an item.

    Args:
        name: Its stable name.
        defaults: Fields of the item that applying it sets.
        required: Fields that must keep the profile's value for the trade's rule to hold.
        wants_gtin: Whether the item must have a GTIN.
        rule: Where it comes from.
    """

    name: ProfileName
    defaults: Mapping[str, Any]
    required: tuple[str, ...]
    wants_gtin: bool
    rule: str


def _profile(
    name: ProfileName, rule: str, required: tuple[str, ...], *, wants_gtin: bool = False, **defaults: Any
) -> Profile:
    return Profile(name, MappingProxyType(defaults), required, wants_gtin, rule)


PROFILES: Mapping[ProfileName, Profile] = {
    profile.name: profile
    for profile in (
        _profile(
            ProfileName.MEDICAL_DEVICE,
            "UDI, 21 CFR 801: the GTIN is the device identifier; batch, serial number and expiry identify the unit.",
            ("tracking", "expiry_required"),
            wants_gtin=True,
            tracking=Tracking.SERIAL_BATCH,
            expiry_required=True,
            pick_rule="fefo",
        ),
        _profile(
            ProfileName.PHARMA,
            "DSCSA: GTIN, serial number, batch and expiry on every package; saleable returns are verified.",
            ("tracking", "expiry_required", "verify_returns"),
            wants_gtin=True,
            tracking=Tracking.SERIAL_BATCH,
            expiry_required=True,
            pick_rule="fefo",
            verify_returns=True,
        ),
        _profile(
            ProfileName.ELECTRONICS,
            "The serial number of the maker, with IMEI and MAC as secondary serial numbers.",
            ("tracking",),
            tracking=Tracking.SERIAL,
            secondary_kinds=[SecondaryKind.IMEI, SecondaryKind.MAC],
            warranty_months=24,
            warranty_days=None,
        ),
        _profile(
            ProfileName.AUTOMOTIVE,
            "The VIN of ISO 3779 is the serial number of the vehicle.",
            ("tracking", "serial_standard"),
            tracking=Tracking.SERIAL,
            serial_standard="vin",
            serial_length=17,
            secondary_kinds=[SecondaryKind.COMPONENT],
            warranty_months=24,
            warranty_days=None,
            warranty_basis="registration",
        ),
        _profile(
            ProfileName.MACHINERY,
            "The machine has a serial number and so have its components.",
            ("tracking", "secondary_kinds"),
            tracking=Tracking.SERIAL,
            secondary_kinds=[SecondaryKind.COMPONENT],
            warranty_months=12,
            warranty_days=None,
            warranty_basis="installation",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that the profile of an item asks for and the item does not have; a remark, not a refusal."""

    field: str
    message: str


def with_defaults(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an item with those of its profile filled in where nothing was said about them.

    >>> with_defaults({"profile": "pharma", "pick_rule": "fifo"})["verify_returns"]
    True
    >>> with_defaults({"profile": "pharma", "pick_rule": "fifo"})["pick_rule"]
    'fifo'
    """
    name = wanted.get("profile")
    if name is None:
        return dict(wanted)
    defaults = dict(PROFILES[ProfileName(name)].defaults)
    if wanted.get("warranty_days") is not None:
        defaults.pop("warranty_months", None)
    return defaults | dict(wanted)


def gaps(item: Mapping[str, Any], *, has_gtin: bool) -> list[Gap]:
    """What an item lacks of its profile.

    Args:
        item: Its fields.
        has_gtin: Whether a GTIN is linked to it.
    """
    name = item.get("profile")
    if name is None:
        return []
    profile = PROFILES[ProfileName(name)]
    found = [
        Gap(field, f"The profile asks for {_said(field, profile.defaults[field])}.")
        for field in profile.required
        if not _keeps(profile.defaults[field], item.get(field))
    ]
    if profile.wants_gtin and not has_gtin:
        found.append(Gap("barcodes", "The profile asks for a GTIN: link the code on the package."))
    return found


def _keeps(wanted: object, value: Any) -> bool:
    if isinstance(wanted, Collection) and not isinstance(wanted, str):
        return set(wanted) <= set(value or ())
    if wanted == Tracking.SERIAL:
        return value in (Tracking.SERIAL, Tracking.SERIAL_BATCH)
    return bool(value == wanted)


def _said(field: str, value: object) -> str:
    match field:
        case "tracking":
            return "serial numbers and batches" if value == Tracking.SERIAL_BATCH else "serial numbers"
        case "expiry_required":
            return "an expiry date on every batch"
        case "verify_returns":
            return "the verification of returns"
        case "serial_standard":
            return f"serial numbers that are {str(value).upper()}s"
    return "the serial numbers of components"


@dataclass(frozen=True, slots=True)
class PackageIdentifier:
    """What identifies one package of a medicine, as DSCSA has it: GTIN, serial number, batch and last day."""

    gtin: str | None
    serial_no: str
    batch_no: str | None
    expires_on: date | None


def verify_return(*, recorded: PackageIdentifier, read: PackageIdentifier) -> Refusal | None:
    """Whether a package that comes back may be sold again: its code must say what was recorded when it came in.

    Whoever takes a return asks this where the item has ``verify_returns`` and the unit is to go back into saleable
    stock; a return into quarantine needs no verification. Case and outer space of serial number and batch are
    ignored, like in every look-up.

    Args:
        recorded: What our records say of the unit.
        read: What the code on the package says; what it does not say is ``None`` and is missing.

    Returns:
        ``None`` when all four agree, else the refusal ``return_not_verified``; its facts name what differs.

    References:
        DSCSA, 21 U.S.C. 360eee-1(c)(4)(D): the product identifier of a saleable return is verified before the
        product is distributed again.

    >>> recorded = PackageIdentifier("09506000134369", "P1-01", "P1", date(2026, 9, 30))
    >>> verify_return(recorded=recorded, read=recorded) is None
    True
    >>> verify_return(recorded=recorded, read=PackageIdentifier("09506000134369", "p1-01 ", "P2", None)).facts
    {'serial_no': 'P1-01', 'differs': ['batch_no', 'expires_on']}
    """
    differs = [
        name
        for name in ("gtin", "serial_no", "batch_no", "expires_on")
        if _plain(getattr(read, name)) is None or _plain(getattr(recorded, name)) != _plain(getattr(read, name))
    ]
    if not differs:
        return None
    return Refusal(
        "return_not_verified",
        f"{recorded.serial_no} cannot be sold again: {', '.join(_WORDS[name] for name in differs)} on the package "
        "is not what was recorded.",
        "Take it into quarantine, and ask its maker.",
        facts={"serial_no": recorded.serial_no, "differs": differs},
    )


_WORDS = {"gtin": "GTIN", "serial_no": "serial number", "batch_no": "batch", "expires_on": "expiry"}


def _plain(value: str | date | None) -> str | date | None:
    return serials.key(value) if isinstance(value, str) else value
