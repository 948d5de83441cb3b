"""Taking a submitted voucher back: opposite entries, nothing deleted, and whatever else had followed from it."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import select

from backend.domain.errors import refuse
from backend.domain.ledger import Entry, Move, Quantity
from backend.domain.locations import NEVER_BELOW_ZERO, OWNED, LocationKind
from backend.domain.people import Actor, Permission
from backend.models import (
    Balance,
    Batch,
    Item,
    Location,
    Reservation,
    SerialNumber,
    StockLedgerEntry,
    Voucher,
    table,
)
from backend.services.feed import SiteFeed, lock_sites
from backend.services.reservations import STANDING
from backend.services.standing import first_after_voucher
from backend.services.stock import move_units, post_moves
from backend.services.undoing import CHECKS, UNDO, Cancelling
from backend.unit_of_work import UnitOfWork

_entry, _place = table(StockLedgerEntry).c, table(Location).c


def cancel_voucher(work: UnitOfWork, actor: Actor, voucher_id: str, reason: str) -> Voucher:
    """Take a submitted voucher back; the same again answers with the same voucher.

    Each of its movements is posted backwards, the last one first; the units are again where they were and whose
    they were. A draft has posted nothing and is discarded where it is filled.

    Args:
        work: The unit of work.
        actor: Needs ``cancel`` at every site where the voucher moved goods.
        voucher_id: The voucher.
        reason: Kept on the voucher.

    Raises:
        DomainError: ``voucher_unknown``, ``forbidden``, ``voucher_not_open`` for a draft, ``has_later_moves`` when
            a unit was moved again or goods were taken away again, ``has_later_vouchers`` when other vouchers stand
            on this one, ``serial_reserved`` when an order or pick list has taken one of its units.
    """
    voucher = work.session.get(Voucher, voucher_id)
    if voucher is None:
        raise refuse("voucher_unknown", "There is no such voucher.", "Go back to the list and open it again.")
    actor.must(Permission.CANCEL, voucher.site_id)
    feeds = _lock_sites(work, voucher)
    work.session.refresh(voucher)
    if voucher.status == "cancelled":
        return voucher
    for site_id in feeds:
        actor.must(Permission.CANCEL, site_id)
    if voucher.status == "draft" and voucher.type not in _DRAFTS:
        raise refuse(
            "voucher_not_open",
            f"{voucher.number} is a draft: nothing is posted that could be taken back.",
            "Discard the draft where it is filled.",
            number=voucher.number,
            status=voucher.status,
        )
    cancelling = Cancelling(work, actor, voucher, reason, feeds)
    later = first_after_voucher(work.connection, voucher.id)
    if later is not None:
        raise later.contradicts(f"{voucher.number} cannot be cancelled.")
    for check in CHECKS[voucher.type]:
        check(cancelling)
    _must_not_be_reserved(cancelling)
    _post_opposites(cancelling)
    for step in UNDO[voucher.type]:
        step(cancelling)
    voucher.status, voucher.cancel_reason = "cancelled", reason
    voucher.cancelled_by_id, voucher.cancelled_at = actor.user_id, work.now
    work.session.flush()
    for feed in feeds.values():
        feed.tell("voucher_cancelled", voucher_id=voucher.id)
        feed.tell("stock_moved", voucher_id=voucher.id)
        feed.close()
    return voucher


_DRAFTS = frozenset({"stock_count"})
"""Kinds of which a draft is cancelled like the rest: what was gathered in it is kept."""


def _lock_sites(work: UnitOfWork, voucher: Voucher) -> dict[int, SiteFeed]:
    moved = select(StockLedgerEntry.location_id).where(StockLedgerEntry.voucher_id == voucher.id)
    sites = work.session.scalars(
        select(Location.site_id).where(
            Location.id.in_(moved) | Location.id.in_((voucher.location_id, voucher.to_location_id)),
            Location.site_id.is_not(None),
        )
    )
    return lock_sites(work, voucher.site_id, *(site_id for site_id in sites if site_id is not None))


def _post_opposites(cancelling: Cancelling) -> None:
    work, voucher = cancelling.work, cancelling.voucher
    rows = work.connection.execute(
        select(table(StockLedgerEntry), _place.kind.label("kind"))
        .join(table(Location), _place.id == _entry.location_id)
        .where(_entry.voucher_id == voucher.id)
        .order_by(_entry.posted_at, _entry.site_id, _entry.seq)
    ).all()
    # As they were posted: what goes from site to site leaves one chain for the way before it arrives in the other.
    pairs = sorted(
        zip(rows[::2], rows[1::2], strict=True),
        key=lambda pair: (pair[0].posted_at, pair[0].kind == LocationKind.TRANSIT),
    )[::-1]
    _must_still_be_there(cancelling, pairs)
    for site_id, moves in groupby(pairs, key=lambda pair: pair[0].site_id):
        feed = cancelling.feeds[site_id]
        back = [
            Move(
                left.item_id,
                left.serial_id,
                left.batch_id,
                arrived.location_id,
                left.location_id,
                arrived.qty,
                left.voucher_line_id,
            )
            for left, arrived in moves
        ]
        entries = post_moves(work, feed, voucher, back, actor_id=cancelling.actor.user_id)
        _put_back(work, feed, entries)


def _must_not_be_reserved(cancelling: Cancelling) -> None:
    """Refuse when somebody counts on a unit where this voucher brought it: an order or a pick list has taken it."""
    mine = select(_entry.serial_id).where(_entry.voucher_id == cancelling.voucher.id, _entry.serial_id.is_not(None))
    taken = cancelling.work.session.execute(
        select(SerialNumber.serial_no, Voucher.id, Voucher.number, Voucher.type)
        .join(Reservation, Reservation.serial_id == SerialNumber.id)
        .join(Voucher, Voucher.id == Reservation.voucher_id)
        .where(Reservation.status.in_(STANDING), Reservation.serial_id.in_(mine))
        .order_by(Reservation.id)
    ).first()
    if taken is not None:
        raise refuse(
            "serial_reserved",
            f"{taken.serial_no} is reserved for {taken.number}, so {cancelling.voucher.number} cannot be cancelled.",
            f"Discard {taken.number} first."
            if taken.type == "pick_list"
            else f"Give {taken.serial_no} free in {taken.number} first.",
            serial_no=taken.serial_no,
            voucher=taken.number,
            voucher_id=taken.id,
        )


def _put_back(work: UnitOfWork, feed: SiteFeed, entries: Sequence[Entry]) -> None:
    """The units are where they were; who owned what is a customer's again owns it.

    A voucher may have moved a unit more than once, as a repair order does: where it came last is where it is.
    """
    of_customers = set(
        work.connection.scalars(
            select(_place.id).where(_place.kind.in_(OWNED), _place.id.in_({entry.location_id for entry in entries}))
        )
    )
    last = {entry.serial_id: entry for entry in entries if entry.qty > 0 and entry.serial_id is not None}
    owned = sorted(
        (each for each in last.values() if each.location_id in of_customers), key=lambda each: each.party_id or 0
    )
    for owner_id, of_owner in groupby(owned, lambda each: each.party_id):
        move_units(work, feed, list(of_owner), owner_id=owner_id)
    move_units(work, feed, [each for each in last.values() if each.location_id not in of_customers], owner_id=None)


def _must_still_be_there(cancelling: Cancelling, pairs: Sequence[tuple[Any, Any]]) -> None:
    """Refuse when untracked goods that arrived are not there any more."""
    change: defaultdict[tuple[int, int, int | None], Quantity] = defaultdict(int)
    for left, arrived in pairs:
        if arrived.serial_id is None:
            change[arrived.location_id, arrived.item_id, arrived.batch_id] -= arrived.qty
            change[left.location_id, left.item_id, left.batch_id] += arrived.qty
    taken = {place: -qty for place, qty in change.items() if qty < 0}
    if not taken:
        return
    work = cancelling.work
    rows = work.session.execute(
        select(Balance.location_id, Balance.item_id, Balance.batch_id, Balance.qty)
        .join(Location, Location.id == Balance.location_id)
        .where(Balance.location_id.in_({place for place, _, _ in taken}), Balance.item_id.in_({i for _, i, _ in taken}))
    )
    there = {(row.location_id, row.item_id, row.batch_id): row.qty for row in rows}
    for (place_id, item_id, batch_id), qty in taken.items():
        place = work.session.get_one(Location, place_id)
        has = there.get((place_id, item_id, batch_id), 0)
        if has >= qty or LocationKind(place.kind) not in NEVER_BELOW_ZERO:
            continue
        item = work.session.get_one(Item, item_id)
        batch = batch_id and work.session.get_one(Batch, batch_id)
        what = f"{item.item_code}, batch {batch.batch_no}" if batch else item.item_code
        later = work.session.execute(
            select(Voucher.id, Voucher.number, Voucher.dated_on)
            .join(StockLedgerEntry, StockLedgerEntry.voucher_id == Voucher.id)
            .where(
                StockLedgerEntry.location_id == place_id,
                StockLedgerEntry.item_id == item_id,
                StockLedgerEntry.batch_id.is_not_distinct_from(batch_id),
                StockLedgerEntry.qty < 0,
                StockLedgerEntry.posted_at >= (cancelling.voucher.submitted_at or cancelling.voucher.opened_at),
                Voucher.id != cancelling.voucher.id,
                Voucher.status != "cancelled",
            )
            .order_by(StockLedgerEntry.posted_at, StockLedgerEntry.seq)
        ).first()
        raise refuse(
            "has_later_moves",
            f"{what} has later moves"
            + (f": {later.number} of {later.dated_on}" if later else "")
            + f". {has} are in {place.path}, {qty} would have to leave it.",
            f"Cancel {later.number if later else 'the later vouchers'} first, or leave it as it is.",
            item_code=item.item_code,
            location=place.path,
            voucher=later and later.number,
            voucher_id=later and later.id,
        )
