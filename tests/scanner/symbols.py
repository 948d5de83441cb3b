"""Pictures of symbols that zxing-cpp itself draws."""

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def symbol(text: str, barcode_format: zxingcpp.BarcodeFormat, *, scale: int = 4, gs1: bool = False) -> Picture:
    drawn = zxingcpp.create_barcode(text, barcode_format, **({"gs1": True} if gs1 else {}))
    return np.pad(np.array(drawn.to_image(scale=scale)), 40, constant_values=255)


def data_matrix(text: str, *, gs1: bool = False, scale: int = 4) -> Picture:
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix, gs1=gs1, force_square=True)
    return np.pad(np.array(drawn.to_image(scale=scale)), 40, constant_values=255)


def encoded(picture: Picture, suffix: str = ".png") -> bytes:
    return bytes(cv2.imencode(suffix, picture)[1])
