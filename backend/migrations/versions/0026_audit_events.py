"""changes of masters, sites and people"""

import sqlalchemy as sa
from alembic import op

from backend.models.base import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up to this revision."""
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["location.id"], name=op.f("fk_audit_event_site_id")),
        sa.ForeignKeyConstraint(["by_id"], ["app_user.id"], name=op.f("fk_audit_event_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_site_id_at", "audit_event", ["site_id", "at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event "
            "FOR EACH STATEMENT EXECUTE FUNCTION serialtrail_append_only()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_event_no_{act.lower()} BEFORE {act} ON audit_event BEGIN "
            "SELECT RAISE(ABORT, 'audit_event is append-only'); END"
        )


def downgrade() -> None:
    """Take the schema back before this revision."""
    op.drop_table("audit_event")
