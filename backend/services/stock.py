"""Posting to the stock ledger, with the projections that follow from it in the same transaction."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields

from sqlalchemy import bindparam, insert, select, update

from backend.domain.ledger import Entry, Move, Posting, Quantity, post
from backend.models import Balance, SerialNumber, StockLedgerEntry, Voucher, table
from backend.services.feed import SiteFeed
from backend.unit_of_work import UnitOfWork

_COLUMNS = tuple(field.name for field in fields(Entry))


def post_moves(
    work: UnitOfWork, feed: SiteFeed, voucher: Voucher, moves: Sequence[Move], *, actor_id: int
) -> list[Entry]:
    """Write the entries of some movements and bring the balances up to date.

    Args:
        work: The unit of work.
        feed: The locked feed of the site; its chain is continued.
        voucher: What caused the movements.
        moves: In the order in which they happened.
        actor_id: Who caused them.

    Returns:
        The entries, two a movement.
    """
    posting = Posting(
        site_id=feed.site_id,
        after_seq=feed.ledger_seq,
        after_hash=feed.ledger_hash,
        voucher_id=voucher.id,
        actor_id=actor_id,
        party_id=voucher.party_id,
        posted_at=work.now,
    )
    entries = list(post(moves, posting))
    if not entries:
        return entries
    work.session.execute(
        insert(table(StockLedgerEntry)),
        [{name: getattr(entry, name) for name in _COLUMNS} for entry in entries],
    )
    feed.ledger_seq, feed.ledger_hash = entries[-1].seq, entries[-1].hash
    _add_to_balances(work, entries)
    return entries


def move_units(work: UnitOfWork, feed: SiteFeed, entries: Sequence[Entry], *, owner_id: int | None) -> None:
    """Bring the place, the owner and the last entry of known units up to date after :func:`post_moves`."""
    moved = [
        {
            "unit": entry.serial_id,
            "location_id": entry.location_id,
            "owner_id": owner_id,
            "last_site_id": feed.site_id,
            "last_seq": entry.seq,
        }
        for entry in entries
        if entry.serial_id is not None and entry.qty > 0
    ]
    if moved:  # Of untracked goods there is no unit.
        work.session.execute(update(table(SerialNumber)).where(SerialNumber.id == bindparam("unit")), moved)


def _add_to_balances(work: UnitOfWork, entries: Sequence[Entry]) -> None:
    """Under the lock of the site no other transaction changes these rows, so read and write do not race."""
    change: defaultdict[tuple[int, int, int | None], Quantity] = defaultdict(int)
    for entry in entries:
        change[entry.location_id, entry.item_id, entry.batch_id] += entry.qty
    known = {
        (row.location_id, row.item_id, row.batch_id): row
        for row in work.session.execute(
            select(Balance.id, Balance.location_id, Balance.item_id, Balance.batch_id, Balance.qty).where(
                Balance.location_id.in_({place for place, _, _ in change}),
                Balance.item_id.in_({item for _, item, _ in change}),
            )
        )
    }
    updates = [
        {"balance": known[place].id, "qty": known[place].qty + qty}
        for place, qty in change.items()
        if place in known and qty
    ]
    inserts = [
        {"location_id": place[0], "item_id": place[1], "batch_id": place[2], "qty": qty}
        for place, qty in change.items()
        if place not in known and qty
    ]
    if updates:
        work.session.execute(
            update(table(Balance)).where(Balance.id == bindparam("balance")),
            updates,
        )
    if inserts:
        work.session.execute(insert(table(Balance)), inserts)
