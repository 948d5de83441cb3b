"""The application as gunicorn's gevent workers serve it: ``gunicorn backend.serving.wsgi:application``."""

from backend.app import create_app
from backend.config import Config
from backend.serving.middleware import without_websocket_compression, wrapped

application = wrapped(create_app(Config.from_environment(async_mode="gevent")), without_websocket_compression)
