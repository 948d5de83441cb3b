"""Goods without serial numbers on a pick list: taken by quantity, from where they were proposed or elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from backend.domain import serials
from backend.domain.errors import Refusal
from backend.domain.ledger import Quantity
from backend.domain.picking import Goods
from backend.services.pick_facts import PickLine, PickState
from backend.services.proposals import free_goods
from backend.services.receipt_facts import read_batches
from backend.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Part:
    """How much was taken of which goods, for which line of an order."""

    order_line_id: int
    location_id: int | None
    batch_id: int | None
    qty: Quantity

    def is_of(self, line: PickLine) -> bool:
        """Whether a line of the pick list is for the same goods and order."""
        place = (line.order_line_id, line.location_id, line.batch_id)
        return place == (self.order_line_id, self.location_id, self.batch_id)

    def as_fact(self) -> dict[str, Any]:
        """What is kept in the scan's answer."""
        return {
            "order_line_id": self.order_line_id,
            "location_id": self.location_id,
            "batch_id": self.batch_id,
            "qty": str(self.qty),
        }

    @classmethod
    def of_fact(cls, fact: dict[str, Any]) -> "Part":
        """Read it back."""
        qty = Decimal(fact["qty"])
        return cls(
            fact["order_line_id"],
            fact["location_id"],
            fact["batch_id"],
            int(qty) if qty == qty.to_integral_value() else qty,
        )


def pick_goods(
    work: UnitOfWork,
    state: PickState,
    *,
    item_id: int | None,
    batch_no: str | None,
    qty: Quantity | None,
    location_id: int | None,
) -> list[Part] | Refusal:
    """Take some goods of an item; what was proposed in another place or batch is no longer promised there."""
    lines = [line for line in state.lines if line.item_id == item_id]
    if not lines:
        return Refusal(
            "item_not_on_order",
            f"The goods are of an item that is not on {state.number}.",
            "Put them back; scan what the list asks for.",
        )
    wanted = 1 if qty is None else qty
    item_code = lines[0].item_code
    left = sum(line.left for line in lines)
    if wanted > left:
        return Refusal(
            "over_pick",
            f"{wanted} {item_code} are more than {state.number} asks for: {left} are still to be fetched.",
            "Put back what is too much.",
            facts={"item_code": item_code, "left": str(left)},
        )
    batch_id = _batch(work, lines[0], batch_no)
    if isinstance(batch_id, Refusal):
        return batch_id
    if location_id is not None and location_id not in state.places:
        return Refusal(
            "location_unknown",
            f"The place that {item_code} was taken from is not in {state.place}.",
            "Choose a place of the list.",
        )
    goods = [
        each
        for each in free_goods(work, lines[0].item_id, state.places)
        if each.batch_id == batch_id and location_id in (None, each.location_id)
    ]
    unfit = _unfit(work, item_code, batch_no, goods)
    if unfit:
        return unfit
    return _take(state, lines, goods, batch_id, wanted, location_id, item_code)


def _take(
    state: PickState,
    lines: Sequence[PickLine],
    goods: Sequence[Goods],
    batch_id: int | None,
    wanted: Quantity,
    location_id: int | None,
    item_code: str,
) -> list[Part] | Refusal:
    here = [
        line
        for line in lines
        if line.location_id is not None and line.batch_id == batch_id and location_id in (None, line.location_id)
    ]
    rest = wanted - min(wanted, sum(line.left for line in here))
    # Lines of this group that are not written yet are not among the promises that were read.
    unwritten = {line.location_id: line.qty for line in state.lines if line.id is None and line.batch_id == batch_id}
    source = next((each for each in goods if each.free - unwritten.get(each.location_id, 0) >= rest), None)
    if rest and source is None:
        return Refusal(
            "not_enough_stock",
            f"{state.place} does not have {rest} more {item_code} that nobody else was promised.",
            "Fetch less, or ask a supervisor where there are more.",
            facts={"item_code": item_code, "qty": str(rest)},
        )
    parts: list[Part] = []
    for line in here:
        part = min(line.left, wanted)
        if part > 0:
            line.count(part)
            parts.append(Part(line.order_line_id, line.location_id, line.batch_id, part))
            wanted -= part
    for donor in [line for line in lines if line not in here]:
        part = min(donor.left, wanted)
        if part <= 0 or source is None:
            continue
        donor.qty -= part
        donor.is_changed = True
        target = _line_for(state, donor, source)
        target.qty += part
        target.count(part)
        parts.append(Part(target.order_line_id, target.location_id, target.batch_id, part))
        wanted -= part
    return parts


def _line_for(state: PickState, donor: PickLine, source: Goods) -> PickLine:
    """The line of the same order for goods of that place and batch; made when there is none."""
    wanted = Part(donor.order_line_id, source.location_id, source.batch_id, 0)
    known = next((line for line in state.lines if wanted.is_of(line)), None)
    if known is not None:
        return known
    line = PickLine(
        None,
        max(line.idx for line in state.lines) + 1,
        donor.item_id,
        donor.item_code,
        donor.item_name,
        donor.tracking,
        0,
        0,
        donor.order_id,
        donor.order_line_id,
        source.location_id,
        source.batch_id,
    )
    state.lines.append(line)
    return line


def _batch(work: UnitOfWork, line: PickLine, batch_no: str | None) -> int | Refusal | None:
    if not line.tracking.has_batch:
        return None
    if not batch_no:
        return Refusal(
            "batch_required",
            f"{line.item_code} is tracked by batch and the code has none.",
            "Scan the code of the batch, or choose the line on the screen.",
            actions=({"kind": "enter_batch", "item_id": line.item_id},),
        )
    shown = serials.printable(batch_no)
    known = None
    if not serials.has_hidden_characters(serials.clean(batch_no)):
        batches = read_batches(work.connection, [serials.key(batch_no)]).get(line.item_id, {})
        known = batches.get(serials.key(batch_no))
    if known is None:
        return Refusal(
            "batch_unknown", f"{line.item_code} has no batch {shown}.", "Check the label, or scan its code again."
        )
    return known.id


def _unfit(work: UnitOfWork, item_code: str, batch_no: str | None, goods: Sequence[Goods]) -> Refusal | None:
    expired = next((each for each in goods if each.expires_on and each.expires_on < work.today), None)
    if expired is not None:
        return Refusal(
            "batch_expired",
            f"{item_code}: batch {batch_no} expired on {expired.expires_on}.",
            "Put it aside and take goods of another batch.",
            facts={"item_code": item_code, "batch_no": batch_no, "expires_on": str(expired.expires_on)},
        )
    if any(each.is_held for each in goods):
        return Refusal(
            "unit_on_hold",
            f"{item_code}: batch {batch_no} is on hold or recalled.",
            "Leave it where it is and take goods of another batch.",
            facts={"item_code": item_code, "batch_no": batch_no},
        )
    return None
