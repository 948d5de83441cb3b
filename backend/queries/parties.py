"""Suppliers and customers as the people see them who look after them."""

from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, joinedload

from backend.models import Party, Voucher
from backend.queries.pages import edited, is_shown, page


def parties(
    session: Session,
    *,
    text: str = "",
    show: str = "offered",
    kind: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Parties by code, a page at a time; ``text`` is looked for in code, name and contact."""
    query = select(Party).where(*is_shown(Party, show)).options(joinedload(Party.edited_by))
    if text:
        columns = (Party.code, Party.name, Party.contact)
        query = query.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    if kind:
        query = query.where(Party.kind == kind)
    found, cursor = page(session, query, Party.code, after, limit)
    return {"parties": [_party(party) for party in found], "next": cursor}


def party(session: Session, party_id: int) -> dict[str, Any] | None:
    """One party."""
    found = session.get(Party, party_id, options=[joinedload(Party.edited_by)], populate_existing=True)
    if found is None:
        return None
    return _party(found) | {"has_vouchers": bool(session.scalar(select(exists().where(Voucher.party_id == party_id))))}


def _party(party: Party) -> dict[str, Any]:
    return {
        "id": party.id,
        "code": party.code,
        "kind": party.kind,
        "name": party.name,
        "contact": party.contact,
        **edited(party),
    }
