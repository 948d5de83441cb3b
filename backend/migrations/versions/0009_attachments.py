"""attachments"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("voucher_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("done_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("kept_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('photo', 'reading', 'signature')", name=op.f("ck_attachment_kind")),
        sa.ForeignKeyConstraint(["site_id"], ["location.id"], name=op.f("fk_attachment_site_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_attachment_user_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_attachment_voucher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index("ix_attachment_voucher_id", "attachment", ["voucher_id"])
    op.create_index("ix_attachment_user_id_voucher_id", "attachment", ["user_id", "voucher_id"])


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("attachment")
