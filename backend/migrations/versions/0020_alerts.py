"""alerts"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import Guid, UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "alert_rule",
        sa.Column("id", Guid, nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("threshold", sa.Integer()),
        sa.Column("email", sa.String(254)),
        sa.Column("next_seq", sa.BigInteger(), nullable=False),
        sa.Column("look_at", UtcDateTime, nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("stopped_by_id", sa.Integer()),
        sa.Column("stopped_at", UtcDateTime),
        sa.ForeignKeyConstraint(["site_id"], ["location.id"], name=op.f("fk_alert_rule_site_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_alert_rule_made_by_id")),
        sa.ForeignKeyConstraint(["stopped_by_id"], ["app_user.id"], name=op.f("fk_alert_rule_stopped_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_rule")),
    )
    op.create_index("ix_alert_rule_site_id", "alert_rule", ["site_id"])
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule_id", Guid, nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("key", sa.String(250), nullable=False),
        sa.Column("message", sa.String(500), nullable=False),
        sa.Column("voucher_id", Guid),
        sa.Column("batch_id", sa.Integer()),
        sa.Column("item_id", sa.Integer()),
        sa.Column("raised_at", UtcDateTime, nullable=False),
        sa.Column("acknowledged_by_id", sa.Integer()),
        sa.Column("acknowledged_at", UtcDateTime),
        sa.Column("remark", sa.String(500)),
        sa.Column("mail_status", sa.String(16), nullable=False),
        sa.Column("mail_attempts", sa.Integer(), nullable=False),
        sa.Column("mail_due_at", UtcDateTime, nullable=False),
        sa.Column("mail_answer", sa.String(300)),
        sa.CheckConstraint("mail_status IN ('none', 'waiting', 'sent', 'dead')", name=op.f("ck_alert_mail_status")),
        sa.CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by_id IS NULL)", name=op.f("ck_alert_acknowledged")
        ),
        sa.ForeignKeyConstraint(["rule_id"], ["alert_rule.id"], name=op.f("fk_alert_rule_id")),
        sa.ForeignKeyConstraint(["site_id"], ["location.id"], name=op.f("fk_alert_site_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_alert_voucher_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_alert_batch_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_alert_item_id")),
        sa.ForeignKeyConstraint(["acknowledged_by_id"], ["app_user.id"], name=op.f("fk_alert_acknowledged_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("rule_id", "key", name=op.f("uq_alert_rule_id_key")),
    )
    op.create_index("ix_alert_site_id_acknowledged_at", "alert", ["site_id", "acknowledged_at"])
    op.create_index("ix_alert_mail_status_mail_due_at", "alert", ["mail_status", "mail_due_at"])


def downgrade() -> None:
    """Take the schema back before this revision."""
    op.drop_table("alert")
    op.drop_table("alert_rule")
