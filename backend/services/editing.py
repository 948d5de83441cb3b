"""How masters are edited: one version at a time, by people who may, and with their name on it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from backend.domain.errors import DomainError, refuse
from backend.domain.people import Actor, Permission, forbidden
from backend.models import Item, Location, Party
from backend.services.auditing import changed, note
from backend.unit_of_work import UnitOfWork

Master = TypeVar("Master", Item, Party, Location)

_NAMES = {Item: "item", Party: "party", Location: "place"}


def must_manage(actor: Actor, site_id: int | None = None) -> None:
    """Raise the refusal ``forbidden`` unless the actor edits masters at a site; anywhere, for what all sites share."""
    allowed = (
        actor.may_anywhere(Permission.MASTERS_MANAGE)
        if site_id is None
        else actor.may(Permission.MASTERS_MANAGE, site_id)
    )
    if not allowed:
        raise forbidden(actor.username, Permission.MASTERS_MANAGE)


def for_change(work: UnitOfWork, kind: type[Master], key: int, version: int) -> Master:
    """A master with its row locked, as the person who edits it saw it.

    Raises:
        DomainError: ``not_found``; ``changed_meanwhile``, which names who changed it and when.
    """
    master = locked(work, kind, key)
    if master.version != version:
        raise changed_meanwhile(
            master.edited_by.username if master.edited_by else "the system",
            master.edited_at,
            f"{_NAMES[kind]} {code_of(master)}",
        )
    return master


def locked(work: UnitOfWork, kind: type[Master], key: int) -> Master:
    """A master with its row locked, in whatever version.

    Raises:
        DomainError: ``not_found``.
    """
    master = work.session.get(kind, key, with_for_update=True)
    if master is None:
        raise refuse("not_found", f"There is no such {_NAMES[kind]}.", "Go back to the list.")
    return master


def changed_meanwhile(by: str, at: datetime | None, what: str) -> DomainError:
    """The refusal for a person who edits what another one has changed since."""
    when = f" at {at:%H:%M} on {at:%Y-%m-%d} (UTC)" if at else ""
    return refuse(
        "changed_meanwhile",
        f"{by} has changed the {what}{when}, after you opened it.",
        "Load it again, look at the change, and make yours once more.",
        by=by,
        at=at and at.isoformat(),
    )


def code_taken(what: str, code: str) -> DomainError:
    """The refusal of a code that something else has."""
    return refuse(
        "code_taken", f"{code} is the code of another {what} already.", "Choose another code, or edit that one."
    )


def differing(master: Item | Party | Location, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the wanted fields that a master does not have already."""
    return {field: value for field, value in wanted.items() if getattr(master, field) != value}


def apply(work: UnitOfWork, actor: Actor, master: Item | Party | Location, changes: Mapping[str, Any]) -> None:
    """Change the fields of a master, in the name of a person."""
    before = {field: getattr(master, field) for field in changes}
    for field, value in changes.items():
        setattr(master, field, value)
    stamp(work, actor, master, changed({field: (_named(before[field]), _named(changes[field])) for field in changes}))


def stamp(work: UnitOfWork, actor: Actor, master: Item | Party | Location, facts: str, act: str = "changed") -> None:
    """Count a change of a master, and keep whose it is and what it changed."""
    if master.id is None:
        act = "made"
    else:
        master.version += 1
    master.edited_by_id, master.edited_at = actor.user_id, work.now
    keep(work, actor, master, facts, act)


def keep(work: UnitOfWork, actor: Actor, master: Item | Party | Location, facts: str, act: str = "changed") -> None:
    """Keep what a person did to a master that is counted as changed already."""
    site_id = master.site_id if isinstance(master, Location) else None
    kind = f"{_NAMES[type(master)]}_{act}"
    note(work, actor, kind=kind, subject=code_of(master), facts=facts, site_id=site_id)


def code_of(master: Item | Party | Location) -> str:
    """What people call a master."""
    return master.item_code if isinstance(master, Item) else master.code


def must_be_offered(master: Item | Party | Location) -> None:
    """Raise the refusal ``retired`` for a master that nothing new is to name."""
    if master.retired_at is not None:
        raise refuse("retired", f"{code_of(master)} is retired.", "Choose another one, or bring it back first.")


def retire(work: UnitOfWork, actor: Actor, master: Item | Party | Location) -> None:
    """Offer a master no more; nothing that names it changes."""
    if master.retired_at is None:
        master.retired_at = work.now
        stamp(work, actor, master, "", "retired")


def bring_back(work: UnitOfWork, actor: Actor, master: Item | Party | Location) -> None:
    """Offer a master again."""
    if master.retired_at is not None:
        master.retired_at = None
        stamp(work, actor, master, "", "brought_back")


def _named(value: Any) -> Any:
    return code_of(value) if isinstance(value, Location) else value
