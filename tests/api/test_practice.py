"""The practice sheet: every label of it is read from the paper, and a unit of it is received, on both databases."""

from typing import Any

import numpy as np
import pypdfium2
from sqlalchemy import select

from backend.extensions import db
from backend.models import Party
from backend.services.practice import PAPER
from scanner.decode import decode
from scanner.gs1 import parse
from tests.api_client import Api

DPI = 300


def codes_on_sheet(person: Api) -> list[Any]:
    """What the scanner reads of each label that stands on the sheet."""
    response = person.client.get("/api/practice-sheet", query_string={"site": person.site})
    assert response.status_code == 200, response.text
    document = pypdfium2.PdfDocument(response.data)
    (page,) = document
    picture = page.render(scale=DPI / 72, grayscale=True).to_numpy()
    codes = []
    for index in range(PAPER.columns * PAPER.rows):
        _, left, top = PAPER.position(index)
        part = picture[_dots(top, PAPER.height), _dots(left, PAPER.width)]
        if part.min() < 128:
            (code,) = decode(np.ascontiguousarray(part)).codes
            codes.append(code)
    document.close()
    return codes


def _dots(at: float, side: float) -> slice:
    return slice(int(at / 25.4 * DPI), int((at + side) / 25.4 * DPI))


def test_every_label_of_the_sheet_is_read_and_its_units_are_received(ana: Api) -> None:
    codes = codes_on_sheet(ana)
    meant = [parse(code.text, code.symbology_identifier) for code in codes]
    new = [code for code, each in zip(codes, meant, strict=True) if (each.serial_no or "").startswith("TRY-")]
    assert len(new) == 9
    assert all(each.gtin == "09506000134352" and each.batch_no == "TRY-B1" for each in meant[:9])
    known = [each.serial_no for each in meant[9:15]]
    assert known == ["NB22-0001", "NB24-0001", "NB24-0002", "NB24-0003", "NB23-0001", "NB23-0002"]
    assert {"MAIN", "A-01"} <= {code.text for code in codes[15:]}

    order = ana.get("/api/practice", site=ana.site)["order"]
    receipt = ana.open_receipt(order)
    outcome = ana.scan(receipt, new[0].text, symbology=new[0].symbology_identifier)
    assert outcome["code"] == "ok", outcome
    assert ana.scan(receipt, codes[10].text, symbology=codes[10].symbology_identifier)["code"] == "serial_in_stock"

    # Printed again, the sheet has only serial numbers that are still free.
    again = [parse(code.text, code.symbology_identifier).serial_no for code in codes_on_sheet(ana)]
    assert "TRY-0001" not in again
    assert "TRY-0010" in again


def test_there_is_no_practice_without_demo_data(ana: Api) -> None:
    with ana.client.application.app_context():
        supplier = db.session.scalars(select(Party).where(Party.code == "NorthStar")).one()
        supplier.contact = "orders@supplier.com"
        db.session.commit()
    assert ana.get("/api/practice", site=ana.site) == {"order": None}
    refused = ana.get("/api/practice-sheet", 404, site=ana.site)
    assert (refused["code"], "make run" in refused["next_step"]) == ("not_found", True)
