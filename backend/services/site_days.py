"""How a site counts its days: its time zone and the beginning of its fiscal year, for those who may change them."""

from backend.domain.errors import refuse
from backend.domain.people import Actor
from backend.domain.site_days import SiteCalendar, must_be_time_zone
from backend.models import Location, SiteDays, User
from backend.services.auditing import changed, note
from backend.services.editing import changed_meanwhile, must_manage
from backend.services.feed import SiteFeed
from backend.unit_of_work import UnitOfWork


def set_days(work: UnitOfWork, actor: Actor, *, site_id: int, time_zone: str, fiscal_month: int, version: int) -> None:
    """Change the time zone of a site and the month in which its fiscal year begins.

    Args:
        work: The unit of work.
        actor: Who does it.
        site_id: The site.
        time_zone: IANA name.
        fiscal_month: 1 to 12.
        version: What the person saw before; 0 where the site had said nothing yet.

    Raises:
        DomainError: ``forbidden``, ``changed_meanwhile``, ``time_zone_unknown``, ``site_day_back``.
    """
    must_manage(actor, site_id)
    SiteFeed(work, site_id)
    known = work.session.get(SiteDays, site_id)
    if (known.version if known else 0) != version:
        by = work.session.get(User, known.edited_by_id) if known else None
        raise changed_meanwhile(
            by.username if by else "Somebody", known.edited_at if known else None, "days of the site"
        )
    must_be_time_zone(time_zone)
    calendar = SiteCalendar(time_zone, fiscal_month)
    day = calendar.day_of(work.now)
    if day < work.today:
        # Vouchers of today would be dated after those that follow them.
        raise refuse(
            "site_day_back",
            f"At this site it is {work.today}; in {time_zone} it is still {day}.",
            f"Change it when it is {work.today} there, too: dates of vouchers never go back.",
        )
    before = work.calendar
    facts = changed({"time_zone": (before.time_zone, time_zone), "fiscal_month": (before.fiscal_month, fiscal_month)})
    if not facts:
        return
    site = work.session.get_one(Location, site_id)
    note(work, actor, kind="site_days_changed", subject=site.code, facts=facts, site_id=site_id)
    if known is None:
        known = SiteDays(site_id=site_id, version=0)
        work.session.add(known)
    known.time_zone, known.fiscal_month, known.version = time_zone, fiscal_month, known.version + 1
    known.edited_by_id, known.edited_at = actor.user_id, work.now
    work.session.flush()
