"""The rows of a file of places: what each makes, changes or moves. A parent may stand below its bins."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backend.domain.errors import Refusal
from backend.domain.locations import MADE_BY_PEOPLE, PARENTS, LocationKind
from backend.domain.master_rows import MasterRow
from backend.domain.people import Actor
from backend.models import Location, StockLedgerEntry
from backend.services import editing, place_tree
from backend.services.feed import SiteFeed
from backend.services.row_facts import is_retired, lacks
from backend.unit_of_work import UnitOfWork


class PlaceRows:
    """Reads the site once, then takes the rows one by one."""

    def __init__(self, work: UnitOfWork, actor: Actor, site_id: int, rows: Sequence[MasterRow]) -> None:
        self._work, self._actor, self._site_id = work, actor, site_id
        SiteFeed(work, site_id)
        found = work.session.scalars(
            select(Location).where(Location.site_id == site_id).options(joinedload(Location.parent))
        ).all()
        self._places = {place.code: place for place in found}
        self._children: dict[str, list[Location]] = {}
        for place in found:
            if place.parent is not None:
                self._children.setdefault(place.parent.code, []).append(place)
        changes_kind = any(
            "kind" in row.fields and row.code in self._places and self._places[row.code].kind != row.fields["kind"]
            for row in rows
        )
        with_history = select(StockLedgerEntry.location_id).distinct()
        self._with_history = set(work.session.scalars(with_history)) if changes_kind else set()

    def in_order(self, rows: Sequence[MasterRow]) -> Sequence[MasterRow]:
        """Parents that the file makes before what lies in them; those that wait for each other come last."""
        new = {row.code: row for row in rows if row.code not in self._places}
        ordered: list[MasterRow] = []
        done: set[str] = set()
        for row in rows:
            chain = [row]
            while (parent := new.get(chain[-1].fields.get("parent", ""))) is not None and parent not in chain:
                chain.append(parent)
            for each in reversed(chain):
                if each.code not in done:
                    done.add(each.code)
                    ordered.append(each)
        return ordered

    def take(self, row: MasterRow) -> Location | Sequence[str] | Refusal:
        """Make or change a place: the new one, the names of the fields that changed, or why it is refused."""
        place = self._places.get(row.code)
        if place is not None and place.retired_at is not None:
            return is_retired(place.code)
        if place is not None and LocationKind(place.kind) not in MADE_BY_PEOPLE:
            return place_tree.is_fixed(place)
        if place is None and (refusal := lacks(row, "name", "kind", "parent")):
            return refusal
        parent = self._places.get(row.fields["parent"]) if "parent" in row.fields else place and place.parent
        kind = row.fields.get("kind", place and place.kind)
        if parent is None:
            return place_tree.lies_nowhere(row.code)
        refusal = place_tree.check_parent(row.code, kind, parent, self._site_id)
        if refusal:
            return refusal
        fields = {name: value for name, value in row.fields.items() if name != "parent"}
        if place is None:
            place = Location(site_id=self._site_id, code=row.code, parent=parent, **{"walk_order": 0} | fields)
            editing.stamp(self._work, self._actor, place, place.name)
            self._work.session.add(place)
            self._places[row.code] = place
            self._children.setdefault(parent.code, []).append(place)
            return place
        return self._change(place, parent, fields)

    def _change(self, place: Location, parent: Location, fields: dict[str, object]) -> Sequence[str] | Refusal:
        above: Location | None = parent
        while above is not None:
            if above is place:
                return place_tree.cycle(place.code, parent.code)
            above = above.parent
        changes = editing.differing(place, fields)
        if "kind" in changes:
            kind = LocationKind(str(changes["kind"]))
            if place.id in self._with_history:
                return place_tree.kind_is_fixed(place, kind).refusal
            for child in self._children.get(place.code, ()):
                if child.parent is place and kind not in PARENTS[LocationKind(child.kind)]:
                    return place_tree.no_parent(child.code, child.kind, place.code, kind)
        if place.parent is not parent:
            changes["parent"] = parent
            self._children.setdefault(parent.code, []).append(place)
        if changes:
            editing.apply(self._work, self._actor, place, changes)
        return list(changes)
