"""How things are named to the outside: GS1 keys where there are some, else addresses of our own.

References:
    CBV 2.0, section 8 (identifiers of objects, places, parties and documents); EPC Tag Data Standard 2.0,
    sections 6.3.1 (SGTIN) and 6.3.14 (LGTIN); GS1 Digital Link URI Syntax 1.4, section 4.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote

DIGITAL_LINK = "https://id.gs1.org"
"""Host of canonical Digital Links: an EPC is a name, not an address, so two companies must write it alike."""

# GS1 General Specifications, figure 7.11-1: what a batch or serial number in a GS1 key may be written with.
_GS1_TEXT = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}")


def is_gs1_text(text: str) -> bool:
    """Whether a batch or serial number fits a GS1 key: at most 20 characters of the GS1 set 82.

    >>> is_gs1_text("NB25-0001"), is_gs1_text("N B"), is_gs1_text("1" * 21)
    (True, False, False)
    """
    return bool(_GS1_TEXT.fullmatch(text))


@dataclass(frozen=True, slots=True)
class Names:
    """The names that this installation gives.

    Args:
        base: Our own address without a slash at its end, for what has no GS1 key.
        company_prefix: GS1 company prefix; GTINs that begin with it are named as EPC URNs, others as Digital Links.

    >>> ours = Names("https://stock.example", "9506000")
    >>> ours.unit("09506000134352", "LAP-15", "NB25/1")
    'urn:epc:id:sgtin:9506000.013435.NB25%2F1'
    >>> Names("https://stock.example").unit("09506000134352", "LAP-15", "NB25/1")
    'https://id.gs1.org/01/09506000134352/21/NB25%2F1'
    >>> ours.unit(None, "CAB 2", "7")
    'https://stock.example/id/item/CAB%202/21/7'
    """

    base: str
    company_prefix: str = ""

    def unit(self, gtin: str | None, item_code: str, serial_no: str) -> str:
        """One unit."""
        if gtin is None or not is_gs1_text(serial_no):
            return f"{self._item(item_code)}/21/{_part(serial_no)}"
        if self._is_ours(gtin):
            return f"urn:epc:id:sgtin:{self._reference(gtin)}.{_part(serial_no)}"
        return f"{DIGITAL_LINK}/01/{gtin}/21/{_part(serial_no)}"

    def goods(self, gtin: str | None, item_code: str, batch_no: str | None) -> str:
        """A class of goods: of one batch, or of an item."""
        if gtin is None or (batch_no is not None and not is_gs1_text(batch_no)):
            return self._item(item_code) + (f"/10/{_part(batch_no)}" if batch_no else "")
        if self._is_ours(gtin):
            reference = self._reference(gtin)
            of_batch = f"urn:epc:class:lgtin:{reference}.{_part(batch_no)}" if batch_no else None
            return of_batch or f"urn:epc:idpat:sgtin:{reference}.*"
        return f"{DIGITAL_LINK}/01/{gtin}" + (f"/10/{_part(batch_no)}" if batch_no else "")

    def place(self, site_code: str, code: str) -> str:
        """A place of a site."""
        return f"{self.base}/id/place/{_part(site_code)}/{_part(code)}"

    def party(self, kind: str, code: str) -> str:
        """A supplier or a customer."""
        return f"{self.base}/id/{kind}/{_part(code)}"

    def voucher(self, kind: str, number: str) -> str:
        """A voucher; numbers are unique within a kind."""
        return f"{self.base}/id/{kind.replace('_', '-')}/{_part(number)}"

    @property
    def namespace(self) -> str:
        """Of the fields that are ours and not of EPCIS."""
        return f"{self.base}/id/terms#"

    def _item(self, item_code: str) -> str:
        return f"{self.base}/id/item/{_part(item_code)}"

    def _is_ours(self, gtin: str) -> bool:
        return bool(self.company_prefix) and gtin[1:].startswith(self.company_prefix)

    def _reference(self, gtin: str) -> str:
        """TDS 2.0, section 7.3.1: the indicator digit goes before the item reference, the check digit is left out."""
        end = 1 + len(self.company_prefix)
        return f"{self.company_prefix}.{gtin[0]}{gtin[end:13]}"


def _part(text: str) -> str:
    return quote(text, safe="")
