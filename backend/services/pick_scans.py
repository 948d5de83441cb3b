"""The picks among the scans of a group: judged against their pick lists, answered, written."""

from collections.abc import Sequence
from functools import cache, partial
from typing import Any

from sqlalchemy import insert

from backend.domain.errors import Refusal
from backend.domain.people import Actor
from backend.domain.receiving import ScannedUnit
from backend.models import Conflict, table
from backend.services.conflicts import FreeUnits, conflict_of, free_units
from backend.services.pick_facts import PickState
from backend.services.picking import AlreadyPicked, OpenPickLists, Pick, Picked
from backend.services.scan_batches import IncomingScan, Outcome
from backend.services.scan_meaning import Meaning, read
from backend.unit_of_work import UnitOfWork


class PickScans:
    """Picks on their way through; ``scans`` are those of a group that are not made in a receipt."""

    def __init__(self, work: UnitOfWork, scans: Sequence[IncomingScan]) -> None:
        self._work = work
        self._conflicts: list[dict[str, Any]] = []
        self._open = OpenPickLists(
            work,
            pick_list_ids={scan.voucher_id for scan in scans},
            serial_nos={serial_no for scan in scans if scan.purpose == "pick" for serial_no in _serial_nos(scan)},
            undone={scan.undoes for scan in scans if scan.undoes},
        )
        # Nothing is written before all are judged: what is free is the same for every conflict of the group, and the
        # group's own units may soon be taken.
        self._free: FreeUnits = cache(partial(free_units, work, self._open.named_ids))
        self.lists: dict[str, PickState] = self._open.lists

    def pick(
        self, actor: Actor, scan: IncomingScan, pick_list: PickState, unit: ScannedUnit, item_id: int | None
    ) -> Outcome:
        """Judge a pick."""
        serial_no = unit.serial_no
        item = next((line for line in pick_list.lines if line.item_id == item_id), None)
        if item is not None and not item.tracking.has_serial:
            serial_no = None  # A person chose the line, or the code is its item's.
        elif serial_no is None and (item is not None or item_id is None):
            return self.refused(scan, pick_list, _no_serial(pick_list, item.item_code if item else None))
        if pick_list.status != "draft":
            return self.refused(scan, pick_list, _not_open(pick_list))
        pick = Pick(actor, serial_no, item_id, unit.batch_no, scan.qty, scan.location_id, scan.id, scan.scanned_at)
        verdict = self._open.pick(pick_list, pick)
        if isinstance(verdict, Refusal):
            if isinstance(verdict, AlreadyPicked):
                return self.refused(scan, pick_list, verdict, "duplicate")
            return self._conflict(scan, pick_list, pick, verdict) or self.refused(scan, pick_list, verdict)
        if verdict.parts:
            self._open.note_answer(scan.id, pick_list, verdict)
        return _accepted(scan, pick_list, verdict)

    def undo(self, actor: Actor, scan: IncomingScan, pick_list: PickState) -> Outcome:
        """Take a pick back: the unit is proposed again."""
        if pick_list.status != "draft":
            return self.refused(scan, pick_list, _not_open(pick_list))
        what = self._open.take_back(pick_list, scan.undoes or "", actor.user_id)
        if what is None:
            return self.refused(
                scan,
                pick_list,
                Refusal(
                    "nothing_to_undo",
                    "That scan is not on this pick list, or was taken back already.",
                    "Look at the list: it shows what counts.",
                ),
            )
        return Outcome(
            id=scan.id,
            status="accepted",
            code="undone",
            message=f"{what} taken back; it is still to be fetched.",
            facts={"undoes": scan.undoes},
            counts=pick_list.counts,
        )

    def refused(self, scan: IncomingScan, pick_list: PickState, refusal: Refusal, status: str = "refused") -> Outcome:
        """The outcome that tells a refusal, with where the list stands."""
        pick_list.refused += 1
        outcome = Outcome.refused(scan.id, refusal, status)
        if refusal.code == "serial_reserved":
            outcome.actions += [{"kind": "override", "serial_no": refusal.facts["serial_no"]}]
        outcome.counts = pick_list.counts
        return outcome

    def write(self) -> None:
        """Write what changed."""
        if self.lists:
            self._open.write()
        if self._conflicts:
            self._work.connection.execute(insert(table(Conflict)), self._conflicts)

    def _conflict(self, scan: IncomingScan, pick_list: PickState, pick: Pick, refusal: Refusal) -> Outcome | None:
        """The outcome of a pick that met another person's: somebody has to decide, and everybody sees it until then."""
        unit = self._open.unit_of(pick_list, pick)
        if unit is None:
            return None
        conflict = conflict_of(
            self._work,
            pick.actor,
            pick_list,
            unit,
            refusal,
            scanned_at=scan.scanned_at,
            free=self._free,
            taken=self._open.taken_now(unit.serial_id),
        )
        if conflict is None:
            return None
        self._conflicts.append(
            {
                "scan_id": scan.id,
                "site_id": pick_list.site_id,
                "voucher_id": pick_list.id,
                "serial_id": unit.serial_id,
                "opened_at": self._work.now,
            }
        )
        return self.refused(scan, pick_list, conflict, "needs_review")


def forbidden(username: str, what: str) -> Refusal:
    """The refusal of a scan by a person without the permission."""
    return Refusal(
        "forbidden",
        f"{username} may not {what} at this site.",
        "Ask an administrator for the role of picker here.",
    )


def _accepted(scan: IncomingScan, pick_list: PickState, picked: Picked) -> Outcome:
    line, unit = picked.line, picked.unit
    name = unit.serial_no if unit else f"{picked.qty} {line.item_code}"
    code, message = ("ok", f"{name} picked.")
    if picked.instead_of:
        code, message = ("proposal_replaced", f"{name} picked in place of {picked.instead_of}, which is free again.")
    return Outcome(
        id=scan.id,
        status="accepted",
        code=code,
        message=message,
        unit={
            "item_id": line.item_id,
            "item_code": line.item_code,
            "item_name": line.item_name,
            "serial_no": unit and unit.serial_no,
            "batch_no": picked.batch_no,
            "expires_on": str(unit.expires_on) if unit and unit.expires_on else None,
            "condition": "accepted",
            "location": unit and unit.location,
            "instead_of": picked.instead_of,
            "qty": str(picked.qty),
            "parts": [part.as_fact() for part in picked.parts],
        },
        counts=pick_list.counts,
    )


def _no_serial(pick_list: PickState, item_code: str | None) -> Refusal:
    return Refusal(
        "item_code_not_serial",
        f"This is the product code of {item_code or 'an item'}, not a serial number.",
        "Scan the serial number's code on the same label.",
        facts={"item_code": item_code, "number": pick_list.number},
    )


def _not_open(pick_list: PickState) -> Refusal:
    return Refusal(
        "voucher_not_open",
        f"{pick_list.number} is {pick_list.status}; nothing more can be picked into it.",
        "Make a new pick list for the order if units are still to be fetched.",
        facts={"number": pick_list.number, "status": pick_list.status},
    )


def _serial_nos(scan: IncomingScan) -> list[str]:
    meaning = read(scan.text, scan.symbology)
    if not isinstance(meaning, Meaning):
        return []
    serial_no = meaning.code.serial_no or (meaning.code.text if meaning.is_maybe_serial else None)
    return [serial_no] if serial_no else []
