"""What a person scans or enters while counting: kept as it came, judged once, answered once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from backend.domain import serials
from backend.domain.availability import UnitFacts
from backend.domain.errors import DomainError, Refusal, refuse
from backend.domain.ledger import Quantity
from backend.domain.people import Actor, Permission
from backend.domain.receiving import Tracking
from backend.models import CountRound, CountScan, Item, ItemBarcode, Location, StockCount
from backend.services.choosing import named
from backend.services.counting import last_round, who_counted
from backend.services.goods import GoodsWanted, goods_named
from backend.services.places import inside
from backend.services.scan_meaning import read
from backend.services.vouchers import locked, must_be
from backend.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CountedScan:
    """What was seen on a shelf: a scanned text, or goods by quantity; or the wish to take a scan back."""

    id: str
    location_id: int | None = None
    text: str = ""
    symbology: str = ""
    item_id: int | None = None
    batch_no: str | None = None
    qty: Quantity | None = None
    scanned_at: datetime | None = None
    undoes: str | None = None


@dataclass(frozen=True, slots=True)
class CountOutcome:
    """The answer for one scan: ``counted``, ``misplaced``, ``unknown``, ``duplicate``, ``undone`` or ``refused``."""

    id: str
    status: str
    message: str
    serial_no: str | None = None
    code: str | None = None


def record_count_scans(
    work: UnitOfWork, actor: Actor, *, count_id: str, scans: Sequence[CountedScan]
) -> list[CountOutcome]:
    """Record what was seen, in the order of the scans; one that was sent before gets its first answer again.

    Raises:
        DomainError: ``voucher_unknown``, ``voucher_not_open``, ``counted_before``, ``forbidden``.
    """
    count, feed = locked(work, actor, StockCount, count_id, Permission.COUNT)
    known = {
        scan.id: scan
        for scan in work.session.scalars(select(CountScan).where(CountScan.id.in_([scan.id for scan in scans])))
    }
    if all(scan.id in known or scan.undoes for scan in scans) and count.status != "draft":
        return [_again(count, known.get(scan.id), scan) for scan in scans]
    must_be(count, "draft")
    this = last_round(work, count)
    if this.counted_by_id != actor.user_id and this.round > 1 and actor.user_id in _earlier(work, count, this):
        raise refuse(
            "counted_before",
            f"{actor.username} has counted {count.number} already.",
            "A recount is made by a person who has not counted it yet.",
            number=count.number,
        )
    place = work.session.get_one(Location, count.location_id)
    places = inside(work, place)
    books = named(work.connection, [text for scan in scans if (text := _serial_text(scan))])
    seen = {
        row.serial_id: row
        for row in work.session.scalars(
            select(CountScan).where(
                CountScan.voucher_id == count.id,
                CountScan.round == this.round,
                CountScan.serial_id.is_not(None),
                CountScan.undone_at.is_(None),
                CountScan.outcome != "duplicate",
            )
        )
    }
    outcomes = []
    for scan in scans:
        if scan.undoes:
            outcomes.append(_undo(work, count, seen, scan))
            continue
        if scan.id in known:
            outcomes.append(_again(count, known[scan.id], scan))
            continue
        row = _judged(work, scan, place, places, books, seen, is_blind=this.is_blind)
        if isinstance(row, Refusal):
            outcomes.append(CountOutcome(scan.id, "refused", row.message, code=row.code))
            continue
        kept = CountScan(
            id=scan.id,
            voucher_id=count.id,
            round=this.round,
            text=scan.text,
            symbology=scan.symbology,
            user_id=actor.user_id,
            scanned_at=scan.scanned_at,
            recorded_at=work.now,
            **{"qty": 1, "location_id": scan.location_id or place.id} | row,
        )
        work.session.add(kept)
        work.session.flush()
        known[scan.id] = kept
        if kept.serial_id is not None and kept.outcome != "duplicate":
            earlier = seen.get(kept.serial_id)
            if earlier is not None:
                earlier.undone_at = work.now  # Seen on another shelf: the last word counts.
            seen[kept.serial_id] = kept
        outcomes.append(_outcome(kept))
    feed.tell("count_changed", voucher_id=count.id)
    feed.close()
    return outcomes


def _earlier(work: UnitOfWork, count: StockCount, this: CountRound) -> set[int]:
    here = select(CountScan.user_id).where(CountScan.voucher_id == count.id, CountScan.round == this.round)
    return who_counted(work, count) - set(work.session.scalars(here))


def _serial_text(scan: CountedScan) -> str | None:
    if scan.item_id is not None or not scan.text:
        return None
    meaning = read(scan.text, scan.symbology)
    if isinstance(meaning, Refusal):
        return None
    text = meaning.code.serial_no or meaning.code.text
    return None if serials.check(text) else text


def _judged(
    work: UnitOfWork,
    scan: CountedScan,
    place: Location,
    places: frozenset[int],
    books: dict[str, list[UnitFacts]],
    seen: dict[int | None, CountScan],
    *,
    is_blind: bool,
) -> dict[str, Any] | Refusal:
    shelf_id = scan.location_id or place.id
    if shelf_id not in places:
        return Refusal("location_unknown", f"This place is not inside {place.path}.", "Choose a bin of the count.")
    if scan.item_id is not None:
        return _goods(work, scan)
    meaning = read(scan.text, scan.symbology)
    if isinstance(meaning, Refusal):
        return _unknown(meaning.message)
    text = _serial_text(scan)
    matches = books.get(serials.key(text), []) if text else []
    item = _item(work, meaning.code.gtin or meaning.lookup or scan.text.strip())
    if item is not None and len(matches) > 1:
        matches = [unit for unit in matches if unit.item_id == item.id]
    if len(matches) > 1:
        matches = [unit for unit in matches if unit.location_id in places] or matches
    if len(matches) == 1:
        return _unit(matches[0], shelf_id, places, seen, is_blind=is_blind)
    if matches:
        codes = " and ".join(sorted(unit.item_code for unit in matches))
        return _unknown(f"{text} is a serial number of {codes}; scan a code that names the item, too.")
    if item is not None and not meaning.code.serial_no:
        return _product(work, scan, item, meaning.code.batch_no)
    text = serials.printable(scan.text.strip())[:80]
    return _unknown(f"'{text}' is no unit of ours. Go on: it is noted, and decided when the count is approved.")


def _unit(
    unit: UnitFacts,
    shelf_id: int,
    places: frozenset[int],
    seen: dict[int | None, CountScan],
    *,
    is_blind: bool,
) -> dict[str, Any]:
    row = {"serial_id": unit.serial_id, "item_id": unit.item_id, "batch_id": unit.batch_id}
    earlier = seen.get(unit.serial_id)
    if earlier is not None and earlier.location_id == shelf_id:
        return row | {"outcome": "duplicate", "message": f"{unit.serial_no} is counted here already."}
    if not is_blind and unit.location_id != shelf_id:
        return row | {"outcome": "misplaced", "message": f"{unit.serial_no}: the books have it in {unit.location}."}
    return row | {"outcome": "counted", "message": unit.serial_no}


def _product(work: UnitOfWork, scan: CountedScan, item: Item, batch_no: str | None) -> dict[str, Any] | Refusal:
    if Tracking(item.tracking).has_serial:
        return _unknown(f"This is the product code of {item.item_code}: scan the serial number.")
    return _goods(
        work,
        CountedScan(scan.id, scan.location_id, item_id=item.id, batch_no=batch_no or scan.batch_no, qty=scan.qty or 1),
    )


def _goods(work: UnitOfWork, scan: CountedScan) -> dict[str, Any] | Refusal:
    qty = scan.qty if scan.qty is not None else 1
    try:
        (goods,) = goods_named(work, [GoodsWanted(scan.item_id or 0, qty, scan.batch_no)])
    except DomainError as error:
        return error.refusal
    return {
        "item_id": goods.item_id,
        "batch_id": goods.batch_id,
        "qty": qty,
        "outcome": "counted",
        "message": f"{qty} {goods.item_code}",
    }


def _item(work: UnitOfWork, code: str) -> Item | None:
    if serials.has_hidden_characters(code):
        return None
    return work.session.scalar(select(Item).join(ItemBarcode).where(ItemBarcode.code == code))


def _unknown(message: str) -> dict[str, Any]:
    return {"outcome": "unknown", "message": message[:500]}


def _undo(work: UnitOfWork, count: StockCount, seen: dict[int | None, CountScan], scan: CountedScan) -> CountOutcome:
    kept = work.session.get(CountScan, scan.undoes)
    if kept is None or kept.voucher_id != count.id:
        return CountOutcome(scan.id, "refused", "That scan is not in this count.", code="nothing_to_undo")
    kept.undone_at = kept.undone_at or work.now
    if seen.get(kept.serial_id) is kept:
        del seen[kept.serial_id]
    work.session.flush()
    return CountOutcome(scan.id, "undone", kept.message)


def _again(count: StockCount, kept: CountScan | None, scan: CountedScan) -> CountOutcome:
    if kept is None:
        return CountOutcome(scan.id, "refused", f"{count.number} is {count.status}.", code="voucher_not_open")
    same = kept.voucher_id == count.id and (kept.text, kept.location_id) == (
        scan.text,
        scan.location_id or count.location_id,
    )
    if not same or (scan.qty is not None and scan.qty != kept.qty):
        return CountOutcome(
            scan.id, "refused", f"The id {scan.id} was used before for something else.", code="id_reused"
        )
    return _outcome(kept)


def _outcome(kept: CountScan) -> CountOutcome:
    return CountOutcome(kept.id, kept.outcome, kept.message, kept.serial.serial_no if kept.serial else None)
