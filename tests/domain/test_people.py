"""Roles give permissions at their own site, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.errors import DomainError
from backend.domain.people import PERMISSIONS, Actor, Permission, Role

HQ, NORTH = 1, 2

EVERYBODY = {"picker", "technician", "supervisor", "support", "administrator"}
DESK = {"supervisor", "support", "administrator"}
FLOOR = {"picker", "supervisor", "administrator"}
MANAGING = {"supervisor", "administrator"}
WRITTEN_BY_HAND = {
    "units.read": EVERYBODY,
    "orders.read": {"picker", *DESK},
    "boards.read": DESK,
    "reports.read": DESK,
    "receive": FLOOR,
    "pick": FLOOR,
    "deliver": FLOOR,
    "move": FLOOR,
    "count": FLOOR,
    "service": {"technician", *MANAGING},
    "override": MANAGING,
    "alerts.manage": MANAGING,
    "orders.manage": MANAGING,
    "masters.manage": MANAGING,
    "hold": MANAGING,
    "cancel": MANAGING,
    "users.manage": {"administrator"},
}
"""A second opinion on who may what: a change of a role has to be made here, too, and so be meant."""

roles = st.frozensets(st.sampled_from(Role))
assignments = st.dictionaries(st.integers(1, 4), roles, max_size=4)


def an_actor(assigned) -> Actor:
    return Actor(7, "ana", assigned)


def test_what_every_role_may():
    given = {str(each): {str(role) for role in Role if each in PERMISSIONS[role]} for each in Permission}
    assert given == WRITTEN_BY_HAND


def test_support_changes_nothing_and_technicians_neither_receive_nor_sell():
    reading = {permission for permission in Permission if permission.endswith(".read")}
    assert PERMISSIONS[Role.SUPPORT] <= reading
    assert PERMISSIONS[Role.TECHNICIAN] <= reading | {Permission.SERVICE}


@given(assignments, st.sampled_from(Permission), st.integers(1, 5))
def test_a_person_may_what_one_of_their_roles_at_that_site_may(assigned, permission, site_id):
    actor = an_actor(assigned)
    expected = bool(WRITTEN_BY_HAND[permission] & assigned.get(site_id, frozenset()))
    assert actor.may(permission, site_id) == expected
    assert (permission in actor.permissions(site_id)) == expected


@given(assignments, st.sampled_from(Permission))
def test_anywhere_means_at_some_site(assigned, permission):
    actor = an_actor(assigned)
    assert actor.may_anywhere(permission) == any(actor.may(permission, site_id) for site_id in range(1, 6))


@given(assignments, st.sampled_from(Permission), st.integers(1, 5))
def test_must_refuses_exactly_what_may_denies(assigned, permission, site_id):
    actor = an_actor(assigned)
    if actor.may(permission, site_id):
        actor.must(permission, site_id)
        return
    with pytest.raises(DomainError) as refused:
        actor.must(permission, site_id)
    assert refused.value.refusal.code == "forbidden"
    assert refused.value.refusal.facts == {"permission": str(permission)}
    assert "ana" in refused.value.refusal.message


def test_an_administrator_of_one_site_is_nobody_at_another():
    actor = an_actor({HQ: frozenset({Role.ADMINISTRATOR})})
    assert actor.permissions(HQ) == frozenset(Permission)
    assert actor.permissions(NORTH) == frozenset()
