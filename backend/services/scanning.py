"""Recording scans: each id once, each with its answer, all of a group in one transaction."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import BindParameter, bindparam, insert, select
from sqlalchemy.orm import Session

from backend.domain import serials
from backend.domain.errors import Refusal
from backend.domain.people import Permission
from backend.domain.receiving import Accepted, AlreadyScanned, Condition
from backend.models import Scan, Voucher, table
from backend.services.devices import record_devices
from backend.services.feed import SiteFeed
from backend.services.open_receipts import OpenReceipts
from backend.services.pick_facts import PickState
from backend.services.pick_scans import PickScans, forbidden
from backend.services.receipt_facts import ReceiptLine, ReceiptState
from backend.services.scan_batches import IncomingScan, Outcome, ScanBatch
from backend.services.scan_meaning import Meaning, doubt, read
from backend.services.scan_questions import half_of_label, lost_separator, said_twice
from backend.unit_of_work import UnitOfWork

_EVENTS = {
    ("ok", Condition.ACCEPTED): "unit_accepted",
    ("ok", Condition.REJECTED): "unit_rejected",
    ("undone", Condition.ACCEPTED): "scan_undone",
    ("undone", Condition.REJECTED): "scan_undone",
}
_PICKED = {"ok": "unit_picked", "proposal_replaced": "unit_picked"}

_voucher, _scan = table(Voucher).c, table(Scan).c
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_SITES = select(_voucher.id, _voucher.site_id).where(_voucher.id.in_(_ids))
_ANSWERS = select(_scan.id, _scan.digest, _scan.answer).where(_scan.id.in_(_ids))
_KEEP = insert(table(Scan))


def sites_of(session: Session, voucher_ids: Collection[str]) -> dict[str, int]:
    """The site of each known voucher."""
    rows = session.connection().execute(_SITES, {"ids": list(voucher_ids)})
    return {row.id: row.site_id for row in rows}


def record_scans(work: UnitOfWork, site_id: int | None, batches: Sequence[ScanBatch]) -> list[list[Outcome]]:
    """Record scans made at one site; a replayed id gets its first answer again.

    Args:
        work: The unit of work.
        site_id: The site of every voucher that the scans name; ``None`` for scans that name none we know,
            which are kept and refused.
        batches: From any number of devices, in the order in which they came.

    Returns:
        For each batch its outcomes, in order. A refusal is an outcome: it never stops the rest.
    """
    return _Recording(work, site_id, batches).run()


class _Recording:
    """One group of scans on its way through: replays first, then meaning, judgement, and the rows."""

    def __init__(self, work: UnitOfWork, site_id: int | None, batches: Sequence[ScanBatch]) -> None:
        self._work = work
        self._site_id = site_id
        self._batches = batches
        self._feed = SiteFeed(work, site_id) if site_id is not None else None
        self._rows: list[dict[str, Any]] = []
        scans = [scan for batch in batches for scan in batch.scans]
        self._answers = self._read_answers({scan.id for scan in scans})
        fresh = [scan for scan in scans if scan.id not in self._answers]
        # Backwards, so that of two scans with one id in a group the first one counts.
        self._meanings = {
            scan.id: read(scan.text, scan.symbology) for scan in reversed(fresh) if scan.purpose in ("receive", "pick")
        }
        self._receipts = self._read_receipts(fresh)
        self._picks = PickScans(work, [scan for scan in fresh if scan.voucher_id not in self._receipts.receipts])

    def run(self) -> list[list[Outcome]]:
        outcomes = [[self._answer(batch, scan) for scan in batch.scans] for batch in self._batches]
        if self._rows:
            record_devices(self._work, self._batches, self._site_id)
            # The units point at their scans.
            self._work.connection.execute(_KEEP, self._rows)
            self._receipts.write()
            self._picks.write()
            if self._feed:
                self._feed.close()
        return outcomes

    def _answer(self, batch: ScanBatch, scan: IncomingScan) -> Outcome:
        digest = scan.digest()
        if scan.id in self._answers:
            first_digest, answer = self._answers[scan.id]
            if first_digest != digest:
                return Outcome.refused(scan.id, _id_reused(scan))
            return Outcome(id=scan.id, replayed=True, **answer)
        outcome = self._judge(batch, scan)
        outcome.recorded_at = self._work.now.isoformat().replace("+00:00", "Z")
        self._keep(batch, scan, outcome, digest)
        return outcome

    def _judge(self, batch: ScanBatch, scan: IncomingScan) -> Outcome:
        pick_list = self._picks.lists.get(scan.voucher_id)
        if pick_list is not None and self._site_id is not None and scan.purpose != "receive":
            return self._pick(batch, scan, pick_list)
        receipt = self._receipts.receipts.get(scan.voucher_id)
        if receipt is None or self._site_id is None or scan.purpose == "pick":
            return Outcome.refused(scan.id, _not_a_receipt(scan))
        permission = Permission.RECEIVE if receipt.order_id else Permission.MOVE
        if not batch.actor.may(permission, self._site_id):
            return Outcome.refused(scan.id, forbidden(batch.actor.username, permission))
        if receipt.status != "draft":
            return Outcome.refused(scan.id, _not_open(receipt))
        outcome = self._undo(scan, receipt) if scan.purpose == "undo" else self._receive(batch, scan, receipt)
        if outcome.status != "accepted":
            receipt.refused += 1
        outcome.counts = receipt.counts
        return outcome

    def _pick(self, batch: ScanBatch, scan: IncomingScan, pick_list: PickState) -> Outcome:
        if not batch.actor.may(Permission.PICK, pick_list.site_id):
            return Outcome.refused(scan.id, forbidden(batch.actor.username, "pick"))
        if scan.purpose == "undo":
            return self._picks.undo(batch.actor, scan, pick_list)
        meaning = self._meanings[scan.id]
        if isinstance(meaning, Refusal):
            return self._picks.refused(scan, pick_list, meaning)
        item_id, refusal = self._item_of(scan, meaning)
        if refusal:
            return self._picks.refused(scan, pick_list, refusal)
        if question := self._question(scan, meaning, item_id, pick_list.may_have_serials(item_id)):
            return self._picks.refused(scan, pick_list, question, _status_of(question))
        unit = meaning.unit(scan.batch_no, None)
        if meaning.is_maybe_serial and meaning.lookup in self._receipts.items_by_code:
            unit = replace(unit, serial_no=None)  # The text is an item's barcode, so it is no serial number.
        return self._picks.pick(batch.actor, scan, pick_list, unit, item_id)

    def _receive(self, batch: ScanBatch, scan: IncomingScan, receipt: ReceiptState) -> Outcome:
        meaning = self._meanings[scan.id]
        if isinstance(meaning, Refusal):
            return Outcome.refused(scan.id, meaning)
        item_id, refusal = self._item_of(scan, meaning)
        if refusal:
            return Outcome.refused(scan.id, refusal)
        if question := self._question(scan, meaning, item_id, receipt.may_have_serials(item_id)):
            return Outcome.refused(scan.id, question, _status_of(question))
        unit = replace(meaning.unit(scan.batch_no, scan.expires_on), takes_unexpected=scan.takes_unexpected)
        if meaning.is_maybe_serial and meaning.lookup in self._receipts.items_by_code:
            unit = replace(unit, serial_no=None)  # The text is an item's barcode, so it is no serial number.
        verdict = self._receipts.judge(receipt, unit, item_id)
        if isinstance(verdict, Refusal):
            return Outcome.refused(scan.id, verdict, _status_of_refusal(verdict))
        line, accepted = verdict
        self._receipts.add(
            receipt,
            line,
            accepted,
            by=batch.actor.username,
            condition=scan.condition,
            reason=scan.reason if scan.condition == Condition.REJECTED else None,
            scan_id=scan.id,
            user_id=batch.actor.user_id,
            scanned_at=scan.scanned_at,
        )
        return _accepted(scan, line, accepted)

    def _item_of(self, scan: IncomingScan, meaning: Meaning) -> tuple[int | None, Refusal | None]:
        """The item that the code names, else the one that the person chose, else ``None``."""
        if meaning.lookup is not None and meaning.lookup in self._receipts.items_by_code:
            return self._receipts.items_by_code[meaning.lookup], None
        if meaning.lookup is not None and not meaning.is_maybe_serial:
            shown = serials.printable(meaning.lookup)
            return None, Refusal(
                "item_unknown",
                f"The product code {shown} is not linked to any item.",
                "Ask the supervisor to link this code to its item, then scan again.",
                facts={"code": shown},
            )
        return scan.item_id, None

    def _question(
        self, scan: IncomingScan, meaning: Meaning, item_id: int | None, may_have_serials: bool
    ) -> Refusal | None:
        """What a person has to say before this code can be judged, if anything."""
        code = meaning.code
        problem = doubt(code)
        if problem is None:
            return half_of_label(scan.text, code) if meaning.is_half and may_have_serials else None
        if problem.code != "separator_missing":
            return said_twice(scan.text, code, problem)
        if not (code.batch_no or may_have_serials):
            return None
        batch_no = code.proposal and code.proposal.batch_no
        is_known = item_id is not None and bool(batch_no) and self._receipts.batch_is_known(item_id, batch_no or "")
        return lost_separator(scan.text, code, is_known=is_known)

    def _undo(self, scan: IncomingScan, receipt: ReceiptState) -> Outcome:
        row = self._receipts.take_back(receipt, scan.undoes or "")
        if row is None:
            return Outcome.refused(
                scan.id,
                Refusal(
                    "nothing_to_undo",
                    "That scan is not on this receipt, or was taken back already.",
                    "Look at the list: it shows what counts.",
                ),
            )
        shown = row["serial_no"] or "The unit"
        return Outcome(id=scan.id, status="accepted", code="undone", message=f"{shown} taken back.")

    def _keep(self, batch: ScanBatch, scan: IncomingScan, outcome: Outcome, digest: bytes) -> None:
        kind = _EVENTS.get((outcome.code, Condition(scan.condition)), "scan_refused")
        if scan.purpose == "pick":
            kind = _PICKED.get(outcome.code, "scan_refused")
        seq = self._feed and self._feed.tell(kind, voucher_id=scan.voucher_id, scan_id=scan.id)
        answer = outcome.as_answer()
        self._answers[scan.id] = (digest, answer)
        self._rows.append(
            {
                "id": scan.id,
                "digest": digest,
                "device_id": batch.device_id,
                "counter": scan.n,
                "user_id": batch.actor.user_id,
                "site_id": self._site_id,
                "voucher_id": scan.voucher_id,
                "purpose": scan.purpose,
                "raw": scan.bytes_kept(),
                "symbology": scan.symbology,
                "source": scan.source,
                "scanned_at": scan.scanned_at,
                "recorded_at": self._work.now,
                "status": outcome.status,
                "code": outcome.code,
                "answer": answer,
                "feed_seq": seq,
            }
        )

    def _read_answers(self, ids: Collection[str]) -> dict[str, tuple[bytes, dict[str, Any]]]:
        rows = self._work.connection.execute(_ANSWERS, {"ids": list(ids)})
        return {row.id: (row.digest, row.answer) for row in rows}

    def _read_receipts(self, scans: Sequence[IncomingScan]) -> OpenReceipts:
        meanings = [meaning for meaning in self._meanings.values() if isinstance(meaning, Meaning)]
        named: defaultdict[str, set[str]] = defaultdict(set)
        for meaning in meanings:
            for code in (meaning.code, meaning.code.proposal):
                if code is not None:
                    named["serials"].add(code.serial_no or (code.text if meaning.is_maybe_serial else ""))
                    named["batches"].add(code.batch_no or "")
        return OpenReceipts(
            self._work,
            receipt_ids={scan.voucher_id for scan in scans},
            codes={meaning.lookup for meaning in meanings if meaning.lookup},
            serial_nos=named["serials"] - {""},
            batch_nos=(named["batches"] | {scan.batch_no or "" for scan in scans}) - {""},
            undone={scan.undoes for scan in scans if scan.undoes},
        )


def _status_of(question: Refusal) -> str:
    return "refused" if question.code == "code_without_serial" else "needs_review"


def _status_of_refusal(refusal: Refusal) -> str:
    if isinstance(refusal, AlreadyScanned):
        return "duplicate"
    # A person may say that the unit is here all the same.
    return "needs_review" if refusal.code == "serial_not_expected" else "refused"


def _accepted(scan: IncomingScan, line: ReceiptLine, accepted: Accepted) -> Outcome:
    item, batch = line.order.item, accepted.batch
    said = "accepted" if scan.condition == Condition.ACCEPTED else f"rejected: {scan.reason or 'no reason given'}"
    return Outcome(
        id=scan.id,
        status="accepted",
        code="ok",
        message=f"{accepted.serial_no or item.item_code} {said}.",
        unit={
            "item_id": item.id,
            "item_code": item.item_code,
            "item_name": item.name,
            "serial_no": accepted.serial_no,
            "batch_no": batch and batch.batch_no,
            "expires_on": str(batch.expires_on) if batch and batch.expires_on else None,
            "condition": scan.condition,
        },
    )


def _id_reused(scan: IncomingScan) -> Refusal:
    return Refusal(
        "id_reused",
        f"The scan id {scan.id} was used before for other content.",
        "This is a fault of the app on the device: scan again, and report it.",
    )


def _not_a_receipt(scan: IncomingScan) -> Refusal:
    what = "pick list" if scan.purpose == "pick" else "receipt"
    return Refusal(
        "voucher_unknown",
        f"There is no {what} {scan.voucher_id} at this site.",
        f"Open the order again and scan into its {what}.",
    )


def _not_open(receipt: ReceiptState) -> Refusal:
    return Refusal(
        "voucher_not_open",
        f"{receipt.number} is {receipt.status}; nothing more can be scanned into it.",
        "Open a new receipt for the order if units are still to come.",
        facts={"number": receipt.number, "status": receipt.status},
    )
