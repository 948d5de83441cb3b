"""Lists, files and numbers of units happen once: the same id again gets the first answer."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert

from backend.domain.people import Actor
from backend.models import Intake, table
from backend.services.vouchers import id_reused
from backend.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Asked:
    """What a device asks for under an id that it made.

    Args:
        id: UUID made on the device.
        voucher_id: The voucher that is to be filled.
        kind: ``list``, ``numbers``, ``file``, ``quantity`` or ``batch``.
        content: All that decides over the answer, as JSON would have it.
    """

    id: str
    voucher_id: str
    kind: str
    content: Mapping[str, Any]

    @property
    def digest(self) -> bytes:
        """SHA-256 of the content; the same id with another digest is not the same request."""
        content = [self.voucher_id, self.kind, self.content]
        return hashlib.sha256(json.dumps(content, default=str, sort_keys=True).encode()).digest()


def first_answer(work: UnitOfWork, asked: Asked | None) -> dict[str, Any] | None:
    """What the same request was told before; ``None`` for a new one. The voucher's site is locked already.

    Raises:
        DomainError: ``id_reused`` when the id stood for something else.
    """
    known = work.session.get(Intake, asked.id) if asked else None
    if asked and known and known.digest != asked.digest:
        raise id_reused(asked.id)
    return known.answer if known else None


def keep_answer(work: UnitOfWork, actor: Actor, asked: Asked | None, answer: dict[str, Any]) -> None:
    """Remember what a request was told."""
    if asked is not None:
        work.connection.execute(
            insert(table(Intake)).values(
                id=asked.id,
                digest=asked.digest,
                voucher_id=asked.voucher_id,
                kind=asked.kind,
                user_id=actor.user_id,
                at=work.now,
                answer=answer,
            )
        )
