"""The address of a device's outbox: scans and other actions in, in order, and an outcome for each of them out."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from backend.api.access import LOGGED_IN, actor_or_refuse, requires
from backend.api.actions import ACTIONS
from backend.api.blueprints import Blueprint
from backend.api.device_cookie import know_device, known_device
from backend.api.scan_schemas import MOST_SCANS, MalformedScan
from backend.api.scans import answered, malformed, record
from backend.api.sync_schemas import SyncAnswer, SyncBatch
from backend.domain.counters import Span, size, spell
from backend.domain.errors import Refusal
from backend.domain.people import Actor, forbidden
from backend.domain.serials import printable
from backend.extensions import end_reading, reading
from backend.queries import devices
from backend.services.acting import IncomingAction, act
from backend.services.cleared_devices import meet
from backend.services.devices import record_devices
from backend.services.scan_batches import IncomingScan, Outcome, ScanBatch
from backend.unit_of_work import transact

log = structlog.get_logger(__name__)

bp: Any = Blueprint("sync", __name__, url_prefix="/api", description="The outbox of a device, for every action")

Entry = IncomingScan | IncomingAction | MalformedScan


@bp.post("/sync")
@requires(LOGGED_IN)
@bp.arguments(SyncBatch)
@bp.response(200, SyncAnswer)
def post_sync(envelope: dict[str, Any]) -> dict[str, Any]:
    """Take what a device's outbox holds, in its order; an id that was sent before gets its first answer again.

    Each entry is refused or done by itself and asks for the permission of its kind: what is refused or
    malformed is an outcome, never an error of the whole. A device that is new says so with no entries. The protocol
    stands in docs/sync.md.
    """
    if known_device() != envelope["device_id"]:
        _meet(envelope)
    outcomes = list(_outcomes(envelope))
    _note_unrecorded(envelope, outcomes)
    last_counter, missing = devices.counter_of(reading(), envelope["device_id"])
    gap = _counter_gap(missing) if missing else _storage_cleared(envelope["device_id"])
    return answered(envelope, outcomes) | {"last_counter": last_counter, "gap": gap}


def _meet(envelope: dict[str, Any]) -> None:
    device_id, was = envelope["device_id"], known_device()
    if devices.counter_of(reading(), device_id)[0] is None:
        batch = _batch(envelope, actor_or_refuse())
        end_reading()
        transact(lambda work: meet(work, batch, was=was))
    know_device(device_id)


def _outcomes(envelope: dict[str, Any]) -> Iterator[Outcome]:
    for kind, entries in groupby(envelope["entries"], type):
        run: list[Any] = list(entries)
        if kind is IncomingScan:
            for start in range(0, len(run), MOST_SCANS):
                yield from record(envelope, run[start : start + MOST_SCANS])
        elif kind is IncomingAction:
            yield from (_act(envelope, entry) for entry in run)
        else:
            yield from map(malformed, run)


def _act(envelope: dict[str, Any], entry: IncomingAction) -> Outcome:
    actor = actor_or_refuse()
    action = ACTIONS.get(entry.kind)
    if action is None:
        return Outcome.refused(entry.id, _kind_unknown(entry.kind))
    if not actor.may_anywhere(action.permission):
        return Outcome.refused(entry.id, forbidden(actor.username, action.permission).refusal)
    write = action.prepare(actor, entry)
    if isinstance(write, Refusal):
        return Outcome.refused(entry.id, write)
    batch = _batch(envelope, actor, entry.n)
    try:
        return transact(lambda work: act(work, batch, entry, write))
    except (OperationalError, InterfaceError, NoConnection):
        raise  # Nothing more of the batch can be stored now; the device sends it again.
    except Exception:
        log.exception("action_failed", kind=entry.kind, id=entry.id)
        return Outcome.refused(
            entry.id,
            Refusal(
                "internal_error",
                "Something went wrong on the server with this entry; nothing of it was stored.",
                "It is kept on the device: try it again later, and report it with the time.",
            ),
        )


def _note_unrecorded(envelope: dict[str, Any], outcomes: Sequence[Outcome]) -> None:
    """An entry that was answered without being kept has arrived all the same: its number is no gap."""
    pairs = zip(envelope["entries"], outcomes, strict=True)
    numbers = [entry.n for entry, outcome in pairs if outcome.recorded_at is None and entry.n is not None]
    if numbers:
        batch = _batch(envelope, actor_or_refuse(), *numbers)
        transact(lambda work: record_devices(work, [batch]))


def _batch(envelope: dict[str, Any], actor: Actor, *numbers: int) -> ScanBatch:
    return ScanBatch(
        actor=actor,
        device_id=envelope["device_id"],
        device_name=envelope["device_name"],
        sent_at=envelope["sent_at"],
        more_numbers=numbers,
        holds=envelope["holds"],
    )


def _counter_gap(missing: Sequence[Span]) -> dict[str, Any]:
    count = size(missing)
    return asdict(
        Refusal(
            "counter_gap",
            f"{count} {'entry' if count == 1 else 'entries'} of this device never arrived: {spell(missing)}.",
            "Look on the shelf for what was scanned in between, scan it again, and tell the supervisor.",
            facts={"missing": missing},
        )
    )


def _storage_cleared(device_id: str) -> dict[str, Any] | None:
    cleared = devices.cleared_before(reading(), device_id)
    if cleared is None:
        return None
    seen, unsent = cleared.last_seen_at, cleared.unsent
    known = f"{unsent} {'entry was' if unsent == 1 else 'entries were'} known to wait on it"
    return asdict(
        Refusal(
            "storage_cleared",
            f"The browser has cleared what this device, until then {printable(cleared.device)}, had stored: what"
            f" {cleared.by} did on it since {seen:%Y-%m-%d %H:%M} UTC and was not sent is lost; {known}.",
            "Look through what you did since then, do again what is missing, and tell the supervisor.",
            facts={
                "device": cleared.device,
                "by": cleared.by,
                "last_seen_at": seen.isoformat().replace("+00:00", "Z"),
                "unsent": unsent,
            },
        )
    )


def _kind_unknown(kind: str) -> Refusal:
    return Refusal(
        "kind_unknown",
        f"This server knows no action '{kind[:40]}'.",
        "The app is newer than the server: have the server updated, then try again.",
        facts={"kind": kind[:40]},
    )
