"""Stock is a sum: every movement is two entries that add to zero, each chained to the one before it."""

import functools
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

Quantity = int | Decimal
GENESIS = b"\0" * 32
"""What the first entry of a site is chained to."""
SMALLEST = Decimal("0.000001")
"""The finest step of a quantity; databases keep six places."""


@dataclass(frozen=True, slots=True)
class Move:
    """A quantity that goes from one place to another.

    Args:
        item_id: What moves.
        serial_id: The unit, for tracked items; then ``qty`` is 1.
        batch_id: The batch, where the item has batches.
        from_location_id: Where it leaves.
        to_location_id: Where it arrives.
        qty: Positive; an integer, or a Decimal for untracked goods.
        voucher_line_id: The line of the voucher that caused it.
        scan_id: The scan that named the unit, if one did.
        scanned_at: Device time of that scan, UTC.
    """

    item_id: int
    serial_id: int | None
    batch_id: int | None
    from_location_id: int
    to_location_id: int
    qty: Quantity
    voucher_line_id: int | None
    scan_id: str | None = None
    scanned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """What the entries of one posting share: where in the chain they go, and who posts them for which voucher."""

    site_id: int
    after_seq: int
    after_hash: bytes
    voucher_id: str
    actor_id: int
    party_id: int | None
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One signed line of the stock ledger; never changed after its commit."""

    site_id: int
    seq: int
    item_id: int
    serial_id: int | None
    batch_id: int | None
    location_id: int
    qty: Quantity
    party_id: int | None
    voucher_id: str
    voucher_line_id: int | None
    scan_id: str | None
    actor_id: int
    scanned_at: datetime | None
    posted_at: datetime
    prev_hash: bytes
    hash: bytes


def post(moves: Iterable[Move], posting: Posting) -> Iterator[Entry]:
    """Turn movements into chained entries, two a movement: out of a place, then into one.

    Args:
        moves: The movements, in the order in which they happened.
        posting: Where the chain stands and what the entries share.

    Raises:
        ValueError: A quantity that is not positive or finer than ``SMALLEST``, or a place that is both ends: a
            fault of the caller.
    """
    seq, previous = posting.after_seq, posting.after_hash
    for move in moves:
        if move.qty <= 0 or move.qty % SMALLEST or move.from_location_id == move.to_location_id:
            raise ValueError(f"not a movement: {move}")
        for location_id, qty in ((move.from_location_id, -move.qty), (move.to_location_id, move.qty)):
            seq += 1
            digest = chained(
                previous,
                (
                    posting.site_id,
                    seq,
                    move.item_id,
                    move.serial_id,
                    move.batch_id,
                    location_id,
                    qty,
                    posting.party_id,
                    posting.voucher_id,
                    move.voucher_line_id,
                    move.scan_id,
                    posting.actor_id,
                    move.scanned_at,
                    posting.posted_at,
                ),
            )
            yield Entry(
                posting.site_id,
                seq,
                move.item_id,
                move.serial_id,
                move.batch_id,
                location_id,
                qty,
                posting.party_id,
                posting.voucher_id,
                move.voucher_line_id,
                move.scan_id,
                posting.actor_id,
                move.scanned_at,
                posting.posted_at,
                previous,
                digest,
            )
            previous = digest


def chained(previous: bytes, fields: tuple[object, ...]) -> bytes:
    """SHA-256 over the hash of the entry before and this entry's fields, written one way only."""
    return hashlib.sha256(previous + json.dumps([_plain(value) for value in fields]).encode()).digest()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, Decimal):
        # Databases give a whole quantity back as an integer, which must hash as it was posted.
        return int(value) if value == value.to_integral_value() else format(value.normalize(), "f")
    return value


@functools.lru_cache(maxsize=1024)
def _moment(value: datetime) -> str:
    """Kept, since all entries of a posting share one moment and writing it costs as much as the hash."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
