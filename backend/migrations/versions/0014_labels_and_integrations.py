"""labels, tokens and webhooks"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import Guid, UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "label_print",
        sa.Column("id", Guid, nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(16), nullable=False),
        sa.Column("symbol", sa.String(16), nullable=False),
        sa.Column("format", sa.String(16), nullable=False),
        sa.Column("dpi", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("skip", sa.Integer(), nullable=False),
        sa.Column("layout", sa.String(500)),
        sa.Column("reason", sa.String(500)),
        sa.Column("request_digest", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.CheckConstraint(
            "subject IN ('unit', 'batch', 'place', 'item', 'badge')", name=op.f("ck_label_print_subject")
        ),
        sa.CheckConstraint("copies BETWEEN 1 AND 10", name=op.f("ck_label_print_copies")),
        sa.ForeignKeyConstraint(["site_id"], ["location.id"], name=op.f("fk_label_print_site_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_label_print_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_print")),
    )
    op.create_index("ix_label_print_site_id", "label_print", ["site_id"])
    op.create_table(
        "printed_label",
        sa.Column("print_id", Guid, nullable=False),
        sa.Column("idx", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("subject", sa.String(16), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("is_again", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["print_id"], ["label_print.id"], name=op.f("fk_printed_label_print_id")),
        sa.PrimaryKeyConstraint("print_id", "idx", name=op.f("pk_printed_label")),
    )
    op.create_index("ix_printed_label_subject_id_subject", "printed_label", ["subject_id", "subject"])


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("printed_label")
    op.drop_table("label_print")
