"""Reports for auditors: what was passed, corrected or taken back, and who did what when."""

from typing import Any

from sqlalchemy import Select, exists, func, select

from backend.models import ApiToken, AuditEvent, Hold, UserRole, UserSession, Webhook, table
from backend.queries.reports.acts import ACT_COLUMNS, act, listed, together
from backend.queries.reports.corrections import CORRECTED, contract_acts, corrections
from backend.queries.reports.report import Chart, Filter, Order, Report, Wanted
from backend.queries.reports.sources import batch, serial, user, voucher

_hold, _event = table(Hold), table(AuditEvent)
_session, _role = table(UserSession), table(UserRole)
_token, _webhook = table(ApiToken), table(Webhook)

_HELD = ("hold_placed", "hold_lifted")
_MASTERS = tuple(
    f"{master}_{what}"
    for master in ("item", "party", "place")
    for what in ("made", "changed", "retired", "brought_back")
)
_SITES = ("site_made", "site_days_changed", "series_changed")
_PEOPLE = ("user_made", "log_ins_ended", "logged_in", "log_in_revoked")
_PROGRAMS = ("token_made", "token_revoked", "webhook_added", "webhook_stopped")
_VOUCHERS = ("voucher_opened", "voucher_submitted")


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
        acts.append(act(what, of_batch, at, by_id, wanted, subject=batch.c.batch_no, reason=reason))
        acts.append(act(what, of_unit, at, by_id, wanted, at_site, subject=serial.c.serial_no, reason=reason))
    return acts


def _vouchers(wanted: Wanted) -> list[Select[Any]]:
    at_site = voucher.c.site_id == wanted.site_id
    return [
        act(what, voucher, at, by_id, wanted, at_site, subject=voucher.c.type, voucher_no=voucher.c.number)
        for what, at, by_id in (
            ("voucher_opened", voucher.c.opened_at, voucher.c.opened_by_id),
            ("voucher_submitted", voucher.c.submitted_at, voucher.c.submitted_by_id),
        )
    ]


def _log_ins(wanted: Wanted) -> list[Select[Any]]:
    # A log-in is of no site; those of the people who work at this one are shown.
    here = _session.c.user_id.in_(select(_role.c.user_id).where(_role.c.site_id == wanted.site_id))
    # Those that the command line ended, the person did not: it is kept as an act of its own.
    ended_for_them = exists().where(
        _event.c.kind == "log_ins_ended", _event.c.subject == user.c.username, _event.c.at == _session.c.revoked_at
    )
    return [
        act(
            "logged_in",
            _session,
            _session.c.created_at,
            _session.c.user_id,
            wanted,
            here,
            subject=_session.c.user_agent,
        ),
        act("log_in_revoked", _session, _session.c.revoked_at, _session.c.user_id, wanted, here, ~ended_for_them),
    ]


def _programs(wanted: Wanted) -> list[Select[Any]]:
    acts = []
    for of, name, may, each in (
        (_token, _token.c.name, _token.c.permissions, ("token_made", _token.c.made_at, _token.c.made_by_id)),
        (_token, _token.c.name, _token.c.permissions, ("token_revoked", _token.c.revoked_at, _token.c.revoked_by_id)),
        (_webhook, _webhook.c.url, _webhook.c.kinds, ("webhook_added", _webhook.c.made_at, _webhook.c.made_by_id)),
        (
            _webhook,
            _webhook.c.url,
            _webhook.c.kinds,
            ("webhook_stopped", _webhook.c.stopped_at, _webhook.c.stopped_by_id),
        ),
    ):
        what, at, by_id = each
        acts.append(act(what, of, at, by_id, wanted, of.c.site_id == wanted.site_id, subject=name, facts=listed(may)))
    return acts


def _changes(wanted: Wanted) -> Select[Any]:
    """Changes of masters, of the site and of its people; items and parties are of all sites."""
    here = (_event.c.site_id == wanted.site_id) | _event.c.site_id.is_(None)
    return act(
        _event.c.kind,
        _event,
        _event.c.at,
        _event.c.by_id,
        wanted,
        here,
        subject=_event.c.subject,
        facts=_event.c.facts,
        # What was done before its name was kept.
        by_name=func.coalesce(_event.c.by_name, "command line"),
    )


def _everything(wanted: Wanted) -> list[Select[Any]]:
    return [
        *_vouchers(wanted),
        *corrections(wanted),
        *_holds(wanted),
        contract_acts(wanted, "made"),
        _changes(wanted),
        *_programs(wanted),
        *_log_ins(wanted),
    ]


CORRECTIONS = Report(
    "corrections",
    "Overrides and corrections",
    "Every rule that somebody passed and everything that was corrected, decided or cancelled, with the reason.",
    ACT_COLUMNS,
    (Filter.FROM, Filter.TO, Filter.ACT),
    lambda wanted: together([*corrections(wanted), *_holds(wanted)], wanted),
    Chart("what"),
    acts=(*CORRECTED, *_HELD),
)

AUDIT = Report(
    "audit",
    "Audit log",
    "Who did what when: vouchers, holds, corrections, decisions, masters, people, programs, devices, log-ins.",
    ACT_COLUMNS,
    (Filter.FROM, Filter.TO, Filter.ACT),
    lambda wanted: together(_everything(wanted), wanted),
    Chart("at", order=Order.DAYS),
    acts=(*_VOUCHERS, *CORRECTED, *_HELD, "contract_made", *_MASTERS, *_SITES, *_PEOPLE, *_PROGRAMS),
)
