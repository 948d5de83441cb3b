"""A batch's page: its dates, its state with the reason, where it is, and who changed what."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from backend.domain.availability import BatchState, HoldKind, batch_state_of
from backend.domain.locations import STATE_AT, LocationKind
from backend.models import Balance, Batch, BatchChange, Item, Location, User
from backend.queries.availability import holds
from backend.queries.receipts import party
from backend.queries.receipts import place as place_card
from backend.queries.stock import places_by_id


def batch(session: Session, batch_id: int, today: date, sites: Collection[int]) -> dict[str, Any] | None:
    """One batch that is or was at some sites, or has not come in anywhere yet; places of other sites are left out."""
    of_batch = Balance.batch_id == Batch.id
    at_sites = exists().where(of_batch, Balance.location_id == Location.id, Location.site_id.in_(sites))
    found = session.scalar(
        select(Batch)
        .where(Batch.id == batch_id, or_(at_sites, ~exists().where(of_batch)))
        .options(joinedload(Batch.supplier))
    )
    if found is None:
        return None
    item = session.get_one(Item, found.item_id)
    kept = holds(session, batch_ids=[batch_id])
    return {
        "id": found.id,
        "batch_no": found.batch_no,
        "item": {"id": item.id, "item_code": item.item_code, "name": item.name, "tracking": item.tracking},
        "manufactured_on": found.manufactured_on,
        "expires_on": found.expires_on,
        "supplier": party(found.supplier),
        "created_at": found.created_at,
        "state": state_of(kept, found.expires_on, today),
        "places": _places(session, batch_id, sites),
        "holds": kept,
        "changes": _changes(session, batch_id),
    }


def of_item(session: Session, item_id: int, today: date, site_id: int, limit: int = 200) -> list[dict[str, Any]]:
    """The batches of an item of which a site has some in the house, the first to expire first."""
    rows = session.execute(
        select(Batch.id, Batch.batch_no, Batch.expires_on, func.sum(Balance.qty).label("qty"))
        .join(Balance, Balance.batch_id == Batch.id)
        .join(Location, Location.id == Balance.location_id)
        .where(
            Batch.item_id == item_id,
            Balance.qty > 0,
            Location.site_id == site_id,
            Location.kind.in_((LocationKind.WAREHOUSE, LocationKind.BIN, LocationKind.REJECT)),
        )
        .group_by(Batch.id)
        .order_by(Batch.expires_on.is_(None), Batch.expires_on, Batch.id)
        .limit(limit)
    ).all()
    kept = holds(session, batch_ids=[row.id for row in rows])
    return [
        {
            **row._mapping,
            "state": state_of([hold for hold in kept if hold["batch_id"] == row.id], row.expires_on, today),
        }
        for row in rows
    ]


def state_of(kept: Collection[dict[str, Any]], expires_on: date | None, today: date) -> BatchState:
    """The state of a batch with these holds, lifted ones among them."""
    standing = {HoldKind(hold["kind"]) for hold in kept if hold["lifted_at"] is None}
    heaviest = HoldKind.RECALL if HoldKind.RECALL in standing else next(iter(standing), None)
    return batch_state_of(heaviest, expires_on, today)


def _places(session: Session, batch_id: int, sites: Collection[int]) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Balance.location_id, Balance.qty)
        .join(Location, Location.id == Balance.location_id)
        .where(Balance.batch_id == batch_id, Balance.qty > 0, Location.site_id.in_(sites))
        .order_by(Location.site_id, Location.code)
    ).all()
    places = places_by_id(session, {row.location_id for row in rows})
    return [
        {
            **(place_card(places[row.location_id]) or {}),
            "site_id": places[row.location_id].site_id,
            "state": STATE_AT[LocationKind(places[row.location_id].kind)],
            "qty": row.qty,
        }
        for row in rows
    ]


def _changes(session: Session, batch_id: int) -> list[dict[str, Any]]:
    rows = session.execute(
        select(
            BatchChange.manufactured_before,
            BatchChange.expires_before,
            BatchChange.manufactured_on,
            BatchChange.expires_on,
            BatchChange.reason,
            User.username.label("changed_by"),
            BatchChange.changed_at,
        )
        .join(User, User.id == BatchChange.changed_by_id)
        .where(BatchChange.batch_id == batch_id)
        .order_by(BatchChange.id.desc())
    )
    return [dict(row._mapping) for row in rows]
