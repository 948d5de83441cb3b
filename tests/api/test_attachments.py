"""Pictures of vouchers: what is kept of them, what is refused, and who may look."""

import base64
import io
import uuid
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from backend.services import attachments
from tests.api.test_cancelling import sell
from tests.api.test_receiving_scenarios import nb25, receive
from tests.api_client import Api, Clock
from tests.conftest import BOTH_DATABASES, LogIn


@pytest.fixture
def engine_name() -> str:
    """Where pictures are kept, both databases are asked; what one is made into needs none."""
    return "sqlite"


def a_picture(width: int = 640, height: int = 480, kind: str = ".jpg") -> bytes:
    return cv2.imencode(kind, np.full((height, width, 3), 200, np.uint8))[1].tobytes()


def asked(person: Api, picture: bytes, **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "done_at": person.clock.now.isoformat(),
        "site": person.site,
        "kind": "photo",
        "picture": base64.b64encode(picture).decode(),
        **more,
    }


def send(person: Api, picture: bytes, expect: int = 200, **more: Any) -> Any:
    return person.post("/api/attachments", asked(person, picture, **more), expect)


def look(person: Api, attachment: dict[str, Any]) -> Any:
    return person.client.get(f"/api/attachments/{attachment['id']}/picture")


@pytest.fixture
def tom(log_in: LogIn) -> Api:
    return log_in("tom")


def test_a_picture_is_kept_anew_without_what_a_camera_noted(tom: Api) -> None:
    whole = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "the customer's address"
    Image.new("RGB", (3000, 1500), "red").save(whole, "JPEG", exif=exif)
    kept = send(tom, whole.getvalue(), note="type plate")

    shown = look(tom, kept)

    assert (shown.status_code, shown.content_type) == (200, "image/jpeg")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert b"address" not in shown.data
    assert Image.open(io.BytesIO(shown.data)).size == (2048, 1024)
    assert (kept["by"], kept["note"], kept["voucher_id"]) == ("tom", "type plate", None)


@pytest.mark.parametrize("kind", [".png", ".webp"])
def test_png_and_webp_become_jpeg(tom: Api, kind: str) -> None:
    assert look(tom, send(tom, a_picture(kind=kind))).data.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    ("picture", "status", "code"),
    [
        (b"", 422, "empty_image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "unsupported_image"),
        (b"<html><script>alert(1)</script>", 415, "unsupported_image"),
        (b"GIF89a" + bytes(40), 415, "unsupported_image"),
        (a_picture()[:-40], 422, "truncated_image"),
        (bytes(8 * 1024 * 1024 + 1), 413, "image_too_large"),
        (bytes(30 * 1024 * 1024), 413, "too_large"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused(tom: Api, picture: bytes, status: int, code: str) -> None:
    refused = send(tom, picture, expect=status)
    assert refused["code"] == code
    assert refused["next_step"]


def test_a_signature_of_one_pixel_is_none(tom: Api) -> None:
    refused = send(tom, a_picture(1, 1, ".png"), kind="signature", expect=422)
    assert (refused["code"], "1 × 1" in refused["detail"]) == ("picture_too_small", True)
    assert "type the name" in refused["next_step"]
    assert send(tom, a_picture(300, 120, ".png"), kind="signature")["kind"] == "signature"


@BOTH_DATABASES
def test_sent_again_it_is_the_same_and_the_id_means_it_for_ever(tom: Api, sue: Api) -> None:
    wanted = asked(tom, a_picture())
    first = tom.post("/api/attachments", wanted)
    tom.clock.forward(hours=1)
    assert tom.post("/api/attachments", wanted) == first
    assert tom.post("/api/attachments", wanted | {"note": "other"}, 409)["code"] == "id_reused"
    assert sue.post("/api/attachments", wanted, 409)["code"] == "id_reused"


@BOTH_DATABASES
def test_before_it_has_a_voucher_only_its_owner_sees_it_then_all_who_may_read(
    tom: Api, sue: Api, kim: Api, ana: Api, clock: Clock
) -> None:
    receive(ana, nb25(1, 1))
    clock.forward(hours=1)
    sale = sell(ana, "NB25-0001")
    loose = send(tom, a_picture())
    assert [look(person, loose).status_code for person in (tom, sue, kim)] == [200, 404, 404]
    attached = send(tom, a_picture(), voucher_id=sale["id"])
    assert [look(person, attached).status_code for person in (tom, sue, kim)] == [200, 200, 200]
    assert send(tom, a_picture(), voucher_id=str(uuid.uuid4()), expect=404)["code"] == "voucher_unknown"
    assert send(kim, a_picture(), expect=403)["code"] == "forbidden"


@BOTH_DATABASES
def test_there_is_room_for_so_many(tom: Api, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MOST_WAITING", 2)
    first = send(tom, a_picture())
    send(tom, a_picture())
    refused = send(tom, a_picture(), expect=409)
    assert (refused["code"], bool(refused["next_step"])) == ("attachment_quota", True)
    clock.forward(days=31)
    send(tom, a_picture())
    assert look(tom, first).status_code == 404
