"""The outbox's address: a batch of scans in, an outcome for each of them out."""

from collections.abc import Sequence
from typing import Any

from flask import current_app

from backend.api.access import actor_or_refuse, requires, settings
from backend.api.blueprints import Blueprint
from backend.api.scan_schemas import MalformedScan, OutcomesSchema, ScanBatchSchema
from backend.domain.people import Permission
from backend.extensions import end_reading, reading
from backend.group_commit import GroupCommit
from backend.services import scanning
from backend.services.scan_batches import IncomingScan, Outcome, ScanBatch
from backend.unit_of_work import transact

bp: Any = Blueprint("scans", __name__, url_prefix="/api", description="The outbox of a device")

CLOCK_TOLERANCE_MS = 120_000


@bp.post("/scans")
@requires(Permission.RECEIVE)
@bp.arguments(ScanBatchSchema)
@bp.response(200, OutcomesSchema)
def post_scans(envelope: dict[str, Any]) -> dict[str, Any]:
    """Record a batch from a device's outbox; a replayed scan gets its first answer again.

    A refused or malformed scan is an outcome, never an error of the whole: the rest is recorded.
    """
    scans = envelope["scans"]
    told = iter(record(envelope, [scan for scan in scans if isinstance(scan, IncomingScan)]))
    return answered(envelope, [malformed(scan) if isinstance(scan, MalformedScan) else next(told) for scan in scans])


def answered(envelope: dict[str, Any], outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The answer to a batch: the outcomes, and what the server thinks of the device's clock."""
    now = settings().clock()
    skew = int((envelope["sent_at"] - now).total_seconds() * 1000)
    return {
        "server_time": now,
        "clock_skew_ms": skew,
        "clock_off": abs(skew) > CLOCK_TOLERANCE_MS,
        "outcomes": outcomes,
    }


def record(envelope: dict[str, Any], scans: Sequence[IncomingScan]) -> list[Outcome]:
    """Record the scans site by site, each site with whoever else is writing there at this moment."""
    sites = scanning.sites_of(reading(), {scan.voucher_id for scan in scans})
    actor = actor_or_refuse()
    end_reading()  # The read is over; a write transaction must not wait behind it.
    outcomes: dict[int, Outcome] = {}
    for site_id in dict.fromkeys(sites.get(scan.voucher_id) for scan in scans):
        chosen = [index for index, scan in enumerate(scans) if sites.get(scan.voucher_id) == site_id]
        batch = ScanBatch(
            actor=actor,
            device_id=envelope["device_id"],
            device_name=envelope["device_name"],
            sent_at=envelope["sent_at"],
            scans=tuple(scans[index] for index in chosen),
            holds=envelope.get("holds"),
        )
        outcomes |= dict(zip(chosen, _writer_of(site_id)(batch), strict=True))
    return [outcomes[index] for index in range(len(scans))]


def _writer_of(site_id: int | None) -> GroupCommit[ScanBatch, list[Outcome]]:
    writers = current_app.extensions["serialtrail_scan_writers"]
    if site_id not in writers:
        # setdefault, since two requests may come here at once.
        writers.setdefault(
            site_id,
            GroupCommit[ScanBatch, list[Outcome]](
                lambda batches: transact(lambda work: scanning.record_scans(work, site_id, batches)),
                weight=lambda batch: len(batch.scans),
            ),
        )
    return writers[site_id]  # type: ignore[no-any-return]


def malformed(scan: MalformedScan) -> Outcome:
    """The outcome of an entry that could not be read."""
    return Outcome(
        id=scan.id,
        status="refused",
        code="malformed_scan",
        message=f"This entry is not a scan: {scan.message}",
        next_step="This is a fault of the app on the device: scan again, and report it.",
    )
