"""The application: configuration, extensions, blueprints, error handlers; nothing else."""

from typing import Any

from flask import Flask
from redis.backoff import NoBackoff
from redis.retry import Retry
from werkzeug.middleware.proxy_fix import ProxyFix

from backend import api, cli, migrations, pwa, realtime
from backend.config import Config
from backend.extensions import db, end_reading_of_request, engine_options, limiter, prepare_sqlite

_IMPATIENT = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "retry": Retry(NoBackoff(), 0)}
"""How log-ins ask Redis, unless its URL says otherwise: one that hangs must not hold anybody up.

By default a frozen one held a log-in up for 5 to 11 s. Each process counts for itself while Redis is away.
"""


def create_app(config: Config | None = None, **overrides: Any) -> Flask:
    """Make an application.

    Args:
        config: Settings; read from the environment when not given.
        overrides: Single settings that the caller decides, such as ``async_mode``.
    """
    config = config or Config.from_environment(**overrides)
    app = Flask("backend", static_folder=None)
    app.extensions["serialtrail"] = config
    app.config.update(
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.database_url),
        RATELIMIT_STORAGE_URI=config.redis_url or "memory://",
        RATELIMIT_STORAGE_OPTIONS=_IMPATIENT if config.redis_url else {},
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=config.redis_url is not None,
    )
    if config.is_sqlite:
        config.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    db.init_app(app)
    app.teardown_appcontext(end_reading_of_request)
    with app.app_context():
        if config.is_sqlite:
            prepare_sqlite(db.engine)
    app.extensions["migrate"] = migrations.Migrations(db)
    limiter.init_app(app)
    api.register(app)
    app.register_blueprint(pwa.bp)
    realtime.register(app)
    cli.register(app)
    if config.trusted_proxies:
        # Last, so that it is outermost: sockets, too, see the address and the scheme that the front saw.
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app
