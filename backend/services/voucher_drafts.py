"""Drafts of the vouchers that are posted in one request: kept with gaps, finished by anybody who may post them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import func, select

from backend.domain.errors import DomainError, refuse
from backend.domain.people import Actor, Permission
from backend.models import Voucher, VoucherDraft
from backend.services.editing import changed_meanwhile
from backend.services.feed import SiteFeed
from backend.services.vouchers import id_reused
from backend.unit_of_work import UnitOfWork

Kind = TypeVar("Kind", bound=Voucher)

PERMISSIONS: Mapping[str, Permission] = {
    "stock_transfer": Permission.MOVE,
    "supplier_return": Permission.MOVE,
    "stock_entry": Permission.MOVE,
    "delivery_note": Permission.DELIVER,
    "sales_invoice": Permission.ORDERS_MANAGE,
}
"""The vouchers that have such a draft, and what posting one asks for, which its draft asks for, too."""

MOST_BYTES = 256 * 1024
"""Of the body of a draft: ten thousand serial numbers of 20 characters."""

MOST_DRAFTS = 200
"""Open drafts of one kind at a site."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A draft as a person had it before them."""

    id: str
    revision: int


def save(
    work: UnitOfWork, actor: Actor, draft: Seen, *, kind: str, site_id: int, body: Mapping[str, Any]
) -> VoucherDraft:
    """Keep a draft; the same again answers with the same.

    Args:
        work: The unit of work.
        actor: Needs what posting such a voucher needs.
        draft: Its id, made by the caller, and the revision that was seen; 0 for a new one.
        kind: Of :data:`PERMISSIONS`.
        site_id: Where it is kept; nobody elsewhere sees it.
        body: What the route of the voucher takes, as far as it is filled in.

    Raises:
        DomainError: ``draft_too_large``, ``too_many_drafts``, ``draft_unknown``, ``draft_closed``,
            ``changed_meanwhile``, ``id_reused``, ``forbidden``.
    """
    actor.must(PERMISSIONS[kind], site_id)
    size = len(json.dumps(body))
    if size > MOST_BYTES:
        raise refuse(
            "draft_too_large",
            f"The draft has {size // 1024 + 1} KB; a draft has at most {MOST_BYTES // 1024} KB.",
            "Submit what is on it, and begin another voucher for the rest.",
            size=size,
            limit=MOST_BYTES,
        )
    known = work.session.get(VoucherDraft, draft.id, with_for_update=True)
    if known is None:
        known = _new(work, actor, draft, kind, site_id)
    elif (known.kind, known.site_id) != (kind, site_id):
        raise id_reused(draft.id)
    else:
        _must_be_open(known)
        if (known.changed_by_id, known.revision, known.body) == (actor.user_id, draft.revision + 1, body):
            return known
        _must_be_as_seen(known, draft)
    goods = [*body.get("goods", ()), *body.get("lines", ())]
    known.body, known.remark = dict(body), body.get("remark")
    known.entries = len(body.get("serial_nos", ())) + len(goods)
    _stamp(work, actor, known)
    return known


def discard(work: UnitOfWork, actor: Actor, draft: Seen) -> VoucherDraft:
    """Give a draft up; again: the same answer.

    Raises:
        DomainError: ``draft_unknown``, ``draft_closed``, ``changed_meanwhile``, ``forbidden``.
    """
    known = _locked(work, actor, draft.id)
    if known.status != "discarded":
        _must_be_open(known)
        _must_be_as_seen(known, draft)
        _close(work, actor, known, "discarded")
    return known


def finish(
    work: UnitOfWork, actor: Actor, draft: Seen | None, voucher_id: str, kind: str, make: Callable[[], Kind]
) -> Kind:
    """Post a voucher and close the draft that it was, both or neither; without a draft just post it.

    The draft is locked before any site is, so that the second of two people learns which voucher it became, and
    not that its units are gone. The voucher was opened by who began the draft.

    Args:
        work: The unit of work.
        actor: Who posts it; ``make`` checks that they may.
        draft: What they had before them.
        voucher_id: The id of the voucher, for a request that is sent again.
        kind: What it is.
        make: Posts it.

    Raises:
        DomainError: ``draft_unknown``, ``draft_closed``, ``changed_meanwhile``, ``forbidden``, and what ``make``
            raises.
    """
    if draft is None:
        return make()
    known = _locked(work, actor, draft.id)
    if known.voucher_id == voucher_id:
        return make()
    if known.kind != kind:
        raise draft_unknown()
    _must_be_open(known)
    _must_be_as_seen(known, draft)
    voucher = make()
    if voucher.site_id != known.site_id:
        raise draft_unknown()
    voucher.opened_by_id, voucher.opened_at = known.opened_by_id, known.opened_at
    _close(work, actor, known, "submitted", voucher.id)
    return voucher


def draft_unknown() -> DomainError:
    """The refusal of a draft that is not there, or not here."""
    return refuse("draft_unknown", "There is no such draft at this site.", "Go back to the list of drafts.")


def _new(work: UnitOfWork, actor: Actor, draft: Seen, kind: str, site_id: int) -> VoucherDraft:
    if draft.revision != 0:
        raise draft_unknown()
    open_drafts = select(func.count()).where(
        VoucherDraft.site_id == site_id, VoucherDraft.status == "draft", VoucherDraft.kind == kind
    )
    if (work.session.scalar(open_drafts) or 0) >= MOST_DRAFTS:
        raise refuse(
            "too_many_drafts",
            f"The site has {MOST_DRAFTS} open drafts of this kind, which is the limit.",
            "Submit or discard some of them first.",
            limit=MOST_DRAFTS,
        )
    known = VoucherDraft(id=draft.id, kind=kind, status="draft", site_id=site_id, revision=0)
    known.opened_by_id, known.opened_at = actor.user_id, work.now
    work.session.add(known)
    return known


def _locked(work: UnitOfWork, actor: Actor, draft_id: str) -> VoucherDraft:
    known = work.session.get(VoucherDraft, draft_id, with_for_update=True)
    if known is None:
        raise draft_unknown()
    actor.must(PERMISSIONS[known.kind], known.site_id)
    return known


def _must_be_open(draft: VoucherDraft) -> None:
    by = draft.changed_by.username
    if draft.voucher is not None:
        raise refuse(
            "draft_closed",
            f"{by} has submitted this draft; it is {draft.voucher.number} now.",
            f"Open {draft.voucher.number} to see what is on it.",
            by=by,
            number=draft.voucher.number,
            voucher_id=draft.voucher_id,
        )
    if draft.status != "draft":
        raise refuse("draft_closed", f"{by} has discarded this draft.", "Begin a new voucher if it is needed.", by=by)


def _must_be_as_seen(draft: VoucherDraft, seen: Seen) -> None:
    if draft.revision != seen.revision:
        raise changed_meanwhile(draft.changed_by.username, draft.changed_at, "draft")


def _close(work: UnitOfWork, actor: Actor, draft: VoucherDraft, status: str, voucher_id: str | None = None) -> None:
    draft.status, draft.voucher_id, draft.body = status, voucher_id, {}
    _stamp(work, actor, draft)


def _stamp(work: UnitOfWork, actor: Actor, draft: VoucherDraft) -> None:
    feed = SiteFeed(work, draft.site_id)
    draft.revision += 1
    draft.changed_by_id, draft.changed_at = actor.user_id, work.now
    work.session.flush()
    feed.tell("draft_changed")
    feed.close()
