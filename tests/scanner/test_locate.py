import cv2
import numpy as np
import pytest
import zxingcpp

from scanner.locate import bar_regions, changes, coherence, matrix_places
from tests.scanner.symbols import Picture, data_matrix, symbol


def placed(drawn: Picture, left: int, top: int, size: tuple[int, int] = (900, 1200)) -> Picture:
    picture = np.full(size, 200, np.uint8)
    picture[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
    return picture


@pytest.mark.parametrize("degrees", [0, 20, 45, 90, 135])
def test_bars_are_found_with_their_direction(degrees: float) -> None:
    drawn = symbol("9506000134352", zxingcpp.BarcodeFormat.EAN13, scale=3)
    picture = placed(drawn, 400, 300)
    middle = (400 + drawn.shape[1] / 2, 300 + drawn.shape[0] / 2)
    turned = cv2.warpAffine(
        picture, cv2.getRotationMatrix2D(middle, -degrees, 1), (1200, 900), borderMode=cv2.BORDER_REPLICATE
    )

    region = bar_regions(np.asarray(turned, np.uint8), limit=1)[0]

    assert np.hypot(region.centre[0] - middle[0], region.centre[1] - middle[1]) < 30
    assert abs(np.sin(region.angle - np.deg2rad(degrees))) < 0.1
    assert 0.75 < region.length / (drawn.shape[1] - 80) < 1.35


def test_a_plain_wall_has_no_bars() -> None:
    assert bar_regions(np.full((480, 640), 128, np.uint8), limit=4) == []


def test_neighbours_of_a_known_symbol_are_found() -> None:
    drawn = data_matrix("NB25-0017")
    side = drawn.shape[0]
    picture = np.full((600, 900), 255, np.uint8)
    for row in range(2):
        for column in range(3):
            picture[60 + 250 * row :, 60 + 250 * column :][:side, :side] = drawn
    middles = [(60 + 250 * c + side / 2, 60 + 250 * r + side / 2) for r in range(2) for c in range(3)]

    places = matrix_places(picture, side - 80, middles[:1], limit=10)

    assert len(places) == 5
    for x, y in middles[1:]:
        assert min(np.hypot(x - u, y - v) for u, v in places) < 0.3 * side


def test_bars_agree_in_direction_and_matrix_symbols_do_not() -> None:
    bars = coherence(placed(symbol("9506000134352", zxingcpp.BarcodeFormat.EAN13), 100, 100)[100:300, 160:400])
    matrix = coherence(data_matrix("NB25-0017", scale=8))

    assert bars > 0.9 > 0.8 > matrix


def test_changes_count_the_modules_of_a_row() -> None:
    stripes = np.tile(np.array([0, 255], np.uint8).repeat(4), (16, 5))

    assert changes(stripes) == (9.0, 0.0)
