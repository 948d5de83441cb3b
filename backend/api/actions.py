"""What an outbox may send besides scans: for each kind the schema, the permission and the write of its route."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from marshmallow import Schema, ValidationError

from backend.api.access import actor_or_refuse
from backend.api.scan_schemas import sentence
from backend.domain.errors import Refusal
from backend.domain.people import Actor, Permission
from backend.services.acting import IncomingAction, Made
from backend.services.scan_batches import Outcome
from backend.unit_of_work import UnitOfWork, transact

Result = TypeVar("Result", bound=Made | Outcome)
Write = Callable[..., Result]

ACTIONS: dict[str, "Action[Any]"] = {}
"""By kind. A module of routes fills it as it is imported."""


@dataclass(frozen=True, slots=True)
class Action(Generic[Result]):
    """An act that has one meaning, whether it comes by its own route or through the outbox.

    Args:
        kind: As entries name it: the voucher, and after a dot what is done to one that is there already.
        schema: What its body must be.
        permission: What it asks for at some site to come in at all; the write checks the site itself.
        write: Does it in a unit of work. It gets the loaded body, and ``voucher_id`` where it is done to a
            voucher.
    """

    kind: str
    schema: Schema
    permission: Permission
    write: Write[Result]
    is_of_voucher: bool

    def __call__(self, wanted: dict[str, Any], **voucher: str) -> Result:
        """Do it for the person of this request, as one unit of work."""
        actor = actor_or_refuse()
        return transact(lambda work: self.write(work, actor, wanted, **voucher))

    def prepare(self, actor: Actor, entry: IncomingAction) -> Callable[[UnitOfWork], Result] | Refusal:
        """The write of an entry, ready to be run; or why it cannot be one.

        The entry's own id and time stand for those of the body.
        """
        body = dict(entry.body)
        for name, value in (("id", entry.id), ("done_at", entry.done_at.isoformat())):
            if name in self.schema.fields:
                body.setdefault(name, value)
        try:
            wanted = self.schema.load(body)
        except ValidationError as error:
            return malformed(sentence(error))
        if body.get("id", entry.id) != entry.id:
            return malformed("id: Not the id of the entry.")
        if self.is_of_voucher != (entry.voucher_id is not None):
            return malformed(f"voucher_id: {'Missing' if self.is_of_voucher else 'Not asked for'}.")
        voucher = {"voucher_id": entry.voucher_id} if self.is_of_voucher else {}
        return lambda work: self.write(work, actor, wanted, **voucher)


def action(
    kind: str, schema: type[Schema], permission: Permission, *, of_voucher: bool = False
) -> Callable[[Write[Result]], Action[Result]]:
    """Make a write of this module an action: its route calls it, and the outbox finds it by its kind."""

    def decorate(write: Write[Result]) -> Action[Result]:
        made = Action(kind, schema(), permission, write, of_voucher)
        ACTIONS[kind] = made
        return made

    return decorate


def malformed(why: str) -> Refusal:
    """The refusal of an entry that is not what its kind asks for."""
    return Refusal(
        "malformed_action",
        f"This entry is not what its kind asks for: {why}",
        "This is a fault of the app on the device: do it again, and report it.",
    )
