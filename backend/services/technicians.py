"""Who services what: the technicians of a site."""

from sqlalchemy import select

from backend.domain.errors import refuse
from backend.domain.people import Actor, Role
from backend.models import User, UserRole
from backend.unit_of_work import UnitOfWork


def technician_named(work: UnitOfWork, actor: Actor, site_id: int, username: str | None) -> int | None:
    """The id of a technician of a site; the person themselves when none is named and they are one.

    Raises:
        DomainError: ``technician_unknown``.
    """
    if username is None:
        return actor.user_id if Role.TECHNICIAN in actor.roles.get(site_id, ()) else None
    user_id = work.session.scalar(
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(
            User.username == username,
            User.disabled_at.is_(None),
            UserRole.site_id == site_id,
            UserRole.role == str(Role.TECHNICIAN),
        )
    )
    if user_id is None:
        raise refuse(
            "technician_unknown",
            f"{username} is no technician of this site.",
            "Choose a technician of the list.",
            username=username,
        )
    return user_id
