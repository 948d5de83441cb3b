"""Keeping what people changed, in the transaction that changes it."""

import getpass
from collections.abc import Iterable, Mapping
from typing import Any

from backend.domain.people import Actor
from backend.models import AuditEvent
from backend.unit_of_work import UnitOfWork

_MOST_VALUE = 200


def note(
    work: UnitOfWork, actor: Actor | None, *, kind: str, subject: str, facts: str = "", site_id: int | None = None
) -> None:
    """Keep that something was changed.

    Args:
        work: The unit of work that changes it.
        actor: Who does; ``None`` for the command line, kept with the name that its user has on this machine.
        kind: What was done, such as ``item_changed``.
        subject: What people call the thing.
        facts: What it was and is, as :func:`changed` says it.
        site_id: The site that it belongs to; ``None`` for what all sites share.
    """
    event = AuditEvent(site_id=site_id, kind=kind, subject=subject[:200], facts=facts, at=work.now)
    event.by_id, event.by_name = (actor.user_id, None) if actor else (None, _command_line())
    work.session.add(event)


def changed(fields: Mapping[str, tuple[Any, Any]]) -> str:
    """What fields were and are; those that stayed as they were are left out.

    >>> changed({"name": ("Pump", "Pump 2"), "contact": (None, "Bo"), "code": ("P-1", "P-1")})
    'name: Pump -> Pump 2; contact: - -> Bo'
    """
    differing = {field: (before, after) for field, (before, after) in fields.items() if before != after}
    return "; ".join(f"{field}: {_said(before)} -> {_said(after)}" for field, (before, after) in differing.items())


def _command_line() -> str:
    try:
        return f"command line ({getpass.getuser()})"[:80]
    except (KeyError, OSError):
        # A container may run as a number that has no name.
        return "command line"


def _said(value: Any) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(map(str, value)) or "-"
    return str(value)[:_MOST_VALUE]
