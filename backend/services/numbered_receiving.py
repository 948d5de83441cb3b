"""Units that come without a serial number: the system numbers them as they are received."""

from dataclasses import dataclass
from datetime import date

from backend.domain.errors import refuse
from backend.domain.people import Actor
from backend.domain.receiving import Condition
from backend.models import Item
from backend.services.numbering import draw_serials
from backend.services.receiving import SerialList, add_list, locked_draft
from backend.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class WantedUnits:
    """Units of one item to be numbered; ``batch_no`` and the dates hold for all of them."""

    item_id: int
    count: int
    batch_no: str | None = None
    manufactured_on: date | None = None
    expires_on: date | None = None
    condition: Condition = Condition.ACCEPTED
    reason: str | None = None


def add_numbered(work: UnitOfWork, actor: Actor, *, receipt_id: str, wanted: WantedUnits) -> list[str]:
    """Draw serial numbers of the item's series and put them on a receipt, all or none.

    Returns:
        The serial numbers, in the order of the series.

    Raises:
        DomainError: What ``numbering.draw_serials`` and ``receiving.add_list`` raise.
    """
    # The site before the series, as whoever opens a receipt takes them: two that wait for each other never end.
    receipt, _ = locked_draft(work, actor, receipt_id)
    item = work.session.get(Item, wanted.item_id)
    if item is None or item.id not in {line.item_id for line in receipt.lines}:
        raise refuse(
            "item_not_on_order",
            f"{item.item_code if item else 'The item'} is not on the order of {receipt.number}.",
            "Choose an item of the receipt.",
        )
    drawn = draw_serials(work, item, wanted.count)
    add_list(
        work,
        actor,
        receipt_id=receipt_id,
        serials=SerialList(
            wanted.item_id,
            tuple(drawn),
            wanted.batch_no,
            wanted.manufactured_on,
            wanted.expires_on,
            wanted.condition,
            wanted.reason,
        ),
    )
    return drawn
