"""Labels as PDF, SVG, PNG and ZPL, all from one arrangement."""

import io
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from backend.domain.labels import Format, Label
from backend.domain.zpl import write_zpl
from backend.services.label_layout import Arranged, arrange
from backend.services.pdf_fonts import fonts

if TYPE_CHECKING:
    from fpdf import FPDF

_POINT = 72
_PDF_DPI = 600
"""Of laser printers; label printers get what fits their own dots."""


def labels_as_zpl(labels: Sequence[Label], paper: Format, dpi: int) -> str:
    """For a Zebra printer, one label after the other."""
    return "".join(write_zpl(label, paper, dpi, arrange(label, paper, dpi).placed) for label in labels)


def labels_as_pdf(labels: Sequence[Label], paper: Format, *, dpi: int = _PDF_DPI, skip: int = 0) -> bytes:
    """Sheets, or a page a label; ``skip`` leaves the first places of the first sheet free, which are used up.

    Raises:
        DomainError: ``label_too_small``, ``label_not_encodable``.
    """
    # Here, since it takes some 25 MiB, and few processes ever write a PDF.
    from fpdf import FPDF

    # All of them first: where one is refused, no font is left open.
    arranged = [arrange(label, paper, dpi) for label in labels]
    width, height = (paper.page_width, paper.page_height) if paper.is_sheet else (paper.width, paper.height)
    pdf = FPDF(unit="pt", format=(width / 25.4 * _POINT, height / 25.4 * _POINT))
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.alias_nb_pages(None)  # type: ignore[arg-type]  # No text of a label stands for the number of pages.
    pdf.c_margin = 0
    names = [f"font{index}" for index, _ in enumerate(fonts())]
    for name, path in zip(names, fonts(), strict=True):
        pdf.add_font(name, fname=path)
    pdf.set_font(names[0])
    pdf.set_fallback_fonts(names[1:])
    pdf.set_text_shaping(True)
    last_page = -1
    for index, drawing in enumerate(arranged):
        page, left, top = paper.position(index + skip)
        if page != last_page:
            pdf.add_page()
            last_page = page
        _draw(pdf, drawing, left / 25.4 * _POINT, top / 25.4 * _POINT, _POINT / dpi)
    return bytes(pdf.output())


def label_as_png(label: Label, paper: Format, dpi: int) -> bytes:
    """One label as a picture in the printer's own dots."""
    # Here, since few processes ever draw a picture, and the library takes some MiB.
    import pypdfium2

    roll = Format(paper.width, paper.height)
    document = pypdfium2.PdfDocument(labels_as_pdf([label], roll, dpi=dpi))
    try:
        picture = document[0].render(scale=dpi / _POINT, grayscale=True).to_pil()
    finally:
        document.close()
    file = io.BytesIO()
    picture.save(file, format="PNG", dpi=(dpi, dpi))
    return file.getvalue()


def label_as_svg(label: Label, paper: Format, dpi: int = _PDF_DPI) -> str:
    """One label as a drawing; its letters are of the fonts of whoever looks at it."""
    arranged = arrange(label, paper, dpi)
    width, height = arranged.dots
    rects = "".join(f"M{x} {y}h{w}v{h}h-{w}z" for x, y, w, h in _bars(arranged))
    texts = "".join(
        f'<text x="{x}" y="{y + round(size * 0.85)}" font-size="{size}" textLength="{room}" '
        f'lengthAdjust="spacingAndGlyphs">{escape(line)}</text>'
        if _is_wide(line, size, room)
        else f'<text x="{x}" y="{y + round(size * 0.85)}" font-size="{size}">{escape(line)}</text>'
        for line, (x, y, size, room) in zip(arranged.label.lines, arranged.placed.lines, strict=True)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{paper.width}mm" height="{paper.height}mm" '
        f'viewBox="0 0 {width} {height}"><rect width="{width}" height="{height}" fill="#fff"/>'
        f'<path d="{rects}" fill="#000"/>'
        f'<g font-family="Noto Sans, DejaVu Sans, sans-serif" fill="#000">{texts}</g></svg>'
    )


def _is_wide(line: str, size: int, room: int) -> bool:
    return len(line) * size * 0.6 > room


def _draw(pdf: "FPDF", arranged: Arranged, left: float, top: float, dot: float) -> None:
    pdf.set_fill_color(0)
    for x, y, width, height in _bars(arranged):
        pdf.rect(left + x * dot, top + y * dot, width * dot, height * dot, style="F")
    for line, (x, y, size, room) in zip(arranged.label.lines, arranged.placed.lines, strict=True):
        points, space = size * dot, room * dot
        pdf.set_font(size=points)
        wide = pdf.get_string_width(line)
        if wide > space:
            # A narrower line is read more easily than one that is cut; below half its size nobody reads it.
            points = max(points * space / wide, points / 2)
            pdf.set_font(size=points)
        pdf.set_xy(left + x * dot, top + y * dot)
        with pdf.local_context():
            pdf.cell(w=space, h=size * dot, text=_cut(pdf, line, space))


def _cut(pdf: "FPDF", text: str, space: float) -> str:
    while len(text) > 1 and pdf.get_string_width(text) > space * 1.01:
        text = text[:-2] + "…"
    return text


def _bars(arranged: Arranged) -> Iterator[tuple[int, int, int, int]]:
    """The dark modules, those side by side as one bar: corner, width and height in dots."""
    placed, rows = arranged.placed, len(arranged.modules)
    high = placed.height if rows == 1 else placed.module
    for row, modules in enumerate(arranged.modules):
        for start, end in _runs(modules):
            yield (
                placed.x + start * placed.module,
                placed.y + row * placed.module,
                (end - start) * placed.module,
                high,
            )


def _runs(modules: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], modules.view(np.int8), [0]))))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
