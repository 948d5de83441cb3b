"""Places of a site as services need them: by id, by kind, with all that lies inside."""

from sqlalchemy import select

from backend.domain.errors import refuse
from backend.domain.locations import LocationKind
from backend.models import Location
from backend.unit_of_work import UnitOfWork


def place_of_site(work: UnitOfWork, site_id: int, location_id: int) -> Location:
    """A place of a site.

    Raises:
        DomainError: ``location_unknown``.
    """
    place = work.session.get(Location, location_id)
    if place is None or place.site_id != site_id or place.retired_at is not None:
        raise refuse("location_unknown", "There is no such place at this site.", "Choose a place of the list.")
    return place


def inside(work: UnitOfWork, place: Location) -> frozenset[int]:
    """The ids of a place and of all places under it: a warehouse means its bins, too."""
    tree = select(Location.id).where(Location.id == place.id).cte(recursive=True)
    tree = tree.union_all(select(Location.id).join(tree, Location.parent_id == tree.c.id))
    return frozenset(work.session.scalars(select(tree.c.id)))


def only_place(work: UnitOfWork, site_id: int, kind: LocationKind) -> int:
    """The id of the place of a kind that every site has once, such as its customers' (``VIRTUAL``)."""
    return work.session.scalars(select(Location.id).where(Location.site_id == site_id, Location.kind == kind)).one()
