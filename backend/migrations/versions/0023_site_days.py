"""site days"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "site_days",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("fiscal_month", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_by_id", sa.Integer(), nullable=False),
        sa.Column("edited_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("fiscal_month BETWEEN 1 AND 12", name=op.f("ck_site_days_fiscal_month")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["app_user.id"], name=op.f("fk_site_days_edited_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["location.id"], name=op.f("fk_site_days_site_id")),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_site_days")),
    )


def downgrade() -> None:
    """Take the schema back before this revision."""
    op.drop_table("site_days")
