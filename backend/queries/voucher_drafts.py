"""Drafts of vouchers: the open ones of a site, and one as its form fills in."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, load_only

from backend.models import VoucherDraft

_CARD = (
    VoucherDraft.id,
    VoucherDraft.kind,
    VoucherDraft.status,
    VoucherDraft.revision,
    VoucherDraft.entries,
    VoucherDraft.remark,
    VoucherDraft.opened_at,
    VoucherDraft.changed_at,
)
_PEOPLE = (joinedload(VoucherDraft.opened_by), joinedload(VoucherDraft.changed_by))


def drafts(session: Session, site_id: int, kinds: Collection[str], limit: int = 200) -> list[dict[str, Any]]:
    """The open drafts of some kinds at a site, the one that was changed last first."""
    found = session.scalars(
        select(VoucherDraft)
        .where(VoucherDraft.site_id == site_id, VoucherDraft.status == "draft", VoucherDraft.kind.in_(kinds))
        .order_by(VoucherDraft.changed_at.desc(), VoucherDraft.id)
        .options(load_only(*_CARD), *_PEOPLE)
        .limit(limit)
    )
    return [_card(draft) for draft in found]


def draft(session: Session, draft_id: str) -> dict[str, Any] | None:
    """One draft; when it is submitted, the voucher that it became."""
    found = session.get(
        VoucherDraft, draft_id, options=(*_PEOPLE, joinedload(VoucherDraft.voucher)), populate_existing=True
    )
    if found is None:
        return None
    voucher = found.voucher and {"id": found.voucher.id, "number": found.voucher.number}
    return _card(found) | {"site_id": found.site_id, "body": found.body, "voucher": voucher}


def _card(found: VoucherDraft) -> dict[str, Any]:
    return {
        "id": found.id,
        "kind": found.kind,
        "status": found.status,
        "revision": found.revision,
        "entries": found.entries,
        "remark": found.remark,
        "opened_by": found.opened_by.username,
        "opened_at": found.opened_at,
        "changed_by": found.changed_by.username,
        "changed_at": found.changed_at,
    }
