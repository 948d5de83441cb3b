"""From what a scanner sent to what it says about a unit: the code's meaning, checked for use as a receipt."""

from dataclasses import dataclass
from datetime import date

from backend.domain.errors import Refusal
from backend.domain.receiving import ScannedUnit
from scanner.gs1 import Kind, Problem, ScannedCode, parse
from scanner.separators import RETAIL_IDENTIFIERS

_NEXT_STEP = {
    "gtin_check_digit": "Scan again; if it stays, the label is printed wrongly: put the unit aside.",
    "bad_date": "Check the date on the label and enter the serial number by hand.",
    "serial_empty": "Scan or type the serial number.",
    "serial_too_long": "Scan the code of the serial number; this may be another code of the label.",
    "serial_has_control_characters": "Scan again; if it stays, check the scanner's settings on a plain label.",
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code says.

    Args:
        code: As the scanner package read it.
        lookup: The text to look for among the items' barcodes: a GTIN-14, or a plain text that may be a
            foreign code; ``None`` where the code names no item.
        is_maybe_serial: Whether the text is a serial number if no item has it as a barcode.
    """

    code: ScannedCode
    lookup: str | None
    is_maybe_serial: bool

    @property
    def is_half(self) -> bool:
        """Whether it is one half of a label: it names neither an item nor a serial number."""
        return self.lookup is None and self.code.serial_no is None

    def unit(self, batch_no: str | None, expires_on: date | None) -> ScannedUnit:
        """What the code says about the unit; what the person set beside it fills the gaps."""
        serial_no = self.code.serial_no
        if serial_no is None and self.is_maybe_serial:
            serial_no = self.code.text
        return ScannedUnit(
            serial_no,
            self.code.batch_no or batch_no,
            self.code.manufactured_on,
            self.code.expires_on or expires_on,
        )


def read(text: str, symbology: str) -> Meaning | Refusal:
    """Say what a scan means; a code that cannot be what it claims to be is refused."""
    code = parse(text, symbology)
    if problem := code.refusal:
        return Refusal(
            problem.code,
            problem.message,
            _NEXT_STEP.get(problem.code, "Scan again, or type the serial number."),
            facts=problem.facts,
        )
    if code.kind is Kind.SSCC:
        return Refusal(
            "sscc_not_serial",
            f"{code.sscc} is the number of an unknown pallet or carton (SSCC), not a serial number.",
            "Scan the units inside.",
        )
    if code.kind is Kind.GTIN:
        return Meaning(code, code.gtin, is_maybe_serial=code.symbology not in RETAIL_IDENTIFIERS)
    if code.kind is Kind.PLAIN:
        return Meaning(code, code.serial_no, is_maybe_serial=True)
    return Meaning(code, code.gtin, is_maybe_serial=False)


def doubt(code: ScannedCode) -> Problem | None:
    """What a person has to decide before the code can be taken, such as which of two serial numbers is meant."""
    return next((problem for problem in code.problems if problem.severity == "review"), None)
