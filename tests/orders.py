"""Purchase orders beyond those of the demo data."""

import uuid

from flask import Flask
from sqlalchemy import select

from backend.domain.people import Actor, Role
from backend.models import Item, Location, Party, User
from backend.services import masters
from backend.unit_of_work import UnitOfWork, transact


def add_order(app: Flask, number: str, qty: int, *, item_code: str = "LAP-15", site: str = "HQ") -> None:
    """Order so many units of an item of the demo data."""

    def order(work: UnitOfWork) -> None:
        session = work.session
        site_id = session.scalars(select(Location.id).where(Location.code == site)).one()
        user = session.scalars(select(User).where(User.username == "admin")).one()
        masters.add_purchase_order(
            work,
            Actor(user.id, user.username, {site_id: frozenset({Role.ADMINISTRATOR})}),
            order_id=str(uuid.uuid4()),
            site_id=site_id,
            supplier=session.scalars(select(Party).where(Party.kind == "supplier")).one(),
            lines=[masters.OrderLine(session.scalars(select(Item).where(Item.item_code == item_code)).one(), qty)],
            number=number,
        )

    with app.app_context():
        transact(order)


def set_series(app: Flask, item_code: str, pattern: str | None) -> None:
    """Give an item a series."""

    def change(work: UnitOfWork) -> None:
        item = work.session.scalars(select(Item).where(Item.item_code == item_code)).one()
        item.serial_no_series = pattern

    with app.app_context():
        transact(change)
