"""Pictures of vouchers: sent by the phone that took them, shown to who may read the voucher."""

import hashlib
from typing import Any

from flask import Response, current_app
from marshmallow import Schema, fields, validate

from backend.api.access import actor_or_refuse, requires
from backend.api.blueprints import Blueprint
from backend.api.frames import MOST_BYTES, PICTURES_OF_ONE_PERSON
from backend.api.schemas import Base64, Moment, Request, guid, string, whole
from backend.domain.errors import refuse
from backend.domain.people import Permission
from backend.extensions import limiter, reading
from backend.models import Attachment
from backend.queries import attachments as queries
from backend.services import attachments, frames
from backend.services.attachments import AttachmentKind, Picture
from backend.unit_of_work import transact
from scanner.image_header import size_of_jpeg
from scanner.sandbox import Sandbox

bp: Any = Blueprint("attachments", __name__, url_prefix="/api", description="Pictures of vouchers")

MOST_SIDE = 2048
"""Pixels: enough to read a type plate on a photo of a whole machine."""


class AttachmentRequest(Request):
    """A picture as the phone has it: JPEG, PNG or WebP of at most 8 MiB."""

    id = guid(required=True)
    done_at = Moment(required=True)
    site = whole(required=True)
    kind = fields.Enum(AttachmentKind, by_value=True, required=True)
    note = string(500, load_default=None, allow_none=True)
    voucher_id = guid(load_default=None, allow_none=True)
    picture = Base64(required=True, metadata={"type": "string", "format": "byte"})


class AttachmentCard(Schema):
    """A picture in one line; it lies at ``/api/attachments/{id}/picture``."""

    id = fields.String()
    kind = fields.String(validate=validate.OneOf(list(AttachmentKind)))
    note = fields.String(allow_none=True)
    voucher_id = fields.String(allow_none=True)
    by = fields.String()
    done_at = Moment()
    kept_at = Moment()


@bp.post("/attachments")
@requires(Permission.SERVICE)
@limiter.limit(PICTURES_OF_ONE_PERSON, key_func=lambda: actor_or_refuse().username)
@bp.arguments(AttachmentRequest)
@bp.response(200, AttachmentCard)
def attach(asked: dict[str, Any]) -> dict[str, Any]:
    """Keep a picture for a voucher; it is read in a process of its own and encoded anew, without what a camera noted.

    A visit names its pictures when it is sent, so these are sent before it and belong to nothing until then.
    """
    actor = actor_or_refuse()
    actor.must(Permission.SERVICE, asked["site"])
    sandbox: Sandbox = current_app.extensions["serialtrail_sandbox"]
    frames.turn_away_when_full(sandbox)
    content: bytes = asked["picture"]
    if len(content) > MOST_BYTES:
        raise refuse(
            "image_too_large", "A picture has more than 8 MiB.", "Send a smaller picture, or one of lower quality."
        )
    jpeg = frames.encode_anew(sandbox, content, most_side=MOST_SIDE)
    picture = Picture(
        attachment_id=asked["id"],
        site_id=asked["site"],
        kind=asked["kind"],
        note=asked["note"],
        done_at=asked["done_at"],
        came=hashlib.sha256(content).hexdigest(),
        jpeg=jpeg,
        size=size_of_jpeg(jpeg),
        voucher_id=asked["voucher_id"],
    )
    kept_id = transact(lambda work: attachments.keep(work, actor, picture).id)
    return queries.present(_readable(kept_id))


@bp.get("/attachments/<uuid:attachment_id>/picture")
@requires(Permission.UNITS_READ)
@bp.response(200, {"type": "string", "format": "binary"}, content_type="image/jpeg")
def show_attachment(attachment_id: object) -> Response:
    """One picture, as JPEG, for who may read its voucher; before it has one, for who took it."""
    headers = {
        "Cache-Control": "private, max-age=86400",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return Response(_readable(str(attachment_id)).jpeg, content_type="image/jpeg", headers=headers)


def _readable(attachment_id: str) -> Attachment:
    actor, found = actor_or_refuse(), queries.attachment(reading(), attachment_id)
    if found is None or (found.voucher_id is None and found.user_id != actor.user_id):
        raise refuse("not_found", f"There is no picture {attachment_id}.", "Open the visit or repair again.")
    actor.must(Permission.UNITS_READ, found.site_id)
    return found
