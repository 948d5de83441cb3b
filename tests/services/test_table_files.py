"""Files of rows, as programs write them and as nobody should: RELIABILITY's rows on spreadsheets."""

import io
import random
import re
import unicodedata
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.formula import ArrayFormula

from backend.domain.cell_texts import shown
from backend.domain.errors import DomainError
from backend.domain.tables import MAX_ROWS, Cell, CellKind
from backend.services.table_files import read_table, write_csv
from backend.services.xlsx_child import read_rows
from backend.services.xlsx_writing import xlsx_chunks
from tests.workbooks import raw_workbook, row_xml, saved, workbook_of

HEADER = row_xml(1, "Serial No", "Batch No")


def texts(content: bytes, name: str = "serials.csv") -> list[list[str]]:
    return [[cell.text for cell in row] for row in read_table(content, name)]


def refusal_of(content: bytes, name: str):
    with pytest.raises(DomainError) as refused:
        read_table(content, name)
    refusal = refused.value.refusal
    assert refusal.message
    assert refusal.next_step
    return refusal


def outcome_of(content: bytes, name: str) -> str:
    """The code of the refusal, or "read"."""
    try:
        assert read_table(content, name)
    except DomainError as error:
        return error.refusal.code
    return "read"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_as_programs_write_it(encoding, line_end, separator):
    rows = [["Serial No", "Batch No"], ["Gerät-1", "B 1"], ["€-2", ""]]
    content = line_end.join(separator.join(row) for row in rows).encode(encoding)
    assert texts(content) == rows


def test_csv_cells_may_be_quoted_and_rows_empty():
    content = b'"Serial No","Batch No"\r\n"A,1","B ""1"""\r\n\r\n"A\r\n2",B2\r\n,\r\n\r\n'
    assert texts(content) == [["Serial No", "Batch No"], ["A,1", 'B "1"'], [], ["A\r\n2", "B2"]]


def test_a_column_alone_needs_no_separator():
    assert texts(b"Serial No\nA;1\nA2\n") == [["Serial No"], ["A;1"], ["A2"]]


def test_bytes_of_no_known_encoding_are_still_read():
    assert texts(b"Serial No\n\x81\xe9\n") == [["Serial No"], ["\x81é"]]


def test_workbook_cells_become_what_a_person_reads():
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["00017", 17, 17.0, 17.5, 10**14, 10**15, 1.5e20, True, None, "=1+1", datetime(2026, 12, 31), "x"])
    sheet["L1"] = ArrayFormula("L1", "=SUM(A1:A2)")
    sheet.append([datetime(2026, 12, 31, 8, 30), date(2026, 12, 30), "#REF!"])
    sheet["C2"].data_type = "e"
    workbook.create_sheet("Another").append(["not read"])
    first, second = read_table(saved(workbook), "book.xlsx")
    assert first == [
        Cell("00017"),
        Cell("17"),
        Cell("17"),
        Cell("17.5"),
        Cell("100000000000000"),
        Cell("1000000000000000", CellKind.ROUNDED),
        Cell("150000000000000000000", CellKind.ROUNDED),
        Cell("TRUE"),
        Cell(""),
        Cell("=1+1", CellKind.FORMULA),
        Cell("2026-12-31", CellKind.DATE),
        Cell("=SUM(A1:A2)", CellKind.FORMULA),
    ]
    assert second == [
        Cell("2026-12-31 08:30:00", CellKind.DATE),
        Cell("2026-12-30", CellKind.DATE),
        Cell("#REF!", CellKind.FAULT),
    ]


def test_rows_keep_the_numbers_that_a_spreadsheet_shows():
    content = raw_workbook(HEADER + row_xml(4, "A1") + '<row r="6"><c r="B6"><v></v></c></row>')
    assert texts(content, "gaps.xlsx") == [["Serial No", "Batch No"], [], [], ["A1"]]


def test_a_wrong_size_in_the_file_hides_no_cell():
    content = workbook_of([["Serial No"], ["A1"], ["A2"]])
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<dimension ref="A1:A3"', b'<dimension ref="A1:A1"'))
    assert changed.getvalue() != content
    assert texts(changed.getvalue(), "size.xlsx") == [["Serial No"], ["A1"], ["A2"]]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.csv", "file_empty"),
        (b"\xef\xbb\xbf", "a.csv", "file_empty"),
        (b"\r\n , \r\n", "a.csv", "file_empty"),
        (workbook_of([]), "a.xlsx", "file_empty"),
        (workbook_of([["Serial No"]]), "a.csv", "file_name_mismatch"),
        (b"Serial No\nA1\n", "a.xlsx", "file_name_mismatch"),
        (b"Serial No\nA1\n", "a.pdf", "file_name_mismatch"),
        (workbook_of([["Serial No"]]), "a.xlsm", "file_name_mismatch"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.csv", "file_not_text"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512), "a.xls", "file_is_old_excel"),
        (b'Serial No\n"A1\nA2\nA3\n', "a.csv", "file_broken"),
        (b"Serial No\n" + b"A" * 200_000, "a.csv", "file_broken"),
        (b"Serial No\n" + b"A1\n" * 60_000, "a.csv", "file_too_many_rows"),
        (b"Serial No" + b"," * 64 + b"\nA1\n", "a.csv", "file_too_many_columns"),
        (b"A,B,C,D,E,F,G,H,I,J,K,L\n" * 45_000, "a.csv", "file_too_much_text"),
        (b"A" * (8 * 1024 * 1024 + 1), "a.csv", "file_too_large"),
        (b"PK\x03\x04 but no zip", "a.xlsx", "file_broken"),
        (workbook_of([["Serial No"], ["A1"]])[:-30], "a.xlsx", "file_broken"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_code(content, name, code):
    assert refusal_of(content, name).code == code


@pytest.mark.parametrize("name", ["full.csv", "full.xlsx"])
def test_a_header_is_not_one_of_the_rows_that_a_file_may_have(name):
    def file_of(rows: int) -> bytes:
        if name.endswith(".csv"):
            return b"Serial No\n" + b"A1\n" * rows
        return raw_workbook("".join(f"<row><c><v>{n * 7919 % 999983}</v></c></row>" for n in range(rows + 1)))

    assert len(read_table(file_of(MAX_ROWS), name)) == MAX_ROWS + 1
    assert refusal_of(file_of(MAX_ROWS + 1), name).code == "file_too_many_rows"


_LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
_XXE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>'


def _zip_of(names_and_contents):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in names_and_contents:
            archive.writestr(name, content)
    return file.getvalue()


def _repetitive(size: int, *, seed: int) -> bytes:
    """Bytes that pack to about a thirtieth: less than the ratio at which a zip is refused."""
    chance = random.Random(seed)
    return b"".join(chance.randbytes(10_000) * 30 for _ in range(size // 300_000))


HOSTILE = {
    "far cell": (
        lambda: raw_workbook(HEADER + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "file_too_many_rows",
    ),
    "far column": (
        lambda: raw_workbook('<row r="1"><c r="XFD1"><v>1</v></c></row>'),
        "file_too_many_columns",
    ),
    "a million rows": (
        lambda: raw_workbook("".join(f"<row><c><v>{n * 7919 % 999983}</v></c></row>" for n in range(1_000_000))),
        "file_too_many_rows",
    ),
    "a row of millions of cells": (
        lambda: raw_workbook("<row>" + "".join(f"<c><v>{n}</v></c>" for n in range(1_500_000)) + "</row>"),
        "file_too_costly",
    ),
    "one long text many times": (
        lambda: raw_workbook(
            "".join(f'<row r="{n}"><c t="s"><v>0</v></c></row>' for n in range(1, 40_001)),
            shared="<si><t>" + "".join(random.Random(1).choices("ABCDEF", k=32_000)) + "</t></si>",
        ),
        "file_too_much_text",
    ),
    "bomb by size": (
        lambda: raw_workbook(HEADER, extra={f"xl/media/{n}": _repetitive(9_000_000, seed=n) for n in range(6)}),
        "file_unpacks_too_large",
    ),
    "bomb by ratio": (
        lambda: raw_workbook(HEADER, extra={"xl/media/zeros": bytes(40 * 1024 * 1024)}),
        "file_unpacks_too_large",
    ),
    "bomb by parts": (
        lambda: raw_workbook(HEADER, extra={f"xl/media/{n}": b"x" for n in range(250)}),
        "file_unpacks_too_large",
    ),
    "billion laughs": (
        lambda: raw_workbook(row_xml(1, "&i;"), before=_LAUGHS),
        "file_broken",
    ),
    "external entity": (
        lambda: raw_workbook(row_xml(1, "&f;"), before=_XXE),
        "file_broken",
    ),
    "a zip of something else": (
        lambda: _zip_of([("../../etc/passwd", "root"), ("word/document.xml", "<x/>")]),
        "file_broken",
    ),
    "a nested zip": (lambda: _zip_of([("a.zip", _zip_of([("b.zip", b"PK")]))]), "file_broken"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_in_bounded_time_and_memory(name):
    """The bounds are the kernel's, on the process that reads: what goes beyond ends in ``file_too_costly``."""
    make, code = HOSTILE[name]
    content = make()
    assert refusal_of(content, "hostile.xlsx").code == code


def test_an_entity_never_reads_a_file_of_the_server():
    content = raw_workbook(row_xml(1, "Serial No") + row_xml(2, "&f;"), before=_XXE)
    refusal = refusal_of(content, "xxe.xlsx")
    with open("/etc/hostname") as file:
        assert file.read().strip() not in refusal.message


def test_a_damaged_workbook_is_read_or_refused():
    """Twenty ways to flip bytes; a failure that is no refusal would be an exception here."""
    whole = workbook_of([["Serial No"], *([f"SN-{number}"] for number in range(50))])
    for seed in range(20):
        chance = random.Random(seed)
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 40)):
            damaged[chance.randrange(4, len(damaged))] = chance.randrange(256)
        assert outcome_of(bytes(damaged), "damaged.xlsx") in {
            "read",
            "file_broken",
            "file_unpacks_too_large",
            "file_empty",
            "file_too_costly",
        }


@given(st.binary(max_size=400))
def test_any_bytes_called_csv_are_read_or_refused(content):
    assert outcome_of(b"Serial No\n" + content, "any.csv") in {
        "read",
        "file_not_text",
        "file_broken",
        "file_too_many_columns",
    }


PAYLOADS = [
    f"{lead}{start}{rest}"
    for lead in ("", " ", "\t", "\r", "\n")
    for start in ("=", "+", "-", "@", "＝")
    for rest in ("1+1", "cmd|'/C calc'!A0", 'HYPERLINK("http://x.example","y")', "SUM(A1:A9)")
]


def test_no_payload_is_a_formula_in_what_is_written():
    assert len(PAYLOADS) == 100
    rows = [[text, number] for number, text in enumerate(PAYLOADS)]
    workbook = b"".join(xlsx_chunks(rows, title="Units"))
    sheet = load_workbook(io.BytesIO(workbook)).active
    assert sheet is not None
    assert [cell.data_type for cell in sheet["A"]] == ["s"] * 100
    wanted = [re.sub(r"[\t\r\n]", " ", text) for text in PAYLOADS]
    assert [cell.value for cell in sheet["A"]] == wanted
    assert [cell.value for cell in sheet["B"]] == list(range(100))
    assert [row[0] for row in texts(workbook, "back.xlsx")] == wanted

    written = write_csv([[text] for text in PAYLOADS])
    for line in written.decode("utf-8-sig").splitlines():
        assert line.startswith("\"'"), line
    assert [row[0] for row in texts(written, "back.csv")] == wanted


ODD = "a=-'\"<&_x0041\0\t\n\r\x0b\x85\x1b\u202e\u2067\u200f\ufffe\uffff\u2028\U0001f4a9مض"
UNSEEN = st.text(st.sampled_from(ODD), max_size=12)


@given(st.lists(st.text(max_size=40) | UNSEEN, min_size=1, max_size=100))
@settings(max_examples=50)
def test_what_is_written_comes_back_as_it_is_shown(some):
    rows = [["Serial No", "end"], *([text, "end"] for text in some)]
    wanted = [["Serial No", "end"], *([shown(text), "end"] for text in some)]
    assert texts(write_csv(rows), "back.csv") == wanted
    read = read_rows(b"".join(xlsx_chunks(rows, title="Units <&>")))
    assert [[cell.text for cell in row] for row in read] == wanted


def test_what_is_shown_has_no_character_that_hides_or_turns_others():
    whole = shown("".join(map(chr, range(0x11000))))
    hidden = [each for each in whole if unicodedata.category(each) in ("Cc", "Cs")]
    turning = [each for each in whole if unicodedata.bidirectional(each) in ("LRE", "RLE", "LRO", "RLO", "PDF")]
    isolates = [each for each in whole if unicodedata.bidirectional(each) in ("LRI", "RLI", "FSI", "PDI")]
    assert (hidden, turning, isolates) == ([], [], [])
    assert shown("two\r\nlines") == "two lines"


def test_a_workbook_of_many_rows_comes_in_pieces():
    pieces = list(xlsx_chunks(([f"SN-{number}", number] for number in range(3_000)), title="Units"))
    assert len(pieces) == 7
    assert max(map(len, pieces)) < 64 * 1024
    rows = load_workbook(io.BytesIO(b"".join(pieces)), read_only=True).active.iter_rows(values_only=True)
    assert list(rows) == [(f"SN-{number}", number) for number in range(3_000)]


def test_a_text_that_spells_an_escape_stays_that_text():
    with zipfile.ZipFile(io.BytesIO(b"".join(xlsx_chunks([["SN_x0041_1", "_x_"]], title="Units")))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r">([^<>]+)</t>", sheet) == ["SN_x005F_x0041_1", "_x_"]
