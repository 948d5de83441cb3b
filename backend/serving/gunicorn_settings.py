"""Settings of gunicorn, inside the package so that an installed Serialtrail has them too.

``gunicorn -c python:backend.serving.gunicorn_settings backend.serving.wsgi:application``
"""

import sys
from typing import Any

from backend.config import Config, ConfigError

worker_class = "gevent"
worker_connections = 4000

# A front keeps its connections open; with gunicorn's 2 s it would now and then write into one just closed.
keepalive = 75

# Open sockets hold a worker for the whole of this time; they are sent to reconnect before (post_worker_init).
graceful_timeout = 5
timeout = 60

# Recycling workers would drop every live board.
max_requests = 0

# As for the commands: what is written is for its owner only.
umask = 0o077

# Its path is one and the same for every gunicorn of a user, and nothing here uses it.
control_socket_disable = True

# X-Forwarded headers count only as SERIALTRAIL_TRUSTED_PROXIES says; the application looks at them itself.
secure_scheme_headers: dict[str, str] = {}


def on_starting(arbiter: Any) -> None:
    """Refuse settings that cannot work, in one sentence instead of a traceback from each worker."""
    try:
        config = Config.from_environment()
    except ConfigError as error:
        sys.exit(f"{error}")
    if config.is_sqlite and arbiter.cfg.workers > 1:
        sys.exit(
            f"{arbiter.cfg.workers} web processes were asked for, but SQLite serves one. "
            "Set SERIALTRAIL_DATABASE_URL to a PostgreSQL database, or WEB_CONCURRENCY to 1."
        )
    if arbiter.cfg.workers > 1 and config.redis_url is None:
        sys.exit(
            f"{arbiter.cfg.workers} web processes were asked for, but they could not count log-in attempts together. "
            "Set SERIALTRAIL_REDIS_URL, or WEB_CONCURRENCY to 1."
        )


def post_worker_init(worker: Any) -> None:
    """Send live connections to reconnect as soon as the worker is told to stop."""
    # Imported here: gevent must patch the worker before anything opens a socket.
    import gevent

    from backend.extensions import socketio
    from backend.serving import alert_watch, webhook_sender
    from backend.serving.server import send_sockets_away
    from backend.serving.wsgi import flask_app

    def watch() -> None:
        while worker.alive:
            gevent.sleep(0.2)
        send_sockets_away(socketio)

    gevent.spawn(watch)
    webhook_sender.start(flask_app)
    alert_watch.start(flask_app)
