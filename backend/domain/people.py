"""Who may do what: roles give permissions, per site."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from backend.domain.errors import DomainError, refuse


class Permission(StrEnum):
    """What a route or an entry of the outbox asks for."""

    RECEIVE = "receive"
    PICK = "pick"
    DELIVER = "deliver"
    MOVE = "move"
    """Transfers, returns to a supplier, stock entries."""

    COUNT = "count"
    ORDERS_MANAGE = "orders.manage"
    """Purchase and sales orders and invoices."""

    MASTERS_MANAGE = "masters.manage"
    """Items, parties, places and their settings."""

    HOLD = "hold"
    """Put batches and units on hold, and lift it."""

    CANCEL = "cancel"
    """Take submitted vouchers back, correct serial numbers."""

    SERVICE = "service"
    """Take units in for repair, visit them, keep their maintenance plans."""

    ORDERS_READ = "orders.read"
    UNITS_READ = "units.read"
    BOARDS_READ = "boards.read"
    REPORTS_READ = "reports.read"
    """Reports, on the screen and as files."""

    OVERRIDE = "override"
    """Pass a rule that allows it, with a reason; approve counts."""

    ALERTS_MANAGE = "alerts.manage"
    """Say what is watched and who is told, and that an alert was seen."""

    USERS_MANAGE = "users.manage"


class Role(StrEnum):
    """What a person is at a site."""

    PICKER = "picker"
    TECHNICIAN = "technician"
    SUPERVISOR = "supervisor"
    SUPPORT = "support"
    ADMINISTRATOR = "administrator"


_READ = {Permission.UNITS_READ, Permission.ORDERS_READ}
_FLOOR = {Permission.RECEIVE, Permission.PICK, Permission.DELIVER, Permission.MOVE, Permission.COUNT}

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.PICKER: frozenset(_READ | _FLOOR),
    Role.TECHNICIAN: frozenset({Permission.UNITS_READ, Permission.SERVICE}),
    Role.SUPERVISOR: frozenset(
        _READ
        | _FLOOR
        | {
            Permission.BOARDS_READ,
            Permission.REPORTS_READ,
            Permission.OVERRIDE,
            Permission.ALERTS_MANAGE,
            Permission.ORDERS_MANAGE,
            Permission.MASTERS_MANAGE,
            Permission.HOLD,
            Permission.CANCEL,
            Permission.SERVICE,
        }
    ),
    Role.SUPPORT: frozenset(_READ | {Permission.BOARDS_READ, Permission.REPORTS_READ}),
    Role.ADMINISTRATOR: frozenset(Permission),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """The person on whose behalf something happens.

    Args:
        user_id: Key of the user.
        username: The name that histories show.
        roles: Roles per site id.
        session_id: Key of the session the request came with; ``None`` on the command line and for programs.
        granted: What a program's token grants per site, in the place of what roles give.
    """

    user_id: int
    username: str
    roles: Mapping[int, frozenset[Role]]
    session_id: int | None = None
    granted: Mapping[int, frozenset[Permission]] | None = None

    def permissions(self, site_id: int) -> frozenset[Permission]:
        """All that the actor may do at a site; empty for a site that is not theirs."""
        if self.granted is not None:
            return self.granted.get(site_id, frozenset())
        return frozenset().union(*(PERMISSIONS[role] for role in self.roles.get(site_id, ())))

    def may(self, permission: Permission, site_id: int) -> bool:
        """Whether the actor has a permission at a site."""
        return permission in self.permissions(site_id)

    def may_anywhere(self, permission: Permission) -> bool:
        """Whether there is any site where the actor has a permission."""
        return any(self.may(permission, site_id) for site_id in self.roles)

    def sites_with(self, permission: Permission) -> frozenset[int]:
        """The sites where the actor has a permission."""
        return frozenset(site_id for site_id in self.roles if self.may(permission, site_id))

    def must(self, permission: Permission, site_id: int) -> None:
        """Raise the refusal ``forbidden`` unless the actor has a permission at a site."""
        if not self.may(permission, site_id):
            raise forbidden(self.username, permission)


def forbidden(username: str, *permissions: Permission) -> DomainError:
    """The refusal for a person without a permission, or without any of those of which one would do."""
    named = " or ".join(f"'{each}'" for each in permissions)
    return refuse(
        "forbidden",
        f"{username} may not do this here: the permission {named} is missing at this site.",
        "Ask an administrator for the role, or switch to a site where you have it.",
        permission=" or ".join(permissions),
    )
