"""Purchase orders beyond those of the demo data."""

import uuid
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from backend.domain.people import Actor, Role
from backend.models import Item, Location, Party, User
from backend.services import masters
from backend.unit_of_work import UnitOfWork, transact


def add_order(app: Flask, number: str, *qtys: int, item_code: str = "LAP-15", site: str = "HQ") -> None:
    """Order so many units of an item of the demo data, on a line for each number."""

    def order(work: UnitOfWork) -> None:
        session = work.session
        site_id = session.scalars(select(Location.id).where(Location.code == site)).one()
        user = session.scalars(select(User).where(User.username == "admin")).one()
        item = session.scalars(select(Item).where(Item.item_code == item_code)).one()
        masters.add_purchase_order(
            work,
            Actor(user.id, user.username, {site_id: frozenset({Role.ADMINISTRATOR})}),
            order_id=str(uuid.uuid4()),
            site_id=site_id,
            supplier=session.scalars(select(Party).where(Party.kind == "supplier")).one(),
            lines=[masters.OrderLine(item, qty) for qty in qtys],
            number=number,
        )

    with app.app_context():
        transact(order)


def change_item(app: Flask, item_code: str, **columns: Any) -> None:
    """Change an item of the demo data."""

    def change(work: UnitOfWork) -> None:
        work.session.execute(update(Item).where(Item.item_code == item_code).values(columns))

    with app.app_context():
        transact(change)


def set_series(app: Flask, item_code: str, pattern: str | None) -> None:
    """Give an item a series."""
    change_item(app, item_code, serial_no_series=pattern)
