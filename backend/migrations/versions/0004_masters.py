"""masters"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from backend.models.base import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_EDITED = ("item", "party", "location")
_ITEM_CHECKS = {
    "shelf_life_days": "shelf_life_days IS NULL OR shelf_life_days > 0",
    "warranty_months": "warranty_months IS NULL OR warranty_months >= 0",
    "one_warranty_period": "warranty_days IS NULL OR warranty_months IS NULL",
    "warranty_basis": "warranty_basis IN ('delivery', 'installation', 'registration')",
    "pick_rule": "pick_rule IN ('fifo', 'lifo', 'fefo')",
    "serial_standard": "serial_standard IN ('imei', 'mac', 'vin')",
    "profile": "profile IN ('medical_device', 'pharma', 'electronics', 'automotive', 'machinery')",
}
_ITEM_OPTIONAL: dict[str, sa.types.TypeEngine[Any]] = {
    "shelf_life_days": sa.Integer(),
    "warranty_months": sa.Integer(),
    "serial_standard": sa.String(length=8),
    "profile": sa.String(length=24),
}
_ITEM_REQUIRED: dict[str, tuple[sa.types.TypeEngine[Any], Any]] = {
    "warranty_basis": (sa.String(length=16), "delivery"),
    "pick_rule": (sa.String(length=8), "fifo"),
    "secondary_kinds": (sa.JSON(), "[]"),
    "verify_returns": (sa.Boolean(), sa.false()),
}


def upgrade() -> None:
    """Bring the schema up to this revision."""
    for table in _EDITED:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
            batch_op.add_column(sa.Column("retired_at", UtcDateTime(timezone=True), nullable=True))
            batch_op.add_column(sa.Column("edited_at", UtcDateTime(timezone=True), nullable=True))
            batch_op.add_column(sa.Column("edited_by_id", sa.Integer(), nullable=True))
            batch_op.create_foreign_key(batch_op.f(f"fk_{table}_edited_by_id"), "app_user", ["edited_by_id"], ["id"])
    with op.batch_alter_table("item") as batch_op:
        for name, kind in _ITEM_OPTIONAL.items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
        for name, (kind, value) in _ITEM_REQUIRED.items():
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=value))
    with op.batch_alter_table("location") as batch_op:
        batch_op.add_column(sa.Column("walk_order", sa.Integer(), nullable=False, server_default="0"))
    # What is there has its values now; from here on the application gives them.
    for table in _EDITED:
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column("version", server_default=None)
    with op.batch_alter_table("item") as batch_op:
        for name in _ITEM_REQUIRED:
            batch_op.alter_column(name, server_default=None)
        for name, rule in _ITEM_CHECKS.items():
            batch_op.create_check_constraint(batch_op.f(f"ck_item_{name}"), rule)
    with op.batch_alter_table("location") as batch_op:
        batch_op.alter_column("walk_order", server_default=None)
    op.execute("UPDATE item SET pick_rule = 'fefo' WHERE expiry_required")

    with op.batch_alter_table("item_barcode") as batch_op:
        batch_op.add_column(sa.Column("linked_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("linked_at", UtcDateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_item_barcode_linked_by_id"), "app_user", ["linked_by_id"], ["id"])
    op.create_table(
        "item_picture",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["app_user.id"], name=op.f("fk_item_picture_added_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_picture_item_id")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_item_picture")),
    )
    op.create_table(
        "site_series",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("pattern", sa.String(length=64), nullable=False),
        sa.Column("edited_by_id", sa.Integer(), nullable=True),
        sa.Column("edited_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["edited_by_id"], ["app_user.id"], name=op.f("fk_site_series_edited_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["location.id"], name=op.f("fk_site_series_site_id")),
        sa.PrimaryKeyConstraint("site_id", "kind", name=op.f("pk_site_series")),
    )
    op.create_table(
        "secondary_serial",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("serial_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("secondary_no", sa.String(length=64), nullable=False),
        sa.Column("secondary_key", sa.String(length=200), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('imei', 'mac', 'vin', 'component')", name=op.f("ck_secondary_serial_kind")),
        sa.ForeignKeyConstraint(["added_by_id"], ["app_user.id"], name=op.f("fk_secondary_serial_added_by_id")),
        sa.ForeignKeyConstraint(["serial_id"], ["serial_number.id"], name=op.f("fk_secondary_serial_serial_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secondary_serial")),
        sa.UniqueConstraint(
            "serial_id", "kind", "secondary_key", name=op.f("uq_secondary_serial_serial_id_kind_secondary_key")
        ),
    )
    with op.batch_alter_table("secondary_serial") as batch_op:
        batch_op.create_index("ix_secondary_serial_secondary_key", ["secondary_key"], unique=False)
        batch_op.create_index(
            "uq_secondary_serial_of_one_unit",
            ["kind", "secondary_key"],
            unique=True,
            sqlite_where=sa.text("kind <> 'component'"),
            postgresql_where=sa.text("kind <> 'component'"),
        )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("secondary_serial")
    op.drop_table("site_series")
    op.drop_table("item_picture")
    with op.batch_alter_table("item_barcode") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_item_barcode_linked_by_id"), type_="foreignkey")
        batch_op.drop_column("linked_at")
        batch_op.drop_column("linked_by_id")
    with op.batch_alter_table("location") as batch_op:
        batch_op.drop_column("walk_order")
    with op.batch_alter_table("item") as batch_op:
        for name in _ITEM_CHECKS:
            batch_op.drop_constraint(batch_op.f(f"ck_item_{name}"), type_="check")
        for name in (*_ITEM_OPTIONAL, *_ITEM_REQUIRED):
            batch_op.drop_column(name)
    for table in _EDITED:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"fk_{table}_edited_by_id"), type_="foreignkey")
            for name in ("edited_by_id", "edited_at", "retired_at", "version"):
                batch_op.drop_column(name)
