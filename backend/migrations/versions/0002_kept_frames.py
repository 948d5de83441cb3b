"""kept frames"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""

    op.create_table(
        "kept_frame",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose IN ('bad_label', 'held_claim')", name=op.f("ck_kept_frame_purpose")),
        sa.ForeignKeyConstraint(["site_id"], ["location.id"], name=op.f("fk_kept_frame_site_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_kept_frame_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_frame")),
    )
    with op.batch_alter_table("kept_frame", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_frame_site_id"), ["site_id"], unique=False)


def downgrade() -> None:
    """Go back to the revision before."""

    with op.batch_alter_table("kept_frame", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kept_frame_site_id"))

    op.drop_table("kept_frame")
