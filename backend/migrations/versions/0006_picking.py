"""picking"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import QuantityType

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""
    quantity = QuantityType(precision=18, scale=6, asdecimal=False)
    with op.batch_alter_table("voucher_line") as batch_op:
        for name in ("picked", "delivered"):
            batch_op.add_column(sa.Column(name, quantity, nullable=False, server_default="0"))
    with op.batch_alter_table("voucher_line") as batch_op:
        for name in ("picked", "delivered"):
            batch_op.alter_column(name, server_default=None)
        batch_op.create_check_constraint(batch_op.f("ck_voucher_line_sold"), "picked >= 0 AND delivered >= 0")


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("voucher_line") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_voucher_line_sold"), type_="check")
        for name in ("picked", "delivered"):
            batch_op.drop_column(name)
