"""Pick lists: made from sales orders, filled by scans, finished or given up."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import select

from backend.domain.availability import Purpose, refusal_of
from backend.domain.errors import refuse
from backend.domain.ledger import Quantity
from backend.domain.locations import RECEIVABLE, LocationKind
from backend.domain.people import Actor, Permission
from backend.domain.picking import PickRule, Share
from backend.domain.receiving import Tracking
from backend.models import Item, Location, PickList, Reservation, SalesOrder, Voucher, VoucherLine, table
from backend.services.choosing import facts_of
from backend.services.feed import SiteFeed
from backend.services.places import inside
from backend.services.proposals import propose_goods, propose_units
from backend.services.reservations import GivenUp, give_back, hand_on, to_fetch
from backend.services.vouchers import id_reused, locked, made_before, must_be, next_number
from backend.unit_of_work import UnitOfWork

_reservation = table(Reservation).c


def make_pick_list(
    work: UnitOfWork,
    actor: Actor,
    *,
    pick_list_id: str,
    order_ids: Sequence[str],
    location_id: int,
    is_manual: bool = False,
    number: str | None = None,
) -> PickList:
    """List what is still to be fetched for some orders, propose what to take, and reserve it.

    Units that an order has reserved come first, then what the item's pick rule says. The same id again answers with
    the same list.

    Args:
        work: The unit of work.
        actor: Needs ``pick`` at the site.
        pick_list_id: UUID made by the caller.
        order_ids: Submitted sales orders of one site.
        location_id: The warehouse or bin to fetch from.
        is_manual: Propose nothing but what the orders have reserved: the person chooses.
        number: Drawn when none is given.

    Raises:
        DomainError: ``location_unknown``, ``order_unknown``, ``order_closed``, ``nothing_to_pick``,
            ``number_taken``, ``id_reused``, ``forbidden``.
    """
    place = work.session.get(Location, location_id)
    if place is None or place.site_id is None or LocationKind(place.kind) not in RECEIVABLE:
        raise refuse("location_unknown", "There is no such place to pick from.", "Choose a warehouse of the list.")
    actor.must(Permission.PICK, place.site_id)
    feed = SiteFeed(work, place.site_id)
    known = made_before(work, PickList, pick_list_id)
    if known is not None:
        if known.location_id != location_id or _orders_of(work, known) != set(order_ids):
            raise id_reused(pick_list_id)
        return known
    orders = [_open_order(work, order_id, place.site_id) for order_id in dict.fromkeys(order_ids)]
    left = to_fetch(work, [order.id for order in orders])
    wanted = [line for order in orders for line in order.lines if left[line.id] > 0]
    if not wanted:
        raise refuse(
            "nothing_to_pick",
            f"Nothing is left to fetch for {', '.join(order.number for order in orders)}.",
            "Look at the order: all of it is delivered, or on another pick list.",
        )
    if number is not None and work.session.scalar(select(PickList.id).where(PickList.number == number)):
        raise refuse("number_taken", f"There is a pick list {number} already.", "Choose another number.")
    pick_list = PickList(
        id=pick_list_id,
        number=number or next_number(work, PickList, place.site_id),
        status="draft",
        site_id=place.site_id,
        party_id=orders[0].party_id if len({order.party_id for order in orders}) == 1 else None,
        source_id=orders[0].id if len(orders) == 1 else None,
        location_id=place.id,
        dated_on=work.today,
        opened_by_id=actor.user_id,
        opened_at=work.now,
    )
    work.session.add(pick_list)
    work.session.flush()
    _fill(work, actor, pick_list, wanted, left, inside(work, place), is_manual=is_manual)
    for order in orders:
        feed.tell("order_changed", voucher_id=order.id)
    feed.tell("pick_list_opened", voucher_id=pick_list.id)
    feed.close()
    work.session.expire(pick_list)
    return pick_list


def finish_pick_list(work: UnitOfWork, actor: Actor, *, pick_list_id: str) -> PickList:
    """End the fetching: what was not fetched is free again, and its order stays short. Again: the same answer.

    Raises:
        DomainError: ``pick_list_empty``, ``voucher_unknown``, ``voucher_not_open``, ``forbidden``.
    """
    pick_list, feed = locked(work, actor, PickList, pick_list_id, Permission.PICK)
    if pick_list.status in ("submitted", "closed"):
        return pick_list
    must_be(pick_list, "draft")
    if not any(line.picked for line in pick_list.lines):
        raise refuse(
            "pick_list_empty",
            f"Nothing of {pick_list.number} is fetched.",
            "Scan at least one unit, or discard the pick list.",
        )
    give_back(
        work, pick_list.id, Reservation.status == "proposed", reason=f"{pick_list.number} was finished without it"
    )
    pick_list.status, pick_list.submitted_by_id, pick_list.submitted_at = "submitted", actor.user_id, work.now
    _close(work, feed, pick_list, "pick_list_finished")
    return pick_list


def discard_pick_list(work: UnitOfWork, actor: Actor, *, pick_list_id: str, reason: str) -> PickList:
    """Give a list up of which nothing was delivered; all it had taken is free again. Again: the same answer.

    Raises:
        DomainError: ``voucher_unknown``, ``voucher_not_open``, ``forbidden``.
    """
    pick_list, feed = locked(work, actor, PickList, pick_list_id, Permission.PICK)
    if pick_list.status == "cancelled":
        return pick_list
    must_be(pick_list, *(("draft",) if any(line.delivered for line in pick_list.lines) else ("draft", "submitted")))
    undo_pick_list(work, pick_list, reason)
    pick_list.status, pick_list.cancel_reason = "cancelled", reason
    pick_list.cancelled_by_id, pick_list.cancelled_at = actor.user_id, work.now
    _close(work, feed, pick_list, "pick_list_discarded")
    return pick_list


def undo_pick_list(work: UnitOfWork, pick_list: Voucher, reason: str) -> None:
    """What follows from cancelling a pick list: its units are free, or again their orders' that had reserved them."""
    give_back(work, pick_list.id, reason=f"{pick_list.number} was discarded: {reason}")


def orders_of_lines(work: UnitOfWork, pick_list_ids: Collection[str]) -> dict[str, list[str]]:
    """The orders that pick lists fetch for."""
    line, order_line = table(VoucherLine).c, table(VoucherLine).alias("order_line")
    rows = work.connection.execute(
        select(line.voucher_id, order_line.c.voucher_id.label("order_id"))
        .select_from(table(VoucherLine))
        .join(order_line, order_line.c.id == line.source_line_id)
        .where(line.voucher_id.in_(list(pick_list_ids)))
        .distinct()
        .order_by(line.voucher_id, order_line.c.voucher_id)
    )
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        found[row.voucher_id].append(row.order_id)
    return found


def _orders_of(work: UnitOfWork, pick_list: PickList) -> set[str]:
    return set(orders_of_lines(work, [pick_list.id])[pick_list.id])


def _close(work: UnitOfWork, feed: SiteFeed, pick_list: PickList, kind: str) -> None:
    work.session.flush()
    for order_id in sorted(_orders_of(work, pick_list)):
        feed.tell("order_changed", voucher_id=order_id)
    feed.tell(kind, voucher_id=pick_list.id)
    feed.close()


def _open_order(work: UnitOfWork, order_id: str, site_id: int) -> SalesOrder:
    order = work.session.get(SalesOrder, order_id, populate_existing=True)
    if order is None or order.site_id != site_id:
        raise refuse("order_unknown", "There is no such sales order at this site.", "Choose an order of the list.")
    if order.status != "submitted":
        raise refuse(
            "order_closed",
            f"{order.number} is {order.status}; nothing is to be fetched for it.",
            "Choose another order, or submit this one first.",
        )
    return order


def _fill(
    work: UnitOfWork,
    actor: Actor,
    pick_list: PickList,
    wanted: Sequence[VoucherLine],
    left: dict[int, Quantity],
    places: frozenset[int],
    *,
    is_manual: bool,
) -> None:
    """Write the lines and reserve what is proposed for them."""
    idx = 0
    serial_lines: list[tuple[VoucherLine, VoucherLine]] = []
    for order_line in wanted:
        item = order_line.item
        parts: list[dict[str, Any]] = [{"qty": left[order_line.id]}]
        if not Tracking(item.tracking).has_serial and not is_manual:
            work.session.flush()  # What the lines before have promised is no more there for this one.
            shares = propose_goods(
                work, item_id=item.id, rule=PickRule(item.pick_rule), qty=left[order_line.id], places=places
            )
            parts = _parts(shares, left[order_line.id])
        for part in parts:
            idx += 1
            line = VoucherLine(voucher_id=pick_list.id, idx=idx, item_id=item.id, source_line_id=order_line.id, **part)
            work.session.add(line)
            if Tracking(item.tracking).has_serial:
                serial_lines.append((line, order_line))
    work.session.flush()
    _reserve(work, actor, pick_list, serial_lines, places, is_manual=is_manual)


def _parts(shares: Sequence[Share], qty: Quantity) -> list[dict[str, Any]]:
    """One line for each share; the rest has no place: it is short."""
    parts: list[dict[str, Any]] = [
        {"qty": share.qty, "location_id": share.location_id, "batch_id": share.batch_id} for share in shares
    ]
    rest = qty - sum(share.qty for share in shares)
    return [*parts, {"qty": rest}] if rest > 0 else parts


def _reserve(
    work: UnitOfWork,
    actor: Actor,
    pick_list: PickList,
    lines: Sequence[tuple[VoucherLine, VoucherLine]],
    places: frozenset[int],
    *,
    is_manual: bool,
) -> None:
    of_orders = _reserved_by_orders(work, [order_line for _, order_line in lines], places)
    rows: list[dict[str, Any]] = []
    given_up: list[GivenUp] = []
    short: defaultdict[int, list[tuple[VoucherLine, int]]] = defaultdict(list)

    def take(line: VoucherLine, serial_id: int) -> None:
        rows.append(
            {
                "voucher_id": pick_list.id,
                "line_id": line.id,
                "serial_id": serial_id,
                "status": "proposed",
                "user_id": actor.user_id,
                "at": work.now,
            }
        )

    for line, order_line in lines:
        reserved = of_orders.get(order_line.id, [])[: int(line.qty)]
        for serial_id, reservation_id in reserved:
            take(line, serial_id)
            given_up.append(GivenUp(reservation_id, serial_id, f"fetched with {pick_list.number}"))
        if len(reserved) < line.qty and not is_manual:
            short[line.item_id].append((line, int(line.qty) - len(reserved)))
    for item_id, needs in short.items():
        item = work.session.get_one(Item, item_id)
        proposed = iter(
            propose_units(
                work,
                item_id=item_id,
                rule=PickRule(item.pick_rule),
                qty=sum(needed for _, needed in needs),
                places=places,
            )
        )
        for line, needed in needs:
            for unit in islice(proposed, needed):
                take(line, unit.serial_id)
    hand_on(work, rows, given_up)


def _reserved_by_orders(
    work: UnitOfWork, order_lines: Sequence[VoucherLine], places: frozenset[int]
) -> dict[int, list[tuple[int, int]]]:
    """Units that lines of orders have reserved and that may be fetched here: unit and reservation, by line."""
    rows = work.connection.execute(
        select(_reservation.line_id, _reservation.serial_id, _reservation.id, _reservation.voucher_id)
        .where(
            _reservation.line_id.in_([line.id for line in order_lines]),
            _reservation.status == "chosen",
        )
        .order_by(_reservation.id)
    ).all()
    facts = facts_of(work.connection, [row.serial_id for row in rows])
    found: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        refusal = refusal_of(
            facts[row.serial_id],
            Purpose.SELL,
            today=work.today,
            places=places,
            voucher_ids={row.voucher_id},
        )
        if refusal is None:
            found[row.line_id].append((row.serial_id, row.id))
    return found
