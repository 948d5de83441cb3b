"""drafts of vouchers that were posted in one request"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import Guid, UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "voucher_draft",
        sa.Column("id", Guid, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("voucher_id", Guid, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("remark", sa.String(500), nullable=True),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("status IN ('draft', 'submitted', 'discarded')", name=op.f("ck_voucher_draft_status")),
        sa.CheckConstraint("(status = 'submitted') = (voucher_id IS NOT NULL)", name=op.f("ck_voucher_draft_voucher")),
        sa.ForeignKeyConstraint(["site_id"], ["location.id"], name=op.f("fk_voucher_draft_site_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_voucher_draft_voucher_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["app_user.id"], name=op.f("fk_voucher_draft_opened_by_id")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["app_user.id"], name=op.f("fk_voucher_draft_changed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_draft")),
    )
    op.create_index("ix_voucher_draft_site_id_status_kind", "voucher_draft", ["site_id", "status", "kind"])
    op.create_index("ix_voucher_draft_voucher_id", "voucher_draft", ["voucher_id"])


def downgrade() -> None:
    """Take the schema back before this revision."""
    op.drop_table("voucher_draft")
