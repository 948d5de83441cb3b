"""Purchase orders out of a file: judged row by row; orders that are there already are left as they are."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from sqlalchemy import select

from backend.domain import serials
from backend.domain.errors import DomainError, Refusal
from backend.domain.order_rows import OrderRow
from backend.domain.people import Actor, Permission
from backend.domain.quantities import check_whole
from backend.domain.receiving import Tracking
from backend.models import Item, Party, PurchaseOrder, Voucher, VoucherLine
from backend.services.feed import SiteFeed
from backend.services.importing import Policy
from backend.unit_of_work import UnitOfWork

_TOLD = 1000


class OrderOutcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    THERE = "already_there"
    REFUSED = "refused"
    HELD_UP = "held_up"
    """Good by itself; another row of its order is not."""


@dataclass(frozen=True, slots=True)
class OrderRowAnswer:
    """What became of a row of a file of orders, or would."""

    row: int
    order_no: str
    outcome: OrderOutcome
    code: str
    message: str
    next_step: str


def import_orders(
    work: UnitOfWork, actor: Actor, *, site_id: int, rows: Sequence[OrderRow], policy: Policy, is_dry_run: bool
) -> list[OrderRowAnswer]:
    """Make submitted purchase orders of rows; an order is taken whole or not at all.

    The same file again adds nothing: its orders are there already.

    Raises:
        DomainError: ``rows_refused`` with ``ALL_OR_NOTHING`` and a row that cannot be taken, ``site_unknown``,
            ``forbidden``.
    """
    actor.must(Permission.ORDERS_MANAGE, site_id)
    feed = SiteFeed(work, site_id)
    numbers = {row.order_no for row in rows}
    there = set(
        work.session.scalars(
            select(Voucher.number).where(Voucher.type == "purchase_order", Voucher.number.in_(numbers))
        )
    )
    items = {
        item.item_code: item
        for item in work.session.scalars(select(Item).where(Item.item_code.in_({row.item_code for row in rows})))
    }
    suppliers = {
        party.code: party
        for party in work.session.scalars(
            select(Party).where(Party.kind == "supplier", Party.code.in_({row.supplier for row in rows}))
        )
    }
    first = {row.order_no: row for row in reversed(rows) if row.refusal is None}
    refusals = {row.row: _judge(row, items, suppliers, first.get(row.order_no)) for row in rows}
    bad = {row.order_no for row in rows if refusals[row.row]}
    answers = [_answer(row, refusals[row.row], there, bad) for row in rows]
    if is_dry_run:
        return answers
    refused = [answer for answer in answers if answer.outcome in (OrderOutcome.REFUSED, OrderOutcome.HELD_UP)]
    if refused and policy is Policy.ALL_OR_NOTHING:
        raise DomainError(
            Refusal(
                "rows_refused",
                f"{len(refused)} of {len(answers)} rows cannot be taken, "
                f"the first is row {refused[0].row}: {refused[0].message}",
                "Correct the file and upload it again, or take the good orders only; nothing of it was taken.",
                facts={"rows": [asdict(answer) for answer in refused[:_TOLD]], "counts": count_orders(answers)},
            )
        )
    lines: dict[str, list[OrderRow]] = {}
    for row in rows:
        if row.order_no not in there | bad:
            lines.setdefault(row.order_no, []).append(row)
    for number, of_order in lines.items():
        order = PurchaseOrder(
            id=str(uuid.uuid4()),
            number=number,
            status="submitted",
            site_id=site_id,
            party_id=suppliers[of_order[0].supplier].id,
            dated_on=of_order[0].ordered_on or work.today,
            opened_by_id=actor.user_id,
            opened_at=work.now,
            submitted_by_id=actor.user_id,
            submitted_at=work.now,
            lines=[
                VoucherLine(idx=idx, item_id=items[row.item_code].id, qty=row.qty)
                for idx, row in enumerate(of_order, start=1)
            ],
        )
        work.session.add(order)
        feed.tell("order_changed", voucher_id=order.id)
    work.session.flush()
    feed.close()
    return answers


def count_orders(answers: Sequence[OrderRowAnswer]) -> dict[str, int]:
    """How many rows have each outcome, those without any included."""
    counted = Counter(answer.outcome for answer in answers)
    return {str(outcome): counted[outcome] for outcome in OrderOutcome}


def _judge(
    row: OrderRow, items: dict[str, Item], suppliers: dict[str, Party], first: OrderRow | None
) -> Refusal | None:
    if row.refusal:
        return row.refusal
    item = items.get(row.item_code)
    if row.supplier not in suppliers:
        return Refusal(
            "supplier_unknown", f"There is no supplier {row.supplier}.", "Correct the code, or add the supplier first."
        )
    if item is None or item.retired_at is not None:
        return Refusal("item_unknown", f"There is no item {row.item_code}.", "Correct the code, or add the item first.")
    if first and first.supplier != row.supplier:
        return Refusal(
            "order_of_two_suppliers",
            f"{row.order_no} is an order to {first.supplier} in row {first.row} and to {row.supplier} here.",
            "Give each supplier an order of its own.",
        )
    return check_whole(row.qty, item.item_code, has_serial=Tracking(item.tracking).has_serial)


def _answer(row: OrderRow, refusal: Refusal | None, there: set[str], bad: set[str]) -> OrderRowAnswer:
    order_no = serials.printable(row.order_no[:64])
    if refusal:
        return _told(row, OrderOutcome.REFUSED, refusal)
    if row.order_no in there:
        return _told(
            row, OrderOutcome.THERE, Refusal("order_there", f"{order_no} is there already; it stays as it is.", "")
        )
    if row.order_no in bad:
        held_up = Refusal(
            "order_held_up", f"Another row of {order_no} cannot be taken.", "Correct the other row first."
        )
        return _told(row, OrderOutcome.HELD_UP, held_up)
    return _told(row, OrderOutcome.NEW, Refusal("ok", f"{row.qty} {row.item_code} on {order_no}.", ""))


def _told(row: OrderRow, outcome: OrderOutcome, why: Refusal) -> OrderRowAnswer:
    return OrderRowAnswer(row.row, serials.printable(row.order_no[:64]), outcome, why.code, why.message, why.next_step)
