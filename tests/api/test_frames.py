"""Pictures of labels, through the API (scenario S16)."""

import io
from typing import Any

import cv2
import numpy as np
import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from sqlalchemy import insert

from backend.api import frames
from backend.models import KeptFrame, table
from backend.services.frames import MOST_KEPT
from backend.unit_of_work import transact
from scanner.sandbox import Sandbox
from tests.api_client import Api
from tests.conftest import BOTH_DATABASES


@pytest.fixture
def engine_name() -> str:
    """Where pictures are kept, both databases are asked; to read one needs none."""
    return "sqlite"


def symbol(text: str, kind: str = "QRCode", scale: int = 5, **options: Any) -> np.ndarray:
    """A symbol with its quiet zone, as grey values."""
    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind), **options)
    return cv2.copyMakeBorder(np.array(made.to_image(scale=scale)), 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=255)


def jpeg(image: np.ndarray) -> bytes:
    return cv2.imencode(".jpg", image)[1].tobytes()


def send(person: Api, *pictures: bytes, expect: int = 200, **form: str) -> Any:
    """Post pictures as a phone does."""
    data: dict[str, Any] = {"frame": [(io.BytesIO(picture), "label.jpg") for picture in pictures], **form}
    answer = person.client.post("/api/frames", data=data, headers={"X-CSRF-Token": person.csrf_token})
    assert answer.status_code == expect, answer.get_data(as_text=True)
    return answer.get_json()


def test_a_sharp_code_is_read_with_its_meaning_and_place(ana: Api) -> None:
    answer = send(ana, jpeg(symbol("(01)09506000134352(21)SN0001", "DataMatrix", gs1=True, force_square=True)))
    (code,) = answer["codes"]
    assert (code["symbology"], code["symbology_identifier"]) == ("DataMatrix", "]d2")
    assert (code["meaning"]["gtin"], code["meaning"]["serial_no"]) == ("09506000134352", "SN0001")
    assert len(code["corners"]) == 4
    assert answer["reason"] is None


@pytest.mark.parametrize("change", ["rotated", "inverted", "dark", "low contrast"])
def test_hard_pictures_are_read(ana: Api, change: str) -> None:
    image = symbol("NB25-0017", "DataMatrix", scale=6)
    changed = {
        "rotated": lambda: cv2.rotate(image, cv2.ROTATE_90_CLOCKWISE),
        "inverted": lambda: 255 - image,
        "dark": lambda: (image * 0.15).astype(np.uint8),
        "low contrast": lambda: (image * 0.12 + 100).astype(np.uint8),
    }[change]()
    assert [code["text"] for code in send(ana, jpeg(changed))["codes"]] == ["NB25-0017"]


def test_two_codes_come_back_with_their_places(ana: Api) -> None:
    left, right = symbol("NB25-0001"), symbol("NB25-0002")
    answer = send(ana, jpeg(np.hstack([left, right])))
    found = {code["text"]: code["corners"][0][0] for code in answer["codes"]}
    assert found.keys() == {"NB25-0001", "NB25-0002"}
    assert found["NB25-0001"] < found["NB25-0002"]


def test_no_code_is_an_answer_with_a_reason(ana: Api) -> None:
    answer = send(ana, jpeg(np.full((480, 640), 200, np.uint8)))
    assert answer["codes"] == []
    assert answer["reason"]["code"] == "no_code"
    assert answer["reason"]["message"]
    assert send(ana, jpeg(np.full((480, 640), 3, np.uint8)))["reason"]["code"] == "too_dark"


def test_a_burst_is_one_request(ana: Api) -> None:
    blank = jpeg(np.full((300, 300), 255, np.uint8))
    answer = send(ana, blank, jpeg(symbol("NB25-0003")), blank)
    assert [(code["text"], code["frame"]) for code in answer["codes"]] == [("NB25-0003", 1)]


def bomb(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("1", (width, height)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("picture", "status", "code"),
    [
        (b"just text", 415, "unsupported_image"),
        (b"", 422, "empty_image"),
        (b"<svg onload=alert(1)>", 415, "unsupported_image"),
        (b"\0\0\0\x18ftypheic" + bytes(100), 415, "unsupported_image"),
        (jpeg(symbol("CUT"))[:2000], 422, "truncated_image"),
        (bomb(20_000, 20_000), 413, "image_too_large"),
    ],
)
def test_what_is_no_picture_is_refused(ana: Api, picture: bytes, status: int, code: str) -> None:
    answer = send(ana, picture, expect=status)
    assert answer["code"] == code
    assert answer["next_step"]
    assert [found["text"] for found in send(ana, jpeg(symbol("STILL-UP")))["codes"]] == ["STILL-UP"]


def test_a_file_with_too_many_bytes_is_refused(ana: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "MOST_BYTES", 1000)
    assert send(ana, jpeg(symbol("LARGE")), expect=413)["code"] == "image_too_large"


def test_too_many_and_none_are_refused(ana: Api) -> None:
    assert send(ana, expect=422)["code"] == "frame_count"
    assert send(ana, *[jpeg(symbol("X"))] * 9, expect=422)["code"] == "frame_count"
    assert send(ana, jpeg(symbol("X")), formats="QRCode,Nonsense", expect=422)["code"] == "format_unknown"


def test_a_full_queue_answers_429(ana: Api) -> None:
    sandbox: Sandbox = ana.client.application.extensions["serialtrail_sandbox"]
    sandbox._free, sandbox._backlog = 0, 0
    answer = ana.client.post(
        "/api/frames",
        data={"frame": (io.BytesIO(jpeg(symbol("X"))), "a.jpg")},
        headers={"X-CSRF-Token": ana.csrf_token},
    )
    assert (answer.status_code, answer.get_json()["code"]) == (429, "decoder_busy")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_log_in_and_its_token_are_needed(ana: Api) -> None:
    data = {"frame": (io.BytesIO(jpeg(symbol("X"))), "a.jpg")}
    assert ana.client.post("/api/frames", data=data).get_json()["code"] == "csrf_failed"
    fresh = ana.client.application.test_client()
    assert fresh.post("/api/frames", data={"frame": (io.BytesIO(b"x"), "a.jpg")}).status_code == 401


@BOTH_DATABASES
def test_a_picture_is_kept_only_on_purpose_and_for_supervisors(ana: Api, sue: Api) -> None:
    send(ana, jpeg(symbol("NOT-KEPT")))
    assert sue.get("/api/kept-frames", site=sue.site)["frames"] == []

    kept = send(ana, jpeg(symbol("KEPT")), keep="bad_label", note="worn", site=str(ana.site))["kept_id"]

    (frame,) = sue.get("/api/kept-frames", site=sue.site)["frames"]
    assert (frame["id"], frame["by"], frame["purpose"], frame["note"]) == (kept, "ana", "bad_label", "worn")
    picture = sue.client.get(f"/api/kept-frames/{kept}/picture")
    assert picture.headers["Content-Disposition"].startswith("attachment")
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert picture.data.startswith(b"\xff\xd8\xff")
    ana.get("/api/kept-frames", 403, site=ana.site)
    ana.get(f"/api/kept-frames/{kept}/picture", 403)


@BOTH_DATABASES
def test_a_site_keeps_so_many_and_no_more_until_one_is_removed(app: Flask, ana: Api, sue: Api) -> None:
    picture = jpeg(symbol("KEPT"))
    with app.app_context():
        row = {"site_id": ana.site, "user_id": 1, "purpose": "bad_label", "jpeg": b"x", "kept_at": ana.clock.now}
        transact(lambda work: work.connection.execute(insert(table(KeptFrame)), [row] * (MOST_KEPT - 1)))
    last = send(ana, picture, keep="bad_label", site=str(ana.site))["kept_id"]
    refused = send(ana, picture, expect=409, keep="bad_label", site=str(ana.site))
    assert (refused["code"], refused["facts"]["limit"]) == ("kept_frames_full", MOST_KEPT)
    assert len(sue.get("/api/kept-frames", site=sue.site)["frames"]) == MOST_KEPT, "none of them went"
    assert send(ana, picture, keep="held_claim", site=str(ana.site))["kept_id"]

    address, headers = f"/api/kept-frames/{last}", {"X-CSRF-Token": sue.csrf_token}
    assert ana.client.delete(address, headers={"X-CSRF-Token": ana.csrf_token}).status_code == 403
    assert [sue.client.delete(address, headers=headers).status_code for _ in range(2)] == [204, 404]
    assert send(ana, picture, keep="bad_label", site=str(ana.site))["kept_id"]


@BOTH_DATABASES
def test_what_is_written_beside_a_kept_picture_is_kept_as_text(ana: Api, sue: Api) -> None:
    picture = jpeg(symbol("KEPT"))
    send(ana, picture, keep="bad_label", note="worn\0out", site=str(ana.site))
    assert sue.get("/api/kept-frames", site=sue.site)["frames"][0]["note"] == "worn<U+0000>out"
    for site in ("²", "", "9" * 5000, "0"):
        assert send(ana, picture, expect=404, keep="bad_label", site=site)["code"] == "site_unknown"
