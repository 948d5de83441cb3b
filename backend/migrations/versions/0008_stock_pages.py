"""stock pages"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from backend.models.base import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NOT_LIFTED: dict[str, Any] = {
    "sqlite_where": sa.text("lifted_at IS NULL"),
    "postgresql_where": sa.text("lifted_at IS NULL"),
}

_BEFORE = {
    "ix_balance_item_id": ("balance", ["item_id"]),
    "ix_serial_number_batch_id": ("serial_number", ["batch_id"]),
    "ix_serial_number_location_id_item_id": ("serial_number", ["location_id", "item_id"]),
}
_AFTER = {
    "ix_balance_batch_id": ("balance", ["batch_id"]),
    "ix_balance_item_id_location_id": ("balance", ["item_id", "location_id"]),
    "ix_batch_expires_on": ("batch", ["expires_on"]),
    "ix_batch_item_id_expires_on": ("batch", ["item_id", "expires_on"]),
    "ix_serial_number_batch_id_location_id_id": ("serial_number", ["batch_id", "location_id", "id"]),
    "ix_serial_number_location_id_id": ("serial_number", ["location_id", "id"]),
    "ix_serial_number_location_id_item_id_id": ("serial_number", ["location_id", "item_id", "id"]),
    "ix_voucher_party_id_opened_at_id": ("voucher", ["party_id", "opened_at", "id"]),
    "ix_voucher_site_id_opened_at_id": ("voucher", ["site_id", "opened_at", "id"]),
}


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "batch_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("manufactured_before", sa.Date(), nullable=True),
        sa.Column("expires_before", sa.Date(), nullable=True),
        sa.Column("manufactured_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_change_batch_id")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["app_user.id"], name=op.f("fk_batch_change_changed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_change")),
    )
    op.create_index("ix_batch_change_batch_id", "batch_change", ["batch_id"])
    op.create_index("uq_hold_standing_batch", "hold", ["batch_id", "kind"], unique=True, **_NOT_LIFTED)
    op.create_index("uq_hold_standing_unit", "hold", ["serial_id", "kind"], unique=True, **_NOT_LIFTED)
    for name, (table, columns) in _AFTER.items():
        op.create_index(name, table, columns)
    for name, (table, _) in _BEFORE.items():
        op.drop_index(name, table)


def downgrade() -> None:
    """Go back to the revision before."""
    for name, (table, columns) in _BEFORE.items():
        op.create_index(name, table, columns)
    for name, (table, _) in _AFTER.items():
        op.drop_index(name, table)
    op.drop_index("uq_hold_standing_unit", "hold")
    op.drop_index("uq_hold_standing_batch", "hold")
    op.drop_index("ix_batch_change_batch_id", "batch_change")
    op.drop_table("batch_change")
