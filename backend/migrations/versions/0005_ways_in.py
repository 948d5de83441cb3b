"""ways in"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import QuantityType, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_COUNTS = {"voucher": ("accepted", "rejected"), "voucher_line": ("received", "scanned", "accepted", "rejected")}


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "expected_serial",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("voucher_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("serial_no", sa.String(length=64), nullable=False),
        sa.Column("serial_key", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_expected_serial_item_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_expected_serial_voucher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expected_serial")),
        sa.UniqueConstraint(
            "voucher_id", "item_id", "serial_key", name=op.f("uq_expected_serial_voucher_id_item_id_serial_key")
        ),
    )
    with op.batch_alter_table("expected_serial", schema=None) as batch_op:
        batch_op.create_index("ix_expected_serial_serial_key", ["serial_key"], unique=False)
    op.create_table(
        "intake",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("voucher_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_intake_user_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_intake_voucher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake")),
    )
    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_intake_voucher_id"), ["voucher_id"], unique=False)
    op.create_table(
        "over_receipt",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("voucher_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("qty", QuantityType(precision=18, scale=6, asdecimal=False), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("qty > 0", name=op.f("ck_over_receipt_qty")),
        sa.ForeignKeyConstraint(["line_id"], ["voucher_line.id"], name=op.f("fk_over_receipt_line_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_over_receipt_user_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_over_receipt_voucher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_over_receipt")),
    )
    with op.batch_alter_table("over_receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_over_receipt_line_id"), ["line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_over_receipt_voucher_id"), ["voucher_id"], unique=False)

    # Goods without serial numbers come by weight or length, too: what was counted may be a fraction.
    with op.batch_alter_table("voucher_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("admitted", _quantity(), nullable=False, server_default="0"))
    with op.batch_alter_table("voucher_unit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("qty", _quantity(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("is_unexpected", sa.Boolean(), nullable=False, server_default=sa.false()))
    for table, columns in _COUNTS.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.alter_column(column, existing_type=sa.Integer(), type_=_quantity(), existing_nullable=False)
    # What is there has its values now; from here on the application gives them.
    with op.batch_alter_table("voucher_line", schema=None) as batch_op:
        batch_op.alter_column("admitted", server_default=None)
        batch_op.drop_constraint(batch_op.f("ck_voucher_line_progress"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_voucher_line_progress"), "received >= 0 AND scanned >= 0 AND admitted >= 0"
        )
    with op.batch_alter_table("voucher_unit", schema=None) as batch_op:
        batch_op.alter_column("qty", server_default=None)
        batch_op.alter_column("is_unexpected", server_default=None)
        batch_op.create_check_constraint(
            batch_op.f("ck_voucher_unit_qty"), "qty > 0 AND (serial_no IS NULL OR qty = 1)"
        )


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("voucher_unit", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_voucher_unit_qty"), type_="check")
        batch_op.drop_column("is_unexpected")
        batch_op.drop_column("qty")
    with op.batch_alter_table("voucher_line", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_voucher_line_progress"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_voucher_line_progress"), "received >= 0 AND scanned >= 0")
        batch_op.drop_column("admitted")
    for table, columns in _COUNTS.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.alter_column(column, existing_type=_quantity(), type_=sa.Integer(), existing_nullable=False)
    op.drop_table("over_receipt")
    op.drop_table("intake")
    op.drop_table("expected_serial")


def _quantity() -> QuantityType:
    return QuantityType(precision=18, scale=6, asdecimal=False)
