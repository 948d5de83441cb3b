"""The open pick lists of a site while a group of scans is judged: read once, changed in memory, written once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from backend.domain import serials
from backend.domain.availability import Purpose, ReservedFor, UnitFacts, refusal_of
from backend.domain.errors import Refusal
from backend.domain.ledger import Quantity
from backend.domain.people import Actor
from backend.domain.picking import Candidate, gives_way
from backend.services.choosing import facts_of, named, the_one
from backend.services.parts_of_scans import PartsOfScans
from backend.services.pick_facts import PickLine, PickState, Taken, read_pick_lists
from backend.services.pick_writes import write_picks
from backend.services.picked_goods import Part, pick_goods
from backend.services.proposals import stops
from backend.services.reservations import GivenUp
from backend.unit_of_work import UnitOfWork


class AlreadyPicked(Refusal):
    """The unit is in this pick list already: a warning, the count stays."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Pick:
    """Who takes what: a unit or an item's goods, as a code or a person named them.

    Args:
        actor: The person.
        serial_no: ``None`` for goods without serial numbers.
        item_id: The item that the code or the person named, if either did.
        batch_no: The batch that the code or the person named.
        qty: How much of counted goods; one when not said.
        location_id: Where counted goods were taken from, if the person said.
        scan_id: The scan, if one did it.
        scanned_at: Device time of it.
        reason: Why a supervisor passes a rule; kept.
        passed: The rules that are passed.
    """

    actor: Actor
    serial_no: str | None
    item_id: int | None = None
    batch_no: str | None = None
    qty: Quantity | None = None
    location_id: int | None = None
    scan_id: str | None = None
    scanned_at: datetime | None = None
    reason: str | None = None
    passed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Picked:
    """What was taken: the item's line, the unit and the one that gave way, or the parts of counted goods."""

    line: PickLine
    unit: UnitFacts | None = None
    instead_of: str | None = None
    qty: Quantity = 1
    batch_no: str | None = None
    parts: tuple[Part, ...] = field(default=())


class OpenPickLists:
    """Everything that judging needs, for the pick lists and texts that a group of scans names.

    Args:
        work: The unit of work; the feed of the site is locked in it.
        pick_list_ids: The pick lists.
        serial_nos: Texts that may be serial numbers.
        undone: Ids of scans that are to be taken back.
    """

    def __init__(
        self,
        work: UnitOfWork,
        *,
        pick_list_ids: Collection[str],
        serial_nos: Collection[str],
        undone: Collection[str] = (),
    ) -> None:
        self._work = work
        self.lists = read_pick_lists(work.connection, pick_list_ids) if pick_list_ids else {}
        visible = [text for text in serial_nos if not serials.has_hidden_characters(serials.clean(text))]
        self._units = named(work.connection, visible) if self.lists else {}
        self._reserved: dict[int, ReservedFor | None] = {}
        self._replaced: list[GivenUp] = []
        self._handed_on: dict[int, str] = {}
        self._parts = PartsOfScans(work, self.lists, undone)

    def pick(self, state: PickState, pick: Pick) -> Picked | Refusal:
        """Judge what a person takes, and take it if no rule is against it."""
        if pick.serial_no is None:
            return self._pick_goods(state, pick)
        unit = self._unit_of(state, pick)
        if isinstance(unit, Refusal):
            return unit
        taken = state.taken.get(unit.serial_id)
        if taken is not None and taken.status == "chosen":
            return AlreadyPicked(
                "already_picked",
                f"{unit.serial_no} already picked into {state.number} at {taken.at:%H:%M} by {taken.by}.",
                "Nothing to do: it counts once.",
                facts={"at": taken.at.isoformat(), "by": taken.by},
            )
        refusal = self._judge(state, unit, pick)
        if refusal:
            return refusal
        lines = [line for line in state.lines if line.item_id == unit.item_id]
        reserved = unit.reserved
        if reserved is not None and reserved.voucher_id in state.order_ids:
            lines = [line for line in lines if line.order_id == reserved.voucher_id]
        if taken is not None:
            return self._confirm(state, taken, unit, pick)
        return self._take(state, [line for line in lines if line.left > 0], unit, pick)

    @property
    def named_ids(self) -> frozenset[int]:
        """All units that the scans of the group may mean."""
        return frozenset(unit.serial_id for units in self._units.values() for unit in units)

    def unit_of(self, state: PickState, pick: Pick) -> UnitFacts | None:
        """The one unit that a pick means, if there is one."""
        unit = self._unit_of(state, pick) if pick.serial_no is not None else None
        return unit if isinstance(unit, UnitFacts) else None

    def taken_now(self, serial_id: int) -> Taken | None:
        """Who took a unit in this same group of scans."""
        all_taken = (state.taken.get(serial_id) for state in self.lists.values())
        return next((each for each in all_taken if each and each.is_changed and each.status == "chosen"), None)

    def take_back(self, state: PickState, scan_id: str, user_id: int) -> str | None:
        """Undo what a scan took: the unit is proposed again; ``None`` when nothing of it stands."""
        for taken in state.taken.values():
            if taken.scan_id == scan_id and taken.status == "chosen":
                taken.become("proposed", scan_id=None, scanned_at=None, at=self._work.now, user_id=user_id)
                taken.scan_id = None
                state.line(taken.line_id).count(-1)
                return self._serial_no(taken.serial_id)
        return self._parts.take_back(state, scan_id)

    def write(self) -> None:
        """Write what changed: reservations, lines, counts."""
        write_picks(self._work, self.lists.values(), self._replaced, self._handed_on)

    def _unit_of(self, state: PickState, pick: Pick) -> UnitFacts | Refusal:
        text = pick.serial_no or ""
        matches = self._units.get(serials.key(text), ())
        items = {line.item_id for line in state.lines}
        on_list = [unit for unit in matches if unit.item_id in items]
        unit = the_one(text, matches if pick.item_id is not None else on_list or matches, item_id=pick.item_id)
        if isinstance(unit, UnitFacts) and unit.serial_id in self._reserved:
            return replace(unit, reserved=self._reserved[unit.serial_id])
        return unit

    def _judge(self, state: PickState, unit: UnitFacts, pick: Pick) -> Refusal | None:
        codes = {line.item_id: line.item_code for line in state.lines}
        item = None
        if unit.item_id not in codes:
            item = (0, " or ".join(codes.values()))
        elif pick.item_id is not None:
            item = (pick.item_id, codes.get(pick.item_id, "the item that was scanned"))
        is_other_batch = pick.batch_no and serials.key(pick.batch_no) != serials.key(unit.batch_no or "")
        return refusal_of(
            unit,
            Purpose.SELL,
            today=self._work.today,
            item=item,
            batch=(0, serials.printable(pick.batch_no or "")) if is_other_batch else None,
            places=state.places,
            place=state.place,
            voucher_ids={state.id, *state.order_ids},
            passed=pick.passed,
        )

    def _confirm(self, state: PickState, taken: Taken, unit: UnitFacts, pick: Pick) -> Picked | Refusal:
        line = state.line(taken.line_id)
        if line.left <= 0:
            return over_pick(state, unit.serial_no, unit.item_id)
        taken.become("chosen", **self._by(pick))
        self._note(state, taken, pick)
        line.count(1)
        return Picked(line, unit, batch_no=unit.batch_no)

    def _take(self, state: PickState, lines: Sequence[PickLine], unit: UnitFacts, pick: Pick) -> Picked | Refusal:
        """A unit that was not proposed: it fills a gap, or one that was proposed gives way."""
        if not lines:
            return over_pick(state, unit.serial_no, unit.item_id)
        line = next((line for line in lines if state.standing(line) < line.qty), None)
        instead_of = None
        if line is None:
            given_up = self._gives_way(state, lines, unit)
            line = state.line(given_up.line_id)
            if given_up.id is not None:
                self._replaced.append(GivenUp(given_up.id, unit.serial_id, f"replaced by {unit.serial_no}"))
            self._reserved[given_up.serial_id] = None
            del state.taken[given_up.serial_id]
            instead_of = self._serial_no(given_up.serial_id)
        if unit.reserved is not None:
            why = f"taken for {state.known_as} by {pick.actor.username}: {pick.reason}"
            self._handed_on[unit.serial_id] = why if pick.reason else f"fetched with {state.number}"
        taken = Taken(
            cast(int, line.id), unit.serial_id, "chosen", pick.actor.username, self._work.now, is_changed=True
        )
        taken.columns = {"voucher_id": state.id, "reason": pick.reason, **self._by(pick)}
        state.taken[unit.serial_id] = taken
        self._note(state, taken, pick)
        line.count(1)
        return Picked(line, unit, instead_of, batch_no=unit.batch_no)

    def _gives_way(self, state: PickState, lines: Sequence[PickLine], unit: UnitFacts) -> Taken:
        proposed = state.proposed(lines)
        facts = facts_of(self._work.connection, [taken.serial_id for taken in proposed])
        ways = stops(self._work.connection, {each.location_id for each in (unit, *facts.values())})
        candidates = [_candidate(each, self._work.now) for each in facts.values()]
        # A line that is full and not all fetched has at least one that is only proposed.
        chosen = cast(Candidate, gives_way(candidates, _candidate(unit, self._work.now), ways))
        return state.taken[chosen.serial_id]

    def _by(self, pick: Pick) -> dict[str, Any]:
        return {
            "scan_id": pick.scan_id,
            "user_id": pick.actor.user_id,
            "at": self._work.now,
            "scanned_at": pick.scanned_at,
        }

    def _note(self, state: PickState, taken: Taken, pick: Pick) -> None:
        taken.by, taken.at, taken.scan_id = pick.actor.username, self._work.now, pick.scan_id
        self._reserved[taken.serial_id] = ReservedFor(state.id, state.known_as, pick.actor.username, False)

    def _pick_goods(self, state: PickState, pick: Pick) -> Picked | Refusal:
        parts = pick_goods(
            self._work, state, item_id=pick.item_id, batch_no=pick.batch_no, qty=pick.qty, location_id=pick.location_id
        )
        if isinstance(parts, Refusal):
            return parts
        qty = sum((part.qty for part in parts), 0)
        line = next(line for line in state.lines if line.item_id == pick.item_id)
        return Picked(line, qty=qty, batch_no=pick.batch_no, parts=tuple(parts))

    def note_answer(self, scan_id: str, state: PickState, picked: Picked) -> None:
        """Remember what a scan of this group took of counted goods, for an undo that comes in the same group."""
        self._parts.note(scan_id, state, picked.parts)

    def _serial_no(self, serial_id: int) -> str:
        for units in self._units.values():
            for unit in units:
                if unit.serial_id == serial_id:
                    return unit.serial_no
        return facts_of(self._work.connection, [serial_id])[serial_id].serial_no


def over_pick(state: PickState, what: str, item_id: int) -> Refusal:
    """The refusal of more than a pick list asks for."""
    lines = [line for line in state.lines if line.item_id == item_id]
    asked, item_code = sum(line.qty for line in lines), lines[0].item_code
    return Refusal(
        "over_pick",
        f"{what} is more than {state.number} asks for: all {asked} of {item_code} are fetched.",
        "Put it back where it was.",
        facts={"item_code": item_code, "qty": str(asked)},
    )


def _candidate(unit: UnitFacts, now: datetime) -> Candidate:
    return Candidate(
        unit.serial_id, unit.serial_no, unit.item_id, unit.location_id, unit.batch_id, unit.expires_on, now
    )
