"""The pictures of a voucher, and one picture."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backend.models import Attachment


def of_voucher(session: Session, voucher_id: str) -> list[dict[str, Any]]:
    """The pictures of a voucher in the order in which they were taken, without the pictures themselves."""
    rows = session.scalars(
        select(Attachment)
        .where(Attachment.voucher_id == voucher_id)
        .order_by(Attachment.done_at, Attachment.id)
        .options(joinedload(Attachment.user))
    )
    return [present(each) for each in rows]


def present(attachment: Attachment) -> dict[str, Any]:
    """One picture in one line."""
    return {
        "id": attachment.id,
        "kind": attachment.kind,
        "note": attachment.note,
        "voucher_id": attachment.voucher_id,
        "by": attachment.user.username,
        "done_at": attachment.done_at,
        "kept_at": attachment.kept_at,
    }


def attachment(session: Session, attachment_id: str) -> Attachment | None:
    """One picture; its JPEG is read when it is asked for."""
    return session.get(Attachment, attachment_id, options=[joinedload(Attachment.user)])
