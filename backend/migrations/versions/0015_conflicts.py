"""conflicts of picks"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import Guid, UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_REFERENCES = {
    "scan_id": "scan.id",
    "site_id": "location.id",
    "voucher_id": "voucher.id",
    "serial_id": "serial_number.id",
    "decided_by_id": "app_user.id",
}


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "conflict",
        sa.Column("scan_id", Guid, nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("voucher_id", Guid, nullable=False),
        sa.Column("serial_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("decision IN ('other_unit', 'left_short', 'overridden')", name=op.f("ck_conflict_decision")),
        sa.CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name=op.f("ck_conflict_decided")),
        *(
            sa.ForeignKeyConstraint([column], [of], name=op.f(f"fk_conflict_{column}"))
            for column, of in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("scan_id", name=op.f("pk_conflict")),
    )
    op.create_index("ix_conflict_serial_id", "conflict", ["serial_id"])
    op.create_index("ix_conflict_site_id_decided_at", "conflict", ["site_id", "decided_at"])
    op.create_index("ix_conflict_voucher_id", "conflict", ["voucher_id"])


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_index("ix_conflict_voucher_id", "conflict")
    op.drop_index("ix_conflict_site_id_decided_at", "conflict")
    op.drop_index("ix_conflict_serial_id", "conflict")
    op.drop_table("conflict")
