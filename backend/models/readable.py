"""Which units the people of some sites may read of: those that are or were there."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, exists

from backend.models.ledger import StockLedgerEntry
from backend.models.serials import SerialNumber


def was_at(sites: Collection[int]) -> ColumnElement[bool]:
    """Whether a unit of the statement is or was at one of some sites: whether its ledger has an entry there."""
    return exists().where(StockLedgerEntry.serial_id == SerialNumber.id, StockLedgerEntry.site_id.in_(sorted(sites)))
