import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner import symbology
from scanner.decode import ImageError, decode, decode_burst, decode_bytes
from scanner.gs1 import parse
from scanner.options import DecodeOptions, Look
from scanner.result import Reason
from scanner.steps import STEPS
from tests.scanner.symbols import Picture, data_matrix, encoded, symbol

Format = zxingcpp.BarcodeFormat


def texts(picture: Picture, options: DecodeOptions | None = None) -> list[str]:
    return [code.text for code in decode(picture, options).codes]


ROUND_TRIPS = [
    ("NB25-0017", Format.DataMatrix),
    ("NB25-0017", Format.QRCode),
    ("NB25-0017", Format.Code128),
    ("NB25-0017", Format.Code39),
    ("9506000134352", Format.EAN13),
    ("95012346", Format.EAN8),
    ("09506000134352", Format.ITF),
]


@pytest.mark.parametrize(("text", "barcode_format"), ROUND_TRIPS)
@pytest.mark.parametrize("turn", [None, cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180])
def test_what_is_drawn_is_read(text: str, barcode_format: zxingcpp.BarcodeFormat, turn: int | None) -> None:
    picture = symbol(text, barcode_format)

    assert texts(picture if turn is None else cv2.rotate(picture, turn)) == [text]


@pytest.mark.parametrize(("text", "barcode_format"), ROUND_TRIPS)
def test_light_on_dark_is_read(text: str, barcode_format: zxingcpp.BarcodeFormat) -> None:
    assert texts(np.asarray(255 - symbol(text, barcode_format), np.uint8)) == [text]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-./ ", min_size=1, max_size=20), st.integers(2, 6))
def test_any_serial_number_survives_a_symbol(text: str, scale: int) -> None:
    assert texts(data_matrix(text, scale=scale)) == [text]


def test_a_gs1_symbol_keeps_its_separator() -> None:
    code = decode(data_matrix("(01)09506000134352(10)ABC123(21)SN0001", gs1=True)).codes[0]
    meaning = parse(code.text, code.symbology_identifier)

    assert (meaning.gtin, meaning.batch_no, meaning.serial_no) == ("09506000134352", "ABC123", "SN0001")
    assert (code.symbology_identifier, code.content_type) == ("]d2", "GS1")
    assert b"\x1d" in code.raw


def test_corners_are_those_of_the_source_clockwise_from_top_left() -> None:
    picture = np.full((400, 600), 255, np.uint8)
    drawn = data_matrix("NB25-0017")
    picture[120 : 120 + drawn.shape[0], 300 : 300 + drawn.shape[1]] = drawn

    corners = decode(picture).codes[0].corners

    side = drawn.shape[0] - 80
    expected = [(340, 160), (340 + side, 160), (340 + side, 160 + side), (340, 160 + side)]
    assert np.abs(np.array(corners) - expected).max() < 8


def test_corners_of_a_turned_view_are_turned_back() -> None:
    drawn = symbol("9506000134352", Format.EAN13, scale=2)
    grey = np.asarray(cv2.GaussianBlur(drawn, (0, 0), 1.0), np.uint8)
    faint = np.asarray(200 + grey.astype(np.float32) * 0.1, np.uint8)

    for code in decode(faint).codes:
        assert all(0 <= x <= faint.shape[1] and 0 <= y <= faint.shape[0] for x, y in code.corners)


def test_two_codes_of_a_picture_are_both_given() -> None:
    one, other = data_matrix("A-1", scale=6), data_matrix("A-2", scale=6)

    assert sorted(texts(np.hstack([one, other]))) == ["A-1", "A-2"]


def test_a_linear_code_on_its_side_is_given_beside_an_upright_one() -> None:
    upright, sideways = symbol("SERIAL-001", Format.Code128, scale=2), symbol("SERIAL-002", Format.Code128, scale=2)
    label = np.full((1200, 1200), 255, np.uint8)
    label[200 : 200 + upright.shape[0], 100 : 100 + upright.shape[1]] = upright
    sideways = np.rot90(sideways)
    label[600 : 600 + sideways.shape[0], 800 : 800 + sideways.shape[1]] = sideways

    codes = {code.text: code.corners for code in decode(label).codes}

    assert set(codes) == {"SERIAL-001", "SERIAL-002"}
    # Its head is on the left, so the reading starts below.
    (left, bottom), (_, top), (right, _), _ = codes["SERIAL-002"]
    assert 840 <= left < right <= 760 + sideways.shape[1]
    assert 640 <= top < bottom <= 560 + sideways.shape[0]


def test_bars_lower_than_the_first_scan_lines_are_apart_are_read() -> None:
    looks: list[Look] = []
    drawn = symbol("SERIAL-001", Format.Code128, scale=2)
    low = drawn[drawn.shape[0] // 2 :][:5]
    label = np.full((1200, 1000), 255, np.uint8)
    label[602 : 602 + low.shape[0], 100 : 100 + low.shape[1]] = low

    codes = decode(label, DecodeOptions(explain=looks.append)).codes

    assert [code.text for code in codes] == ["SERIAL-001"]
    assert {look.step for look in looks} == {"whole picture"}


def test_colour_and_grey_are_the_same() -> None:
    grey = data_matrix("NB25-0017")

    assert texts(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)) == texts(grey[:, :, None]) == ["NB25-0017"]


def test_only_allowed_symbologies_are_read() -> None:
    assert texts(symbol("NB25-0017", Format.QRCode), DecodeOptions(formats=("DataMatrix",))) == []
    assert texts(symbol("NB25-0017", Format.Aztec)) == []
    assert texts(symbol("NB25-0017", Format.Aztec), DecodeOptions(formats=symbology.ALL)) == ["NB25-0017"]


def test_a_weak_symbology_gets_its_second_witness() -> None:
    code = decode(symbol("09506000134352", Format.ITF)).codes[0]

    assert code.confidence.votes > 1
    assert not code.confidence.weak


def test_without_a_second_witness_a_weak_text_is_flagged() -> None:
    others = frozenset(row.name for row in STEPS[1:])

    code = decode(symbol("09506000134352", Format.ITF), DecodeOptions(skip=others)).codes[0]

    assert (code.confidence.votes, code.confidence.weak) == (1, True)


def test_every_look_is_explained() -> None:
    looks: list[Look] = []

    decode(np.full((200, 300), 128, np.uint8), DecodeOptions(explain=looks.append))

    assert looks[0].step == "whole picture"
    assert looks[0].image.shape == (200, 300)
    assert all(look.milliseconds >= 0 for look in looks)
    assert {look.step for look in looks} <= {row.name for row in STEPS}


@pytest.mark.parametrize("limit", ["budget_ms", "deadline_ms"])
def test_a_spent_budget_stops_the_escalation(limit: str) -> None:
    looks: list[Look] = []
    noise = np.random.default_rng(1).integers(0, 255, (1200, 1600), dtype=np.uint8)

    decode(noise, DecodeOptions(**{limit: 1}, explain=looks.append))

    assert {look.step for look in looks} == {"whole picture"}


def test_a_step_can_be_left_out() -> None:
    looks: list[Look] = []
    options = DecodeOptions(skip=frozenset({"black and white"}), explain=looks.append)

    decode(np.full((200, 300), 128, np.uint8), options)

    assert "black and white" not in {look.step for look in looks}


@pytest.mark.parametrize("arguments", [{"formats": ("Morse",)}, {"formats": ()}, {"budget_ms": 0}, {"deadline_ms": 0}])
def test_options_out_of_range_are_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"Morse|symbology|budget_ms|deadline_ms"):
        DecodeOptions(**arguments)  # type: ignore[arg-type]


def test_a_picture_that_is_too_dark_is_called_so() -> None:
    dark = np.asarray(data_matrix("NB25-0017") * 0.03, np.uint8)
    noisy = np.asarray(np.clip(dark + np.random.default_rng(1).normal(0, 6, dark.shape), 0, 255), np.uint8)

    assert decode(noisy).reason in (None, Reason.TOO_DARK)
    assert decode(np.full((300, 300), 4, np.uint8)).reason is Reason.TOO_DARK


def test_a_blurred_picture_is_called_so() -> None:
    blurred = cv2.GaussianBlur(cv2.copyMakeBorder(data_matrix("NB25-0017"), 60, 60, 60, 60, 0, value=90), (0, 0), 14)

    assert decode(np.asarray(blurred, np.uint8)).reason is Reason.BLURRED


def test_a_grey_wall_has_no_code() -> None:
    result = decode(np.full((480, 640), 128, np.uint8))

    assert (result.codes, result.reason) == ((), Reason.NO_CODE)


def test_a_damaged_symbol_is_seen() -> None:
    picture = symbol("NB25-0017 " * 8, Format.QRCode, scale=6)
    height, width = picture.shape
    noise = np.random.default_rng(1).choice([0, 255], (22, 22)).astype(np.uint8)
    picture[height // 2 - 66 : height // 2 + 66, width // 2 - 66 : width // 2 + 66] = np.kron(noise, np.ones((6, 6)))

    assert decode(picture).reason is Reason.CODE_NOT_READABLE


def test_every_reason_says_what_to_do() -> None:
    assert all(reason.message.endswith(".") for reason in Reason)


def noisy(picture: Picture, seed: int) -> Picture:
    noise = np.random.default_rng(seed).normal(0, 90, picture.shape)
    return np.asarray(np.clip(picture * 0.3 + 60 + noise, 0, 255), np.uint8)


def test_frames_of_a_burst_are_averaged_where_none_is_read_alone() -> None:
    drawn = cv2.copyMakeBorder(data_matrix("NB25-0017", scale=5), 40, 40, 60, 60, cv2.BORDER_CONSTANT, value=255)
    frames = [noisy(np.roll(drawn, (shift, -shift), (0, 1)), shift) for shift in range(5)]

    assert all(not decode(frame).codes for frame in frames)
    assert [code.text for code in decode_burst(frames).codes] == ["NB25-0017"]


def shaken(picture: Picture, degrees: float, seed: int) -> Picture:
    """A picture of a moving hand: blurred over 13 pixels in one direction, and not quite in its place."""
    line = np.zeros((13, 13), np.float32)
    line[6] = 1
    line = cv2.warpAffine(line, cv2.getRotationMatrix2D((6, 6), degrees, 1), (13, 13))
    random = np.random.default_rng(seed)
    move = np.array([[1, 0, random.normal(0, 5)], [0, 1, random.normal(0, 5)]])
    moved = cv2.warpAffine(picture, move, picture.shape[::-1], borderValue=255)
    blurred = cv2.filter2D(moved, -1, line / line.sum()) + random.normal(0, 3, picture.shape)
    return np.asarray(np.clip(blurred, 0, 255), np.uint8)


def test_frames_shaken_in_different_directions_are_made_one_sharp_picture() -> None:
    drawn = cv2.copyMakeBorder(data_matrix("NB25-0017"), 150, 150, 150, 150, cv2.BORDER_CONSTANT, value=255)
    frames = [shaken(drawn, degrees, seed) for seed, degrees in enumerate((0, 36, 72, 108, 144))]

    assert all(not decode(frame).codes for frame in frames)
    assert not decode(np.asarray(np.mean(frames, axis=0), np.uint8)).codes
    assert [code.text for code in decode_burst(frames).codes] == ["NB25-0017"]


def test_bars_blurred_by_a_moving_hand_are_restored() -> None:
    sharp = np.pad(symbol("9506000134352", Format.EAN13), 80, constant_values=255)
    # Nearly three modules, in low contrast.
    moved = cv2.GaussianBlur(cv2.blur(sharp, (11, 1)), (0, 0), 1.0) // 3 + 60

    code = decode(np.asarray(moved, np.uint8)).codes[0]

    assert (code.text, code.confidence.stage, code.confidence.weak) == ("9506000134352", "moved bars", False)


def test_one_good_frame_of_a_burst_is_enough() -> None:
    good = data_matrix("NB25-0017")
    blank = np.full_like(good, 128)

    code = decode_burst([blank, blank, good, blank]).codes[0]

    assert (code.text, code.frame) == ("NB25-0017", 2)


def test_frames_of_different_size_are_one_burst() -> None:
    blank = np.full((100, 100), 128, np.uint8)

    assert [code.text for code in decode_burst([blank, data_matrix("A-1")]).codes] == ["A-1"]


@pytest.mark.parametrize(("count", "code"), [(0, "no_frames"), (9, "too_many_frames")])
def test_a_burst_has_one_to_eight_frames(count: int, code: str) -> None:
    with pytest.raises(ImageError) as refusal:
        decode_burst([np.zeros((8, 8), np.uint8)] * count)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((8, 8), np.float32),
        np.zeros((8, 8), np.uint16),
        np.zeros(8, np.uint8),
        np.zeros((0, 8), np.uint8),
        np.zeros((8, 8, 2), np.uint8),
    ],
)
def test_other_arrays_are_refused(array: np.ndarray) -> None:
    with pytest.raises(ImageError) as refusal:
        decode(array)

    assert refusal.value.code == "bad_array"


@pytest.mark.parametrize("shape", [(1, 1), (1, 800), (800, 1), (2, 2), (7, 9), (31, 31)])
def test_a_picture_of_a_few_pixels_is_no_code(shape: tuple[int, int]) -> None:
    for value in (0, 128, 255):
        assert decode(np.full(shape, value, np.uint8)).codes == ()


def test_files_of_each_kind_are_read() -> None:
    for suffix in (".png", ".jpg", ".webp"):
        assert decode_bytes(encoded(data_matrix("NB25-0017"), suffix)).codes[0].text == "NB25-0017"
