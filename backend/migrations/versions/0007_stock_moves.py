"""stock moves"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import QuantityType, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_KINDS = "'site', 'warehouse', 'bin', 'reject', 'supplier', 'customer', 'transit', 'repair', 'scrap', 'lost'"


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "count_round",
        sa.Column("voucher_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("after_seq", sa.BigInteger(), nullable=False),
        sa.Column("counted_by_id", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["approved_by_id"], ["app_user.id"], name=op.f("fk_count_round_approved_by_id")),
        sa.ForeignKeyConstraint(["counted_by_id"], ["app_user.id"], name=op.f("fk_count_round_counted_by_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_count_round_voucher_id")),
        sa.PrimaryKeyConstraint("voucher_id", "round", name=op.f("pk_count_round")),
    )
    op.create_table(
        "component",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("serial_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("qty", QuantityType(precision=18, scale=6, asdecimal=False), nullable=False),
        sa.Column("voucher_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("put_in_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("removed_by_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("removed_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("qty > 0", name=op.f("ck_component_qty")),
        sa.CheckConstraint("serial_id IS NULL OR serial_id <> parent_id", name=op.f("ck_component_not_in_itself")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_component_batch_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_component_item_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["serial_number.id"], name=op.f("fk_component_parent_id")),
        sa.ForeignKeyConstraint(["removed_by_id"], ["voucher.id"], name=op.f("fk_component_removed_by_id")),
        sa.ForeignKeyConstraint(["serial_id"], ["serial_number.id"], name=op.f("fk_component_serial_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_component_voucher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_component")),
    )
    with op.batch_alter_table("component", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_component_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_component_removed_by_id", ["removed_by_id"], unique=False)
        batch_op.create_index("ix_component_serial_id", ["serial_id"], unique=False)
        batch_op.create_index("ix_component_voucher_id", ["voucher_id"], unique=False)
        batch_op.create_index(
            "uq_component_standing_unit",
            ["serial_id"],
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL AND serial_id IS NOT NULL"),
            postgresql_where=sa.text("removed_at IS NULL AND serial_id IS NOT NULL"),
        )

    op.create_table(
        "count_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("voucher_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("serial_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("qty", QuantityType(precision=18, scale=6, asdecimal=False), nullable=False),
        sa.Column("book_location_id", sa.Integer(), nullable=True),
        sa.Column("shelf_location_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("posted", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('found', 'missing', 'misplaced', 'surplus', 'unknown', 'moved')",
            name=op.f("ck_count_result_kind"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_count_result_batch_id")),
        sa.ForeignKeyConstraint(["book_location_id"], ["location.id"], name=op.f("fk_count_result_book_location_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_count_result_item_id")),
        sa.ForeignKeyConstraint(["serial_id"], ["serial_number.id"], name=op.f("fk_count_result_serial_id")),
        sa.ForeignKeyConstraint(["shelf_location_id"], ["location.id"], name=op.f("fk_count_result_shelf_location_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_count_result_voucher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_result")),
    )
    with op.batch_alter_table("count_result", schema=None) as batch_op:
        batch_op.create_index("ix_count_result_voucher_id_kind", ["voucher_id", "kind"], unique=False)

    op.create_table(
        "count_scan",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("voucher_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=4096), nullable=False),
        sa.Column("symbology", sa.String(length=8), nullable=False),
        sa.Column("serial_id", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("qty", QuantityType(precision=18, scale=6, asdecimal=False), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("scanned_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("undone_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("qty >= 0", name=op.f("ck_count_scan_qty")),
        sa.CheckConstraint("serial_id IS NULL OR qty = 1", name=op.f("ck_count_scan_one_unit")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_count_scan_batch_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_count_scan_item_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_count_scan_location_id")),
        sa.ForeignKeyConstraint(["serial_id"], ["serial_number.id"], name=op.f("fk_count_scan_serial_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_count_scan_user_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_count_scan_voucher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_scan")),
    )
    with op.batch_alter_table("count_scan", schema=None) as batch_op:
        batch_op.create_index("ix_count_scan_voucher_id_round", ["voucher_id", "round"], unique=False)

    op.create_table(
        "former_serial_number",
        sa.Column("serial_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("serial_no", sa.String(length=64), nullable=False),
        sa.Column("serial_key", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("corrected_by_id", sa.Integer(), nullable=False),
        sa.Column("corrected_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["corrected_by_id"], ["app_user.id"], name=op.f("fk_former_serial_number_corrected_by_id")
        ),
        sa.ForeignKeyConstraint(["serial_id"], ["serial_number.id"], name=op.f("fk_former_serial_number_serial_id")),
        sa.PrimaryKeyConstraint("serial_id", name=op.f("pk_former_serial_number")),
    )
    with op.batch_alter_table("former_serial_number", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_serial_number_serial_key"), ["serial_key"], unique=False)

    with op.batch_alter_table("voucher", schema=None) as batch_op:
        batch_op.add_column(sa.Column("purpose", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("request_digest", sa.String(length=64), nullable=True))

    with op.batch_alter_table("warranty", schema=None) as batch_op:
        batch_op.add_column(sa.Column("voided_at", UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("void_reason", sa.String(length=500), nullable=True))
        batch_op.drop_constraint(batch_op.f("pk_warranty"), type_="primary")
        batch_op.create_primary_key(batch_op.f("pk_warranty"), ["serial_id", "voucher_id"])
        batch_op.create_check_constraint(batch_op.f("ck_warranty_void"), "(voided_at IS NULL) = (void_reason IS NULL)")
        batch_op.create_index("ix_warranty_voucher_id", ["voucher_id"], unique=False)
        batch_op.create_index(
            "uq_warranty_standing",
            ["serial_id"],
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    with op.batch_alter_table("location", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_location_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_location_kind"), f"kind IN ({_KINDS}, 'consumed')")
    # Such a place is there where this revision was taken back from a database that had used it.
    op.execute("UPDATE location SET kind = 'consumed' WHERE kind = 'reject' AND code = 'CONSUMED'")
    op.execute(
        "INSERT INTO location (site_id, parent_id, code, name, kind, walk_order)"
        " SELECT id, id, 'CONSUMED', 'Consumed', 'consumed', 0 FROM location AS site WHERE kind = 'site' AND NOT EXISTS"
        " (SELECT 1 FROM location WHERE location.site_id = site.id AND location.kind = 'consumed')"
    )


def downgrade() -> None:
    """Go back to the revision before."""
    # What is consumed stays in the ledger, in a place that the revision before knows as one of no good goods.
    op.execute(
        "UPDATE location SET kind = 'reject' WHERE kind = 'consumed' AND id IN"
        " (SELECT location_id FROM stock_ledger_entry)"
    )
    op.execute("DELETE FROM location WHERE kind = 'consumed'")
    with op.batch_alter_table("location", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_location_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_location_kind"), f"kind IN ({_KINDS})")
    op.execute("DELETE FROM warranty WHERE voided_at IS NOT NULL")
    with op.batch_alter_table("warranty", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_warranty_standing",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.drop_index("ix_warranty_voucher_id")
        batch_op.drop_constraint(batch_op.f("ck_warranty_void"), type_="check")
        batch_op.drop_constraint(batch_op.f("pk_warranty"), type_="primary")
        batch_op.create_primary_key(batch_op.f("pk_warranty"), ["serial_id"])
        batch_op.drop_column("void_reason")
        batch_op.drop_column("voided_at")

    with op.batch_alter_table("voucher", schema=None) as batch_op:
        batch_op.drop_column("request_digest")
        batch_op.drop_column("purpose")

    with op.batch_alter_table("former_serial_number", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_serial_number_serial_key"))

    op.drop_table("former_serial_number")
    with op.batch_alter_table("count_scan", schema=None) as batch_op:
        batch_op.drop_index("ix_count_scan_voucher_id_round")

    op.drop_table("count_scan")
    with op.batch_alter_table("count_result", schema=None) as batch_op:
        batch_op.drop_index("ix_count_result_voucher_id_kind")

    op.drop_table("count_result")
    with op.batch_alter_table("component", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_component_standing_unit",
            sqlite_where=sa.text("removed_at IS NULL AND serial_id IS NOT NULL"),
            postgresql_where=sa.text("removed_at IS NULL AND serial_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_component_voucher_id")
        batch_op.drop_index("ix_component_serial_id")
        batch_op.drop_index("ix_component_removed_by_id")
        batch_op.drop_index(batch_op.f("ix_component_parent_id"))

    op.drop_table("component")
    op.drop_table("count_round")
