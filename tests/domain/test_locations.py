"""What being in a place means."""

from backend.domain.locations import RECEIVABLE, STATE_AT, VIRTUAL, LocationKind, UnitState


def test_a_unit_has_a_state_wherever_it_can_be():
    """A site itself holds nothing: goods are in its places."""
    assert set(STATE_AT) == set(LocationKind) - {LocationKind.SITE}


def test_every_state_can_be_reached():
    """What a supplier has announced is nowhere yet."""
    assert set(STATE_AT.values()) == set(UnitState) - {UnitState.EXPECTED, UnitState.RETURNED}


def test_goods_are_received_into_stock_only():
    assert {STATE_AT[kind] for kind in RECEIVABLE} == {UnitState.IN_STOCK}


def test_what_is_outside_the_house_is_not_in_stock():
    assert not {STATE_AT[kind] for kind in VIRTUAL} & {UnitState.IN_STOCK, UnitState.ON_HOLD}
