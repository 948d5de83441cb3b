"""released by holds"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""
    with op.batch_alter_table("reservation") as batch_op:
        batch_op.add_column(sa.Column("hold_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_reservation_hold_id"), "hold", ["hold_id"], ["id"])


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("reservation") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_reservation_hold_id"), type_="foreignkey")
        batch_op.drop_column("hold_id")
