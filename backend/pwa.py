"""Serves the built PWA: from the wheel, or from ``pwa/dist`` of a checkout."""

import mimetypes
import os.path
import re
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from backend.api.access import PUBLIC, requires

bp = Blueprint("pwa", __name__)

_PACKAGE = Path(__file__).parent
_IMMUTABLE = "public, max-age=31536000, immutable"
_LINKED = re.compile(r'(?:src|href)="(/assets/[^"]+\.(js|css))"')
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


def folder() -> Path:
    """Where the built PWA lies: inside the package when installed, beside it in a checkout."""
    packed = _PACKAGE / "_pwa"
    return packed if packed.is_dir() else _PACKAGE.parent / "pwa" / "dist"


@bp.get("/")
@bp.get("/<path:path>")
@requires(PUBLIC)
def serve(path: str = "index.html") -> Response:
    """A file of the PWA, or its page for any address that the app itself knows.

    Files under ``assets/`` have their content's hash in their name and are kept for ever; everything else,
    the service worker above all, is asked for again each time.
    """
    if path.startswith(("api/", "socket.io/")):
        raise NotFound
    if path.endswith("/"):
        path += "index.html"
    if not _is_ours(path):
        # A serial number in a Digital Link may have a dot in it.
        if "." in path.rsplit("/", 1)[-1] and not path.startswith("01/"):
            raise NotFound
        path = "index.html"
    response = _smallest(path)
    response.headers["Cache-Control"] = _IMMUTABLE if path.startswith("assets/") else "no-cache"
    if path == "index.html":
        response.headers["Link"] = _first_files()
    return response


def _first_files() -> str:
    """What the page asks for first, so that a browser asks before it has read the page (RFC 8288)."""
    found = _LINKED.findall((folder() / "index.html").read_text("utf-8"))
    kinds = {"js": "rel=modulepreload", "css": "rel=preload; as=style"}
    return ", ".join(f"<{url}>; {kinds[suffix]}; crossorigin" for url, suffix in found)


def _is_ours(path: str) -> bool:
    """Whether the built PWA has this file; never says whether a file outside of it is there."""
    inside = safe_join(str(folder()), path)
    return inside is not None and os.path.isfile(inside)  # Path.is_file() raises for a name that is too long.


def _smallest(path: str) -> Response:
    """The precompressed form that the browser takes, with the content type of the file itself."""
    for encoding, suffix in _ENCODINGS:
        if request.accept_encodings[encoding] and (folder() / (path + suffix)).is_file():
            packed, name = path + suffix, Path(path).name
            response = send_from_directory(folder(), packed, mimetype=_type_of(path), download_name=name)
            response.headers["Content-Encoding"] = encoding
            response.headers["Vary"] = "Accept-Encoding"
            return response
    return send_from_directory(folder(), path, mimetype=_type_of(path))


def _type_of(path: str) -> str:
    """Fixed here for what browsers are strict about; the system's table of types may say otherwise."""
    known = {
        ".js": "text/javascript",
        ".wasm": "application/wasm",
        ".webmanifest": "application/manifest+json",
    }
    return known.get(Path(path).suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
