"""labels, tokens and webhooks"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import Guid, UtcDateTime

revision = "0016"
down_revision = "0015"
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
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("permissions", sa.JSON(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime),
        sa.Column("used_at", UtcDateTime),
        sa.Column("revoked_by_id", sa.Integer()),
        sa.Column("revoked_at", UtcDateTime),
        sa.ForeignKeyConstraint(["site_id"], ["location.id"], name=op.f("fk_api_token_site_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_api_token_user_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_api_token_made_by_id")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["app_user.id"], name=op.f("fk_api_token_revoked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_index("ix_api_token_site_id", "api_token", ["site_id"])
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("next_seq", sa.BigInteger(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("stopped_by_id", sa.Integer()),
        sa.Column("stopped_at", UtcDateTime),
        sa.ForeignKeyConstraint(["site_id"], ["location.id"], name=op.f("fk_webhook_site_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_webhook_made_by_id")),
        sa.ForeignKeyConstraint(["stopped_by_id"], ["app_user.id"], name=op.f("fk_webhook_stopped_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_index("ix_webhook_site_id", "webhook", ["site_id"])
    op.create_table(
        "webhook_message",
        sa.Column("id", Guid, nullable=False),
        sa.Column("webhook_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued_at", UtcDateTime, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("tried_at", UtcDateTime),
        sa.Column("answer", sa.String(300)),
        sa.CheckConstraint("status IN ('waiting', 'delivered', 'dead')", name=op.f("ck_webhook_message_status")),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_message_webhook_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_message")),
        sa.UniqueConstraint("webhook_id", "key", name=op.f("uq_webhook_message_webhook_id_key")),
    )
    op.create_index("ix_webhook_message_status_due_at", "webhook_message", ["status", "due_at"])


def downgrade() -> None:
    """Go back to the revision before."""
    for name in ("webhook_message", "webhook", "api_token"):
        op.drop_table(name)
    op.drop_table("printed_label")
    op.drop_table("label_print")
