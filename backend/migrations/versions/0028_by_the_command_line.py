"""who did what the command line did"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""
    # Not as a batch, which would make the table anew, without the triggers that keep it as it is.
    op.add_column("audit_event", sa.Column("by_name", sa.String(80), nullable=True))


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_column("audit_event", "by_name")
