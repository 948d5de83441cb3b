"""Actions of an outbox: each id once, each with its answer, kept in the transaction of what it did."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from backend.domain.errors import DomainError, Refusal
from backend.domain.people import Actor
from backend.models import Action
from backend.services.devices import record_devices
from backend.services.scan_batches import Outcome, ScanBatch
from backend.unit_of_work import UnitOfWork


class Made(Protocol):
    """What an action makes or changes: a voucher, or what has an id, a number and a status like one."""

    id: Any
    number: Any
    status: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingAction:
    """An entry of an outbox that is no scan.

    Args:
        id: UUID made on the device; remembered for ever.
        n: The device's counter.
        kind: Which action; see :mod:`backend.api.actions`.
        done_at: Device time.
        voucher_id: The voucher it is done to, where the address of its route names one.
        site_id: The site that the person worked at.
        body: What the route of the action takes, as it came.
    """

    id: str
    n: int
    kind: str
    done_at: datetime
    voucher_id: str | None
    site_id: int | None
    body: dict[str, Any]

    def digest(self) -> bytes:
        """SHA-256 of what is asked for; the same id with another digest is not the same action."""
        content = [self.kind, self.voucher_id, self.body]
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).digest()


Write = Callable[[UnitOfWork], Made | Outcome]


def act(work: UnitOfWork, batch: ScanBatch, action: IncomingAction, write: Write) -> Outcome:
    """Do an action; one that was sent before gets its first answer again, and nothing is done.

    Args:
        work: The unit of work, of this action alone.
        batch: Who sent it, from which device, with the number of this entry.
        action: The entry.
        write: Does it, by raising a refusal or giving what it made. A refusal takes back what it wrote and is
            the answer.
    """
    digest = action.digest()
    known = work.session.get(Action, action.id)
    if known is not None:
        if known.digest != digest:
            return Outcome.refused(action.id, _id_reused(action))
        return Outcome(id=action.id, replayed=True, **known.answer)
    outcome = _outcome(work, action, write)
    outcome.recorded_at = work.now.isoformat().replace("+00:00", "Z")
    site_id = _own_site(batch.actor, action.site_id)
    record_devices(work, [batch], site_id)
    work.session.add(
        Action(
            id=action.id,
            digest=digest,
            kind=action.kind,
            device_id=batch.device_id,
            counter=action.n,
            user_id=batch.actor.user_id,
            site_id=site_id,
            voucher_id=action.voucher_id,
            done_at=action.done_at,
            recorded_at=work.now,
            status=outcome.status,
            code=outcome.code,
            body=action.body,
            answer=outcome.as_answer(),
        )
    )
    return outcome


def _outcome(work: UnitOfWork, action: IncomingAction, write: Write) -> Outcome:
    try:
        with work.session.begin_nested():
            made = write(work)
            work.session.flush()
    except DomainError as error:
        return Outcome.refused(action.id, error.refusal)
    if isinstance(made, Outcome):
        return made
    voucher = {"id": made.id, "type": getattr(made, "type", action.kind), "number": made.number, "status": made.status}
    return Outcome(id=action.id, status="accepted", code="ok", message=f"{made.number} is kept.", voucher=voucher)


def _own_site(actor: Actor, site_id: int | None) -> int | None:
    return site_id if site_id in actor.roles else None


def _id_reused(action: IncomingAction) -> Refusal:
    return Refusal(
        "id_reused",
        f"The id {action.id} was used before for something else.",
        "This is a fault of the app on the device: do it again, and report it.",
    )
