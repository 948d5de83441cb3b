"""receiving"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import QuantityType, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""

    op.create_table(
        "app_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("disabled_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_user")),
        sa.UniqueConstraint("username", name=op.f("uq_app_user_username")),
    )
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("first_seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("clock_skew_ms", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
    )
    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("tracking", sa.String(length=16), nullable=False),
        sa.Column("serial_no_series", sa.String(length=64), nullable=True),
        sa.Column("batch_no_series", sa.String(length=64), nullable=True),
        sa.Column("serial_length", sa.Integer(), nullable=True),
        sa.Column("serial_pattern", sa.String(length=64), nullable=True),
        sa.Column("expiry_required", sa.Boolean(), nullable=False),
        sa.Column("warranty_days", sa.Integer(), nullable=True),
        sa.Column("over_receipt_percent", sa.Integer(), nullable=False),
        sa.CheckConstraint("tracking IN ('none', 'serial', 'batch', 'serial_batch')", name=op.f("ck_item_tracking")),
        sa.CheckConstraint("over_receipt_percent BETWEEN 0 AND 100", name=op.f("ck_item_over_receipt_percent")),
        sa.CheckConstraint("warranty_days IS NULL OR warranty_days >= 0", name=op.f("ck_item_warranty_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("item_code", name=op.f("uq_item_item_code")),
    )
    op.create_table(
        "location",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.CheckConstraint("(kind = 'site') = (parent_id IS NULL)", name=op.f("ck_location_only_sites_are_roots")),
        sa.CheckConstraint(
            "kind IN ('site', 'warehouse', 'bin', 'reject', 'supplier', 'customer', 'transit', 'repair', 'scrap', 'lost')",
            name=op.f("ck_location_kind"),
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["location.id"], name=op.f("fk_location_parent_id")),
        sa.ForeignKeyConstraint(["site_id"], ["location.id"], name=op.f("fk_location_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
        sa.UniqueConstraint("site_id", "code", name=op.f("uq_location_site_id_code")),
    )
    op.create_table(
        "party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=True),
        sa.CheckConstraint("kind IN ('supplier', 'customer')", name=op.f("ck_party_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sa.UniqueConstraint("code", name=op.f("uq_party_code")),
    )
    op.create_table(
        "series_counter",
        sa.Column("prefix", sa.String(length=100), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_series_counter")),
    )
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("batch_no", sa.String(length=64), nullable=False),
        sa.Column("batch_key", sa.String(length=200), nullable=False),
        sa.Column("manufactured_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("supplier_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "expires_on IS NULL OR manufactured_on IS NULL OR expires_on >= manufactured_on",
            name=op.f("ck_batch_dates"),
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_batch_item_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["party.id"], name=op.f("fk_batch_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("batch_key", "item_id", name=op.f("uq_batch_batch_key_item_id")),
    )
    op.create_table(
        "event",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("voucher_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("scan_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["location.id"], name=op.f("fk_event_site_id")),
        sa.PrimaryKeyConstraint("site_id", "seq", name=op.f("pk_event")),
    )
    op.create_table(
        "feed",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.Column("ledger_seq", sa.BigInteger(), nullable=False),
        sa.Column("ledger_hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["location.id"], name=op.f("fk_feed_site_id")),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_feed")),
    )
    op.create_table(
        "item_barcode",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("is_gtin", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_barcode_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_barcode")),
        sa.UniqueConstraint("code", name=op.f("uq_item_barcode_code")),
    )
    with op.batch_alter_table("item_barcode", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_barcode_item_id"), ["item_id"], unique=False)

    op.create_table(
        "scan",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("device_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("voucher_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("symbology", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("scanned_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("feed_seq", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_scan_device_id")),
        sa.ForeignKeyConstraint(["site_id"], ["location.id"], name=op.f("fk_scan_site_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_scan_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan")),
    )
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.create_index("ix_scan_device_id_counter", ["device_id", "counter"], unique=False)
        batch_op.create_index("ix_scan_site_id_feed_seq", ["site_id", "feed_seq"], unique=False)
        batch_op.create_index("ix_scan_voucher_id_recorded_at", ["voucher_id", "recorded_at"], unique=False)

    op.create_table(
        "user_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "role IN ('picker', 'technician', 'supervisor', 'support', 'administrator')",
            name=op.f("ck_user_role_role"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["location.id"], name=op.f("fk_user_role_site_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_user_role_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_role")),
        sa.UniqueConstraint("user_id", "site_id", "role", name=op.f("uq_user_role_user_id_site_id_role")),
    )
    op.create_table(
        "user_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_user_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "voucher",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("type", sa.String(length=24), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("source_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("reject_location_id", sa.Integer(), nullable=True),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(length=500), nullable=True),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('draft', 'submitted', 'closed', 'cancelled')", name=op.f("ck_voucher_status")),
        sa.CheckConstraint("accepted >= 0 AND rejected >= 0 AND refused >= 0", name=op.f("ck_voucher_counts")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_voucher_location_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["app_user.id"], name=op.f("fk_voucher_opened_by_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_voucher_party_id")),
        sa.ForeignKeyConstraint(["reject_location_id"], ["location.id"], name=op.f("fk_voucher_reject_location_id")),
        sa.ForeignKeyConstraint(["site_id"], ["location.id"], name=op.f("fk_voucher_site_id")),
        sa.ForeignKeyConstraint(["source_id"], ["voucher.id"], name=op.f("fk_voucher_source_id")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["app_user.id"], name=op.f("fk_voucher_submitted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher")),
        sa.UniqueConstraint("type", "number", name=op.f("uq_voucher_type_number")),
    )
    with op.batch_alter_table("voucher", schema=None) as batch_op:
        batch_op.create_index(
            "ix_voucher_site_id_type_status_submitted_at", ["site_id", "type", "status", "submitted_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_voucher_source_id"), ["source_id"], unique=False)

    op.create_table(
        "balance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("qty", QuantityType(precision=18, scale=6, asdecimal=False), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_balance_batch_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_balance_item_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_balance_location_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_balance")),
    )
    with op.batch_alter_table("balance", schema=None) as batch_op:
        batch_op.create_index("ix_balance_item_id", ["item_id"], unique=False)

    op.create_table(
        "serial_number",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("serial_no", sa.String(length=64), nullable=False),
        sa.Column("serial_key", sa.String(length=200), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("supplier_id", sa.Integer(), nullable=True),
        sa.Column("receipt_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("last_site_id", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_serial_number_batch_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_serial_number_item_id")),
        sa.ForeignKeyConstraint(["last_site_id"], ["location.id"], name=op.f("fk_serial_number_last_site_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_serial_number_location_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["party.id"], name=op.f("fk_serial_number_owner_id")),
        sa.ForeignKeyConstraint(["receipt_id"], ["voucher.id"], name=op.f("fk_serial_number_receipt_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["party.id"], name=op.f("fk_serial_number_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serial_number")),
        sa.UniqueConstraint("serial_key", "item_id", name=op.f("uq_serial_number_serial_key_item_id")),
    )
    with op.batch_alter_table("serial_number", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_serial_number_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index("ix_serial_number_location_id_item_id", ["location_id", "item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_serial_number_receipt_id"), ["receipt_id"], unique=False)

    op.create_table(
        "voucher_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("voucher_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("idx", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("qty", QuantityType(precision=18, scale=6, asdecimal=False), nullable=False),
        sa.Column("source_line_id", sa.Integer(), nullable=True),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("scanned", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.CheckConstraint("qty >= 0", name=op.f("ck_voucher_line_qty")),
        sa.CheckConstraint("received >= 0 AND scanned >= 0", name=op.f("ck_voucher_line_progress")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_voucher_line_item_id")),
        sa.ForeignKeyConstraint(["source_line_id"], ["voucher_line.id"], name=op.f("fk_voucher_line_source_line_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_voucher_line_voucher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_line")),
        sa.UniqueConstraint("voucher_id", "idx", name=op.f("uq_voucher_line_voucher_id_idx")),
    )
    op.create_table(
        "stock_ledger_entry",
        sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("serial_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("qty", QuantityType(precision=18, scale=6, asdecimal=False), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("voucher_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("voucher_line_id", sa.Integer(), nullable=True),
        sa.Column("scan_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("scanned_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("posted_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("qty <> 0", name=op.f("ck_stock_ledger_entry_qty")),
        sa.ForeignKeyConstraint(["actor_id"], ["app_user.id"], name=op.f("fk_stock_ledger_entry_actor_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_stock_ledger_entry_batch_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_stock_ledger_entry_item_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_stock_ledger_entry_location_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_stock_ledger_entry_party_id")),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.id"], name=op.f("fk_stock_ledger_entry_scan_id")),
        sa.ForeignKeyConstraint(["serial_id"], ["serial_number.id"], name=op.f("fk_stock_ledger_entry_serial_id")),
        sa.ForeignKeyConstraint(["site_id"], ["location.id"], name=op.f("fk_stock_ledger_entry_site_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_stock_ledger_entry_voucher_id")),
        sa.ForeignKeyConstraint(
            ["voucher_line_id"], ["voucher_line.id"], name=op.f("fk_stock_ledger_entry_voucher_line_id")
        ),
        sa.PrimaryKeyConstraint("site_id", "seq", name=op.f("pk_stock_ledger_entry")),
    )
    with op.batch_alter_table("stock_ledger_entry", schema=None) as batch_op:
        batch_op.create_index("ix_stock_ledger_entry_serial_id", ["serial_id", "site_id", "seq"], unique=False)
        batch_op.create_index("ix_stock_ledger_entry_voucher_id", ["voucher_id"], unique=False)

    op.create_table(
        "voucher_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("voucher_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("serial_no", sa.String(length=64), nullable=True),
        sa.Column("serial_key", sa.String(length=200), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("condition", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("scan_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("scanned_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("condition IN ('accepted', 'rejected')", name=op.f("ck_voucher_unit_condition")),
        sa.CheckConstraint("status IN ('open', 'posted', 'undone')", name=op.f("ck_voucher_unit_status")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_voucher_unit_batch_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_voucher_unit_item_id")),
        sa.ForeignKeyConstraint(["line_id"], ["voucher_line.id"], name=op.f("fk_voucher_unit_line_id")),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.id"], name=op.f("fk_voucher_unit_scan_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_voucher_unit_user_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_voucher_unit_voucher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_unit")),
    )
    with op.batch_alter_table("voucher_unit", schema=None) as batch_op:
        batch_op.create_index("ix_voucher_unit_voucher_id_id", ["voucher_id", "id"], unique=False)
        batch_op.create_index(
            "uq_voucher_unit_open_serial",
            ["serial_key", "item_id"],
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )
        batch_op.create_index("uq_voucher_unit_scan_id", ["scan_id"], unique=True)

    op.create_table(
        "warranty",
        sa.Column("serial_id", sa.Integer(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(length=16), nullable=False),
        sa.Column("voucher_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(["serial_id"], ["serial_number.id"], name=op.f("fk_warranty_serial_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_warranty_voucher_id")),
        sa.PrimaryKeyConstraint("serial_id", name=op.f("pk_warranty")),
    )

    op.create_index(
        "uq_balance_place",
        "balance",
        ["location_id", "item_id", sa.text("coalesce(batch_id, 0)")],
        unique=True,
    )
    _refuse_changes()


def downgrade() -> None:
    """Go back to the revision before."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION serialtrail_append_only() CASCADE")

    op.drop_table("warranty")
    with op.batch_alter_table("voucher_unit", schema=None) as batch_op:
        batch_op.drop_index("uq_voucher_unit_scan_id")
        batch_op.drop_index(
            "uq_voucher_unit_open_serial",
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )
        batch_op.drop_index("ix_voucher_unit_voucher_id_id")

    op.drop_table("voucher_unit")
    with op.batch_alter_table("stock_ledger_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_stock_ledger_entry_voucher_id")
        batch_op.drop_index("ix_stock_ledger_entry_serial_id")

    op.drop_table("stock_ledger_entry")
    op.drop_table("voucher_line")
    with op.batch_alter_table("serial_number", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_serial_number_receipt_id"))
        batch_op.drop_index("ix_serial_number_location_id_item_id")
        batch_op.drop_index(batch_op.f("ix_serial_number_batch_id"))

    op.drop_table("serial_number")
    with op.batch_alter_table("balance", schema=None) as batch_op:
        batch_op.drop_index("ix_balance_item_id")

    op.drop_table("balance")
    with op.batch_alter_table("voucher", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_voucher_source_id"))
        batch_op.drop_index("ix_voucher_site_id_type_status_submitted_at")

    op.drop_table("voucher")
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_session_user_id"))

    op.drop_table("user_session")
    op.drop_table("user_role")
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.drop_index("ix_scan_voucher_id_recorded_at")
        batch_op.drop_index("ix_scan_site_id_feed_seq")
        batch_op.drop_index("ix_scan_device_id_counter")

    op.drop_table("scan")
    with op.batch_alter_table("item_barcode", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_barcode_item_id"))

    op.drop_table("item_barcode")
    op.drop_table("feed")
    op.drop_table("event")
    op.drop_table("batch")
    op.drop_table("series_counter")
    op.drop_table("party")
    op.drop_table("location")
    op.drop_table("item")
    op.drop_table("device")
    op.drop_table("app_user")


APPEND_ONLY = ("stock_ledger_entry", "event")
"""Tables whose rows are never changed and never removed; the database itself sees to it."""


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION serialtrail_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION '% is append-only: post the opposite entry instead', TG_TABLE_NAME; "
            "END $$"
        )
        for table in APPEND_ONLY:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION serialtrail_append_only()"
            )
        return
    for table in APPEND_ONLY:
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN "
                f"SELECT RAISE(ABORT, '{table} is append-only: post the opposite entry instead'); END"
            )
