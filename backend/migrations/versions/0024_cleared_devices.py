"""devices whose browser cleared their storage"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import Guid, UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "cleared_device",
        sa.Column("device_id", Guid, nullable=False),
        sa.Column("goes_on_as_id", Guid, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("noticed_at", UtcDateTime, nullable=False),
        sa.Column("settled_at", UtcDateTime, nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_cleared_device_device_id")),
        sa.ForeignKeyConstraint(["goes_on_as_id"], ["device.id"], name=op.f("fk_cleared_device_goes_on_as_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_cleared_device_user_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["app_user.id"], name=op.f("fk_cleared_device_settled_by_id")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_cleared_device")),
    )
    op.create_index("ix_cleared_device_goes_on_as_id", "cleared_device", ["goes_on_as_id"])
    op.create_index("ix_cleared_device_user_id", "cleared_device", ["user_id"])


def downgrade() -> None:
    """Take the schema back before this revision."""
    op.drop_table("cleared_device")
