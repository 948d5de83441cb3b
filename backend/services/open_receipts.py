"""The open receipts of a site while a group of scans is judged: read once, changed in memory, written once."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import BindParameter, bindparam, insert, update

from backend.domain import serials
from backend.domain.errors import DomainError, Refusal
from backend.domain.received_units import judge
from backend.domain.receiving import Accepted, BatchFacts, OpenLine, OpenUnit, ScannedUnit, choose_line
from backend.models import Batch, Voucher, VoucherLine, VoucherUnit, table
from backend.services.receipt_facts import (
    ReceiptLine,
    ReceiptState,
    open_line,
    read_announced,
    read_batches,
    read_codes,
    read_expected,
    read_item,
    read_known,
    read_open,
    read_receipts,
    read_scanned,
)
from backend.unit_of_work import UnitOfWork

_line = table(VoucherLine).c
_UNDO = update(table(VoucherUnit)).where(table(VoucherUnit).c.id == bindparam("unit")).values(status="undone")
_ADD = insert(table(VoucherUnit))
_COUNT_LINE = (
    update(table(VoucherLine))
    .where(_line.id == bindparam("line"))
    .values(accepted=bindparam("in"), rejected=bindparam("out"))
)
_TAKEN: BindParameter[Any] = bindparam("taken", type_=_line.received.type)
_COUNT_ORDER = update(table(VoucherLine)).where(_line.id == bindparam("line")).values(scanned=_TAKEN - _line.received)
_COUNT_VOUCHER = (
    update(table(Voucher))
    .where(table(Voucher).c.id == bindparam("voucher"))
    .values(accepted=bindparam("in"), rejected=bindparam("out"), refused=bindparam("no"))
)


class OpenReceipts:
    """Everything that judging needs, for the receipts, codes and texts that a group of scans names.

    Args:
        work: The unit of work; the feed of the site is locked in it.
        receipt_ids: The receipts.
        codes: Texts that may be an item's barcode.
        serial_nos: Texts that may be serial numbers.
        batch_nos: Texts that may be batches.
        undone: Ids of scans that are to be taken back.
    """

    def __init__(
        self,
        work: UnitOfWork,
        *,
        receipt_ids: Collection[str],
        codes: Collection[str],
        serial_nos: Collection[str],
        batch_nos: Collection[str],
        undone: Collection[str] = (),
    ) -> None:
        connection = work.connection
        keys = _keys(serial_nos)
        self._work = work
        self.receipts = read_receipts(connection, receipt_ids)
        self.items_by_code = read_codes(connection, codes)
        self._known = read_known(connection, keys)
        self._open = read_open(connection, keys)
        self._batches = read_batches(connection, _keys(batch_nos))
        self._units = read_scanned(connection, undone)
        orders = {receipt.order_id for receipt in self.receipts.values() if receipt.order_id}
        self._announced = read_announced(connection, orders)
        self._expected = read_expected(connection, {order_id for order_id, _ in self._announced}, keys)
        self._added: list[dict[str, Any]] = []
        self._undone: list[int] = []

    def judge(
        self, receipt: ReceiptState, unit: ScannedUnit, item_id: int | None
    ) -> tuple[ReceiptLine, Accepted] | Refusal:
        """Choose the line of a unit and decide over it; changes nothing."""
        self._open_line(receipt, item_id)
        chosen = choose_line([line.order for line in receipt.lines], item_id=item_id, serial_no=unit.serial_no)
        if isinstance(chosen, Refusal):
            return chosen
        return self.judge_on(receipt, unit, chosen)

    def line_for(self, receipt: ReceiptState, item_id: int) -> OpenLine:
        """The line on which the next unit of an item counts.

        Raises:
            DomainError: ``item_not_on_order``.
        """
        self._open_line(receipt, item_id)
        chosen = choose_line([line.order for line in receipt.lines], item_id=item_id, serial_no=None)
        if isinstance(chosen, Refusal):
            raise DomainError(chosen)
        return chosen

    def judge_on(
        self, receipt: ReceiptState, unit: ScannedUnit, chosen: OpenLine
    ) -> tuple[ReceiptLine, Accepted] | Refusal:
        """Decide over a unit on a line that is chosen already."""
        place = (chosen.item.id, serials.key(unit.serial_no or ""))
        announced = (receipt.order_id or "", chosen.item.id)
        verdict = judge(
            unit,
            chosen,
            receipt_id=receipt.id,
            open_unit=self._open.get(place),
            known=self._known.get(place),
            batches=self._batches.get(chosen.item.id, {}),
            is_expected=announced not in self._announced or (announced[0], *place) in self._expected,
            lines=receipt.lines_of(chosen.item.id),
        )
        return verdict if isinstance(verdict, Refusal) else (receipt.line_of(chosen), verdict)

    def _open_line(self, receipt: ReceiptState, item_id: int | None) -> None:
        """Opening stock gets a line for an item when the first of it comes."""
        if receipt.order_id is not None or item_id is None or receipt.lines_of(item_id):
            return
        item = read_item(self._work.connection, item_id)
        if item is not None:
            line_id = self._work.connection.execute(
                insert(table(VoucherLine))
                .values(
                    voucher_id=receipt.id,
                    idx=len(receipt.lines) + 1,
                    item_id=item_id,
                    qty=0,
                    **dict.fromkeys(("received", "scanned", "accepted", "rejected", "admitted"), 0),
                )
                .returning(_line.id)
            ).scalar_one()
            receipt.lines.append(ReceiptLine(line_id, open_line(line_id, item), 0, 0))

    def batch_is_known(self, item_id: int, batch_no: str) -> bool:
        """Whether an item has a batch already."""
        return serials.key(batch_no) in self._batches.get(item_id, {})

    def add(self, receipt: ReceiptState, line: ReceiptLine, accepted: Accepted, *, by: str, **columns: Any) -> None:
        """Put an accepted unit on the receipt; ``columns`` are the further columns of its row."""
        item_id = line.order.item.id
        serial_key = serials.key(accepted.serial_no) if accepted.serial_no is not None else None
        row = {
            "voucher_id": receipt.id,
            "line_id": line.id,
            "item_id": item_id,
            "serial_no": accepted.serial_no,
            "serial_key": serial_key,
            "batch_id": self._stored(item_id, accepted.batch),
            "qty": accepted.qty,
            "is_unexpected": accepted.is_unexpected,
            "status": "open",
            "recorded_at": self._work.now,
            **columns,
        }
        self._added.append(row)
        if row.get("scan_id"):
            self._units[row["scan_id"]] = row
        if serial_key is not None:
            self._open[item_id, serial_key] = OpenUnit(receipt.id, receipt.number, by, self._work.now)
        line.count(row["condition"], accepted.qty)

    def take_back(self, receipt: ReceiptState, scan_id: str) -> dict[str, Any] | None:
        """Undo the unit of a scan; ``None`` when the receipt has none that is still open."""
        row = self._units.get(scan_id)
        if row is None or row["status"] != "open" or row["voucher_id"] != receipt.id:
            return None
        row["status"] = "undone"
        if "id" in row:
            self._undone.append(row["id"])
        if row["serial_key"] is not None:
            self._open.pop((row["item_id"], row["serial_key"]), None)
        receipt.line(row["line_id"]).count(row["condition"], -row["qty"])
        return row

    def write(self) -> None:
        """Write what changed: units, lines, counts."""
        connection = self._work.connection
        # Before the new rows: a serial number taken back may be scanned again in the same group.
        if self._undone:
            connection.execute(_UNDO, [{"unit": unit_id} for unit_id in self._undone])
        if self._added:
            connection.execute(_ADD, self._added)
        lines = [line for receipt in self.receipts.values() for line in receipt.lines if line.is_changed]
        if lines:
            connection.execute(
                _COUNT_LINE, [{"line": line.id, "in": line.accepted, "out": line.rejected} for line in lines]
            )
            orders = {line.order.line_id: line.order.taken for line in lines if line.order.allowed is not None}
            if orders:
                connection.execute(_COUNT_ORDER, [{"line": line, "taken": taken} for line, taken in orders.items()])
        if self.receipts:
            connection.execute(
                _COUNT_VOUCHER,
                [
                    {
                        "voucher": receipt.id,
                        "in": sum(line.accepted for line in receipt.lines),
                        "out": sum(line.rejected for line in receipt.lines),
                        "no": receipt.refused,
                    }
                    for receipt in self.receipts.values()
                ],
            )

    def _stored(self, item_id: int, batch: BatchFacts | None) -> int | None:
        """The id of a batch; a new one is stored, and a date that was not known yet is added."""
        if batch is None:
            return None
        batch_key = serials.key(batch.batch_no)
        known = self._batches.setdefault(item_id, {})
        if batch.id is not None and known[batch_key] == batch:
            return batch.id
        dates = {"manufactured_on": batch.manufactured_on, "expires_on": batch.expires_on}
        session = self._work.session
        batch_id = batch.id
        if batch_id is not None:
            session.execute(update(Batch).where(Batch.id == batch_id).values(dates))
        else:
            batch_id = session.execute(
                insert(Batch)
                .values(
                    item_id=item_id,
                    batch_no=batch.batch_no,
                    batch_key=batch_key,
                    created_at=self._work.now,
                    **dates,
                )
                .returning(Batch.id)
            ).scalar_one()
        known[batch_key] = replace(batch, id=batch_id)
        return batch_id


def _keys(texts: Collection[str]) -> set[str]:
    """What to look for; no row has a key with hidden characters, and PostgreSQL does not even take NUL."""
    return {serials.key(text) for text in texts if not serials.has_hidden_characters(serials.clean(text))}
