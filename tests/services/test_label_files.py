"""What is printed decodes: every symbol in every format, rendered to pixels and read back by the scanner."""

import re
from datetime import date
from typing import Any

import defusedxml.ElementTree
import numpy as np
import pypdfium2
import pytest

from backend.domain.cell_texts import visible
from backend.domain.errors import DomainError
from backend.domain.labels import FORMATS, Facts, Label, Subject, Symbol, label_of
from backend.services.label_files import label_as_png, label_as_svg, labels_as_pdf, labels_as_zpl
from scanner.decode import decode, decode_bytes
from scanner.gs1 import parse
from tests.services.test_pdf_tables import MARKUP

BASE = "https://stock.example"
HOSTILE = "^XZ~JR^FD \\5E_1 <script>&\"' \u202e=cmd()\x1b\n{serial_no}"


def unit(serial_no: str = "NB25-0001", name: str = "Laptop 15 inch", gtin: str | None = "09506000134352") -> Facts:
    return Facts(
        Subject.UNIT,
        serial_no,
        {"serial_no": serial_no, "item_code": "LAP-15", "name": name, "batch_no": "B%1", "expires_on": "2027-02-28"},
        gtin,
        serial_no,
        "B%1",
        date(2027, 2, 28),
    )


def read_back(codes: Any, label: Label, facts: Facts) -> None:
    (code,) = codes
    meant = parse(code.text, code.symbology)
    if label.symbol in (Symbol.GS1_DATAMATRIX, Symbol.GS1_QR) and facts.gtin:
        assert (meant.gtin, meant.serial_no, meant.batch_no) == (facts.gtin, facts.serial_no, facts.batch_no)
        assert meant.expires_on == facts.expires_on
        assert not meant.problems
    else:
        assert code.text == facts.code


@pytest.mark.parametrize("symbol", Symbol)
@pytest.mark.parametrize("paper", ["a4_21", "a4_65", "roll_50x25", "roll_100x50"])
def test_every_label_reads_back(symbol: Symbol, paper: str) -> None:
    for facts in (unit(), unit(gtin=None), unit("A_b(1)", name=HOSTILE)):
        label = label_of(facts, symbol, BASE)
        for dpi in (300, 600) if FORMATS[paper].is_sheet else (203, 300):
            read_back(decode_bytes(label_as_png(label, FORMATS[paper], dpi)).codes, label, facts)


@pytest.mark.parametrize("paper", FORMATS)
def test_a_sheet_holds_each_label_in_its_place(paper: str) -> None:
    form = FORMATS[paper]
    count = form.columns * form.rows + 1
    wanted = [f"SN-{number:04d}" for number in range(count)]
    labels = [label_of(unit(serial_no), Symbol.GS1_DATAMATRIX, BASE) for serial_no in wanted]
    document = pypdfium2.PdfDocument(labels_as_pdf(labels, form))
    assert len(document) == 2
    size = (form.page_width, form.page_height) if form.is_sheet else (form.width, form.height)
    assert document[0].get_size() == pytest.approx([side / 25.4 * 72 for side in size], abs=0.1)
    picture = document[0].render(scale=300 / 72, grayscale=True).to_numpy()
    read = []
    for index in range(count - 1):
        _, left, top = form.position(index)
        rows, columns = _dots(top, form.height), _dots(left, form.width)
        cut = np.ascontiguousarray(picture[rows, columns])
        (code,) = decode(cut).codes
        read.append(parse(code.text, code.symbology).serial_no)
    assert read == wanted[:-1]
    document.close()


def _dots(at: float, side: float) -> slice:
    return slice(int(at / 25.4 * 300), int((at + side) / 25.4 * 300))


def test_letters_of_four_scripts_are_on_the_paper() -> None:
    texts = ["Pump Größe Ω", "Насос", "Αντλία", "مضخة PUMP"]
    label = Label(Symbol.QR, "x", (), tuple(texts))
    document = pypdfium2.PdfDocument(labels_as_pdf([label], FORMATS["roll_100x50"]))
    said = document[0].get_textpage().get_text_range()
    document.close()
    for word in ("Größe", "Насос", "Αντλία", "PUMP"):
        assert word in said
    assert any("\u0600" <= letter <= "\u06ff" or "\ufe70" <= letter <= "\ufeff" for letter in said)


def zpl_fields(text: str) -> list[tuple[str, str]]:
    """The fields of a label as the printer reads them: the command before the data, and the data unescaped."""
    fields = []
    for command, data in re.findall(r"\^(B[CQX]|A0)[^^]*(?:\^FB[^^]*)?\^FH\\\^FD([^^~]*)\^FS", text):
        raw = re.sub(rb"\\([0-9A-F]{2})", lambda match: bytes([int(match[1], 16)]), data.encode())
        fields.append((command, raw.decode()))
    return fields


@pytest.mark.parametrize("symbol", Symbol)
def test_no_text_gives_a_printer_a_command(symbol: Symbol) -> None:
    plain = labels_as_zpl([label_of(unit(), symbol, BASE)], FORMATS["roll_62x29"], 203)
    hostile_facts = unit("A_b>(1)", name=HOSTILE)
    hostile = labels_as_zpl([label_of(hostile_facts, symbol, BASE)], FORMATS["roll_62x29"], 203)

    assert re.findall(r"[\^~][A-Z0-9]{2}", hostile) == re.findall(r"[\^~][A-Z0-9]{2}", plain)
    (code, data), *texts = zpl_fields(hostile)
    assert texts[2] == ("A0", "^XZ~JR^FD \\5E_1 <script>&\"' =cmd() {serial_no}")
    if symbol is Symbol.GS1_DATAMATRIX:
        assert code == "BX"
        meant = parse("]d2" + data.removeprefix("@1").replace("@1", "\x1d"))
        assert (meant.serial_no, meant.batch_no) == ("A_b>(1)", "B%1")
    elif symbol is Symbol.CODE_128:
        assert (code, data.replace(">0", ">")) == ("BC", "A_b>(1)")
    else:
        assert code == "BQ"
        text = data.removeprefix("QA,")
        assert parse(text).serial_no == "A_b>(1)" if symbol is Symbol.GS1_QR else text == "A_b>(1)"


COMMANDS = [
    f"{before}{command}{after}"
    for command in ("^XZ^XA", "~JA", "~DGR:X.GRF,9,9,", "^FS^FDx", "\\5EXZ", "_5EXZ", "^CC+", "^FH_", "~1", "_1")
    for before, after in (("", ""), ("A", "B"), (">:", ">8"), ("\r\n", "\x1b"), ("@1", "~dE001"))
]


def test_no_payload_changes_how_many_commands_a_printer_gets() -> None:
    """Every payload as a name, and where a code takes it as a serial number; nothing begins an escape of the code."""
    assert len(COMMANDS) == 50
    paper = FORMATS["roll_100x50"]
    begin = re.compile(r"[\^~][A-Z0-9]{2}")
    for symbol, gtin in ((each, gtin) for each in Symbol for gtin in ("09506000134352", None)):
        plain = begin.findall(labels_as_zpl([label_of(unit(gtin=gtin), symbol, BASE)], paper, 300))
        for payload in COMMANDS:
            serial_no = visible(payload).strip()
            printed = labels_as_zpl([label_of(unit(serial_no, name=payload, gtin=gtin), symbol, BASE)], paper, 300)
            assert begin.findall(printed) == plain, (symbol, payload)
            assert not set(printed) - set(map(chr, range(32, 127))) - {"\n"}
            escape = re.search(r"\^BXN,\d+,200,0,0,,(.)?,1", printed)
            (_, data), *_ = zpl_fields(printed)
            if escape and gtin is None:
                assert escape[1], payload
                assert escape[1] not in data, payload


def test_a_drawing_holds_no_markup_but_its_own() -> None:
    for payload in (HOSTILE, *MARKUP):
        drawing = label_as_svg(label_of(unit(name=payload), Symbol.QR, BASE), FORMATS["roll_62x29"])
        elements = list(defusedxml.ElementTree.fromstring(drawing).iter())
        assert {each.tag.rpartition("}")[2] for each in elements} == {"svg", "rect", "path", "g", "text"}
        assert not [name for each in elements for name in each.attrib if name.startswith("on") or "href" in name]
        said = [each.text for each in elements if each.tag.endswith("text")]
        assert not visible(payload).strip() or visible(payload).strip() in said


def test_what_cannot_be_a_label_is_said() -> None:
    with pytest.raises(DomainError) as said:
        label_of(unit("Ж-1"), Symbol.CODE_128, BASE)
    assert said.value.refusal.code == "label_not_encodable"
    with pytest.raises(DomainError) as said:
        labels_as_pdf([label_of(unit("1" * 40), Symbol.CODE_128, BASE)], FORMATS["a4_65"])
    assert said.value.refusal.code == "label_too_small"
    with pytest.raises(DomainError) as said:
        label_of(unit(), Symbol.QR, BASE, "{serial_no.__class__} {password}")
    assert said.value.refusal.code == "layout_unknown_placeholder"
