"""The page that the code on a unit opens for anybody, and the resolver of GS1 Digital Links on our own address.

A serial number can often be guessed from another one, so what keeps this from being a list of what was sold is: both
the GTIN and the serial number are needed, a unit that is not with a customer is answered like one that never was, and
only so many questions are answered, to one address and in all. Nobody is logged in, so no cookie can be abused; a
registration comes from our own page all the same: its origin is checked, and the token that the page gave out for this
unit.

References:
    GS1 Digital Link URI Syntax 1.6; GS1-Conformant Resolver 1.2; RFC 9264 (linkset).
"""

import hmac
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from backend.api.access import FORM, PUBLIC, actor_or_refuse, check_origin, csrf_token, requires
from backend.api.errors import status_of
from backend.api.site_days import today_at
from backend.domain import serials
from backend.domain.errors import DomainError, Refusal, refuse
from backend.domain.people import Permission
from backend.extensions import limiter, reading
from backend.queries import digital_links, public_check
from backend.services import registering
from backend.unit_of_work import transact
from scanner.check_digit import is_digits
from scanner.gs1 import Kind, parse
from scanner.scanned_code import ScannedCode

bp = Blueprint("public_check", __name__, template_folder="templates")

PER_ADDRESS = "20 per minute; 100 per hour"
IN_ALL = "600 per minute"
REGISTRATIONS = "5 per minute; 20 per hour"
_STYLE = Path(__file__).parent / "templates" / "check.css"
_VOC = "https://ref.gs1.org/voc/"

of_one_address = limiter.shared_limit(PER_ADDRESS, scope="public_check")
registrations = limiter.shared_limit(REGISTRATIONS, scope="public_registration")
of_all = limiter.shared_limit(IN_ALL, scope="public_check_in_all", key_func=lambda: "all")


@bp.get("/check")
@requires(PUBLIC)
@of_one_address
@of_all
def show_check() -> Response:
    """The model and the coverage of a unit, without a log-in and without a script."""
    gtin, serial_no = (request.args.get(name, "").strip() for name in ("gtin", "serial"))
    return _page(gtin, serial_no)


@bp.post("/check/register")
@requires(PUBLIC, body=FORM)
@of_one_address
@registrations
@of_all
def register() -> Response:
    """Start the warranty of a unit whose terms begin with its registration, by a plain form."""
    check_origin()
    gtin, serial_no, token, day = (
        request.form.get(name, "").strip() for name in ("gtin", "serial", "token", "registered_on")
    )
    try:
        if not hmac.compare_digest(token.encode(), token_for(gtin, serial_no).encode()):
            raise refuse("csrf_failed", "This page was open for too long.", "Check the unit again, then register it.")
        registered_on = _day(day)
        if not _is_pair(gtin, serial_no):
            raise registering.unknown()
        transact(
            lambda work: registering.register(
                work, gtin=gtin.zfill(14), serial_no=serial_no, registered_on=registered_on
            )
        )
    except DomainError as error:
        return _page(gtin, serial_no, error.refusal)
    return _page(gtin, serial_no)


@bp.get("/check/style.css")
@requires(PUBLIC)
def show_style() -> Response:
    """How the page looks; it allows no style of its own."""
    return Response(_STYLE.read_text(), content_type="text/css; charset=utf-8")


@bp.get("/01/<path:rest>")
@requires(PUBLIC)
@of_one_address
@of_all
def resolve(rest: str) -> BaseResponse:
    """Where a Digital Link leads: people who are logged in to the thing itself, everybody else to the check.

    A link set is the same for every link that is well formed, whether there is such a unit or not.
    """
    uri = _as_it_came()
    code = parse(uri, "")
    if code.kind is not Kind.DIGITAL_LINK or code.gtin is None:
        raise NotFound
    public = _check_address(code)
    wanted = request.args.get("linkType", "").removeprefix("gs1:").removeprefix(_VOC)
    if wanted == "linkset" or "application/linkset+json" in request.headers.get("Accept", ""):
        return _linkset(uri, public)
    if wanted not in ("", "defaultLink", "verificationService"):
        raise NotFound
    return redirect(_own_page(code) or public, 307)


def _page(gtin: str, serial_no: str, refusal: Refusal | None = None) -> Response:
    answer = None
    if _is_pair(gtin, serial_no):
        answer = public_check.check(reading(), gtin.zfill(14), serial_no, today_at)
    page = render_template(
        "check.html",
        gtin=gtin,
        serial_no=serial_no,
        asked=bool(gtin and serial_no),
        answer=answer,
        refusal=refusal,
        token=token_for(gtin, serial_no) if answer and answer.waits_for_registration else None,
    )
    response = Response(page, status_of(refusal.code) if refusal else 200, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_pair(gtin: str, serial_no: str) -> bool:
    return is_digits(gtin) and 8 <= len(gtin) <= 14 and serials.check(serial_no) is None


def token_for(gtin: str, serial_no: str) -> str:
    """What only a page of ours that was asked for this unit has."""
    return csrf_token(f"registration of {gtin.zfill(14)} {serials.key(serial_no)}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refuse("date_missing", "No day was chosen.", "Choose the day from which the unit is yours.") from None


def _as_it_came() -> str:
    """The address as it was sent: WSGI decodes %2F, which then looks like the end of a serial number."""
    sent = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or request.full_path
    path = sent if sent.startswith("/") else "/" + sent.split("://", 1)[-1].split("/", 1)[-1]
    return request.host_url.rstrip("/") + path


def _check_address(code: ScannedCode) -> str:
    pair = {"gtin": code.gtin or "", "serial": code.serial_no or ""}
    return "/check?" + urlencode({name: value for name, value in pair.items() if value})


def _own_page(code: ScannedCode) -> str | None:
    """The page of the unit, batch or item for a person who may read it."""
    try:
        actor = actor_or_refuse()
    except DomainError:
        return None
    sites = actor.sites_with(Permission.UNITS_READ)
    return digital_links.page_of(reading(), code.gtin or "", code.batch_no, code.serial_no, sites) if sites else None


def _linkset(uri: str, public: str) -> Response:
    target = [{"href": request.host_url.rstrip("/") + public, "title": "Warranty check", "type": "text/html"}]
    names = ("defaultLink", "verificationService")
    links: dict[str, Any] = {"anchor": uri.split("?", 1)[0], **{_VOC + name: target for name in names}}
    response = jsonify({"linkset": [links]})
    response.content_type = "application/linkset+json"
    return response
