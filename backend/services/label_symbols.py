"""The code of a label as modules, made by the same library that reads codes."""

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from backend.domain.cell_texts import visible
from backend.domain.errors import refuse
from backend.domain.labels import Label, Symbol

_FORMAT = {
    Symbol.GS1_DATAMATRIX: zxingcpp.BarcodeFormat.DataMatrix,
    Symbol.GS1_QR: zxingcpp.BarcodeFormat.QRCode,
    Symbol.QR: zxingcpp.BarcodeFormat.QRCode,
    Symbol.CODE_128: zxingcpp.BarcodeFormat.Code128,
}


def modules_of(label: Label) -> NDArray[np.bool_]:
    """The dark modules, without the quiet zone; of a linear code one row.

    Raises:
        DomainError: ``label_not_encodable``.
    """
    content = "".join(f"[{ai}]{value}" for ai, value in label.elements) or label.text
    try:
        code = zxingcpp.create_barcode(
            content, _FORMAT[label.symbol], gs1=bool(label.elements), force_square=label.symbol is Symbol.GS1_DATAMATRIX
        )
    except ValueError as error:
        raise refuse(
            "label_not_encodable",
            f"'{visible(label.text[:60])}' does not fit the code: {error}.",
            "Choose a QR code, or a shorter text.",
        ) from error
    picture: NDArray[np.bool_] = np.asarray(code.to_image(scale=1, add_quiet_zones=False)) == 0
    return picture[:1] if label.symbol is Symbol.CODE_128 else picture
