"""An order that is larger than any test receives."""

import uuid

from sqlalchemy import select

from backend.app import create_app
from backend.config import Config
from backend.domain.people import Actor, Role
from backend.extensions import db
from backend.models import Item, Location, Party, User
from backend.services.masters import OrderLine, add_purchase_order
from backend.unit_of_work import UnitOfWork, transact

LARGE_ORDER = "PO-LARGE"


def add_order(config: Config, *, qty: int) -> None:
    """Add an order of so many laptops to a database with demo data."""

    def job(work: UnitOfWork) -> None:
        site = work.session.scalars(select(Location).where(Location.code == "HQ")).one()
        sue = work.session.scalars(select(User).where(User.username == "sue")).one()
        add_purchase_order(
            work,
            Actor(sue.id, sue.username, {site.id: frozenset({Role.SUPERVISOR})}),
            order_id=str(uuid.uuid4()),
            site_id=site.id,
            supplier=work.session.scalars(select(Party).where(Party.code == "NorthStar")).one(),
            lines=[OrderLine(work.session.scalars(select(Item).where(Item.item_code == "LAP-15")).one(), qty)],
            number=LARGE_ORDER,
        )

    app = create_app(config)
    with app.app_context():
        transact(job)
        db.session.remove()
        db.engine.dispose()
    app.extensions["serialtrail_sandbox"].close()
