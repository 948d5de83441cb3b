"""what changed service contracts, and the contracts of maintenance plans"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import Guid, UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "contract_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", Guid, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("units_added", sa.JSON(), nullable=False),
        sa.Column("units_removed", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.CheckConstraint("kind IN ('made', 'changed', 'ended')", name=op.f("ck_contract_event_kind")),
        sa.ForeignKeyConstraint(["by_id"], ["app_user.id"], name=op.f("fk_contract_event_by_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["service_contract.id"], name=op.f("fk_contract_event_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_event")),
    )
    op.create_index("ix_contract_event_contract_id_id", "contract_event", ["contract_id", "id"])
    # What was agreed before there were events; which units came when is not known of it.
    op.execute(
        "INSERT INTO contract_event (contract_id, kind, start_on, end_on, units_added, units_removed, by_id, at)"
        " SELECT id, 'made', start_on, end_on, '[]', '[]', made_by_id, made_at FROM service_contract"
    )
    with op.batch_alter_table("maintenance_plan", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contract_id", Guid, nullable=True))
        batch_op.create_index(batch_op.f("ix_maintenance_plan_contract_id"), ["contract_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_maintenance_plan_contract_id"), "service_contract", ["contract_id"], ["id"]
        )
    op.execute(
        "UPDATE maintenance_plan SET contract_id ="
        " (SELECT id FROM service_contract WHERE service_contract.number = maintenance_plan.contract_no)"
    )
    # A number that is no contract of ours was a remark: it stays readable, in the name of the plan.
    op.execute(
        "UPDATE maintenance_plan SET name = substr(name, 1, 130) || ' (' || contract_no || ')'"
        " WHERE contract_no IS NOT NULL AND contract_id IS NULL"
    )
    with op.batch_alter_table("maintenance_plan", schema=None) as batch_op:
        batch_op.drop_column("contract_no")


def downgrade() -> None:
    """Take the schema back before this revision."""
    with op.batch_alter_table("maintenance_plan", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contract_no", sa.String(length=64), nullable=True))
    op.execute(
        "UPDATE maintenance_plan SET contract_no ="
        " (SELECT number FROM service_contract WHERE service_contract.id = maintenance_plan.contract_id)"
    )
    with op.batch_alter_table("maintenance_plan", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_maintenance_plan_contract_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_maintenance_plan_contract_id"))
        batch_op.drop_column("contract_id")
    op.drop_table("contract_event")
