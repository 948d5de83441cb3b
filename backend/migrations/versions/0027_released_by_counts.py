"""which count took a unit off a pick list"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import Guid

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""
    with op.batch_alter_table("reservation") as batch_op:
        batch_op.add_column(sa.Column("count_id", Guid, nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_reservation_count_id"), "voucher", ["count_id"], ["id"])


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("reservation") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_reservation_count_id"), type_="foreignkey")
        batch_op.drop_column("count_id")
