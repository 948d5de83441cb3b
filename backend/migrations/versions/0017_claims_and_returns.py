"""warranty claims, customer returns, service contracts, and what changes a warranty"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision; warranties that run get the event that started them."""
    op.create_table(
        "service_contract",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("end_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("start_on <= end_on", name=op.f("ck_service_contract_days")),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name=op.f("fk_service_contract_made_by_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_service_contract_party_id")),
        sa.ForeignKeyConstraint(["site_id"], ["location.id"], name=op.f("fk_service_contract_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_contract")),
        sa.UniqueConstraint("number", name=op.f("uq_service_contract_number")),
    )
    op.create_index(op.f("ix_service_contract_party_id"), "service_contract", ["party_id"], unique=False)
    op.create_index("ix_service_contract_site_id_end_on", "service_contract", ["site_id", "end_on"], unique=False)
    op.create_table(
        "contract_unit",
        sa.Column("contract_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("serial_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["service_contract.id"], name=op.f("fk_contract_unit_contract_id")),
        sa.ForeignKeyConstraint(["serial_id"], ["serial_number.id"], name=op.f("fk_contract_unit_serial_id")),
        sa.PrimaryKeyConstraint("contract_id", "serial_id", name=op.f("pk_contract_unit")),
    )
    op.create_index(op.f("ix_contract_unit_serial_id"), "contract_unit", ["serial_id"], unique=False)
    op.create_table(
        "returned_unit",
        sa.Column("voucher_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("serial_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("warranty_left", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("inspected_by_id", sa.Integer(), nullable=True),
        sa.Column("inspected_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("replacement_id", sa.Integer(), nullable=True),
        sa.Column("outcome_voucher_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('restock', 'repair', 'replace', 'scrap')", name=op.f("ck_returned_unit_outcome")
        ),
        sa.CheckConstraint("(outcome IS NULL) = (inspected_at IS NULL)", name=op.f("ck_returned_unit_inspected")),
        sa.ForeignKeyConstraint(["inspected_by_id"], ["app_user.id"], name=op.f("fk_returned_unit_inspected_by_id")),
        sa.ForeignKeyConstraint(
            ["outcome_voucher_id"], ["voucher.id"], name=op.f("fk_returned_unit_outcome_voucher_id")
        ),
        sa.ForeignKeyConstraint(["replacement_id"], ["serial_number.id"], name=op.f("fk_returned_unit_replacement_id")),
        sa.ForeignKeyConstraint(["serial_id"], ["serial_number.id"], name=op.f("fk_returned_unit_serial_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_returned_unit_voucher_id")),
        sa.PrimaryKeyConstraint("voucher_id", "serial_id", name=op.f("pk_returned_unit")),
    )
    op.create_index("ix_returned_unit_serial_id", "returned_unit", ["serial_id"], unique=False)
    op.create_table(
        "warranty_claim",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("serial_id", sa.Integer(), nullable=True),
        sa.Column("serial_text", sa.String(length=200), nullable=False),
        sa.Column("complaint", sa.String(length=1000), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("decision_code", sa.String(length=40), nullable=False),
        sa.Column("decision_reason", sa.String(length=500), nullable=False),
        sa.Column("goodwill_reason", sa.String(length=500), nullable=True),
        sa.Column("technician_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("outcome_remark", sa.String(length=500), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("done_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("decision = 'held' OR serial_id IS NOT NULL", name=op.f("ck_warranty_claim_known_unit")),
        sa.CheckConstraint("decision IN ('accepted', 'goodwill', 'held')", name=op.f("ck_warranty_claim_decision")),
        sa.CheckConstraint(
            "outcome IN ('repair', 'replace', 'refund', 'reject')", name=op.f("ck_warranty_claim_outcome")
        ),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name=op.f("ck_warranty_claim_ended")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["app_user.id"], name=op.f("fk_warranty_claim_ended_by_id")),
        sa.ForeignKeyConstraint(["id"], ["voucher.id"], name=op.f("fk_warranty_claim_id")),
        sa.ForeignKeyConstraint(["serial_id"], ["serial_number.id"], name=op.f("fk_warranty_claim_serial_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["app_user.id"], name=op.f("fk_warranty_claim_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warranty_claim")),
    )
    op.create_index(op.f("ix_warranty_claim_serial_id"), "warranty_claim", ["serial_id"], unique=False)
    op.create_index(op.f("ix_warranty_claim_technician_id"), "warranty_claim", ["technician_id"], unique=False)
    op.create_table(
        "warranty_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("serial_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("voucher_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("other_serial_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('started', 'paused', 'resumed', 'carried_over', 'extended', 'voided', 'restored')",
            name=op.f("ck_warranty_event_kind"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["app_user.id"], name=op.f("fk_warranty_event_by_id")),
        sa.ForeignKeyConstraint(
            ["other_serial_id"], ["serial_number.id"], name=op.f("fk_warranty_event_other_serial_id")
        ),
        sa.ForeignKeyConstraint(["serial_id"], ["serial_number.id"], name=op.f("fk_warranty_event_serial_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_warranty_event_voucher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warranty_event")),
    )
    op.create_index("ix_warranty_event_serial_id_id", "warranty_event", ["serial_id", "id"], unique=False)
    with op.batch_alter_table("warranty") as warranty:
        warranty.add_column(sa.Column("paused_on", sa.Date(), nullable=True))
        warranty.add_column(sa.Column("carried_from_id", sa.Integer(), nullable=True))
        warranty.create_foreign_key(op.f("fk_warranty_carried_from_id"), "serial_number", ["carried_from_id"], ["id"])
        warranty.create_index("ix_warranty_carried_from_id", ["carried_from_id"])
        warranty.create_index("ix_warranty_end_on", ["end_on"])
    op.execute(
        "INSERT INTO warranty_event (serial_id, kind, on_day, end_on, voucher_id, by_id, at)"
        " SELECT warranty.serial_id, 'started', warranty.start_on, warranty.end_on, voucher.id,"
        " voucher.submitted_by_id, voucher.submitted_at"
        " FROM warranty JOIN voucher ON voucher.id = warranty.voucher_id WHERE voucher.submitted_at IS NOT NULL"
    )


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("warranty") as warranty:
        warranty.drop_index("ix_warranty_end_on")
        warranty.drop_index("ix_warranty_carried_from_id")
        warranty.drop_constraint(op.f("fk_warranty_carried_from_id"), type_="foreignkey")
        warranty.drop_column("carried_from_id")
        warranty.drop_column("paused_on")
    op.drop_index("ix_warranty_event_serial_id_id", table_name="warranty_event")
    op.drop_table("warranty_event")
    op.drop_index(op.f("ix_warranty_claim_technician_id"), table_name="warranty_claim")
    op.drop_index(op.f("ix_warranty_claim_serial_id"), table_name="warranty_claim")
    op.drop_table("warranty_claim")
    op.drop_index("ix_returned_unit_serial_id", table_name="returned_unit")
    op.drop_table("returned_unit")
    op.drop_index(op.f("ix_contract_unit_serial_id"), table_name="contract_unit")
    op.drop_table("contract_unit")
    op.drop_index("ix_service_contract_site_id_end_on", table_name="service_contract")
    op.drop_index(op.f("ix_service_contract_party_id"), table_name="service_contract")
    op.drop_table("service_contract")
