"""The second chance of a scan: a phone sends what it could not read, the server reads it."""

from typing import Any

from flask import Response, current_app, request
from marshmallow import Schema, fields, validate

from backend.api.access import MULTIPART, actor_or_refuse, requires
from backend.api.blueprints import Blueprint
from backend.api.schemas import Moment, SiteQuery
from backend.domain import serials
from backend.domain.errors import refuse
from backend.domain.people import Permission
from backend.extensions import end_reading, limiter, reading
from backend.queries import frames as queries
from backend.services import frames
from backend.unit_of_work import transact
from scanner import symbology
from scanner.sandbox import Sandbox

bp: Any = Blueprint("frames", __name__, url_prefix="/api", description="Pictures of labels")

MOST_FRAMES = 8
PICTURES_OF_ONE_PERSON = "120 per minute"
MOST_BYTES = 8 * 1024 * 1024
MOST_BYTES_TOGETHER = 24 * 1024 * 1024
PURPOSES = ("bad_label", "held_claim")


class FoundCode(Schema):
    """A code in a picture. Corners are pixels of frame ``frame``, clockwise from the symbol's top left."""

    text = fields.String()
    raw = fields.String(metadata={"description": "The bytes, as hexadecimal digits."})
    symbology = fields.String()
    symbology_identifier = fields.String()
    content_type = fields.String()
    frame = fields.Integer()
    corners = fields.List(fields.List(fields.Float()))
    confidence = fields.Dict()
    meaning = fields.Dict()


class NoCode(Schema):
    """Why nothing was read, in words to act on."""

    code = fields.String()
    message = fields.String()


class Frames(Schema):
    """The codes in the pictures; ``reason`` when there is none."""

    codes = fields.List(fields.Nested(FoundCode))
    reason = fields.Nested(NoCode, allow_none=True)
    kept_id = fields.Integer(allow_none=True)


class KeptFrame(Schema):
    """A picture that was kept on purpose."""

    id = fields.Integer()
    purpose = fields.String(validate=validate.OneOf(PURPOSES))
    note = fields.String(allow_none=True)
    by = fields.String()
    kept_at = Moment()


class KeptFrames(Schema):
    """The kept pictures of a site."""

    frames = fields.List(fields.Nested(KeptFrame))


@bp.post("/frames")
@requires(Permission.UNITS_READ, body=MULTIPART)
@limiter.limit(PICTURES_OF_ONE_PERSON, key_func=lambda: actor_or_refuse().username)
@bp.response(200, Frames)
@bp.doc(
    requestBody={
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["frame"],
                    "properties": {
                        "frame": {
                            "type": "array",
                            "maxItems": MOST_FRAMES,
                            "items": {"type": "string", "format": "binary"},
                        },
                        "formats": {"type": "string", "description": "Symbologies, separated by commas."},
                        "site": {"type": "integer"},
                        "keep": {"type": "string", "enum": list(PURPOSES)},
                        "note": {"type": "string", "maxLength": 500},
                    },
                }
            }
        },
    }
)
def read_frames() -> dict[str, Any]:
    """Read the codes of one picture, or of up to eight pictures of one label.

    JPEG, PNG or WebP of at most 8 MiB and 25 megapixels each. Pictures are read in a process of their own and
    are not stored, unless ``keep`` says why; then the first is kept, encoded anew, for the site's supervisors. A
    site keeps at most 200 for each purpose.
    """
    sandbox: Sandbox = current_app.extensions["serialtrail_sandbox"]
    frames.turn_away_when_full(sandbox)
    request.max_content_length = MOST_BYTES_TOGETHER
    formats = _formats(request.form.get("formats", ""))
    purpose = _purpose(request.form.get("keep"))
    site_id = _site() if purpose else 0
    pictures = _pictures()
    if purpose:
        frames.must_have_room(reading(), site_id, purpose)
        end_reading()
    answer = frames.read_frames(sandbox, pictures, formats)
    return answer | {"kept_id": purpose and _keep(purpose, site_id, frames.encode_anew(sandbox, pictures[0]))}


@bp.get("/kept-frames")
@requires(Permission.OVERRIDE)
@bp.arguments(SiteQuery, location="query")
@bp.response(200, KeptFrames)
def list_kept(query: dict[str, int]) -> dict[str, Any]:
    """The pictures that were kept on purpose at a site."""
    actor_or_refuse().must(Permission.OVERRIDE, query["site"])
    return {"frames": queries.kept(reading(), query["site"])}


@bp.get("/kept-frames/<int(max=2147483647):frame_id>/picture")
@requires(Permission.OVERRIDE)
@bp.response(200, {"type": "string", "format": "binary"}, content_type="image/jpeg")
def show_kept(frame_id: int) -> Response:
    """One kept picture, as JPEG, to save."""
    found = queries.picture(reading(), frame_id)
    if found is None:
        raise refuse("not_found", f"There is no kept picture {frame_id}.", "Go back to the list.")
    site_id, jpeg = found
    actor_or_refuse().must(Permission.OVERRIDE, site_id)
    headers = {"Content-Disposition": f'attachment; filename="label-{frame_id}.jpg"'}
    return Response(jpeg, content_type="image/jpeg", headers=headers)


@bp.delete("/kept-frames/<int(max=2147483647):frame_id>")
@requires(Permission.OVERRIDE)
@bp.response(204)
def remove_kept(frame_id: int) -> None:
    """Remove a kept picture that nobody needs any more, which makes room for another one."""
    actor = actor_or_refuse()
    transact(lambda work: frames.remove_frame(work, actor, frame_id=frame_id))


def _formats(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in symbology.ALL]
    if unknown:
        raise refuse(
            "format_unknown",
            f"There is no symbology {unknown[0][:40]!r}.",
            f"Use some of: {', '.join(symbology.ALL)}.",
        )
    return names


def _purpose(text: str | None) -> str | None:
    if text is not None and text not in PURPOSES:
        raise refuse("purpose_unknown", "A picture is kept for no such purpose.", f"Use one of: {', '.join(PURPOSES)}.")
    return text


def _pictures() -> list[bytes]:
    files = request.files.getlist("frame")
    if not 1 <= len(files) <= MOST_FRAMES:
        raise refuse(
            "frame_count",
            f"The request has {len(files)} pictures in the field 'frame'; it takes 1 to {MOST_FRAMES}.",
            "Send the sharpest ones.",
        )
    pictures = []
    for file in files:
        with file.stream:  # A large one lies in a temporary file, which goes now.
            pictures.append(file.stream.read(MOST_BYTES + 1))
    if any(len(picture) > MOST_BYTES for picture in pictures):
        raise refuse(
            "image_too_large", "A picture has more than 8 MiB.", "Send a smaller picture, or one of lower quality."
        )
    return pictures


def _site() -> int:
    actor = actor_or_refuse()
    given = request.form.get("site", "")
    site = next((site for site in actor.roles if str(site) == given), None)
    if site is None:
        raise refuse(
            "site_unknown", "The picture is to be kept at a site that is not yours.", "Choose a site of yours."
        )
    return site


def _keep(purpose: str, site: int, jpeg: bytes) -> int:
    actor = actor_or_refuse()
    note = request.form.get("note")
    note = serials.printable(note)[:500] if note else None
    return transact(lambda work: frames.keep_frame(work, actor, site_id=site, purpose=purpose, note=note, jpeg=jpeg))
