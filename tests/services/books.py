"""Receiving and delivering as a clerk with a pencil would keep it: plain dicts that cannot be wrong."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from backend.services.scan_batches import IncomingScan

STATUS = {"ok": "accepted", "undone": "accepted", "already_scanned": "duplicate"}
"""Status of an outcome by its code; every other one is refused."""

SOLD = "SOLD"


@dataclass
class ReceiptBook:
    """A receipt: what is on it, by the scan or the place in a list that put it there."""

    order: str
    place: str
    status: str = "draft"
    refused: int = 0
    units: dict[str, tuple[str, str | None, str]] = field(default_factory=dict)
    """Item, serial number and condition."""

    def counts(self) -> dict[str, int]:
        """How many arrived in which condition."""
        counted = Counter(condition for _, _, condition in self.units.values())
        return {"accepted": counted["accepted"], "rejected": counted["rejected"]}

    def serials(self) -> list[str]:
        """Its serial numbers, sorted."""
        return sorted(serial for _, serial, _ in self.units.values() if serial is not None)


@dataclass
class Books:
    """Everything that a site knows.

    Args:
        ordered: Per order how many of each item.
        cable_code: The barcode of the item without serial numbers; any other text is a serial number.
    """

    ordered: dict[str, dict[str, int]]
    cable_code: str
    receipts: dict[str, ReceiptBook] = field(default_factory=dict)
    received: Counter[tuple[str, str]] = field(default_factory=Counter)
    places: dict[str, str] = field(default_factory=dict)
    answers: dict[str, tuple[IncomingScan, str]] = field(default_factory=dict)

    def is_closed(self, order: str) -> bool:
        """Whether all that was ordered is posted."""
        return all(self.received[order, item] >= qty for item, qty in self.ordered[order].items())

    def open(self, receipt_id: str, order: str, place: str) -> str:
        """Open a receipt."""
        if self.is_closed(order):
            return "order_closed"
        self.receipts[receipt_id] = ReceiptBook(order, place)
        return "ok"

    def record(self, scan: IncomingScan, *, may_receive: bool) -> tuple[str, bool]:
        """The code that a scan is answered with, and whether it is a replay."""
        if scan.id in self.answers:
            first, code = self.answers[scan.id]
            return (code, True) if first == scan else ("id_reused", False)
        code = self._judge_scan(scan) if may_receive or scan.voucher_id not in self.receipts else "forbidden"
        self.answers[scan.id] = (scan, code)
        receipt = self.receipts.get(scan.voucher_id)
        if receipt and receipt.status == "draft" and code not in ("forbidden", "ok", "undone"):
            receipt.refused += 1
        return code, False

    def add_list(self, receipt_id: str, serial_nos: Sequence[str], batch_no: str | None, condition: str) -> str:
        """Put a list on a receipt, all or none."""
        receipt = self.receipts[receipt_id]
        if receipt.status != "draft":
            return "voucher_not_open"
        before = dict(receipt.units)
        for at, serial in enumerate(serial_nos):
            if self._judge_unit(receipt_id, "laptop", serial, batch_no) != "ok":
                receipt.units = before
                return "list_refused"
            receipt.units[f"list {len(before)} {at}"] = ("laptop", serial, condition)
        return "ok"

    def submit(self, receipt_id: str) -> str:
        """Post a receipt."""
        receipt = self.receipts[receipt_id]
        if receipt.status == "submitted":
            return "ok"
        if receipt.status != "draft":
            return "voucher_not_open"
        if not receipt.units:
            return "receipt_empty"
        receipt.status = "submitted"
        for item, serial, condition in receipt.units.values():
            self.received[receipt.order, item] += 1
            if serial is not None:
                self.places[serial] = receipt.place if condition == "accepted" else "REJECT"
        return "ok"

    def discard(self, receipt_id: str) -> str:
        """Give a receipt up."""
        receipt = self.receipts[receipt_id]
        if receipt.status == "submitted":
            return "voucher_not_open"
        receipt.status = "cancelled"
        receipt.units = {}
        return "ok"

    def deliver(self, serial_nos: Sequence[str], place: str) -> str:
        """Sell units out of a place."""
        refused = [
            code for at, serial in enumerate(serial_nos) if (code := self._judge_sale(serial_nos[:at], serial, place))
        ]
        if refused:
            return "list_refused" if len(refused) > 1 else refused[0]
        self.places |= dict.fromkeys(serial_nos, SOLD)
        return "ok"

    def _judge_sale(self, before: Sequence[str], serial: str, place: str) -> str | None:
        at = self.places.get(serial)
        if at is None:
            return "serial_unknown"
        if serial in before:
            return "serial_twice"
        if at in (SOLD, "REJECT"):
            return "serial_already_sold" if at == SOLD else "serial_not_available"
        return None if at == place else "serial_not_at_location"

    def _judge_scan(self, scan: IncomingScan) -> str:
        receipt = self.receipts.get(scan.voucher_id)
        if receipt is None:
            return "voucher_unknown"
        if receipt.status != "draft":
            return "voucher_not_open"
        if scan.purpose == "undo":
            return "undone" if receipt.units.pop(scan.undoes or "", None) else "nothing_to_undo"
        if scan.text == self.cable_code:
            item, serial = "cable", None
        else:
            item, serial = "laptop", scan.text
        code = self._judge_unit(scan.voucher_id, item, serial, scan.batch_no)
        if code == "ok":
            receipt.units[scan.id] = (item, serial, scan.condition)
        return code

    def _judge_unit(self, receipt_id: str, item: str, serial: str | None, batch_no: str | None) -> str:
        order = self.receipts[receipt_id].order
        if item not in self.ordered[order]:
            return "item_not_on_order"
        if serial is not None:
            on = {book_id for book_id, book in self._drafts() if serial in book.serials()}
            if on:
                return "already_scanned" if receipt_id in on else "serial_in_other_receipt"
            if serial in self.places:
                return "serial_sold" if self.places[serial] == SOLD else "serial_in_stock"
            if batch_no is None:
                return "batch_required"
        return "over_receipt" if self._taken(order, item) >= self.ordered[order][item] else "ok"

    def _drafts(self) -> list[tuple[str, ReceiptBook]]:
        return [(book_id, book) for book_id, book in self.receipts.items() if book.status == "draft"]

    def _taken(self, order: str, item: str) -> int:
        of_order = [book for _, book in self._drafts() if book.order == order]
        return self.received[order, item] + sum(
            unit_item == item for book in of_order for unit_item, _, _ in book.units.values()
        )
