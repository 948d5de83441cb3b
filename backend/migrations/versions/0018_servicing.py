"""repair orders, service visits, maintenance plans"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "maintenance_plan",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("serial_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("contract_no", sa.String(length=64), nullable=True),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("next_due_on", sa.Date(), nullable=False),
        sa.Column("technician_id", sa.Integer(), nullable=True),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name=op.f("ck_maintenance_plan_ended")),
        sa.CheckConstraint("period IN ('days', 'months')", name=op.f("ck_maintenance_plan_period")),
        sa.CheckConstraint("every > 0", name=op.f("ck_maintenance_plan_every")),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_maintenance_plan_made_by_id")),
        sa.ForeignKeyConstraint(["serial_id"], ["serial_number.id"], name=op.f("fk_maintenance_plan_serial_id")),
        sa.ForeignKeyConstraint(["site_id"], ["location.id"], name=op.f("fk_maintenance_plan_site_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["app_user.id"], name=op.f("fk_maintenance_plan_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance_plan")),
    )
    op.create_index(op.f("ix_maintenance_plan_serial_id"), "maintenance_plan", ["serial_id"], unique=False)
    op.create_index(
        "ix_maintenance_plan_site_id_next_due_on", "maintenance_plan", ["site_id", "next_due_on"], unique=False
    )
    op.create_index(op.f("ix_maintenance_plan_technician_id"), "maintenance_plan", ["technician_id"], unique=False)
    op.create_table(
        "repair_order",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("serial_id", sa.Integer(), nullable=False),
        sa.Column("complaint", sa.String(length=1000), nullable=False),
        sa.Column("accessories", sa.String(length=500), nullable=True),
        sa.Column("technician_id", sa.Integer(), nullable=True),
        sa.Column("done_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("end_remark", sa.String(length=500), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("outcome IN ('given_back', 'scrapped')", name=op.f("ck_repair_order_outcome")),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name=op.f("ck_repair_order_ended")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["app_user.id"], name=op.f("fk_repair_order_ended_by_id")),
        sa.ForeignKeyConstraint(["id"], ["voucher.id"], name=op.f("fk_repair_order_id")),
        sa.ForeignKeyConstraint(["serial_id"], ["serial_number.id"], name=op.f("fk_repair_order_serial_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["app_user.id"], name=op.f("fk_repair_order_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repair_order")),
    )
    op.create_index(op.f("ix_repair_order_serial_id"), "repair_order", ["serial_id"], unique=False)
    op.create_index(op.f("ix_repair_order_technician_id"), "repair_order", ["technician_id"], unique=False)
    op.create_table(
        "service_visit",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("serial_id", sa.Integer(), nullable=False),
        sa.Column("technician_id", sa.Integer(), nullable=False),
        sa.Column("work_done", sa.String(length=4000), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("signer_name", sa.String(length=200), nullable=True),
        sa.Column("unsigned_reason", sa.String(length=500), nullable=True),
        sa.Column("next_visit_on", sa.Date(), nullable=True),
        sa.Column("plan_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("done_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("result IN ('fixed', 'not_fixed', 'needs_part')", name=op.f("ck_service_visit_result")),
        sa.ForeignKeyConstraint(["id"], ["voucher.id"], name=op.f("fk_service_visit_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["maintenance_plan.id"], name=op.f("fk_service_visit_plan_id")),
        sa.ForeignKeyConstraint(["serial_id"], ["serial_number.id"], name=op.f("fk_service_visit_serial_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["app_user.id"], name=op.f("fk_service_visit_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_visit")),
    )
    op.create_index(op.f("ix_service_visit_next_visit_on"), "service_visit", ["next_visit_on"], unique=False)
    op.create_index(op.f("ix_service_visit_plan_id"), "service_visit", ["plan_id"], unique=False)
    op.create_index(op.f("ix_service_visit_serial_id"), "service_visit", ["serial_id"], unique=False)
    op.create_index(op.f("ix_service_visit_technician_id"), "service_visit", ["technician_id"], unique=False)
    op.create_table(
        "noted_part",
        sa.Column("visit_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("idx", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("serial_no", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["service_visit.id"], name=op.f("fk_noted_part_visit_id")),
        sa.PrimaryKeyConstraint("visit_id", "idx", name=op.f("pk_noted_part")),
    )
    op.create_table(
        "reading",
        sa.Column("visit_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("idx", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("value", sa.String(length=100), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["visit_id"], ["service_visit.id"], name=op.f("fk_reading_visit_id")),
        sa.PrimaryKeyConstraint("visit_id", "idx", name=op.f("pk_reading")),
    )


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("reading")
    op.drop_table("noted_part")
    op.drop_index(op.f("ix_service_visit_technician_id"), table_name="service_visit")
    op.drop_index(op.f("ix_service_visit_serial_id"), table_name="service_visit")
    op.drop_index(op.f("ix_service_visit_plan_id"), table_name="service_visit")
    op.drop_index(op.f("ix_service_visit_next_visit_on"), table_name="service_visit")
    op.drop_table("service_visit")
    op.drop_index(op.f("ix_repair_order_technician_id"), table_name="repair_order")
    op.drop_index(op.f("ix_repair_order_serial_id"), table_name="repair_order")
    op.drop_table("repair_order")
    op.drop_index(op.f("ix_maintenance_plan_technician_id"), table_name="maintenance_plan")
    op.drop_index("ix_maintenance_plan_site_id_next_due_on", table_name="maintenance_plan")
    op.drop_index(op.f("ix_maintenance_plan_serial_id"), table_name="maintenance_plan")
    op.drop_table("maintenance_plan")
