"""Stock counts as screens show them: who counted, how much on which shelf, and what came of it."""

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from backend.domain.locations import SHELVES
from backend.models import (
    Batch,
    CountResult,
    CountRound,
    CountScan,
    Item,
    Location,
    SerialNumber,
    StockCount,
    User,
)

NEWEST_SCANS = 100


def counts(session: Session, site_id: int, status: str | None) -> list[dict[str, Any]]:
    """The counts of a site, newest first; ``open`` are those that are not posted."""
    query = select(StockCount).where(StockCount.site_id == site_id)
    if status == "open":
        query = query.where(StockCount.status.in_(("draft", "submitted")))
    elif status is not None:
        query = query.where(StockCount.status == status)
    found = session.scalars(
        query.order_by(StockCount.opened_at.desc())
        .limit(200)
        .options(joinedload(StockCount.location).joinedload(Location.parent), joinedload(StockCount.opened_by))
    ).all()
    rounds = _rounds(session, [count.id for count in found])
    return [_card(count, rounds[count.id]) for count in found]


def site_of(session: Session, count_id: str) -> int | None:
    """The site of a count, for the question who may see it."""
    return session.scalar(select(StockCount.site_id).where(StockCount.id == count_id))


def count(session: Session, count_id: str) -> dict[str, Any] | None:
    """One count with its shelves and its newest scans; what should be there only when it is not blind."""
    found = session.get(StockCount, count_id)
    if found is None:
        return None
    rounds = _rounds(session, [count_id])[count_id]
    card = _card(found, rounds)
    return card | {
        "shelves": _shelves(session, found, card["round"], is_blind=card["is_blind"]),
        "scans": _scans(session, found, card["round"]),
        "cancel_reason": found.cancel_reason,
    }


def results(session: Session, count_id: str) -> list[dict[str, Any]]:
    """What an approved count said, as it was approved."""
    rows = session.scalars(select(CountResult).where(CountResult.voucher_id == count_id).order_by(CountResult.id))
    return named_results(session, [{column: getattr(row, column) for column in _COLUMNS} for row in rows])


_COLUMNS = (
    "kind",
    "text",
    "qty",
    "serial_id",
    "item_id",
    "batch_id",
    "book_location_id",
    "shelf_location_id",
    "note",
    "posted",
)


def named_results(session: Session, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Results with the names of their items, batches and places."""
    items = _names(session, Item.id, Item.item_code, {row["item_id"] for row in rows})
    batches = _names(session, Batch.id, Batch.batch_no, {row["batch_id"] for row in rows})
    wanted = {row[name] for row in rows for name in ("book_location_id", "shelf_location_id")} - {None}
    places = {
        place.id: place.path
        for place in session.scalars(
            select(Location).where(Location.id.in_(wanted)).options(joinedload(Location.parent))
        )
    }
    return [
        {
            "kind": str(row["kind"]),
            "text": row["text"],
            "qty": row["qty"],
            "unit_id": row["serial_id"],
            "item_code": items.get(row["item_id"]),
            "batch_no": batches.get(row["batch_id"]),
            "book": places.get(row["book_location_id"]),
            "shelf": places.get(row["shelf_location_id"]),
            "note": row["note"],
            "posted": row["posted"],
        }
        for row in rows
    ]


def _names(session: Session, key: Any, name: Any, ids: set[Any]) -> dict[int, str]:
    return {row[0]: row[1] for row in session.execute(select(key, name).where(key.in_(ids - {None})))}


def _rounds(session: Session, count_ids: list[str]) -> dict[str, list[CountRound]]:
    found: defaultdict[str, list[CountRound]] = defaultdict(list)
    for each in session.scalars(
        select(CountRound)
        .where(CountRound.voucher_id.in_(count_ids))
        .order_by(CountRound.round)
        .options(joinedload(CountRound.counted_by), joinedload(CountRound.approved_by))
    ):
        found[each.voucher_id].append(each)
    return found


def _card(found: StockCount, rounds: list[CountRound]) -> dict[str, Any]:
    last = rounds[-1]
    return {
        "id": found.id,
        "number": found.number,
        "status": found.status,
        "place": found.location and {"id": found.location.id, "code": found.location.code, "path": found.location.path},
        "remark": found.remark,
        "round": last.round,
        "is_blind": last.is_blind,
        "rounds": [
            {
                "round": each.round,
                "by": each.counted_by.username,
                "started_at": each.started_at,
                "submitted_at": each.submitted_at,
            }
            for each in rounds
        ],
        "approved_by": last.approved_by and last.approved_by.username,
        "opened_at": found.opened_at,
    }


def _shelves(session: Session, found: StockCount, round_no: int, *, is_blind: bool) -> list[dict[str, Any]]:
    tree = select(Location.id).where(Location.id == found.location_id).cte(recursive=True)
    tree = tree.union_all(select(Location.id).join(tree, Location.parent_id == tree.c.id))
    places = session.scalars(
        select(Location)
        .where(Location.id.in_(select(tree.c.id)), Location.kind.in_(SHELVES), Location.retired_at.is_(None))
        .options(joinedload(Location.parent))
    ).all()
    of_round = (CountScan.voucher_id == found.id, CountScan.round == round_no, CountScan.undone_at.is_(None))
    counted = Counter(
        {
            row.location_id: row.scans
            for row in session.execute(
                select(CountScan.location_id, func.count().label("scans"))
                .where(*of_round, CountScan.outcome != "duplicate")
                .group_by(CountScan.location_id)
            )
        }
    )
    expected: dict[int, int] = {}
    if not is_blind:
        expected = {
            row.location_id: row.units
            for row in session.execute(
                select(SerialNumber.location_id, func.count().label("units"))
                .where(SerialNumber.location_id.in_([place.id for place in places]))
                .group_by(SerialNumber.location_id)
            )
        }
    return [
        {
            "id": place.id,
            "code": place.code,
            "path": place.path,
            "counted": counted[place.id],
            "expected": None if is_blind else expected.get(place.id, 0),
        }
        for place in sorted(places, key=lambda each: (each.walk_order, each.path))
    ]


def _scans(session: Session, found: StockCount, round_no: int) -> list[dict[str, Any]]:
    rows = session.execute(
        select(
            CountScan.id,
            CountScan.location_id,
            CountScan.text,
            CountScan.qty,
            CountScan.outcome,
            CountScan.message,
            CountScan.recorded_at,
            SerialNumber.serial_no,
            User.username.label("by"),
        )
        .join(User, User.id == CountScan.user_id)
        .outerjoin(SerialNumber, SerialNumber.id == CountScan.serial_id)
        .where(CountScan.voucher_id == found.id, CountScan.round == round_no, CountScan.undone_at.is_(None))
        .order_by(CountScan.recorded_at.desc(), CountScan.id)
        .limit(NEWEST_SCANS)
    )
    return [dict(row._mapping) for row in rows]
