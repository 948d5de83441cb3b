"""Stock transfers: place to place in one step, or over the place in transit, also between sites."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from backend.domain.availability import HoldKind, Purpose, UnitFacts
from backend.domain.errors import Refusal, refuse
from backend.domain.ledger import Move, Quantity
from backend.domain.locations import LocationKind, UnitState
from backend.domain.people import Actor, Permission
from backend.models import Location, StockLedgerEntry, StockTransfer, VoucherLine
from backend.services.choosing import chosen
from backend.services.feed import SiteFeed, lock_sites
from backend.services.moving import Wanted, known_voucher, moves_to, must_not_release, post, shelf, submitted, take
from backend.services.places import only_place
from backend.services.vouchers import must_be
from backend.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Arrived:
    """How much of the goods of a line has arrived in all; said again, it changes nothing."""

    line_id: int
    qty: Quantity


def transfer(
    work: UnitOfWork, actor: Actor, wanted: Wanted, *, to_location_id: int, over_transit: bool
) -> StockTransfer:
    """Move units and goods to another place; the same id again answers with the same transfer.

    Args:
        work: The unit of work.
        actor: Needs ``move`` where it is taken from and, in one step, where it is put.
        wanted: What, and where from.
        to_location_id: Where to.
        over_transit: It is under way until :func:`receive_transfer` says what arrived.

    Raises:
        DomainError: ``location_unknown``, ``same_place``, ``already_there``, ``id_reused``, ``forbidden``, and what
            :func:`backend.services.moving.take` raises.
    """
    (place, site_id), (to, to_site_id) = shelf(work, wanted.location_id), shelf(work, to_location_id)
    actor.must(Permission.MOVE, site_id)
    if not over_transit:
        actor.must(Permission.MOVE, to_site_id)
    if place.id == to.id:
        raise refuse("same_place", f"{to.path} is where it is already.", "Choose another place to move it to.")
    feeds = lock_sites(work, site_id, to_site_id)
    digest = wanted.digest(to_location_id, over_transit)
    known = known_voucher(work, StockTransfer, wanted, digest)
    if known is not None:
        return known
    taken = take(
        work, actor, wanted, place, Purpose.MOVE, also=lambda unit: _already_there(unit, to) or _must_stay(unit, to)
    )
    must_not_release(actor, place, taken, to)
    status = "submitted" if over_transit else "closed"
    note = submitted(
        work,
        actor,
        StockTransfer,
        wanted,
        place,
        taken,
        digest=digest,
        site_id=site_id,
        status=status,
        to_location_id=to.id,
    )
    transit = only_place(work, site_id, LocationKind.TRANSIT)
    stays = site_id == to_site_id
    direct = stays and not over_transit
    post(work, feeds[site_id], note, moves_to(note, taken, place, to.id if direct else transit), actor)
    if not over_transit:
        for line in note.lines:
            line.received = line.qty
        if not stays:  # Each site's ledger tells its own part: gone there, come here.
            arriving = [
                replace(move, from_location_id=transit, to_location_id=to.id)
                for move in moves_to(note, taken, place, transit)
            ]
            post(work, feeds[to_site_id], note, arriving, actor)
    _tell(feeds.values(), note)
    return note


def receive_transfer(
    work: UnitOfWork,
    actor: Actor,
    *,
    transfer_id: str,
    serial_nos: Sequence[str] = (),
    goods: Sequence[Arrived] = (),
    location_id: int | None = None,
) -> StockTransfer:
    """Put away what arrived of a transfer; the rest stays in transit. Said again, it changes nothing.

    Args:
        work: The unit of work.
        actor: Needs ``move`` at the site where it arrives.
        transfer_id: The transfer.
        serial_nos: The units that arrived.
        goods: How much of its goods has arrived in all.
        location_id: A place of that site, if not the one that the transfer names.

    Raises:
        DomainError: ``voucher_unknown``, ``voucher_not_open``, ``location_unknown``, ``serial_not_on_transfer``,
            ``more_than_sent``, ``forbidden``, and what naming units raises.
    """
    note = work.session.get(StockTransfer, transfer_id)
    if note is None or note.to_location is None or note.to_location.site_id is None:
        raise refuse("voucher_unknown", "There is no such transfer.", "Go back to the list and open it again.")
    site_id = note.to_location.site_id
    to = shelf(work, location_id)[0] if location_id is not None else note.to_location
    if to.site_id != site_id:
        raise refuse("location_unknown", f"{to.path} is at another site.", "Choose a place of this site.")
    actor.must(Permission.MOVE, site_id)
    feeds = lock_sites(work, note.site_id, site_id)
    work.session.refresh(note)
    sent = set(
        work.session.scalars(
            select(StockLedgerEntry.serial_id).where(
                StockLedgerEntry.voucher_id == note.id, StockLedgerEntry.serial_id.is_not(None)
            )
        )
    )
    units = (
        chosen(work.connection, serial_nos, lambda unit: None if unit.serial_id in sent else _not_sent(unit, note))
        if serial_nos
        else []
    )
    lines = {line.id: line for line in note.lines}
    under_way = [unit for unit in units if unit.state is UnitState.IN_TRANSIT and unit.last_voucher == note.number]
    rest = [(lines.get(each.line_id), each.qty) for each in goods]
    late = [(line, qty - line.received) for line, qty in rest if line is not None and qty > line.received]
    if not under_way and not late and all(line is not None for line, _ in rest):
        return note
    must_be(note, "submitted")
    transit = only_place(work, note.site_id, LocationKind.TRANSIT)
    line_of = {line.item_id: line for line in note.lines if line.location_id is None}
    moves = [
        Move(unit.item_id, unit.serial_id, unit.batch_id, unit.location_id, to.id, 1, line_of[unit.item_id].id)
        for unit in under_way
    ] + [_goods_move(note, line, qty, transit, to) for line, qty in _checked(note, rest, late)]
    post(work, feeds[site_id], note, moves, actor)
    arrived = Counter(unit.item_id for unit in under_way)
    for item_id, count in arrived.items():
        line_of[item_id].received += count
    for line, qty in late:
        arrived_in_all: Any = line.received + qty
        line.received = arrived_in_all
    if all(line.received >= line.qty for line in note.lines):
        note.status = "closed"
    work.session.flush()
    _tell(feeds.values(), note)
    return note


def _checked(
    note: StockTransfer,
    rest: Sequence[tuple[VoucherLine | None, Quantity]],
    late: Sequence[tuple[VoucherLine, Quantity]],
) -> Sequence[tuple[VoucherLine, Quantity]]:
    for line, qty in rest:
        if line is None or line.location_id is None or qty > line.qty:
            raise refuse(
                "more_than_sent",
                f"{qty} {line.item.item_code} arrived, but {note.number} sent {line.qty}."
                if line is not None
                else f"{note.number} has no such line.",
                "Count again; what is too much came from elsewhere.",
                number=note.number,
            )
    return late


def _goods_move(note: StockTransfer, line: VoucherLine, qty: Quantity, transit: int, to: Location) -> Move:
    return Move(line.item_id, None, line.batch_id, transit, to.id, qty, line.id)


def _already_there(unit: UnitFacts, to: Location) -> Refusal | None:
    if unit.location_id != to.id:
        return None
    return Refusal(
        "already_there",
        f"{unit.serial_no} is in {to.path} already.",
        "Leave it out; it need not be moved.",
        facts={"serial_no": unit.serial_no, "location": to.path},
    )


def _must_stay(unit: UnitFacts, to: Location) -> Refusal | None:
    """The refusal to move a recalled unit anywhere but into a place for rejected goods, where it is kept apart."""
    if unit.hold is None or unit.hold.kind is not HoldKind.RECALL or to.kind == LocationKind.REJECT:
        return None
    return Refusal(
        "unit_recalled",
        f"{unit.serial_no} is recalled: {unit.hold.reason}",
        "Move it to a place for rejected goods, or leave it where it is.",
        facts={"serial_no": unit.serial_no, "reason": unit.hold.reason},
    )


def _not_sent(unit: UnitFacts, note: StockTransfer) -> Refusal:
    return Refusal(
        "serial_not_on_transfer",
        f"{unit.serial_no} is not on {note.number}.",
        "Put it aside and look the unit up.",
        facts={"serial_no": unit.serial_no, "number": note.number},
    )


def _tell(feeds: Iterable[SiteFeed], note: StockTransfer) -> None:
    for feed in feeds:
        feed.tell("stock_moved", voucher_id=note.id)
        feed.close()
