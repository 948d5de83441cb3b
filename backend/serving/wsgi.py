"""The application as gunicorn's gevent workers serve it: ``gunicorn backend.serving.wsgi:application``."""

from backend.app import create_app
from backend.config import Config
from backend.serving.middleware import without_websocket_compression, wrapped

flask_app = create_app(Config.from_environment(async_mode="gevent"))
application = wrapped(flask_app, without_websocket_compression)
