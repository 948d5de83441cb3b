"""Mail: which addresses may be written to, and what a letter looks like."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from backend.domain.errors import refuse

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it is written down. ``id`` stays the same however often it is sent."""

    id: str
    to: str
    subject: str
    text: str


def must_be_address(text: str) -> None:
    """Raise ``email_invalid`` unless it is one address of the usual form, and nothing beside it.

    Raises:
        DomainError: ``email_invalid``.
    """
    if not _ADDRESS.fullmatch(text) or ".." in text or len(text) > 254:
        raise refuse(
            "email_invalid",
            "This is no e-mail address.",
            "Give one address, such as dock@example.com, or leave it out.",
        )


def written(letter: Letter, sender: str, at: datetime) -> EmailMessage:
    """The message as it goes out. A line break in a header is an error of ours, never a second header.

    Raises:
        ValueError: A header has a line break.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{letter.id}@serialtrail>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message
