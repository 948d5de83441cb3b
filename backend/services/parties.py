"""Suppliers and customers: made, edited and retired."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, select

from backend.domain.errors import DomainError, refuse
from backend.domain.people import Actor
from backend.models import Party, Voucher
from backend.services import editing
from backend.services.site_series import draw_code
from backend.unit_of_work import UnitOfWork

FIELDS = ("kind", "name", "contact")


def create_party(work: UnitOfWork, actor: Actor, *, site_id: int, code: str | None, fields: Mapping[str, Any]) -> Party:
    """Make a supplier or customer; the site's series gives the code when there is none.

    Raises:
        DomainError: ``code_taken``.
    """
    editing.must_manage(actor, site_id)
    code = code or draw_code(work, site_id, "party", lambda text: _has_code(work, text))
    if _has_code(work, code):
        raise editing.code_taken("party", code)
    party = Party(code=code, **dict.fromkeys(FIELDS) | dict(fields))
    editing.stamp(work, actor, party, party.name)
    work.session.add(party)
    work.session.flush()
    return party


def edit_party(work: UnitOfWork, actor: Actor, *, party_id: int, version: int, fields: Mapping[str, Any]) -> Party:
    """Change a supplier or customer.

    Raises:
        DomainError: ``not_found``, ``changed_meanwhile``, ``code_taken``, ``party_has_vouchers``.
    """
    editing.must_manage(actor)
    party = editing.for_change(work, Party, party_id, version)
    changes = editing.differing(party, fields)
    must_take(work, party, changes)
    if changes:
        editing.apply(work, actor, party, changes)
    return party


def must_take(work: UnitOfWork, party: Party, changes: Mapping[str, Any]) -> None:
    """Raise the refusal of changes that a party cannot take."""
    if "code" in changes and _has_code(work, changes["code"]):
        raise editing.code_taken("party", changes["code"])
    if "kind" in changes and work.session.scalar(select(exists().where(Voucher.party_id == party.id))):
        raise kind_is_fixed(party, changes["kind"])


def kind_is_fixed(party: Party, kind: str) -> DomainError:
    """The refusal of another kind for a party that vouchers name."""
    return refuse(
        "party_has_vouchers",
        f"{party.code} is the {party.kind} of vouchers.",
        f"Keep it as it is, and make another party for a {kind}.",
    )


def retire_party(work: UnitOfWork, actor: Actor, *, party_id: int, version: int) -> Party:
    """Offer a party no more; histories keep it."""
    editing.must_manage(actor)
    party = editing.for_change(work, Party, party_id, version)
    editing.retire(work, actor, party)
    return party


def bring_party_back(work: UnitOfWork, actor: Actor, *, party_id: int, version: int) -> Party:
    """Offer a party again."""
    editing.must_manage(actor)
    party = editing.for_change(work, Party, party_id, version)
    editing.bring_back(work, actor, party)
    return party


def _has_code(work: UnitOfWork, code: str) -> bool:
    return work.session.scalar(select(Party.id).where(Party.code == code)) is not None
