"""What others typed is text on paper: nothing of it is an action, a page number, or turned or steered."""

import re
from datetime import UTC, datetime

import pypdfium2
from pypdfium2 import raw

from backend.domain.labels import FORMATS, Label, Symbol
from backend.services.label_files import labels_as_pdf
from backend.services.pdf_tables import printable, write_pdf
from tests.services.test_table_files import PAYLOADS

MARKUP = [
    "{nb}",
    ") Tj ET",
    "(unbalanced \\(",
    "\\051 \\\\",
    "<</S/JavaScript/JS(app.alert(1))>>",
    "/URI (javascript:alert(1))",
    "/Launch /F (cmd.exe)",
    "%%EOF endobj endstream",
    "**bold** __line__ --gone--",
    "[link](https://x.example)",
    "<a href='javascript:alert(1)'>x</a>",
    "<script>alert(1)</script>",
    "<b>&lt;</b>",
    "https://x.example",
    "A\x1b[31mB\x07",
    "NB\u202e52\u2066",
    "\ue000\ue001\ue002",
]
ACTIVE = (
    rb"/(JS|JavaScript|URI|Launch|OpenAction(?! \[)|AA|Annots|GoToR|SubmitForm|EmbeddedFiles?|RichMedia|AcroForm|XFA)\b"
)


def text_of(file: bytes) -> str:
    """All text of a PDF without spaces, once it is sure that there is nothing in it but text and lines."""
    outside = re.sub(rb"stream\r?\n.*?endstream", b"", file, flags=re.DOTALL)
    assert re.findall(ACTIVE, outside) == []
    document = pypdfium2.PdfDocument(file)
    assert raw.FPDFDoc_GetJavaScriptActionCount(document) == 0
    assert raw.FPDFDoc_GetAttachmentCount(document) == 0
    assert sum(raw.FPDFPage_GetAnnotCount(page) for page in document) == 0
    said = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return re.sub(r"\s", "", said)


def spaceless(text: str) -> str:
    return re.sub(r"\s", "", printable(text))


def test_no_text_of_a_report_does_anything_in_its_pdf() -> None:
    # Our fonts have no wide equals sign.
    payloads = [*MARKUP, *(text for text in PAYLOADS if "＝" not in text)]
    file = write_pdf(
        [["What", "Note"], *([text, "x"] for text in payloads)],
        title="Title {nb} <script>",
        under_title=MARKUP,
        is_number=[False, False],
        made_at=datetime(2026, 1, 5, 10, tzinfo=UTC),
    )
    with file:
        said = text_of(file.read())
    assert [text for text in payloads if spaceless(text) not in said] == []
    # In the table and under the title.
    assert [text for text in MARKUP if said.count(spaceless(text)) < 2] == []
    assert said.count("Title{nb}<script>") >= 2
    assert "1/4" in said
    assert "\ue000" not in said


def test_no_text_of_a_label_does_anything_in_its_pdf() -> None:
    labels = [Label(Symbol.QR, text, (), (printable(text),)) for text in MARKUP if printable(text)]
    said = text_of(labels_as_pdf(labels, FORMATS["roll_100x50"]))
    # What does not fit a label is cut.
    assert [label.lines[0] for label in labels if spaceless(label.lines[0])[:8] not in said] == []
