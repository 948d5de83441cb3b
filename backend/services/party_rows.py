"""The rows of a file of suppliers and customers: what each makes or changes."""

from collections.abc import Sequence

from sqlalchemy import select

from backend.domain.errors import Refusal
from backend.domain.master_rows import MasterRow
from backend.domain.people import Actor
from backend.models import Party, Voucher
from backend.services import editing, parties
from backend.services.row_facts import chunks, is_retired, lacks
from backend.unit_of_work import UnitOfWork


class PartyRows:
    """Reads once what all rows need, then takes them one by one."""

    def __init__(self, work: UnitOfWork, actor: Actor, _site_id: int, rows: Sequence[MasterRow]) -> None:
        self._work, self._actor = work, actor
        self._parties: dict[str, Party] = {}
        for part in chunks([row.code for row in rows]):
            found = work.session.scalars(select(Party).where(Party.code.in_(part)).with_for_update())
            self._parties |= {party.code: party for party in found}
        self._with_vouchers: set[int | None] = set()
        for ids in chunks([party.id for party in self._parties.values()]):
            query = select(Voucher.party_id).where(Voucher.party_id.in_(ids)).distinct()
            self._with_vouchers |= set(work.session.scalars(query))

    def in_order(self, rows: Sequence[MasterRow]) -> Sequence[MasterRow]:
        """The rows in the order in which they are taken."""
        return rows

    def take(self, row: MasterRow) -> Party | Sequence[str] | Refusal:
        """Make or change a party: the new one, the names of the fields that changed, or why it is refused."""
        party = self._parties.get(row.code)
        if party is None:
            refusal = lacks(row, "kind", "name")
            if refusal:
                return refusal
            party = Party(code=row.code, **dict.fromkeys(parties.FIELDS) | dict(row.fields))
            editing.stamp(self._work, self._actor, party, party.name)
            self._work.session.add(party)
            return party
        if party.retired_at is not None:
            return is_retired(party.code)
        changes = editing.differing(party, row.fields)
        if "kind" in changes and party.id in self._with_vouchers:
            return parties.kind_is_fixed(party, changes["kind"]).refusal
        if changes:
            editing.apply(self._work, self._actor, party, changes)
        return list(changes)
