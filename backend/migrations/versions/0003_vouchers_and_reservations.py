"""vouchers and reservations"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("serial_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("placed_by_id", sa.Integer(), nullable=False),
        sa.Column("placed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("lift_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("kind IN ('hold', 'recall')", name=op.f("ck_hold_kind")),
        sa.CheckConstraint("(batch_id IS NULL) <> (serial_id IS NULL)", name=op.f("ck_hold_one_subject")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_hold_batch_id")),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["app_user.id"], name=op.f("fk_hold_lifted_by_id")),
        sa.ForeignKeyConstraint(["placed_by_id"], ["app_user.id"], name=op.f("fk_hold_placed_by_id")),
        sa.ForeignKeyConstraint(["serial_id"], ["serial_number.id"], name=op.f("fk_hold_serial_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.create_index("ix_hold_batch_id", ["batch_id"], unique=False)
        batch_op.create_index("ix_hold_serial_id", ["serial_id"], unique=False)

    op.create_table(
        "reservation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("voucher_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("serial_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("scan_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("scanned_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "status IN ('proposed', 'chosen', 'posted', 'released')", name=op.f("ck_reservation_status")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["voucher_line.id"], name=op.f("fk_reservation_line_id")),
        sa.ForeignKeyConstraint(["replaced_by_id"], ["reservation.id"], name=op.f("fk_reservation_replaced_by_id")),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.id"], name=op.f("fk_reservation_scan_id")),
        sa.ForeignKeyConstraint(["serial_id"], ["serial_number.id"], name=op.f("fk_reservation_serial_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_reservation_user_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_reservation_voucher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
    )
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reservation_line_id"), ["line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reservation_serial_id"), ["serial_id"], unique=False)
        batch_op.create_index("ix_reservation_voucher_id_status", ["voucher_id", "status"], unique=False)
        batch_op.create_index(
            "uq_reservation_standing_unit",
            ["serial_id"],
            unique=True,
            sqlite_where=sa.text("status IN ('proposed', 'chosen')"),
            postgresql_where=sa.text("status IN ('proposed', 'chosen')"),
        )

    with op.batch_alter_table("voucher", schema=None) as batch_op:
        batch_op.add_column(sa.Column("to_location_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("remark", sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column("cancelled_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_voucher_cancelled_by_id"), "app_user", ["cancelled_by_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_voucher_to_location_id"), "location", ["to_location_id"], ["id"])

    with op.batch_alter_table("voucher_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("batch_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("location_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_voucher_line_source_line_id"), ["source_line_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_voucher_line_location_id"), "location", ["location_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_voucher_line_batch_id"), "batch", ["batch_id"], ["id"])


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("voucher_line", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_voucher_line_batch_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_voucher_line_location_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_voucher_line_source_line_id"))
        batch_op.drop_column("location_id")
        batch_op.drop_column("batch_id")

    with op.batch_alter_table("voucher", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_voucher_to_location_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_voucher_cancelled_by_id"), type_="foreignkey")
        batch_op.drop_column("cancelled_by_id")
        batch_op.drop_column("remark")
        batch_op.drop_column("to_location_id")

    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_reservation_standing_unit",
            sqlite_where=sa.text("status IN ('proposed', 'chosen')"),
            postgresql_where=sa.text("status IN ('proposed', 'chosen')"),
        )
        batch_op.drop_index("ix_reservation_voucher_id_status")
        batch_op.drop_index(batch_op.f("ix_reservation_serial_id"))
        batch_op.drop_index(batch_op.f("ix_reservation_line_id"))

    op.drop_table("reservation")
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.drop_index("ix_hold_serial_id")
        batch_op.drop_index("ix_hold_batch_id")

    op.drop_table("hold")
