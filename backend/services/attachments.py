"""Pictures for vouchers: kept by the phone that took them, then named by the voucher that they belong to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select

from backend.domain.errors import DomainError, refuse
from backend.domain.people import Actor, Permission
from backend.models import Attachment, Voucher
from backend.services.feed import SiteFeed
from backend.services.vouchers import digest_of, id_reused
from backend.unit_of_work import UnitOfWork

MOST_OF_A_VOUCHER = 20
MOST_WAITING = 60
"""Pictures of one person that no voucher has named yet: three full visits that a phone sends after a day offline."""

WAITS_FOR = timedelta(days=30)
"""A picture that nothing has named by then belongs to a form that was given up."""


class AttachmentKind(StrEnum):
    """What a picture shows."""

    PHOTO = "photo"
    READING = "reading"
    SIGNATURE = "signature"


LEAST_SIZE = {AttachmentKind.PHOTO: (32, 32), AttachmentKind.READING: (32, 32), AttachmentKind.SIGNATURE: (100, 40)}
"""Width and height in pixels below which nothing can be seen."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept.

    Args:
        attachment_id: UUID made on the device.
        site_id: Whose people may look at it.
        kind: What it shows.
        note: What the person says about it.
        done_at: When it was taken, by the device's clock.
        came: SHA-256 of the file as it came.
        jpeg: The picture encoded anew.
        size: Its width and height.
        voucher_id: The voucher that it belongs to, if that is on the server already.
    """

    attachment_id: str
    site_id: int
    kind: AttachmentKind
    note: str | None
    done_at: datetime
    came: str
    jpeg: bytes
    size: tuple[int, int]
    voucher_id: str | None = None

    @property
    def digest(self) -> str:
        """What tells a request that is sent again from another one with the same id."""
        return digest_of(self.site_id, str(self.kind), self.note, self.came, self.voucher_id)


def keep(work: UnitOfWork, actor: Actor, picture: Picture) -> Attachment:
    """Keep a picture; the same id again answers with the same attachment.

    Raises:
        DomainError: ``picture_too_small``, ``attachment_quota``, ``voucher_unknown``, ``id_reused``, ``forbidden``.
    """
    actor.must(Permission.SERVICE, picture.site_id)
    feed = SiteFeed(work, picture.site_id)
    known = work.session.get(Attachment, picture.attachment_id)
    if known is not None:
        if known.request_digest != picture.digest or known.user_id != actor.user_id:
            raise id_reused(picture.attachment_id)
        return known
    _must_show_something(picture)
    _drop_given_up(work, actor)
    _must_leave_room(work, actor)
    attachment = Attachment(
        id=picture.attachment_id,
        site_id=picture.site_id,
        kind=str(picture.kind),
        note=picture.note,
        jpeg=picture.jpeg,
        request_digest=picture.digest,
        user_id=actor.user_id,
        done_at=picture.done_at,
        kept_at=work.now,
    )
    work.session.add(attachment)
    work.session.flush()
    if picture.voucher_id is not None:
        attach(work, actor, _voucher(work, picture), [attachment.id])
    feed.close()
    return attachment


def attach(work: UnitOfWork, actor: Actor, voucher: Voucher, attachment_ids: Sequence[str]) -> list[Attachment]:
    """Make pictures those of a voucher; the caller holds the lock of its site.

    Raises:
        DomainError: ``attachment_unknown``, ``attachment_taken``, ``attachment_quota``.
    """
    if not attachment_ids:
        return []
    found = {
        each.id: each
        for each in work.session.scalars(select(Attachment).where(Attachment.id.in_(sorted(set(attachment_ids)))))
    }
    for attachment_id in attachment_ids:
        each = found.get(attachment_id)
        if each is None or each.site_id != voucher.site_id or each.user_id != actor.user_id:
            raise refuse(
                "attachment_unknown",
                f"{voucher.number} names a picture that did not arrive: {attachment_id}.",
                "Send the picture first, then this again.",
                attachment_id=attachment_id,
            )
        if each.voucher_id not in (None, voucher.id):
            raise refuse(
                "attachment_taken",
                f"The picture {attachment_id} belongs to another voucher.",
                "Take the picture again.",
                attachment_id=attachment_id,
            )
    has = set(work.session.scalars(select(Attachment.id).where(Attachment.voucher_id == voucher.id)))
    if len(has | found.keys()) > MOST_OF_A_VOUCHER:
        raise _full(f"{voucher.number} would have more than {MOST_OF_A_VOUCHER} pictures.", "Leave some out.")
    for each in found.values():
        each.voucher_id = voucher.id
    return [found[attachment_id] for attachment_id in dict.fromkeys(attachment_ids)]


def kinds_of(attachments: Collection[Attachment]) -> set[str]:
    """What the pictures show."""
    return {each.kind for each in attachments}


def _voucher(work: UnitOfWork, picture: Picture) -> Voucher:
    voucher = work.session.get(Voucher, picture.voucher_id)
    if voucher is None or voucher.site_id != picture.site_id:
        raise refuse("voucher_unknown", "There is no such voucher at this site.", "Open it again from the list.")
    return voucher


def _must_show_something(picture: Picture) -> None:
    least = LEAST_SIZE[picture.kind]
    if picture.size[0] < least[0] or picture.size[1] < least[1]:
        raise refuse(
            "picture_too_small",
            f"The {picture.kind} has {picture.size[0]} × {picture.size[1]} pixels, at least {least[0]} × {least[1]} "
            "are needed to see something.",
            "Sign again, or type the name." if picture.kind is AttachmentKind.SIGNATURE else "Take the picture again.",
        )


def _drop_given_up(work: UnitOfWork, actor: Actor) -> None:
    work.session.execute(
        delete(Attachment).where(
            Attachment.user_id == actor.user_id,
            Attachment.voucher_id.is_(None),
            Attachment.kept_at < work.now - WAITS_FOR,
        )
    )


def _must_leave_room(work: UnitOfWork, actor: Actor) -> None:
    waiting = work.session.scalar(
        select(func.count()).where(Attachment.user_id == actor.user_id, Attachment.voucher_id.is_(None))
    )
    if waiting is not None and waiting >= MOST_WAITING:
        raise _full(
            f"{waiting} pictures of {actor.username} belong to nothing yet.",
            "Send the visits that they are for, or wait until the oldest are dropped.",
        )


def _full(message: str, next_step: str) -> DomainError:
    return refuse("attachment_quota", message, next_step)
