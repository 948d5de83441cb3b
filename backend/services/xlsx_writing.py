"""Excel workbooks of one sheet, sent while their rows are read.

A workbook is a zip of XML files. openpyxl and XlsxWriter, also where they keep little in memory, zip it when its last
row is written: of a report over ten years nothing would come for a minute. This writes the parts that a sheet of texts
and numbers needs, and lets go of them piece by piece.

References:
    ECMA-376-1, 18.3.1 (worksheets: inlineStr), 18.8 (styles; number format 49 is text); ECMA-376-2 (packages).
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from xml.sax.saxutils import escape, quoteattr

from backend.domain.cell_texts import TableCell, as_xstring

_AT_A_TIME = 500
_LONGEST = 32_767
"""Characters that a spreadsheet keeps of a cell."""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_RELATIONS}">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_RELATIONS}">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}


def xlsx_chunks(rows: Iterable[Sequence[TableCell]], *, title: str) -> Iterator[bytes]:
    """A workbook in pieces. Its texts are text, so that a spreadsheet keeps zeros and calculates nothing.

    Args:
        rows: The head, then the rows; a spreadsheet has 1,048,576 at most, which the caller sees to.
        title: The name of the sheet, at most 31 characters.
    """
    rows = iter(rows)
    head = list(next(rows, ()))
    book = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name={quoteattr(title)} sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    file = _Pieces()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name, part in (_PARTS | {"xl/workbook.xml": book}).items():
            archive.writestr(name, _HEAD + part)
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(_before(len(head)).encode())
            lines = chain([head], rows)
            while some := list(islice(lines, _AT_A_TIME)):
                sheet.write("".join(map(_row, some)).encode())
                yield file.taken()
            sheet.write(b"</sheetData></worksheet>")
    yield file.taken()


class _Pieces(io.RawIOBase):
    """What the zip is written into and taken away from; it cannot go back, so the sizes follow their content."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: bytes) -> int:  # type: ignore[override]
        self._written += piece
        return len(piece)

    def taken(self) -> bytes:
        """What was written since the last time."""
        piece = bytes(self._written)
        self._written.clear()
        return piece


def _before(columns: int) -> str:
    widths = f'<cols><col min="1" max="{columns}" width="24" style="1" customWidth="1"/></cols>' if columns else ""
    frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    views = f'<sheetViews><sheetView workbookViewId="0">{frozen}</sheetView></sheetViews>'
    return f'{_HEAD}<worksheet xmlns="{_MAIN}">{views}{widths}<sheetData>'


def _row(cells: Sequence[TableCell]) -> str:
    return f"<row>{''.join(map(_cell, cells))}</row>"


def _cell(value: TableCell) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, str):
        text = escape(as_xstring(value)[:_LONGEST])
        return f'<c s="1" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    return f"<c><v>{value}</v></c>"
