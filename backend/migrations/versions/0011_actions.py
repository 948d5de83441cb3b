"""actions of the outbox"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import Guid, UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "action",
        sa.Column("id", Guid, nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("device_id", Guid, nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("voucher_id", Guid, nullable=True),
        sa.Column("done_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_action_device_id")),
        sa.ForeignKeyConstraint(["site_id"], ["location.id"], name=op.f("fk_action_site_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_action_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
    )
    op.create_index("ix_action_device_id_counter", "action", ["device_id", "counter"])
    op.create_index("ix_action_site_id", "action", ["site_id"])
    op.create_index("ix_action_voucher_id", "action", ["voucher_id"])


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_index("ix_action_voucher_id", "action")
    op.drop_index("ix_action_site_id", "action")
    op.drop_index("ix_action_device_id_counter", "action")
    op.drop_table("action")
