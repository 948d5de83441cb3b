"""Whether the process answers, and whether it can work; what it counts."""

from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from backend.api.access import PUBLIC, requires
from backend.extensions import reading

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@requires(PUBLIC)
def alive() -> Response:
    """The process answers; touches nothing else."""
    return jsonify({"status": "ok"})


@bp.get("/readyz")
@requires(PUBLIC)
def ready() -> tuple[Response, int]:
    """The database answers and has the schema of this version."""
    revision = reading().execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    head = ScriptDirectory(current_app.extensions["migrate"].directory).get_current_head()
    is_current = revision == head
    return jsonify({"status": "ok" if is_current else "schema_differs", "schema": revision}), (
        200 if is_current else 503
    )


@bp.get("/metrics")
@requires(PUBLIC)
def metrics() -> Response:
    """Counters in the text format of Prometheus; keep this address inside the house."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
