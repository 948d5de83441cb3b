"""Pictures that a phone could not read: read in a child process, and kept only where a person wants it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from backend.domain.errors import DomainError, refuse
from backend.domain.people import Actor
from backend.models import KeptFrame
from backend.unit_of_work import UnitOfWork
from scanner import symbology
from scanner.gs1 import parse
from scanner.options import DecodeOptions
from scanner.picture import ImageError
from scanner.sandbox import Busy, DecodeCrashed, DecodeTimedOut, Sandbox

BUDGET_MS = 1_500
"""Processor time for each picture: no further step of the decoder starts after this; most need a tenth of it."""

DEADLINE_MS = 4_000
"""By the clock; leaves the last step time to end before the sandbox's own limit of five seconds."""

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
        DomainError: The codes of :class:`scanner.picture.ImageError` and of :mod:`scanner.sandbox`.
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
    """
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
