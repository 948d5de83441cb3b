"""Texts that try to be something else: none is a fault of the server, and none runs in anything that we give out."""

import csv
import io
import unicodedata
from collections.abc import Iterator
from itertools import islice
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pypdfium2
import pytest
from flask import Flask
from openpyxl import load_workbook

from backend.domain.cell_texts import from_text, shown
from backend.unit_of_work import transact
from scanner.decode import decode
from tests import hostile_texts
from tests.api_client import Api, new_id
from tests.selling import make_order
from tests.services.test_label_files import zpl_fields

_PER_REQUEST = 200
_ON_POSTGRESQL = 300
"""How many of them are enough to show that it refuses and keeps the same, which has nothing to do with most of this."""
_ON_PAPER = 12
"""How many labels are drawn and read back, which takes a quarter of a second each."""
_SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def receipt(app: Flask, ana: Api) -> dict[str, Any]:
    """A receipt with room for all of them."""
    with app.app_context():
        transact(lambda work: make_order(work, ana.site, "LAP-15", hostile_texts.ODD, "PO-ODD"))
    return ana.open_receipt("PO-ODD")


def test_odd_texts_are_kept_clean_or_refused(ana: Api, sue: Api, receipt: dict[str, Any], engine_name: str) -> None:
    texts = list(islice(hostile_texts.odd(), None if engine_name == "sqlite" else _ON_POSTGRESQL))
    assert set("\0\x1b\x85\u200b\u202e\ud800\uffff\U0010fffd") <= set("".join(texts))
    kept: set[str] = set()
    refused = 0
    for outcome in scanned(ana, [ana.a_scan(receipt, text, batch_no="B-1") for text in texts]):
        if outcome["status"] == "accepted":
            kept.add(outcome["unit"]["serial_no"])
        else:
            refused += 1
            assert outcome["message"] == shown(outcome["message"]), "a refusal that cannot be read"
    assert len(kept) > len(texts) // 10
    assert refused > len(texts) // 5
    for serial_no in kept:
        assert 0 < len(serial_no) <= 64
        assert serial_no == unicodedata.normalize("NFC", serial_no.strip())
        assert {unicodedata.category(character)[0] for character in serial_no}.isdisjoint("C"), ascii(serial_no)
    ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    assert kept <= set(column(files(sue)["csv"], "Serial No"))


def test_markup_is_text_in_everything_that_we_give_out(
    ana: Api, sue: Api, receipt: dict[str, Any], engine_name: str
) -> None:
    texts = hostile_texts.markup()[: None if engine_name == "sqlite" else _ON_POSTGRESQL // 5]
    more = {"condition": "rejected"}
    outcomes = scanned(ana, [ana.a_scan(receipt, text, batch_no=text, reason=text, **more) for text in texts])
    assert [outcome["unit"]["serial_no"] for outcome in outcomes] == texts
    posted = ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    assert posted["counts"]["rejected"] == len(texts)
    for unit in posted["units"]:
        assert unit["serial_no"] == unit["batch_no"] == unit["reason"]
        assert unit["serial_no"] in texts

    for ending, rows in files(sue).items():
        for title in ("Serial No", "Batch No"):
            assert set(texts) <= set(column(rows, title)), (ending, title)

    asked = {"site": ana.site, "subject": "unit", "symbol": "qr"}
    made = ana.post("/api/label-prints", asked | {"id": new_id(), "voucher_id": receipt["id"]})
    assert made["labels"] == len(texts)
    labels = f"/api/label-prints/{made['id']}/labels"
    zpl = whole(ana, f"{labels}.zpl").decode()
    assert zpl.count("^XA") == zpl.count("^XZ") == len(texts)
    said = " ".join(text for _, text in zpl_fields(zpl))
    assert all(text in said for text in texts)
    for index in range(0, len(texts), 50):
        drawing = ElementTree.fromstring(whole(ana, f"{labels}.svg?index={index}"))
        assert {each.tag.removeprefix(_SVG) for each in drawing.iter()} <= {"svg", "g", "rect", "path", "text", "title"}
        assert not any(name.startswith("on") for each in drawing.iter() for name in each.attrib)
    some = posted["units"][:_ON_PAPER]
    reason = {"reason": "=1+1<b>\u202e"}
    again = ana.post("/api/label-prints", asked | reason | {"id": new_id(), "ids": [each["id"] for each in some]})
    pdf = whole(ana, f"/api/label-prints/{again['id']}/labels.pdf")
    assert sorted(read_back(pdf)) == sorted(each["serial_no"] for each in some)


def read_back(pdf: bytes) -> Iterator[str]:
    """What the code on each label says, which stands on it in letters, too, as far as there is room."""
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        (code,) = decode(np.ascontiguousarray(page.render(scale=300 / 72, grayscale=True).to_numpy())).codes
        printed, *_ = same(page.get_textpage().get_text_range()).split("…")
        assert len(printed) > 10
        assert printed.startswith(same(code.text)) or same(code.text).startswith(printed)
        yield code.text
    document.close()


def same(text: str) -> str:
    """A text without where its lines are broken."""
    return "".join(text.split())


def scanned(person: Api, scans: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The outcomes of scans, sent as many at a time as may be."""
    starts = range(0, len(scans), _PER_REQUEST)
    return [outcome for start in starts for outcome in person.send(*scans[start : start + _PER_REQUEST])]


def files(person: Api) -> dict[str, list[list[str]]]:
    """The rows of the ledger as both kinds of file, every cell of which is a text or a number and none a formula."""
    path = f"/api/reports/ledger/file.{{}}?site={person.site}"
    rows = list(csv.reader(io.StringIO(whole(person, path.format("csv")).decode("utf-8-sig"))))
    cells_of_csv = {cell for row in rows for cell in row}
    assert not [cell for cell in cells_of_csv if runs(cell) and not cell.removeprefix("-").isdigit()]
    sheet = load_workbook(io.BytesIO(whole(person, path.format("xlsx"))), read_only=True).worksheets[0]
    cells = [list(row) for row in sheet.iter_rows()]
    assert "f" not in {cell.data_type for row in cells for cell in row}
    return {
        "csv": [[from_text(cell) for cell in row] for row in rows],
        "xlsx": [["" if cell.value is None else str(cell.value) for cell in row] for row in cells],
    }


def runs(cell: str) -> bool:
    """Whether a spreadsheet takes a cell of a CSV file for a formula."""
    return unicodedata.normalize("NFKC", cell.strip()[:1]) in {"=", "+", "-", "@"}


def whole(person: Api, path: str) -> bytes:
    answer = person.client.get(path)
    assert answer.status_code == 200
    return answer.get_data()


def column(rows: list[list[str]], title: str) -> Iterator[str]:
    """One column of a file."""
    start = next(index for index, row in enumerate(rows) if title in row)
    at = rows[start].index(title)
    return (row[at] for row in rows[start + 1 :])
