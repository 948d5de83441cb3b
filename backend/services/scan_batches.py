"""What a device's outbox sends: scans with ids made on the device, in the order of its counter."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from backend.domain.counters import Span
from backend.domain.errors import Refusal
from backend.domain.ledger import Quantity
from backend.domain.people import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingScan:
    """One entry of an outbox.

    Args:
        id: UUID made on the device; remembered for ever.
        n: The device's counter.
        purpose: ``receive``, ``pick`` or ``undo``.
        voucher_id: The receipt or pick list it was made in.
        text: Plain text, separators as 0x1D.
        raw: The bytes as decoded, where the device has them.
        symbology: Symbology identifier, empty where unknown.
        source: ``camera``, ``wedge``, ``typed`` or ``server``.
        scanned_at: Device time.
        batch_no: What the person set for codes without a batch.
        expires_on: The same for the expiry date.
        item_id: The item the person chose, if they did.
        condition: ``accepted`` or ``rejected``.
        reason: Why it was rejected.
        undoes: The scan to take back, for ``undo``.
        takes_unexpected: The person's word to take a unit that is not on the supplier's list.
        qty: How much of goods without serial numbers was picked; one when not said.
        location_id: Where they were taken from, if the person said.
    """

    id: str
    n: int
    purpose: str
    voucher_id: str
    text: str
    scanned_at: datetime
    raw: bytes | None = None
    symbology: str = ""
    source: str = "typed"
    batch_no: str | None = None
    expires_on: date | None = None
    item_id: int | None = None
    condition: str = "accepted"
    reason: str | None = None
    undoes: str | None = None
    qty: Quantity | None = None
    location_id: int | None = None
    takes_unexpected: bool = False

    def digest(self) -> bytes:
        """SHA-256 of the content; the same id with another digest is not the same scan."""
        content = [getattr(self, name) for name in _CONTENT]
        # Only where they say something, so that scans from before there were picks keep their digest.
        content += [f"{name}={getattr(self, name)}" for name in _OF_PICKS if getattr(self, name) is not None]
        if self.takes_unexpected:
            content.append(True)
        return hashlib.sha256(json.dumps(content, default=_as_text).encode()).digest()

    def bytes_kept(self) -> bytes:
        """What is kept of the code itself: the decoder's bytes, or the text as it came."""
        return self.raw if self.raw is not None else self.text.encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class ScanBatch:
    """Scans of one device for one site, sent together by one person.

    Args:
        actor: Who is logged in there.
        device_id: UUID that the device made for itself.
        device_name: What people call it.
        sent_at: Device time.
        scans: In the order of the device's counter.
        more_numbers: Of entries that came with them and are no scans.
        holds: Which numbers of its counter the device still keeps; ``None`` for builds that do not say.
    """

    actor: Actor
    device_id: str
    device_name: str
    sent_at: datetime
    scans: tuple[IncomingScan, ...] = ()
    more_numbers: tuple[int, ...] = ()
    holds: tuple[Span, ...] | None = None

    @property
    def numbers(self) -> tuple[int, ...]:
        """The counter of everything in it."""
        return (*(scan.n for scan in self.scans), *self.more_numbers)


@dataclass(slots=True, kw_only=True)
class Outcome:
    """The answer to one entry of an outbox: a scan, or another action.

    ``status`` is ``accepted``, ``duplicate`` (already in this receipt, the count stays), ``refused`` or
    ``needs_review``. ``replayed`` says that the id was known and this is the first answer again.
    ``voucher`` is what an action made or changed. An entry that could not be read may have no ``id``.
    """

    id: str | None
    status: str
    code: str
    message: str
    next_step: str = ""
    actions: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    unit: dict[str, Any] | None = None
    voucher: dict[str, Any] | None = None
    counts: Mapping[str, int | float] | None = None
    recorded_at: str | None = None
    replayed: bool = False

    @classmethod
    def refused(cls, entry_id: str, refusal: Refusal, status: str = "refused") -> "Outcome":
        """The outcome that tells a refusal."""
        return cls(
            id=entry_id,
            status=status,
            code=refusal.code,
            message=refusal.message,
            next_step=refusal.next_step,
            actions=list(refusal.actions),
            facts=refusal.facts,
        )

    def as_answer(self) -> dict[str, Any]:
        """What is stored, to be given again."""
        return {name: getattr(self, name) for name in _ANSWER}


# dataclasses.asdict() copies deeply; it was a quarter of the cost of a batch.
_OF_PICKS = ("qty", "location_id")
# The last one came later: without it, the scans that a device kept from before have the digest they had.
_CONTENT = tuple(each.name for each in fields(IncomingScan) if each.name not in (*_OF_PICKS, "takes_unexpected"))
_ANSWER = tuple(each.name for each in fields(Outcome) if each.name not in ("id", "replayed"))


def _as_text(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
