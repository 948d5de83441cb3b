"""What a cancelled voucher had caused besides its ledger entries, by kind: checked before, undone after."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update

from backend.domain.errors import refuse
from backend.domain.people import Actor
from backend.models import (
    CustomerReturn,
    PurchaseReceipt,
    SerialNumber,
    StockLedgerEntry,
    Voucher,
    VoucherLine,
    table,
)
from backend.services.customer_returns import must_not_be_followed_up, undo_outcome, undo_return
from backend.services.feed import SiteFeed
from backend.services.pick_lists import undo_pick_list
from backend.services.sales_orders import must_be_untouched, undo_order
from backend.services.selling import undo_sale
from backend.services.warranties import void_of_voucher
from backend.unit_of_work import UnitOfWork

_entry = table(StockLedgerEntry).c


@dataclass(frozen=True, slots=True)
class Cancelling:
    """A voucher that is being taken back, for what its kind has to undo besides the ledger.

    ``reason`` is what the person wrote; ``feeds`` are the locked ones of the sites that the voucher moved goods at.
    """

    work: UnitOfWork
    actor: Actor
    voucher: Voucher
    reason: str
    feeds: Mapping[int, SiteFeed]

    @property
    def feed(self) -> SiteFeed:
        """That of the voucher's own site."""
        return self.feeds[self.voucher.site_id]


Step = Callable[[Cancelling], None]

CHECKS: dict[str, list[Step]] = defaultdict(list)
UNDO: dict[str, list[Step]] = defaultdict(list)


def checks_before(*kinds: str) -> Callable[[Step], Step]:
    """Register what may refuse to cancel vouchers of some kinds, before anything is written."""
    return _register(CHECKS, kinds)


def undoes(*kinds: str) -> Callable[[Step], Step]:
    """Register what follows from cancelling vouchers of some kinds, after their entries are undone."""
    return _register(UNDO, kinds)


def _register(steps: dict[str, list[Step]], kinds: Sequence[str]) -> Callable[[Step], Step]:
    def decorate(step: Step) -> Step:
        for kind in kinds:
            steps[kind].append(step)
        return step

    return decorate


@checks_before("purchase_order", "sales_order", "delivery_note", "purchase_receipt", "pick_list", "repair_order")
def _nothing_stands_on_it(cancelling: Cancelling) -> None:
    """An order with receipts, a delivery with an invoice: these are cancelled first."""
    later = cancelling.work.session.execute(
        select(Voucher.id, Voucher.number, Voucher.type, Voucher.status)
        .where(
            Voucher.source_id == cancelling.voucher.id,
            Voucher.status != "cancelled",
        )
        .order_by(Voucher.opened_at, Voucher.number)
    ).first()
    if later is not None:
        raise refuse(
            "has_later_vouchers",
            f"{later.number} was made from {cancelling.voucher.number}, so this cannot be cancelled.",
            f"{'Discard' if later.status == 'draft' else 'Cancel'} {later.number} first.",
            number=cancelling.voucher.number,
            voucher=later.number,
            voucher_id=later.id,
        )


@undoes("purchase_receipt", "opening_stock")
def _take_off_the_order(cancelling: Cancelling) -> None:
    """What the receipt brought is expected again, and its units may be received again."""
    work, receipt = cancelling.work, cancelling.voucher
    lines = table(VoucherLine)
    progress = [
        {"line": line.source_line_id, "units": line.accepted + line.rejected}
        for line in receipt.lines
        if line.source_line_id is not None
    ]
    if progress:
        work.session.execute(
            update(lines).where(lines.c.id == bindparam("line")).values(received=lines.c.received - bindparam("units")),
            progress,
        )
    _reopen_source(cancelling)
    units, last = table(SerialNumber), table(Voucher).alias("earlier")
    earlier = (
        select(last.c.id)
        .join(table(StockLedgerEntry), _entry.voucher_id == last.c.id)
        .where(
            _entry.serial_id == units.c.id,
            last.c.type == PurchaseReceipt.__mapper__.polymorphic_identity,
            last.c.status != "cancelled",
            last.c.id != receipt.id,
        )
        .order_by(_entry.posted_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    work.session.execute(update(units).where(units.c.receipt_id == receipt.id).values(receipt_id=earlier))


def _reopen_source(cancelling: Cancelling) -> None:
    """An order that was closed because all had come or gone is open again."""
    source_id = cancelling.voucher.source_id
    if source_id is None:
        return
    cancelling.work.session.execute(
        update(Voucher).where(Voucher.id == source_id, Voucher.status == "closed").values(status="submitted")
    )
    cancelling.feed.tell("order_changed", voucher_id=source_id)


@undoes("delivery_note", "sales_invoice", "installation")
def _void_warranties(cancelling: Cancelling) -> None:
    """The warranty that the voucher started never ran; it is kept with the reason."""
    voucher = cancelling.voucher
    void_of_voucher(cancelling.work, voucher, f"{voucher.number} was cancelled: {cancelling.reason}")


@undoes("delivery_note", "sales_invoice")
def _reopen_what_it_fulfilled(cancelling: Cancelling) -> None:
    """Its order waits for the goods again, and the units are free."""
    undo_sale(cancelling.work, cancelling.feed, cancelling.voucher, cancelling.reason)


@checks_before("sales_order")
def _nothing_is_fetched_for_it(cancelling: Cancelling) -> None:
    """A pick list can be for several orders; then it has none of them as its only source."""
    must_be_untouched(cancelling.work, cancelling.voucher)


@undoes("sales_order")
def _free_its_units(cancelling: Cancelling) -> None:
    """What the order had reserved is free for others."""
    undo_order(cancelling.work, cancelling.voucher, cancelling.reason)


@undoes("pick_list")
def _give_its_units_back(cancelling: Cancelling) -> None:
    """What the list had taken is free, or its orders' again."""
    undo_pick_list(cancelling.work, cancelling.voucher, cancelling.reason)


@checks_before("customer_return")
def _nothing_was_given_for_it(cancelling: Cancelling) -> None:
    """A unit that was replaced, or went into repair, came with this return."""
    must_not_be_followed_up(cancelling.work, cancelling.voucher)


@undoes("customer_return")
def _let_warranties_run(cancelling: Cancelling) -> None:
    """The customer had the unit all the time."""
    undo_return(cancelling.work, cancelling.voucher)


@undoes("delivery_note", "repair_order")
def _let_the_returned_unit_wait(cancelling: Cancelling) -> None:
    """The returned unit that was replaced with it, or repaired on it, waits for its inspection again."""
    undo_outcome(cancelling.work, cancelling.voucher)


@checks_before("repair_order")
def _its_returned_unit_is_still_here(cancelling: Cancelling) -> None:
    """A returned unit that went back to its customer took its warranty along: that is not stopped after the event."""
    order = cancelling.voucher
    if order.status == "closed" and isinstance(order.source, CustomerReturn):
        raise refuse(
            "voucher_not_open",
            f"{order.number} is over, and {order.source.number} brought its unit.",
            "If the unit comes back, take it back with a new return.",
            number=order.number,
            status=order.status,
        )
