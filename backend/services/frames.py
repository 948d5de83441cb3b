"""Pictures that a phone could not read: read in a child process, and kept only where a person wants it."""

import base64
from collections.abc import Sequence
from typing import Any

from backend.domain.errors import refuse
from backend.domain.people import Actor
from backend.models import KeptFrame
from backend.unit_of_work import UnitOfWork
from scanner.gs1 import parse
from scanner.sandbox import PictureRefused, Place

BUDGET_MS = 1_500
"""No further step of the decoder starts after this; most pictures are read within a tenth of it."""


def read_frames(
    place: Place, frames: Sequence[bytes], formats: Sequence[str] = (), keep: bool = False
) -> dict[str, Any]:
    """Read one picture or a burst.

    Args:
        place: A place in the queue of the sandbox.
        frames: One to eight JPEG, PNG or WebP pictures of the same label.
        formats: Symbologies to look for; those of a warehouse when empty.
        keep: Whether ``kept`` is to hold the first picture as a fresh JPEG, base64.

    Returns:
        ``codes``, each with its ``meaning``, and ``reason`` when there is none; ``kept``.

    Raises:
        DomainError: The codes of :class:`scanner.sandbox.PictureRefused`.
    """
    options: dict[str, Any] = {"budget_ms": BUDGET_MS}
    if formats:
        options["formats"] = list(formats)
    try:
        answer = place.read(frames, keep=keep, **options)
    except PictureRefused as error:
        raise refuse(error.code, error.message, "Take the picture again, or type the serial number.") from error
    for code in answer["codes"]:
        code["meaning"] = parse(code["text"], code["symbology_identifier"]).as_dict()
    return answer


def keep_frame(work: UnitOfWork, actor: Actor, *, site_id: int, purpose: str, note: str | None, jpeg: str) -> int:
    """Keep a picture on purpose; returns its id.

    Args:
        work: The unit of work.
        actor: Who kept it.
        site_id: Whose supervisors may look at it.
        purpose: ``bad_label`` or ``held_claim``.
        note: What the person says about it.
        jpeg: The re-encoded picture, base64; nothing of the file as it came is kept.
    """
    frame = KeptFrame(
        site_id=site_id,
        user_id=actor.user_id,
        purpose=purpose,
        note=note,
        jpeg=base64.b64decode(jpeg),
        kept_at=work.now,
    )
    work.session.add(frame)
    work.session.flush()
    return frame.id
