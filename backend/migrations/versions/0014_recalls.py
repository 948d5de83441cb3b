"""recalls"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_OUTCOMES = "outcome IN ('open', 'found', 'returned', 'repaired', 'destroyed')"


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "recall",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("scope", sa.String(length=500), nullable=False),
        sa.Column("hold_id", sa.Integer(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("close_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "origin IN ('batch', 'serials', 'receipt', 'dates', 'component')", name=op.f("ck_recall_origin")
        ),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name=op.f("ck_recall_closed")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["app_user.id"], name=op.f("fk_recall_closed_by_id")),
        sa.ForeignKeyConstraint(["hold_id"], ["hold.id"], name=op.f("fk_recall_hold_id")),
        sa.ForeignKeyConstraint(["id"], ["voucher.id"], name=op.f("fk_recall_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall")),
    )
    op.create_index("ix_recall_hold_id", "recall", ["hold_id"])
    op.create_table(
        "recall_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recall_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("serial_id", sa.Integer(), nullable=True),
        sa.Column("serial_no", sa.String(length=64), nullable=False),
        sa.Column("via_id", sa.Integer(), nullable=True),
        sa.Column("hold_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.CheckConstraint(_OUTCOMES, name=op.f("ck_recall_unit_outcome")),
        sa.ForeignKeyConstraint(["hold_id"], ["hold.id"], name=op.f("fk_recall_unit_hold_id")),
        sa.ForeignKeyConstraint(["recall_id"], ["recall.id"], name=op.f("fk_recall_unit_recall_id")),
        sa.ForeignKeyConstraint(["serial_id"], ["serial_number.id"], name=op.f("fk_recall_unit_serial_id")),
        sa.ForeignKeyConstraint(["via_id"], ["serial_number.id"], name=op.f("fk_recall_unit_via_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_unit")),
        sa.UniqueConstraint("recall_id", "serial_id", name=op.f("uq_recall_unit_recall_id_serial_id")),
    )
    op.create_index("ix_recall_unit_recall_id_id", "recall_unit", ["recall_id", "id"])
    op.create_index("ix_recall_unit_serial_id", "recall_unit", ["serial_id"])
    op.create_index("ix_recall_unit_hold_id", "recall_unit", ["hold_id"])
    op.create_table(
        "recall_step",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("recall_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("done_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint(_OUTCOMES, name=op.f("ck_recall_step_outcome")),
        sa.ForeignKeyConstraint(["recall_id"], ["recall.id"], name=op.f("fk_recall_step_recall_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_recall_step_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_step")),
    )
    op.create_index("ix_recall_step_recall_id", "recall_step", ["recall_id"])
    op.create_table(
        "recall_step_unit",
        sa.Column("step_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("recall_unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["recall_unit_id"], ["recall_unit.id"], name=op.f("fk_recall_step_unit_recall_unit_id")
        ),
        sa.ForeignKeyConstraint(["step_id"], ["recall_step.id"], name=op.f("fk_recall_step_unit_step_id")),
        sa.PrimaryKeyConstraint("step_id", "recall_unit_id", name=op.f("pk_recall_step_unit")),
    )
    op.create_index("ix_recall_step_unit_recall_unit_id", "recall_step_unit", ["recall_unit_id"])


def downgrade() -> None:
    """Go back to the revision before."""
    for name in ("recall_step_unit", "recall_step", "recall_unit", "recall"):
        op.drop_table(name)
