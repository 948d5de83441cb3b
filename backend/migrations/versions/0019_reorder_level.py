"""reorder levels of items"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reorder_level", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_item_reorder_level"), "reorder_level IS NULL OR reorder_level >= 0"
        )


def downgrade() -> None:
    """Take the schema back before this revision."""
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_item_reorder_level"), type_="check")
        batch_op.drop_column("reorder_level")
