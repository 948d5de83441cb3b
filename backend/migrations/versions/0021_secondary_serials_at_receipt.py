"""secondary serials at receipt"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "voucher_unit_secondary",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("secondary_no", sa.String(64), nullable=False),
        sa.Column("secondary_key", sa.String(200), nullable=False),
        sa.CheckConstraint("kind IN ('imei', 'mac', 'vin', 'component')", name=op.f("ck_voucher_unit_secondary_kind")),
        sa.ForeignKeyConstraint(["unit_id"], ["voucher_unit.id"], name=op.f("fk_voucher_unit_secondary_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_unit_secondary")),
        sa.UniqueConstraint(
            "unit_id", "kind", "secondary_key", name=op.f("uq_voucher_unit_secondary_unit_id_kind_secondary_key")
        ),
    )
    op.create_index("ix_voucher_unit_secondary_secondary_key", "voucher_unit_secondary", ["secondary_key"])


def downgrade() -> None:
    """Take the schema back before this revision."""
    op.drop_table("voucher_unit_secondary")
