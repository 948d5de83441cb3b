"""Places, and what being in one of a kind means for a unit."""

from enum import StrEnum


class LocationKind(StrEnum):
    """What a place is. Places outside the house are locations too, so that nothing comes from nowhere."""

    SITE = "site"
    WAREHOUSE = "warehouse"
    BIN = "bin"
    REJECT = "reject"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    TRANSIT = "transit"
    REPAIR = "repair"
    CONSUMED = "consumed"
    SCRAP = "scrap"
    LOST = "lost"


class UnitState(StrEnum):
    """Where a unit stands in its life; derived from the kind of place the ledger has it in."""

    EXPECTED = "expected"
    """On the list of a supplier, not here yet; the ledger knows nothing of it."""

    IN_STOCK = "in_stock"
    ON_HOLD = "on_hold"
    IN_TRANSIT = "in_transit"
    SOLD = "sold"
    RETURNED = "returned"
    """Back from a customer, not inspected yet; the ledger has it among the rejected goods."""

    RETURNED_TO_SUPPLIER = "returned_to_supplier"
    IN_REPAIR = "in_repair"
    CONSUMED = "consumed"
    SCRAPPED = "scrapped"
    LOST = "lost"


STATE_AT: dict[LocationKind, UnitState] = {
    LocationKind.WAREHOUSE: UnitState.IN_STOCK,
    LocationKind.BIN: UnitState.IN_STOCK,
    LocationKind.REJECT: UnitState.ON_HOLD,
    LocationKind.SUPPLIER: UnitState.RETURNED_TO_SUPPLIER,
    LocationKind.CUSTOMER: UnitState.SOLD,
    LocationKind.TRANSIT: UnitState.IN_TRANSIT,
    LocationKind.REPAIR: UnitState.IN_REPAIR,
    LocationKind.CONSUMED: UnitState.CONSUMED,
    LocationKind.SCRAP: UnitState.SCRAPPED,
    LocationKind.LOST: UnitState.LOST,
}

RECEIVABLE = frozenset({LocationKind.WAREHOUSE, LocationKind.BIN})
"""Kinds of places that goods can be received into."""

SHELVES = frozenset({LocationKind.WAREHOUSE, LocationKind.BIN, LocationKind.REJECT})
"""Kinds of places in the house where people put goods and count them."""

NEVER_BELOW_ZERO = SHELVES | {LocationKind.TRANSIT, LocationKind.REPAIR}
"""Kinds of places that cannot hold less than nothing; lost goods that were never had are found, too."""

OWNED = frozenset({LocationKind.CUSTOMER, LocationKind.REPAIR})
"""Kinds of places where a unit is a customer's: with them, or in our custody."""

SOURCES = frozenset({LocationKind.SUPPLIER})
"""Kinds of places whose sums mean nothing: a supplier gave what it never had on our books."""

VIRTUAL = (
    LocationKind.SUPPLIER,
    LocationKind.CUSTOMER,
    LocationKind.TRANSIT,
    LocationKind.REPAIR,
    LocationKind.CONSUMED,
    LocationKind.SCRAP,
    LocationKind.LOST,
)
"""Kinds of which every site has exactly one place, made with the site."""


MADE_BY_PEOPLE = frozenset({LocationKind.WAREHOUSE, LocationKind.BIN, LocationKind.REJECT})
"""Kinds of places that people make, move and retire."""

PARENTS: dict[LocationKind, frozenset[LocationKind]] = {
    LocationKind.WAREHOUSE: frozenset({LocationKind.SITE, LocationKind.WAREHOUSE}),
    LocationKind.REJECT: frozenset({LocationKind.SITE, LocationKind.WAREHOUSE}),
    LocationKind.BIN: frozenset({LocationKind.WAREHOUSE, LocationKind.BIN, LocationKind.REJECT}),
}
"""What a place of a kind may lie in."""
