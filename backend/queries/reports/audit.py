"""Reports for auditors: what was passed, corrected or taken back, and who did what when."""

from typing import Any

from sqlalchemy import ColumnElement, Select, literal, null, select, union_all
from sqlalchemy.sql.selectable import CompoundSelect, FromClause

from backend.models import (
    BatchChange,
    FormerSerialNumber,
    Hold,
    OverReceipt,
    Reservation,
    UserRole,
    UserSession,
    VoucherLine,
    table,
)
from backend.queries.reports.report import Chart, Filter, Kind, Report, Wanted, columns
from backend.queries.reports.sources import batch, item, serial, user, voucher

_hold, _former, _change = table(Hold), table(FormerSerialNumber), table(BatchChange)
_over, _line, _reservation = table(OverReceipt), table(VoucherLine), table(Reservation)
_session, _role = table(UserSession), table(UserRole)


def _act(
    what: str,
    source: FromClause,
    at: ColumnElement[Any],
    by_id: ColumnElement[Any],
    wanted: Wanted,
    *conditions: ColumnElement[bool],
    subject: ColumnElement[Any] | None = None,
    voucher_no: ColumnElement[Any] | None = None,
    reason: ColumnElement[Any] | None = None,
) -> Select[Any]:
    """One kind of act, in the columns that all acts share."""
    return (
        select(
            at.label("at"),
            literal(what).label("what"),
            (null() if subject is None else subject).label("subject"),
            (null() if voucher_no is None else voucher_no).label("voucher_no"),
            user.c.username.label("by"),
            (null() if reason is None else reason).label("reason"),
        )
        .select_from(source)
        .join(user, user.c.id == by_id)
        .where(at.is_not(None), *wanted.at_moments(at), *conditions)
    )


def _corrections(wanted: Wanted) -> list[Select[Any]]:
    at_site = voucher.c.site_id == wanted.site_id
    of_batch = _change.join(batch, batch.c.id == _change.c.batch_id)
    return [
        _act(
            "serial_corrected",
            _former.join(serial, serial.c.id == _former.c.serial_id),
            _former.c.corrected_at,
            _former.c.corrected_by_id,
            wanted,
            serial.c.last_site_id == wanted.site_id,
            subject=_former.c.serial_no + " -> " + serial.c.serial_no,
            reason=_former.c.reason,
        ),
        _act(
            "batch_dates_changed",
            of_batch,
            _change.c.changed_at,
            _change.c.changed_by_id,
            wanted,
            subject=batch.c.batch_no,
            reason=_change.c.reason,
        ),
        _act(
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
        _act(
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
        _act(
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


def _holds(wanted: Wanted) -> list[Select[Any]]:
    of_batch, of_unit = (
        _hold.join(batch, batch.c.id == _hold.c.batch_id),
        _hold.join(serial, serial.c.id == _hold.c.serial_id),
    )
    at_site = serial.c.last_site_id == wanted.site_id
    acts = []
    for what, at, by_id, reason in (
        ("hold_placed", _hold.c.placed_at, _hold.c.placed_by_id, _hold.c.reason),
        ("hold_lifted", _hold.c.lifted_at, _hold.c.lifted_by_id, _hold.c.lift_reason),
    ):
        acts.append(_act(what, of_batch, at, by_id, wanted, subject=batch.c.batch_no, reason=reason))
        acts.append(_act(what, of_unit, at, by_id, wanted, at_site, subject=serial.c.serial_no, reason=reason))
    return acts


def _vouchers(wanted: Wanted) -> list[Select[Any]]:
    at_site = voucher.c.site_id == wanted.site_id
    return [
        _act(what, voucher, at, by_id, wanted, at_site, subject=voucher.c.type, voucher_no=voucher.c.number)
        for what, at, by_id in (
            ("voucher_opened", voucher.c.opened_at, voucher.c.opened_by_id),
            ("voucher_submitted", voucher.c.submitted_at, voucher.c.submitted_by_id),
        )
    ]


def _log_ins(wanted: Wanted) -> list[Select[Any]]:
    # A log-in is of no site; those of the people who work at this one are shown.
    here = _session.c.user_id.in_(select(_role.c.user_id).where(_role.c.site_id == wanted.site_id))
    return [
        _act(
            "logged_in",
            _session,
            _session.c.created_at,
            _session.c.user_id,
            wanted,
            here,
            subject=_session.c.user_agent,
        ),
        _act("log_in_revoked", _session, _session.c.revoked_at, _session.c.user_id, wanted, here),
    ]


def _together(acts: list[Select[Any]]) -> Select[Any]:
    every: CompoundSelect[Any] = union_all(*acts)
    each = every.subquery()
    return select(each).order_by(each.c.at.desc(), each.c.what, each.c.voucher_no, each.c.subject)


_COLUMNS = columns(
    ("at", "At", Kind.MOMENT),
    ("what", "What"),
    "subject",
    "voucher_no",
    "by",
    "reason",
)

CORRECTIONS = Report(
    "corrections",
    "Overrides and corrections",
    "Every rule that somebody passed and everything that was corrected or cancelled, with the reason.",
    _COLUMNS,
    (Filter.FROM, Filter.TO),
    lambda wanted: _together([*_corrections(wanted), *_holds(wanted)]),
    Chart("what"),
)

AUDIT = Report(
    "audit",
    "Audit log",
    "Who did what when: vouchers, holds, corrections, log-ins.",
    _COLUMNS,
    (Filter.FROM, Filter.TO),
    lambda wanted: _together([*_vouchers(wanted), *_corrections(wanted), *_holds(wanted), *_log_ins(wanted)]),
)
