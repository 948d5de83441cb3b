"""Stock counts: opened for a place, filled by scans, submitted, recounted by somebody else, approved and posted."""

from collections.abc import Sequence

from sqlalchemy import func, insert, select

from backend.domain.counting import POSTED, CountKind, Result
from backend.domain.errors import refuse
from backend.domain.ledger import Move
from backend.domain.locations import LocationKind
from backend.domain.people import Actor, Permission
from backend.models import (
    Balance,
    CountResult,
    CountRound,
    CountScan,
    StockCount,
    VoucherLine,
    table,
)
from backend.services.count_books import judge_round
from backend.services.feed import SiteFeed
from backend.services.moving import post, shelf
from backend.services.places import inside, only_place
from backend.services.releasing import release_out_of_reach
from backend.services.vouchers import digest_of, id_reused, locked, made_before, must_be, next_number
from backend.unit_of_work import UnitOfWork


def open_count(
    work: UnitOfWork, actor: Actor, *, count_id: str, location_id: int, is_blind: bool, remark: str | None
) -> StockCount:
    """Begin to count a place with all that lies inside; the same id again answers with the same count.

    Args:
        work: The unit of work.
        actor: Needs ``count`` at the site.
        count_id: UUID made on the device.
        location_id: The place.
        is_blind: Who counts is not told what should be there.
        remark: Why it is counted.

    Raises:
        DomainError: ``location_unknown``, ``id_reused``, ``forbidden``.
    """
    place, site_id = shelf(work, location_id)
    actor.must(Permission.COUNT, site_id)
    feed = SiteFeed(work, site_id)
    digest = digest_of(location_id, is_blind, remark)
    known = made_before(work, StockCount, count_id)
    if known is not None:
        if known.request_digest != digest:
            raise id_reused(count_id)
        return known
    count = StockCount(
        id=count_id,
        number=next_number(work, StockCount, site_id),
        status="draft",
        site_id=site_id,
        location_id=place.id,
        remark=remark,
        dated_on=work.today,
        request_digest=digest,
        opened_by_id=actor.user_id,
        opened_at=work.now,
    )
    work.session.add(count)
    work.session.flush()
    _begin_round(work, actor, feed, count, 1, is_blind=is_blind)
    feed.tell("count_changed", voucher_id=count.id)
    feed.close()
    return count


def submit_count(work: UnitOfWork, actor: Actor, *, count_id: str, round_no: int | None = None) -> StockCount:
    """Say that all is counted; again: the same answer. Nothing is posted by it.

    Raises:
        DomainError: ``round_changed``, ``voucher_unknown``, ``voucher_not_open``, ``forbidden``.
    """
    count, feed = locked(work, actor, StockCount, count_id, Permission.COUNT)
    if count.status == "submitted":
        return count
    must_be(count, "draft")
    last = _meant(work, count, round_no)
    last.submitted_at = work.now
    count.status, count.submitted_by_id, count.submitted_at = "submitted", actor.user_id, work.now
    work.session.flush()
    feed.tell("count_changed", voucher_id=count.id)
    feed.close()
    return count


def recount(work: UnitOfWork, actor: Actor, *, count_id: str, round_no: int, is_blind: bool) -> StockCount:
    """Count the place once more, by somebody who has not counted it yet; its last round is what will be approved.

    Args:
        work: The unit of work.
        actor: Needs ``count``.
        count_id: The count.
        round_no: Which round this is; the same again answers with the same round.
        is_blind: Who counts is not told what should be there.

    Raises:
        DomainError: ``counted_before``, ``voucher_unknown``, ``voucher_not_open``, ``forbidden``.
    """
    count, feed = locked(work, actor, StockCount, count_id, Permission.COUNT)
    last = last_round(work, count)
    if last.round == round_no and last.counted_by_id == actor.user_id:
        return count
    must_be(count, "submitted")
    if last.round + 1 != round_no or actor.user_id in who_counted(work, count):
        raise refuse(
            "counted_before",
            f"{actor.username} has counted {count.number} already, or somebody else counts it again.",
            "A recount is made by a person who has not counted it yet.",
            number=count.number,
        )
    _begin_round(work, actor, feed, count, round_no, is_blind=is_blind)
    count.status, count.submitted_by_id, count.submitted_at = "draft", None, None
    work.session.flush()
    feed.tell("count_changed", voucher_id=count.id)
    feed.close()
    return count


def approve_count(work: UnitOfWork, actor: Actor, *, count_id: str, round_no: int | None = None) -> StockCount:
    """Post what the last round says: what is missing is lost, what is misplaced is where it was found.

    What moved since the round began is left alone, whatever the round says of it. Again: the same answer.

    Raises:
        DomainError: ``approve_own_count``, ``round_changed``, ``voucher_unknown``, ``voucher_not_open``, ``forbidden``.
    """
    count, feed = locked(work, actor, StockCount, count_id, Permission.OVERRIDE)
    if count.status == "closed":
        return count
    must_be(count, "submitted")
    if actor.user_id in who_counted(work, count):
        raise refuse(
            "approve_own_count",
            f"{actor.username} has counted {count.number} and cannot approve it.",
            "Ask another supervisor.",
            number=count.number,
        )
    last = _meant(work, count, round_no)
    place, _ = shelf(work, count.location_id or 0)
    results = judge_round(work.session, count, last, inside(work, place))
    moving = _post(work, actor, feed, count, results)
    rows = [
        {
            "voucher_id": count.id,
            "kind": str(result.kind),
            "serial_id": result.serial_id,
            "text": result.text,
            "item_id": result.item_id,
            "batch_id": result.batch_id,
            "qty": result.qty,
            "book_location_id": result.book_location_id,
            "shelf_location_id": result.shelf_location_id,
            "note": result.note[:500],
            "posted": result in moving,
        }
        for result in results
    ]
    if rows:
        work.session.execute(insert(table(CountResult)), rows)
    last.approved_by_id, last.approved_at = actor.user_id, work.now
    count.status = "closed"
    work.session.flush()
    feed.tell("count_changed", voucher_id=count.id)
    feed.tell("stock_moved", voucher_id=count.id)
    feed.close()
    return count


def last_round(work: UnitOfWork, count: StockCount) -> CountRound:
    """The round that counts."""
    return work.session.scalars(
        select(CountRound).where(CountRound.voucher_id == count.id).order_by(CountRound.round.desc())
    ).first() or CountRound(voucher_id=count.id, round=0)


def _meant(work: UnitOfWork, count: StockCount, round_no: int | None) -> CountRound:
    """The last round, if it is the one that the person has seen."""
    last = last_round(work, count)
    if round_no is not None and round_no != last.round:
        raise refuse(
            "round_changed",
            f"{count.number} was counted again: round {last.round} counts now, not {round_no}.",
            "Open the count again and look at its last round.",
            number=count.number,
            round=last.round,
        )
    return last


def who_counted(work: UnitOfWork, count: StockCount) -> set[int]:
    """Everybody who began a round or scanned in one."""
    return set(work.session.scalars(select(CountRound.counted_by_id).where(CountRound.voucher_id == count.id))) | set(
        work.session.scalars(select(CountScan.user_id).where(CountScan.voucher_id == count.id).distinct())
    )


def _begin_round(
    work: UnitOfWork, actor: Actor, feed: SiteFeed, count: StockCount, round_no: int, *, is_blind: bool
) -> None:
    work.session.add(
        CountRound(
            voucher_id=count.id,
            round=round_no,
            is_blind=is_blind,
            after_seq=feed.ledger_seq,
            counted_by_id=actor.user_id,
            started_at=work.now,
        )
    )
    work.session.flush()


def _post(work: UnitOfWork, actor: Actor, feed: SiteFeed, count: StockCount, results: Sequence[Result]) -> set[Result]:
    """Move what differs; goods that were taken away since are left alone. Returns the results that were posted."""
    moving = [result for result in results if result.kind in POSTED and _is_there(work, result)]
    if not moving:
        return set()
    lost = only_place(work, count.site_id, LocationKind.LOST)
    count.dated_on = work.today
    items = sorted({(result.item_id or 0, result.batch_id, result.serial_id is None) for result in moving}, key=str)
    lines = {
        (item_id, batch_id, is_goods): VoucherLine(
            voucher_id=count.id,
            idx=idx,
            item_id=item_id,
            batch_id=batch_id if is_goods else None,
            qty=sum(
                result.qty
                for result in moving
                if (result.item_id, result.batch_id, result.serial_id is None) == (item_id, batch_id, is_goods)
            ),
        )
        for idx, (item_id, batch_id, is_goods) in enumerate(items, start=1)
    }
    work.session.add_all(lines.values())
    work.session.flush()
    moves = []
    for result in moving:
        book, found = result.book_location_id or lost, result.shelf_location_id or lost
        came, went = {
            CountKind.MISSING: (book, lost),
            CountKind.SURPLUS: (lost, found),
        }.get(result.kind, (book, found))
        line = lines[result.item_id or 0, result.batch_id, result.serial_id is None]
        moves.append(Move(line.item_id, result.serial_id, result.batch_id, came, went, result.qty, line.id))
    post(work, feed, count, moves, actor)
    where = {move.serial_id: move.to_location_id for move in moves if move.serial_id is not None}
    release_out_of_reach(work, actor, feed, where, count)
    return set(moving)


def _is_there(work: UnitOfWork, result: Result) -> bool:
    if result.serial_id is not None or result.kind is not CountKind.MISSING:
        return True
    has = work.session.scalar(
        select(func.sum(Balance.qty)).where(
            Balance.location_id == result.book_location_id,
            Balance.item_id == result.item_id,
            Balance.batch_id.is_not_distinct_from(result.batch_id),
        )
    )
    return (has or 0) >= result.qty
