"""gaps in the counters of devices"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import Guid, UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.add_column("device", sa.Column("last_counter", sa.BigInteger(), nullable=True))
    op.add_column("device", sa.Column("holds", sa.JSON(), nullable=True))
    op.create_table(
        "device_gap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", Guid, nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("noticed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("settled_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("first > 0 AND first <= last", name=op.f("ck_device_gap_span")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_device_gap_device_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["app_user.id"], name=op.f("fk_device_gap_settled_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["location.id"], name=op.f("fk_device_gap_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_gap")),
    )
    op.create_index("ix_device_gap_device_id", "device_gap", ["device_id"])
    op.create_index("ix_device_gap_site_id", "device_gap", ["site_id"])


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_index("ix_device_gap_site_id", "device_gap")
    op.drop_index("ix_device_gap_device_id", "device_gap")
    op.drop_table("device_gap")
    op.drop_column("device", "holds")
    op.drop_column("device", "last_counter")
