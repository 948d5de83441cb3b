"""What the ledger says, in the words of EPCIS 2.0 and its Core Business Vocabulary.

References:
    EPCIS 2.0 (ISO/IEC 19987), sections 7.4 (events), 7.4.1.4 (error declaration) and 9 (JSON-LD binding);
    CBV 2.0 (ISO/IEC 19988), section 7.3 (transaction types).
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from backend.domain.epcis_ids import Names
from backend.domain.epcis_terms import TERMS, Happening, happening_of
from backend.domain.ledger import Quantity
from backend.domain.locations import SHELVES, LocationKind

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"

Event = dict[str, Any]


_TRANSACTION_TYPE = {
    "purchase_order": "po",
    "purchase_receipt": "recadv",
    "delivery_note": "desadv",
    "sales_invoice": "inv",
    "customer_return": "rma",
    "supplier_return": "rma",
}
"""CBV 2.0, section 7.3. Vouchers that it has no type for are named without one."""

_OUTSIDE = frozenset({LocationKind.SUPPLIER, LocationKind.CUSTOMER})


@dataclass(frozen=True, slots=True)
class Goods:
    """What an event is about: one unit, or a quantity of an item or of a batch of it."""

    item_code: str
    gtin: str | None
    serial_no: str | None = None
    batch_no: str | None = None
    expires_on: date | None = None
    qty: Quantity | None = None

    def epc(self, names: Names) -> str:
        """The unit's name."""
        if self.serial_no is None:
            raise ValueError(f"not a unit: {self}")
        return names.unit(self.gtin, self.item_code, self.serial_no)

    def quantity(self, names: Names) -> dict[str, Any]:
        """The goods as an element of a quantity list; without a quantity: all that there is."""
        element: dict[str, Any] = {"epcClass": names.goods(self.gtin, self.item_code, self.batch_no)}
        if self.qty is not None:
            element["quantity"] = float(self.qty) if isinstance(self.qty, Decimal) else self.qty
        return element


@dataclass(frozen=True, slots=True)
class SitePlace:
    """A place, its kind and its site."""

    site_code: str
    code: str
    kind: LocationKind


@dataclass(frozen=True, slots=True)
class Movement:
    """The two entries of a movement as one, with the voucher and the party.

    ``hash`` is that of the entry that arrived; ``parent`` the unit that the goods were built into or taken out of;
    ``is_numbered`` tells that the unit got its serial number here with this movement.
    """

    hash: bytes
    goods: Goods
    left: SitePlace
    arrived: SitePlace
    voucher_type: str
    voucher_no: str
    posted_at: datetime
    scanned_at: datetime | None = None
    order_type: str | None = None
    order_no: str | None = None
    party_kind: str | None = None
    party_code: str | None = None
    parent: Goods | None = None
    is_numbered: bool = False


@dataclass(frozen=True, slots=True)
class Undoing:
    """When and why a movement was taken back."""

    at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class HoldMark:
    """A hold or a recall that was placed on a unit or a batch, or lifted from it."""

    hold_id: int
    goods: Goods
    kind: str
    is_lifted: bool
    at: datetime
    reason: str | None


def document(created_at: datetime, names: Names) -> dict[str, Any]:
    """An EPCIS document without its events, whose list a stream fills (EPCIS 2.0, section 9.3)."""
    return {
        "@context": [CONTEXT, {"serialtrail": names.namespace}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": _moment(created_at),
        "epcisBody": {"eventList": []},
    }


def events_of(movement: Movement, names: Names) -> list[Event]:
    """A movement's event; one that numbered a unit has the commissioning before it."""
    events = [_numbered(movement, names)] if movement.is_numbered else []
    return [*events, event_of(movement, names)]


def event_of(movement: Movement, names: Names) -> Event:
    """The event of a movement; its id is the hash of the ledger entry, so that it is the same in every export."""
    happening = happening_of(movement.left.kind, movement.arrived.kind, movement.voucher_type)
    event: Event = {"type": "ObjectEvent", "eventID": _event_id(movement.hash), **_times(movement.posted_at)}
    if happening in (Happening.INSTALLED, Happening.REMOVED) and movement.parent is not None:
        event |= {"type": "AssociationEvent", "parentID": movement.parent.epc(names)}
        event |= _what(movement.goods, names, "childEPCs", "childQuantityList")
    else:
        # What was built into nothing that we know has left the world of countable things.
        happening = Happening.USED_UP if happening is Happening.INSTALLED else happening
        happening = Happening.MOVED if happening is Happening.REMOVED else happening
        event |= _what(movement.goods, names)
    event |= _why(happening)
    event |= _where(movement, names)
    event |= _documents(movement, names)
    event |= _parties(movement, names)
    event["serialtrail:what"] = str(happening)
    if movement.goods.serial_no is not None and movement.goods.batch_no is not None:
        event["serialtrail:batchNo"] = movement.goods.batch_no
    if movement.scanned_at is not None:
        event["serialtrail:scannedAt"] = _moment(movement.scanned_at)
    return event


def undone(movement: Movement, undoing: Undoing, names: Names) -> Event:
    """A movement that was taken back: the same event, with the declaration that it did not happen."""
    event = event_of(movement, names)
    event["errorDeclaration"] = {"declarationTime": _moment(undoing.at), "reason": "did_not_occur"}
    if undoing.reason:
        event["errorDeclaration"]["serialtrail:reason"] = undoing.reason
    return event


def hold_event(mark: HoldMark, names: Names) -> Event:
    """A hold or recall: what it says of the goods lasts until it is lifted (EPCIS 2.0, persistent disposition)."""
    placed = Happening.RECALLED if mark.kind == "recall" else Happening.HELD
    happening = Happening.HOLD_LIFTED if mark.is_lifted else placed
    digest = hashlib.sha256(f"hold {mark.hold_id} {'lifted' if mark.is_lifted else 'placed'}".encode()).digest()
    event: Event = {
        "type": "ObjectEvent",
        "eventID": _event_id(digest),
        **_times(mark.at),
        **_what(mark.goods, names),
        **_why(happening),
        "persistentDisposition": {"unset" if mark.is_lifted else "set": [TERMS[placed].disposition]},
        "serialtrail:what": str(happening),
    }
    if mark.reason:
        event["serialtrail:reason"] = mark.reason
    return event


def _numbered(movement: Movement, names: Names) -> Event:
    goods = movement.goods
    master = {"cbvmda:lotNumber": goods.batch_no} if goods.batch_no else {}
    master |= {"cbvmda:itemExpirationDate": goods.expires_on.isoformat()} if goods.expires_on else {}
    return {
        "type": "ObjectEvent",
        "eventID": _event_id(hashlib.sha256(b"numbered" + movement.hash).digest()),
        **_times(movement.posted_at),
        **_what(goods, names),
        **_why(Happening.NUMBERED),
        "readPoint": {"id": _place(movement.arrived, names)},
        "bizLocation": {"id": _place(movement.arrived, names)},
        **({"ilmd": master} if master else {}),
        "serialtrail:what": str(Happening.NUMBERED),
    }


def _what(goods: Goods, names: Names, units: str = "epcList", quantities: str = "quantityList") -> Event:
    return {units: [goods.epc(names)]} if goods.serial_no is not None else {quantities: [goods.quantity(names)]}


def _why(happening: Happening) -> Event:
    term = TERMS[happening]
    why: Event = {"action": term.action, "bizStep": term.biz_step}
    return why | ({"disposition": term.disposition} if term.disposition else {})


def _where(movement: Movement, names: Names) -> Event:
    """The place of the event is the one of ours; goods are at a business location as long as they are in the house."""
    read_at = movement.left if movement.left.kind in SHELVES else movement.arrived
    read_at = movement.arrived if movement.arrived.kind in SHELVES else read_at
    where: Event = {} if read_at.kind in _OUTSIDE else {"readPoint": {"id": _place(read_at, names)}}
    if movement.arrived.kind in SHELVES or movement.arrived.kind is LocationKind.REPAIR:
        where["bizLocation"] = {"id": _place(movement.arrived, names)}
    return where


def _documents(movement: Movement, names: Names) -> Event:
    named = [(movement.voucher_type, movement.voucher_no)]
    if movement.order_type and movement.order_no:
        named.append((movement.order_type, movement.order_no))
    return {
        "bizTransactionList": [
            ({"type": _TRANSACTION_TYPE[kind]} if kind in _TRANSACTION_TYPE else {})
            | {"bizTransaction": names.voucher(kind, number)}
            for kind, number in named
        ]
    }


def _parties(movement: Movement, names: Names) -> Event:
    if movement.party_code is None or movement.party_kind is None:
        return {}
    party = names.party(movement.party_kind, movement.party_code)
    if movement.left.kind in _OUTSIDE:
        return {"sourceList": [{"type": "possessing_party", "source": party}]}
    if movement.arrived.kind in _OUTSIDE:
        return {"destinationList": [{"type": "possessing_party", "destination": party}]}
    return {}


def _place(place: SitePlace, names: Names) -> str:
    return names.place(place.site_code, place.code)


def _times(at: datetime) -> Event:
    return {"eventTime": _moment(at), "recordTime": _moment(at), "eventTimeZoneOffset": "+00:00"}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _event_id(digest: bytes) -> str:
    """A hash URI (RFC 6920): the id says what it is the hash of, whoever reads it."""
    return "ni:///sha-256;" + base64.urlsafe_b64encode(digest).decode().rstrip("=")
