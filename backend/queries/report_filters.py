"""What the filters of a report name, by the codes that a link carries."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.errors import refuse
from backend.models import Item, Location, Party


def item(session: Session, code: str) -> int | None:
    """The item of a code; ``None`` for no code.

    Raises:
        DomainError: ``item_unknown``.
    """
    code = code.strip()
    found = session.scalar(select(Item.id).where(Item.item_code == code)) if code else None
    if code and found is None:
        raise refuse("item_unknown", f"There is no item '{code}'.", "Choose an item of the list.")
    return found


def place(session: Session, code: str, site_id: int) -> int | None:
    """The place of a code at a site; ``None`` for no code.

    Raises:
        DomainError: ``location_unknown``.
    """
    code = code.strip()
    at_site = select(Location.id).where(Location.code == code, Location.site_id == site_id)
    found = session.scalar(at_site) if code else None
    if code and found is None:
        raise refuse("location_unknown", f"There is no place '{code}' at this site.", "Choose a place of the list.")
    return found


def party(session: Session, code: str) -> int | None:
    """The supplier or customer of a code; ``None`` for no code.

    Raises:
        DomainError: ``party_unknown``.
    """
    code = code.strip()
    found = session.scalar(select(Party.id).where(Party.code == code)) if code else None
    if code and found is None:
        raise refuse("party_unknown", f"There is no supplier or customer '{code}'.", "Choose one of the list.")
    return found
