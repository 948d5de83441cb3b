"""Opening stock: what is in a place before the first receipt gets its identity by the same ways in."""

from backend.domain.people import Actor, Permission
from backend.models import OpeningStock
from backend.services.feed import SiteFeed
from backend.services.receiving import receivable, reject_location
from backend.services.vouchers import id_reused, made_before, next_number
from backend.unit_of_work import UnitOfWork


def open_opening_stock(
    work: UnitOfWork, actor: Actor, *, opening_id: str, site_id: int, location_id: int
) -> OpeningStock:
    """Begin to record what is in a place; the same id again answers with the same voucher.

    It is filled, posted and given up like a receipt. Nothing was ordered, so it takes any item and any number.

    Raises:
        DomainError: ``site_unknown``, ``location_unknown``, ``reject_location_missing``, ``id_reused``,
            ``forbidden``.
    """
    actor.must(Permission.MOVE, site_id)
    feed = SiteFeed(work, site_id)
    known = made_before(work, OpeningStock, opening_id)
    if known is not None:
        if (known.site_id, known.location_id) != (site_id, location_id):
            raise id_reused(opening_id)
        return known
    opening = OpeningStock(
        id=opening_id,
        number=next_number(work, OpeningStock, site_id),
        status="draft",
        site_id=site_id,
        location_id=receivable(work, site_id, location_id).id,
        reject_location_id=reject_location(work, site_id).id,
        dated_on=work.today,
        opened_by_id=actor.user_id,
        opened_at=work.now,
    )
    work.session.add(opening)
    work.session.flush()
    feed.tell("opening_opened", voucher_id=opening.id)
    feed.close()
    return opening
