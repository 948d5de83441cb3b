"""Refusals: what was refused, by which rule, and what to do next."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something was not done. ``code`` is stable and listed in docs/errors.md; the texts may change.

    Args:
        code: Stable name of the rule, in snake_case.
        message: One sentence that names the unit or thing and the reason.
        next_step: One sentence that says what the person can do now.
        actions: Next steps that a screen can offer as buttons, each ``{"kind": ..., **facts}``.
        facts: What a program needs to act on the refusal.
    """

    code: str
    message: str
    next_step: str
    actions: tuple[dict[str, Any], ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


class DomainError(Exception):
    """A rule said no to a whole request; carries the :class:`Refusal` that explains it."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.code}: {refusal.message}")
        self.refusal = refusal


def refuse(code: str, message: str, next_step: str, **facts: Any) -> DomainError:
    """Make the error to raise for a refusal without buttons.

    >>> refuse("receipt_empty", "PR-1 has no units.", "Scan a unit first.").refusal.code
    'receipt_empty'
    """
    return DomainError(Refusal(code, message, next_step, facts=facts))
