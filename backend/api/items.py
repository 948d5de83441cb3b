"""Items for the people who look after them: list, make, edit, retire; their codes and their picture."""

from typing import Any

from flask import Response, current_app
from werkzeug.datastructures import FileStorage

from backend.api import item_schemas as schemas
from backend.api.access import MULTIPART, actor_or_refuse, requires
from backend.api.blueprints import Blueprint
from backend.api.frames import MOST_BYTES, PICTURES_OF_ONE_PERSON
from backend.api.master_schemas import Version
from backend.domain.errors import refuse
from backend.domain.people import Permission
from backend.domain.profiles import PROFILES
from backend.extensions import limiter, reading
from backend.queries import items as queries
from backend.services import frames, items
from backend.unit_of_work import transact
from scanner.sandbox import Sandbox

bp: Any = Blueprint("items", __name__, url_prefix="/api/masters", description="Items to look after")

MOST_SIDE = 1280
"""Pixels of the longer side of an item's picture: sharp on a phone, about 150 kB."""

ID = "<int(max=2147483647):item_id>"


@bp.get("/items")
@requires(Permission.UNITS_READ)
@bp.arguments(schemas.ItemQuery, location="query")
@bp.response(200, schemas.ItemPage)
def find_items(query: dict[str, Any]) -> dict[str, Any]:
    """Items by code, a page at a time; ``q`` is looked for in code and name, and as a barcode."""
    return queries.items(reading(), text=query.pop("q").strip(), **query)


@bp.get("/profiles")
@requires(Permission.UNITS_READ)
@bp.response(200, schemas.Profiles)
def list_profiles() -> dict[str, Any]:
    """The trade profiles: named sets of defaults and checks for an item."""
    return {"profiles": list(PROFILES.values())}


@bp.post("/items")
@requires(Permission.MASTERS_MANAGE)
@bp.arguments(schemas.NewItem)
@bp.response(200, schemas.ItemDetails)
def create_item(wanted: dict[str, Any]) -> dict[str, Any]:
    """Make an item; its profile fills in what is not said."""
    actor = actor_or_refuse()
    site_id, code, barcodes = wanted.pop("site"), wanted.pop("item_code"), wanted.pop("barcodes")
    return _shown(
        transact(
            lambda work: (
                items.create_item(
                    work, actor, site_id=site_id, item_code=code, fields=_plain(wanted), barcodes=barcodes
                ).id
            )
        )
    )


@bp.get(f"/items/{ID}")
@requires(Permission.UNITS_READ)
@bp.response(200, schemas.ItemDetails)
def show_item(item_id: int) -> dict[str, Any]:
    """One item with all that can be edited of it."""
    return _shown(item_id)


@bp.post(f"/items/{ID}")
@requires(Permission.MASTERS_MANAGE)
@bp.arguments(schemas.ItemChange)
@bp.response(200, schemas.ItemDetails)
def edit_item(wanted: dict[str, Any], item_id: int) -> dict[str, Any]:
    """Change an item, unless somebody else did since ``version``."""
    actor, version = actor_or_refuse(), wanted.pop("version")
    return _shown(
        transact(lambda work: items.edit_item(work, actor, item_id=item_id, version=version, fields=_plain(wanted)).id)
    )


@bp.post(f"/items/{ID}/retire")
@requires(Permission.MASTERS_MANAGE)
@bp.arguments(Version)
@bp.response(200, schemas.ItemDetails)
def retire_item(wanted: dict[str, int], item_id: int) -> dict[str, Any]:
    """Offer an item no more; its units and its history stay."""
    actor = actor_or_refuse()
    return _shown(transact(lambda work: items.retire_item(work, actor, item_id=item_id, **wanted).id))


@bp.post(f"/items/{ID}/bring-back")
@requires(Permission.MASTERS_MANAGE)
@bp.arguments(Version)
@bp.response(200, schemas.ItemDetails)
def bring_item_back(wanted: dict[str, int], item_id: int) -> dict[str, Any]:
    """Offer a retired item again."""
    actor = actor_or_refuse()
    return _shown(transact(lambda work: items.bring_item_back(work, actor, item_id=item_id, **wanted).id))


@bp.post(f"/items/{ID}/barcodes")
@requires(Permission.MASTERS_MANAGE)
@bp.arguments(schemas.BarcodeText)
@bp.response(200, schemas.ItemDetails)
def link_barcode(wanted: dict[str, str], item_id: int) -> dict[str, Any]:
    """Let a code stand for an item, as it was scanned; linking it again changes nothing."""
    actor = actor_or_refuse()
    return _shown(transact(lambda work: items.link_barcode(work, actor, item_id=item_id, **wanted).id))


@bp.delete(f"/items/{ID}/barcodes/<int(max=2147483647):barcode_id>")
@requires(Permission.MASTERS_MANAGE)
@bp.response(204)
def unlink_barcode(item_id: int, barcode_id: int) -> None:
    """Let a code stand for an item no more."""
    actor = actor_or_refuse()
    transact(lambda work: items.unlink_barcode(work, actor, item_id=item_id, barcode_id=barcode_id))


@bp.get(f"/items/{ID}/picture")
@requires(Permission.UNITS_READ)
@bp.response(200, {"type": "string", "format": "binary"}, content_type="image/jpeg")
def show_picture(item_id: int) -> Response:
    """The picture of an item, as JPEG."""
    jpeg = queries.picture(reading(), item_id)
    if jpeg is None:
        raise refuse("not_found", "The item has no picture.", "Go back to the item.")
    return Response(jpeg, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=86400"})


@bp.post(f"/items/{ID}/picture")
@requires(Permission.MASTERS_MANAGE, body=MULTIPART)
@limiter.limit(PICTURES_OF_ONE_PERSON, key_func=lambda: actor_or_refuse().username)
@bp.arguments(schemas.PictureFile, location="files")
@bp.response(200, schemas.ItemDetails)
def set_picture(files: dict[str, FileStorage], item_id: int) -> dict[str, Any]:
    """Give an item a picture; it is read in a process of its own and encoded anew, without what a camera noted."""
    actor = actor_or_refuse()
    sandbox: Sandbox = current_app.extensions["serialtrail_sandbox"]
    frames.turn_away_when_full(sandbox)
    file = files.get("picture")
    if file is None:
        raise refuse("file_missing", "The request has no file in the field 'picture'.", "Choose a picture.")
    with file.stream:
        content = file.stream.read(MOST_BYTES + 1)
    jpeg = frames.encode_anew(sandbox, content, most_side=MOST_SIDE)
    return _shown(transact(lambda work: items.set_picture(work, actor, item_id=item_id, jpeg=jpeg).id))


@bp.delete(f"/items/{ID}/picture")
@requires(Permission.MASTERS_MANAGE)
@bp.response(204)
def remove_picture(item_id: int) -> None:
    """Take the picture of an item away."""
    actor = actor_or_refuse()
    transact(lambda work: items.set_picture(work, actor, item_id=item_id, jpeg=None))


def _shown(item_id: int) -> dict[str, Any]:
    found = queries.item(reading(), item_id)
    if found is None:
        raise refuse("not_found", "There is no such item.", "Go back to the list.")
    return found


def _plain(wanted: dict[str, Any]) -> dict[str, Any]:
    """Without enums: columns hold texts, and a list of kinds is compared as it is stored."""
    return {
        field: [str(each) for each in value] if isinstance(value, list) else value if value is None else _text(value)
        for field, value in wanted.items()
    }


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value
