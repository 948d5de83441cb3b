"""ways in"""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""


def downgrade() -> None:
    """Go back to the revision before."""
