"""The page that a phone opens first: install the certificate, test it, go on to Serialtrail.

It is served over plain HTTP, since the phone does not trust this computer yet, and it gives away nothing but
the public certificate.
"""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from flask import Flask, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from backend.serving.addresses import in_url
from backend.serving.certificates import Authority
from backend.serving.onboarding.profile import apple_profile

_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src https:; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def create_onboarding_app(authority: Authority, names: Callable[[], Sequence[str]], https_port: int) -> Flask:
    """Make the onboarding site as an application of its own: it has no session, no database and no API.

    Args:
        authority: Whose certificate is offered.
        names: Tells what the server's certificate carries now; the first is the one to use when the
            request's own is not among them.
        https_port: Where Serialtrail is served over HTTPS.
    """
    app = Flask(__name__, static_url_path="/connect/static")
    # Templates keep their line ends out of the page.
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.get("/")
    def index() -> BaseResponse:
        return redirect(url_for("connect"))

    @app.get("/connect")
    def connect() -> str:
        # The phone goes on under the name by which it came here, but never under one that it merely claims.
        came_by = urlsplit(f"//{request.host}").hostname or ""
        name = came_by if came_by in names() else names()[0]
        return render_template(
            "connect.html",
            app_url=f"https://{in_url(name)}:{https_port}/",
            fingerprint=authority.fingerprint,
            file_name="serialtrail.crt",
        )

    @app.get("/connect/serialtrail.crt")
    def certificate() -> Response:
        return _download(authority.der, "application/x-x509-ca-cert", "serialtrail.crt")

    @app.get("/connect/serialtrail.mobileconfig")
    def profile() -> Response:
        return _download(apple_profile(authority), "application/x-apple-aspen-config", "serialtrail.mobileconfig")

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _CONTENT_SECURITY_POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    return app


def _download(content: bytes, content_type: str, name: str) -> Response:
    response = Response(content, content_type=content_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
