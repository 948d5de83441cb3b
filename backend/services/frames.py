"""Pictures that a phone could not read: read in a child process, and kept only where a person wants it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.domain.errors import DomainError, refuse
from backend.domain.people import Actor, Permission
from backend.models import KeptFrame
from backend.services.feed import SiteFeed
from backend.unit_of_work import UnitOfWork
from scanner import symbology
from scanner.gs1 import parse
from scanner.image_header import ImageError
from scanner.options import DecodeOptions
from scanner.sandbox import Busy, DecodeCrashed, DecodeTimedOut, Sandbox

BUDGET_MS = 1_500
"""Processor time for each picture: no further step of the decoder starts after this; most need a tenth of it."""

DEADLINE_MS = 4_000
"""By the clock; leaves the last step time to end before the sandbox's own limit of five seconds."""

MOST_KEPT = 200
"""Pictures that a site keeps for each purpose; the list of them shows as many. None goes by itself."""

_NEXT_STEP = "Take the picture again, or type the serial number."


def read_frames(sandbox: Sandbox, frames: Sequence[bytes], formats: Sequence[str] = ()) -> dict[str, Any]:
    """Read one picture or a burst.

    Args:
        sandbox: Where pictures from outside are read.
        frames: One to eight JPEG, PNG or WebP pictures of the same label.
        formats: Symbologies to look for; those of a warehouse when empty.

    Returns:
        ``codes``, each with its ``meaning``, and ``reason`` when there is none.

    Raises:
        DomainError: The codes of :class:`scanner.image_header.ImageError` and of :mod:`scanner.sandbox`.
    """
    options = DecodeOptions(
        formats=tuple(formats) or symbology.WAREHOUSE, budget_ms=BUDGET_MS * len(frames), deadline_ms=DEADLINE_MS
    )
    with _told_as_refusals():
        result = sandbox.read(list(frames), options)
    return {
        "codes": [
            code.as_dict() | {"meaning": parse(code.text, code.symbology_identifier).as_dict()} for code in result.codes
        ],
        "reason": result.reason and {"code": result.reason, "message": result.reason.message},
    }


def encode_anew(sandbox: Sandbox, frame: bytes, *, most_side: int | None = None) -> bytes:
    """A picture as a fresh JPEG, in colour where ``most_side`` bounds it; nothing of the file as it came is kept.

    Raises:
        DomainError: As :func:`read_frames`.
    """
    with _told_as_refusals():
        return sandbox.encode_anew(frame, most_side=most_side)


def turn_away_when_full(sandbox: Sandbox) -> None:
    """Refuse before anything of a request is read into memory.

    Raises:
        DomainError: ``decoder_busy``.
    """
    if sandbox.is_full:
        raise _busy()


@contextmanager
def _told_as_refusals() -> Iterator[None]:
    try:
        yield
    except Busy as error:
        raise _busy() from error
    except ImageError as error:
        raise refuse(error.code, error.message, _NEXT_STEP) from error
    except DecodeTimedOut as error:
        raise refuse("decode_timed_out", "Reading the picture took too long.", _NEXT_STEP) from error
    except DecodeCrashed as error:
        raise refuse("decode_crashed", "The picture cannot be decoded: reading it broke off.", _NEXT_STEP) from error


def _busy() -> DomainError:
    return refuse(
        "decoder_busy",
        "The server is reading as many pictures as it can.",
        "Try again in two seconds, or type the serial number.",
        retry_after=Busy.retry_after,
    )


def keep_frame(work: UnitOfWork, actor: Actor, *, site_id: int, purpose: str, note: str | None, jpeg: bytes) -> int:
    """Keep a picture on purpose; returns its id.

    Args:
        work: The unit of work.
        actor: Who kept it.
        site_id: Whose supervisors may look at it.
        purpose: ``bad_label`` or ``held_claim``.
        note: What the person says about it.
        jpeg: The picture, encoded anew.

    Raises:
        DomainError: ``kept_frames_full``.
    """
    SiteFeed(work, site_id)  # One after the other, so that two do not take the last place.
    must_have_room(work.session, site_id, purpose)
    frame = KeptFrame(
        site_id=site_id,
        user_id=actor.user_id,
        purpose=purpose,
        note=note,
        jpeg=jpeg,
        kept_at=work.now,
    )
    work.session.add(frame)
    work.session.flush()
    return frame.id


def must_have_room(session: Session, site_id: int, purpose: str) -> None:
    """Raise the refusal ``kept_frames_full`` where a site keeps as many pictures for a purpose as it may.

    The ones that are there stay: each waits for a person who looks at it and then removes it.
    """
    kept = session.scalar(
        select(func.count()).select_from(KeptFrame).where(KeptFrame.site_id == site_id, KeptFrame.purpose == purpose)
    )
    if (kept or 0) >= MOST_KEPT:
        raise refuse(
            "kept_frames_full",
            f"{MOST_KEPT} pictures of this kind are kept at this site; this one was not.",
            "Ask a supervisor to save those that are still needed and to remove the others.",
            limit=MOST_KEPT,
        )


def remove_frame(work: UnitOfWork, actor: Actor, *, frame_id: int) -> None:
    """Remove a kept picture that nobody needs any more.

    Raises:
        DomainError: ``not_found``, ``forbidden``.
    """
    frame = work.session.get(KeptFrame, frame_id)
    if frame is None:
        raise refuse("not_found", f"There is no kept picture {frame_id}.", "Go back to the list.")
    actor.must(Permission.OVERRIDE, frame.site_id)
    SiteFeed(work, frame.site_id)
    work.session.delete(frame)
