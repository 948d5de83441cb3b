"""The tree of places: site, warehouse, bin, and the places outside the house."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base
from backend.models.edited import Edited


class Location(Edited, Base):
    """A place. ``site_id`` is the root of its tree, and of itself for a site; codes are unique per site.

    People walk the places of a site in the order of ``walk_order``, then of the code.
    """

    __tablename__ = "location"
    __table_args__ = (
        UniqueConstraint("site_id", "code"),
        CheckConstraint(
            "kind IN ('site', 'warehouse', 'bin', 'reject', 'supplier', 'customer', 'transit', 'repair',"
            " 'consumed', 'scrap', 'lost')",
            name="kind",
        ),
        CheckConstraint("(kind = 'site') = (parent_id IS NULL)", name="only_sites_are_roots"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16))
    walk_order: Mapped[int] = mapped_column(default=0)

    parent: Mapped["Location | None"] = relationship(foreign_keys=[parent_id], remote_side=[id])

    @property
    def path(self) -> str:
        """How a person says where it is: ``MAIN / A-01``; the site is left out."""
        if self.parent is None or self.parent.kind == "site":
            return self.code
        return f"{self.parent.path} / {self.code}"
