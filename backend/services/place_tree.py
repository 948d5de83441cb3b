"""The places of a site: made, moved in the tree, ordered for walking, and retired when they are empty."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select

from backend.domain.errors import DomainError, Refusal, refuse
from backend.domain.locations import MADE_BY_PEOPLE, PARENTS, LocationKind
from backend.domain.people import Actor
from backend.models import Balance, Item, Location, StockLedgerEntry, Voucher
from backend.services import editing
from backend.services.feed import SiteFeed
from backend.services.places import inside
from backend.unit_of_work import UnitOfWork

FIELDS = ("name", "kind", "parent_id", "walk_order")


def create_place(work: UnitOfWork, actor: Actor, *, site_id: int, code: str, fields: Mapping[str, Any]) -> Location:
    """Make a place under another one of the site.

    Raises:
        DomainError: ``forbidden``, ``location_taken``, ``place_parent``, ``place_is_fixed``.
    """
    editing.must_manage(actor, site_id)
    SiteFeed(work, site_id)
    _must_be_free(work, site_id, code)
    parent = work.session.get(Location, fields["parent_id"])
    refusal = check_parent(code, fields["kind"], parent, site_id)
    if refusal:
        raise DomainError(refusal)
    place = Location(site_id=site_id, code=code, **{"walk_order": 0} | dict(fields))
    editing.stamp(work, actor, place, place.name)
    work.session.add(place)
    work.session.flush()
    return place


def edit_place(work: UnitOfWork, actor: Actor, *, place_id: int, version: int, fields: Mapping[str, Any]) -> Location:
    """Change a place, or move it with all that is in it to another parent.

    Raises:
        DomainError: ``not_found``, ``forbidden``, ``changed_meanwhile``, ``location_taken``, ``place_parent``,
            ``place_cycle``, ``place_has_stock``, ``place_is_fixed``.
    """
    place = _for_change(work, actor, place_id, version)
    changes = editing.differing(place, fields)
    if not changes:
        return place
    if "code" in changes:
        _must_be_free(work, place.site_id, changes["code"])
    kind = changes.get("kind", place.kind)
    if "parent_id" in changes or "kind" in changes:
        parent = work.session.get(Location, changes.get("parent_id", place.parent_id))
        if parent is not None and parent.id in inside(work, place):
            raise DomainError(cycle(place.code, parent.code))
        refusal = check_parent(place.code, kind, parent, place.site_id)
        if refusal:
            raise DomainError(refusal)
        if changes.pop("parent_id", None) is not None:
            changes["parent"] = parent
    if "kind" in changes:
        must_take_kind(work, place, kind)
    editing.apply(work, actor, place, changes)
    work.session.flush()
    work.session.refresh(place)
    return place


def must_take_kind(work: UnitOfWork, place: Location, kind: str) -> None:
    """Raise the refusal of another kind for a place whose history or contents depend on the kind it has."""
    if work.session.scalar(select(StockLedgerEntry.seq).where(StockLedgerEntry.location_id == place.id).limit(1)):
        raise kind_is_fixed(place, kind)
    for child in work.session.scalars(select(Location).where(Location.parent_id == place.id)):
        if LocationKind(kind) not in PARENTS[LocationKind(child.kind)]:
            raise DomainError(no_parent(child.code, child.kind, place.code, kind))


def kind_is_fixed(place: Location, kind: str) -> DomainError:
    """The refusal of another kind for a place that has a history."""
    return refuse(
        "place_kind_is_fixed",
        f"{place.code} is a {place.kind} in the history of units.",
        f"Make a new place of the kind {kind} and move the stock there.",
    )


def is_fixed(place: Location) -> Refusal:
    """The refusal of a change of a place that every site has once."""
    return Refusal(
        "place_is_fixed",
        f"{place.code} is a {place.kind} place, which every site has once from its beginning.",
        "Leave it as it is; it holds nothing that you could walk to.",
    )


def check_parent(code: str, kind: str, parent: Location | None, site_id: int | None) -> Refusal | None:
    """Refuse a parent that a place of a kind cannot lie in."""
    if LocationKind(kind) not in MADE_BY_PEOPLE:
        return Refusal(
            "place_is_fixed",
            f"{code} would be a place of the kind {kind}, which every site has once from its beginning.",
            f"Choose one of: {', '.join(sorted(MADE_BY_PEOPLE))}.",
        )
    if parent is None or parent.site_id != site_id:
        return lies_nowhere(code)
    if LocationKind(parent.kind) not in PARENTS[LocationKind(kind)] or parent.retired_at is not None:
        return no_parent(code, kind, parent.code, "retired place" if parent.retired_at else parent.kind)
    return None


def lies_nowhere(code: str) -> Refusal:
    """The refusal of a place without a parent at its site."""
    return Refusal(
        "place_parent",
        f"{code} has no place of this site to lie in.",
        "Choose the site itself or one of its warehouses.",
    )


def cycle(code: str, parent: str) -> Refusal:
    """The refusal of a place that would lie in itself."""
    return Refusal(
        "place_cycle",
        f"{code} cannot lie in {parent}, which lies in {code}." if code != parent else f"{code} cannot lie in itself.",
        "Choose a place outside it.",
    )


def retire_place(work: UnitOfWork, actor: Actor, *, place_id: int, version: int) -> Location:
    """Offer an empty place no more; histories keep it.

    Raises:
        DomainError: ``not_found``, ``forbidden``, ``changed_meanwhile``, ``place_is_fixed``, ``place_has_stock``,
            ``place_has_places``, ``place_in_use``.
    """
    place = _for_change(work, actor, place_id, version)
    child = work.session.scalar(
        select(Location.code).where(Location.parent_id == place.id, Location.retired_at.is_(None)).limit(1)
    )
    if child is not None:
        raise refuse(
            "place_has_places", f"{child} lies in {place.code}.", f"Move or retire {child} first.", place=child
        )
    held = work.session.execute(
        select(Balance.qty, Item.item_code)
        .join(Item, Item.id == Balance.item_id)
        .where(Balance.location_id == place.id, Balance.qty != 0)
        .order_by(Item.item_code)
        .limit(1)
    ).first()
    if held is not None:
        raise refuse(
            "place_has_stock",
            f"{place.code} has stock: {held.qty} {held.item_code}.",
            "Move what is in it to another place first.",
            item_code=held.item_code,
        )
    open_voucher = work.session.scalar(
        select(Voucher.number)
        .where(
            Voucher.status == "draft",
            or_(
                Voucher.location_id == place.id,
                Voucher.to_location_id == place.id,
                Voucher.reject_location_id == place.id,
            ),
        )
        .limit(1)
    )
    if open_voucher is not None:
        raise refuse(
            "place_in_use",
            f"{open_voucher} is open and works with {place.code}.",
            f"Submit or discard {open_voucher} first.",
            number=open_voucher,
        )
    editing.retire(work, actor, place)
    return place


def bring_place_back(work: UnitOfWork, actor: Actor, *, place_id: int, version: int) -> Location:
    """Offer a place again, in a parent that is offered.

    Raises:
        DomainError: As :func:`edit_place`.
    """
    place = _for_change(work, actor, place_id, version)
    refusal = check_parent(place.code, place.kind, place.parent, place.site_id)
    if refusal:
        raise DomainError(refusal)
    editing.bring_back(work, actor, place)
    return place


def _for_change(work: UnitOfWork, actor: Actor, place_id: int, version: int) -> Location:
    """The site's lock first: what is received into a place meanwhile would otherwise be in a retired one."""
    site_id = work.session.scalar(select(Location.site_id).where(Location.id == place_id))
    if site_id is None:
        raise refuse("not_found", "There is no such place.", "Go back to the list.")
    editing.must_manage(actor, site_id)
    SiteFeed(work, site_id)
    place = editing.for_change(work, Location, place_id, version)
    if LocationKind(place.kind) not in MADE_BY_PEOPLE:
        raise DomainError(is_fixed(place))
    return place


def _must_be_free(work: UnitOfWork, site_id: int | None, code: str) -> None:
    if work.session.scalar(select(Location.id).where(Location.site_id == site_id, Location.code == code)):
        raise refuse("location_taken", f"There is a place {code} at this site.", "Choose another code.")


def no_parent(code: str, kind: str, parent: str, parent_kind: str) -> Refusal:
    """The refusal of a parent that a place of this kind cannot lie in."""
    allowed = ", ".join(sorted(PARENTS[LocationKind(kind)]))
    return Refusal(
        "place_parent",
        f"{code}, a {kind}, cannot lie in {parent}, a {parent_kind}.",
        f"A {kind} lies in one of: {allowed}.",
    )
