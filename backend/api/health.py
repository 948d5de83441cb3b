"""Whether the process answers, and whether it can work; what it takes of memory and time."""

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from backend import migrations
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
    revision = migrations.revision(reading().connection())
    is_current = revision == migrations.head()
    return jsonify({"status": "ok" if is_current else "schema_differs", "schema": revision}), (
        200 if is_current else 503
    )


@bp.get("/metrics")
@requires(PUBLIC)
def metrics() -> Response:
    """Memory, time and files of this process for Prometheus; keep this address inside the house."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
