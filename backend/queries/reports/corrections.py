"""The rules that somebody passed and what was corrected or taken back, each with its reason."""

from typing import Any

from sqlalchemy import Select, and_, case, func, literal, select

from backend.models import (
    Action,
    BatchChange,
    ClearedDevice,
    Conflict,
    ContractEvent,
    Device,
    DeviceGap,
    FormerSerialNumber,
    LabelPrint,
    Location,
    OverReceipt,
    PrintedLabel,
    Reservation,
    Scan,
    ServiceContract,
    User,
    UserRole,
    VoucherLine,
    VoucherUnit,
    WarrantyClaim,
    table,
)
from backend.queries.reports.acts import act, listed, prefixed, said
from backend.queries.reports.report import Wanted
from backend.queries.reports.sources import batch, item, serial, voucher

_former, _change = table(FormerSerialNumber), table(BatchChange)
_over, _line, _reservation = table(OverReceipt), table(VoucherLine), table(Reservation)
_unit, _claim, _conflict = table(VoucherUnit), table(WarrantyClaim), table(Conflict)
_event, _contract = table(ContractEvent), table(ServiceContract)
_print, _label = table(LabelPrint), table(PrintedLabel)
_gap, _cleared, _device = table(DeviceGap), table(ClearedDevice), table(Device)
_goes_on = table(Device).alias("goes_on")

CORRECTED = (
    "serial_corrected",
    "batch_dates_changed",
    "reservation_overridden",
    "over_receipt_admitted",
    "unlisted_serial_accepted",
    "voucher_cancelled",
    "claim_goodwill",
    "conflict_other_unit",
    "conflict_left_short",
    "conflict_overridden",
    "label_reprinted",
    "contract_changed",
    "contract_ended",
    "device_gap_noticed",
    "device_gap_settled",
    "device_cleared",
    "device_cleared_settled",
)
"""The kinds of acts that :func:`corrections` gives."""


def corrections(wanted: Wanted) -> list[Select[Any]]:
    """Every kind of them at a site."""
    return [*_of_units(wanted), *_of_vouchers(wanted), *_decisions(wanted), _reprints(wanted), *_devices(wanted)]


def _of_units(wanted: Wanted) -> list[Select[Any]]:
    of_batch = _change.join(batch, batch.c.id == _change.c.batch_id)
    return [
        act(
            "serial_corrected",
            _former.join(serial, serial.c.id == _former.c.serial_id),
            _former.c.corrected_at,
            _former.c.corrected_by_id,
            wanted,
            serial.c.last_site_id == wanted.site_id,
            subject=_former.c.serial_no + " -> " + serial.c.serial_no,
            reason=_former.c.reason,
        ),
        act(
            "batch_dates_changed",
            of_batch,
            _change.c.changed_at,
            _change.c.changed_by_id,
            wanted,
            subject=batch.c.batch_no,
            reason=_change.c.reason,
        ),
        act(
            "unlisted_serial_accepted",
            _unit.join(voucher, voucher.c.id == _unit.c.voucher_id).join(item, item.c.id == _unit.c.item_id),
            _unit.c.recorded_at,
            _unit.c.user_id,
            wanted,
            voucher.c.site_id == wanted.site_id,
            _unit.c.is_unexpected,
            _unit.c.status != "undone",
            subject=_unit.c.serial_no,
            voucher_no=voucher.c.number,
            facts=item.c.item_code,
            reason=_unit.c.reason,
        ),
    ]


def _of_vouchers(wanted: Wanted) -> list[Select[Any]]:
    at_site = voucher.c.site_id == wanted.site_id
    return [
        act(
            "reservation_overridden",
            _reservation.join(voucher, voucher.c.id == _reservation.c.voucher_id).join(
                serial, serial.c.id == _reservation.c.serial_id
            ),
            _reservation.c.at,
            _reservation.c.user_id,
            wanted,
            at_site,
            _reservation.c.reason.is_not(None),
            subject=serial.c.serial_no,
            voucher_no=voucher.c.number,
            reason=_reservation.c.reason,
        ),
        act(
            "over_receipt_admitted",
            _over.join(voucher, voucher.c.id == _over.c.voucher_id)
            .join(_line, _line.c.id == _over.c.line_id)
            .join(item, item.c.id == _line.c.item_id),
            _over.c.at,
            _over.c.user_id,
            wanted,
            at_site,
            subject=item.c.item_code,
            voucher_no=voucher.c.number,
            reason=_over.c.reason,
        ),
        act(
            "voucher_cancelled",
            voucher,
            voucher.c.cancelled_at,
            voucher.c.cancelled_by_id,
            wanted,
            at_site,
            subject=voucher.c.type,
            voucher_no=voucher.c.number,
            reason=voucher.c.cancel_reason,
        ),
    ]


def _decisions(wanted: Wanted) -> list[Select[Any]]:
    at_site = voucher.c.site_id == wanted.site_id
    return [
        act(
            "claim_goodwill",
            _claim.join(voucher, voucher.c.id == _claim.c.id).outerjoin(serial, serial.c.id == _claim.c.serial_id),
            # One that was held first was decided when it was submitted.
            voucher.c.submitted_at,
            voucher.c.submitted_by_id,
            wanted,
            at_site,
            _claim.c.decision == "goodwill",
            subject=func.coalesce(serial.c.serial_no, _claim.c.serial_text),
            voucher_no=voucher.c.number,
            facts=_claim.c.decision_reason,
            reason=_claim.c.goodwill_reason,
        ),
        act(
            "conflict_" + _conflict.c.decision,
            _conflict.join(voucher, voucher.c.id == _conflict.c.voucher_id).join(
                serial, serial.c.id == _conflict.c.serial_id
            ),
            _conflict.c.decided_at,
            _conflict.c.decided_by_id,
            wanted,
            _conflict.c.site_id == wanted.site_id,
            subject=serial.c.serial_no,
            voucher_no=voucher.c.number,
            reason=_conflict.c.reason,
        ),
        contract_acts(wanted, "changed", "ended"),
    ]


def contract_acts(wanted: Wanted, *kinds: str) -> Select[Any]:
    """What was done to service contracts: the days from then on, and the units that came and went."""
    days = said(_event.c.start_on) + " - " + said(_event.c.end_on)
    added, removed = listed(_event.c.units_added), listed(_event.c.units_removed)
    return act(
        "contract_" + _event.c.kind,
        _event.join(_contract, _contract.c.id == _event.c.contract_id),
        _event.c.at,
        _event.c.by_id,
        wanted,
        _contract.c.site_id == wanted.site_id,
        _event.c.kind.in_(kinds),
        subject=_contract.c.number,
        facts=days + prefixed("; + ", added) + prefixed("; - ", removed),
        reason=_event.c.reason,
    )


def _reprints(wanted: Wanted) -> Select[Any]:
    place, holder = table(Location).alias("labelled_place"), table(User).alias("badge_holder")
    source = _label.join(_print, _print.c.id == _label.c.print_id)
    names = []
    for subject, of, name in (
        ("unit", serial, serial.c.serial_no),
        ("batch", batch, batch.c.batch_no),
        ("item", item, item.c.item_code),
        ("place", place, place.c.code),
        ("badge", holder, holder.c.username),
    ):
        is_one = _label.c.subject == subject
        source = source.outerjoin(of, and_(is_one, of.c.id == _label.c.subject_id))
        names.append((is_one, name))
    return act(
        "label_reprinted",
        source,
        _print.c.at,
        _print.c.user_id,
        wanted,
        _print.c.site_id == wanted.site_id,
        _label.c.is_again,
        subject=case(*names),
        facts=said(_print.c.copies) + " x " + _print.c.format,
        reason=_print.c.reason,
    )


def _devices(wanted: Wanted) -> list[Select[Any]]:
    gaps = _gap.join(_device, _device.c.id == _gap.c.device_id)
    numbers = said(_gap.c.first) + " - " + said(_gap.c.last)
    cleared = _cleared.join(_device, _device.c.id == _cleared.c.device_id).join(
        _goes_on, _goes_on.c.id == _cleared.c.goes_on_as_id
    )
    role = table(UserRole).c
    of_site = _cleared.c.user_id.in_(select(role.user_id).where(role.site_id == wanted.site_id))
    # One that was heard of afterwards has lost nothing, see queries/devices.py.
    is_lost = (_device.c.last_seen_at <= _cleared.c.noticed_at) | _cleared.c.settled_at.is_not(None)
    return [
        act(
            what,
            gaps,
            at,
            by_id,
            wanted,
            _gap.c.site_id == wanted.site_id,
            subject=_device.c.name,
            facts=numbers,
            reason=reason,
        )
        for what, at, by_id, reason in (
            ("device_gap_noticed", _gap.c.noticed_at, _who_came_after_the_gap(), None),
            ("device_gap_settled", _gap.c.settled_at, _gap.c.settled_by_id, _gap.c.reason),
        )
    ] + [
        act(
            what,
            cleared,
            at,
            by_id,
            wanted,
            of_site,
            is_lost,
            subject=_device.c.name,
            facts=literal("-> ") + _goes_on.c.name,
            reason=reason,
        )
        for what, at, by_id, reason in (
            ("device_cleared", _cleared.c.noticed_at, _cleared.c.user_id, None),
            ("device_cleared_settled", _cleared.c.settled_at, _cleared.c.settled_by_id, _cleared.c.reason),
        )
    ]


def _who_came_after_the_gap() -> Any:
    """Whose entry, the first one behind the missing numbers, showed that they are missing."""
    found = []
    for entry in (table(Scan).alias("scan_after").c, table(Action).alias("action_after").c):
        after = select(entry.user_id).where(entry.device_id == _gap.c.device_id, entry.counter > _gap.c.last)
        found.append(after.order_by(entry.counter).limit(1).correlate(_gap).scalar_subquery())
    return func.coalesce(*found)
