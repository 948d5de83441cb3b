"""Batches: their dates, which somebody corrects with a reason."""

from datetime import date

from backend.domain.batch_dates import BatchDates, unfit
from backend.domain.errors import DomainError
from backend.domain.people import Actor, Permission
from backend.models import Batch, BatchChange, Item, SerialNumber
from backend.services.holds import lock_batch
from backend.services.releasing import tell_lists_with
from backend.unit_of_work import UnitOfWork


def change_dates(
    work: UnitOfWork,
    actor: Actor,
    *,
    batch_id: int,
    manufactured_on: date | None,
    expires_on: date | None,
    reason: str,
) -> Batch:
    """Give a batch other dates; what they were is kept with the reason. The same dates again change nothing.

    Raises:
        DomainError: ``not_found``, ``forbidden``, ``expiry_before_manufacture``, ``expiry_required``.
    """
    batch, feeds = lock_batch(work, actor, batch_id, Permission.MASTERS_MANAGE)
    item = work.session.get_one(Item, batch.item_id)
    refusal = unfit(
        f"Batch {batch.batch_no}",
        BatchDates(manufactured_on, expires_on),
        item_code=item.item_code,
        expiry_required=item.expiry_required,
    )
    if refusal:
        raise DomainError(refusal)
    if (batch.manufactured_on, batch.expires_on) == (manufactured_on, expires_on):
        return batch
    work.session.add(
        BatchChange(
            batch_id=batch.id,
            manufactured_before=batch.manufactured_on,
            expires_before=batch.expires_on,
            manufactured_on=manufactured_on,
            expires_on=expires_on,
            reason=reason,
            changed_by_id=actor.user_id,
            changed_at=work.now,
        )
    )
    batch.manufactured_on, batch.expires_on = manufactured_on, expires_on
    tell_lists_with(work, feeds, SerialNumber.batch_id == batch.id)
    for feed in feeds:
        feed.tell("batch_changed")
        feed.close()
    return batch
