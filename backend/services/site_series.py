"""How a site numbers its vouchers and the items and parties it makes: by its own series, or by the usual ones."""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, select

from backend.domain import serials
from backend.domain.errors import refuse
from backend.domain.people import Actor
from backend.domain.series import resolve
from backend.models import SiteSeries, User
from backend.services.auditing import changed, note
from backend.services.editing import changed_meanwhile, must_manage
from backend.services.feed import calendar_of
from backend.services.numbering import draw
from backend.services.vouchers import SERIES
from backend.unit_of_work import UnitOfWork

USUAL: Mapping[str, str] = {
    "item": "ITEM-.#####",
    "party": "PARTY-.#####",
    **{str(kind.__mapper__.polymorphic_identity): pattern for kind, pattern in SERIES.items()},
}
"""The series where a site does not say otherwise, by what they number."""


def pattern_of(connection: Connection, site_id: int, kind: str) -> str:
    """The series that numbers a kind of thing at a site."""
    own = connection.scalar(select(SiteSeries.pattern).where(SiteSeries.site_id == site_id, SiteSeries.kind == kind))
    return own or USUAL[kind]


def draw_code(work: UnitOfWork, site_id: int, kind: str, is_taken: Callable[[str], bool]) -> str:
    """Draw the code of a new item or party."""
    work.calendar = calendar_of(work.connection, site_id)
    return draw(work, pattern_of(work.connection, site_id, kind), is_taken=is_taken)


def set_series(
    work: UnitOfWork, actor: Actor, *, site_id: int, kind: str, pattern: str | None, seen: str | None
) -> None:
    """Give a site its own series for a kind of thing; ``None`` goes back to the usual one.

    Args:
        work: The unit of work.
        actor: Who does it.
        site_id: The site.
        kind: One of ``USUAL``.
        pattern: The series.
        seen: The site's own series that the person saw before.

    Raises:
        DomainError: ``forbidden``, ``changed_meanwhile``, ``series_dot_missing``, ``series_unknown_field``,
            ``series_gives_no_number``.
    """
    must_manage(actor, site_id)
    known = work.session.get(SiteSeries, (site_id, kind), with_for_update=True)
    if (known.pattern if known else None) != seen:
        by = work.session.get(User, known.edited_by_id) if known else None
        raise changed_meanwhile(
            by.username if by else "Somebody", known.edited_at if known else None, f"series of {kind}"
        )
    before = known.pattern if known else None
    if pattern == before:
        return
    if pattern is None:
        if known is not None:
            _note(work, actor, site_id, kind, before, None)
            work.session.delete(known)
        return
    number = resolve(pattern, work.today, calendar=calendar_of(work.connection, site_id)).number(1)
    refusal = serials.check(number)
    if refusal:
        raise refuse(
            "series_gives_no_number",
            f"The series '{serials.printable(pattern)}' gives no number to use: {refusal.message}",
            "Shorten it, or write it with letters, digits and hyphens.",
        )
    if known is None:
        known = SiteSeries(site_id=site_id, kind=kind)
        work.session.add(known)
    known.pattern, known.edited_by_id, known.edited_at = pattern, actor.user_id, work.now
    _note(work, actor, site_id, kind, before, pattern)
    work.session.flush()


def _note(work: UnitOfWork, actor: Actor, site_id: int, kind: str, before: str | None, after: str | None) -> None:
    facts = changed({"series": (before, after)})
    note(work, actor, kind="series_changed", subject=kind, facts=facts, site_id=site_id)
