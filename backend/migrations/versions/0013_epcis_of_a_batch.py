"""epcis of a batch"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_index(
        "ix_stock_ledger_entry_batch_of_untracked",
        "stock_ledger_entry",
        ["batch_id", "site_id", "seq"],
        sqlite_where=sa.text("serial_id IS NULL"),
        postgresql_where=sa.text("serial_id IS NULL"),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_index("ix_stock_ledger_entry_batch_of_untracked", "stock_ledger_entry")
