"""The draft that a voucher is made from, for the routes that post one."""

from collections.abc import Callable
from typing import Any, TypeVar

from marshmallow import fields

from backend.api.schemas import Request, guid, whole
from backend.domain.people import Actor
from backend.models import Voucher
from backend.services import voucher_drafts
from backend.services.voucher_drafts import Seen
from backend.unit_of_work import UnitOfWork

Kind = TypeVar("Kind", bound=Voucher)


class DraftRef(Request):
    """A draft, and the revision of it that the person had before them."""

    id = guid(required=True)
    revision = whole(required=True)


def of_draft() -> fields.Nested:
    """The draft that becomes the voucher; none where it was not kept before."""
    return fields.Nested(
        DraftRef,
        load_default=None,
        allow_none=True,
        metadata={"description": "The draft that this voucher was; it is closed with it."},
    )


def finishing(work: UnitOfWork, actor: Actor, kind: str, wanted: dict[str, Any], make: Callable[[], Kind]) -> Kind:
    """Post what a request wants and close the draft that it names; see :func:`voucher_drafts.finish`."""
    draft = wanted["draft"] and Seen(**wanted["draft"])
    return voucher_drafts.finish(work, actor, draft, wanted["id"], kind, make)
