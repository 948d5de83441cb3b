"""The rows of an uploaded file: headers, dates, and cells that are not what was typed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.errors import DomainError
from backend.domain.ranges import MAX_LIST
from backend.domain.serial_rows import COLUMNS, read_serial_table
from backend.domain.tables import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_TEXT, Cell, CellKind, within_limits


def table(*rows: list[str | Cell]) -> list[list[Cell]]:
    return [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows]


def refusal_of(*rows: list[str | Cell]):
    with pytest.raises(DomainError) as refused:
        read_serial_table(table(*rows))
    return refused.value.refusal


def the_row(header: list[str], row: list[str | Cell]):
    (read,) = read_serial_table(table(header, row)).rows
    return read


@pytest.mark.parametrize("header", ["Serial No", "serial no", "SERIALNO", " Serial_No. ", "serial-no"])
def test_case_space_and_punctuation_of_a_header_do_not_count(header):
    assert the_row([header], ["A1"]).serial_no == "A1"


def test_a_row_is_read_by_its_headers_in_any_order():
    read = read_serial_table(
        table(["Expiry", "Colour", "Serial No", "Manufactured", "Batch No"], ["2026-12-31", "red", " A1 ", "", "B 1"])
    )
    (row,) = read.rows
    assert (row.row, row.serial_no, row.batch_no) == (2, "A1", "B 1")
    assert (row.manufactured_on, row.expires_on, row.refusal) == (None, date(2026, 12, 31), None)
    assert read.ignored_columns == ("Colour",)


def test_rows_above_the_header_count_as_a_spreadsheet_counts_them():
    (row,) = read_serial_table(table([], ["", " "], ["Serial No"], ["A1"])).rows
    assert row.row == 4


def test_a_short_or_empty_row_is_a_row():
    rows = read_serial_table(table(["Serial No", "Batch No"], ["A1"], [], ["", "B1"], ["A2", "B2"])).rows
    assert [(row.row, row.serial_no, row.batch_no) for row in rows] == [
        (2, "A1", None),
        (3, "", None),
        (4, "", "B1"),
        (5, "A2", "B2"),
    ]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (Cell("=cmd()"), "formula_refused"),
        (Cell("  =1+1"), "formula_refused"),
        (Cell("=A1", CellKind.FORMULA), "formula_refused"),
        (Cell("2026-10-15", CellKind.DATE), "cell_is_date"),
        (Cell("1234567890123456", CellKind.ROUNDED), "cell_is_rounded"),
        (Cell("#REF!", CellKind.FAULT), "cell_is_error"),
    ],
)
@pytest.mark.parametrize("column", ["Serial No", "Batch No"])
def test_a_cell_that_is_not_what_was_typed_is_refused(column, cell, code):
    others = [other for other in ("Serial No", "Batch No") if other != column]
    row = the_row([column, *others], [cell, "A1"])
    assert row.refusal is not None
    assert row.refusal.code == code
    assert column in row.refusal.message


@pytest.mark.parametrize("text", ["31/12/2026", "12-31-2026", "2026-13-01", "soon", "45000", "2026-12-31 08:30:00"])
def test_a_date_is_never_guessed(text):
    row = the_row(["Serial No", "Expiry"], ["A1", text])
    assert row.refusal is not None
    assert row.refusal.code == "date_unreadable"
    assert "Expiry" in row.refusal.message


def test_a_date_cell_is_a_date():
    assert the_row(["Serial No", "Expiry"], ["A1", Cell("2026-12-31", CellKind.DATE)]).expires_on == date(2026, 12, 31)
    formula = the_row(["Serial No", "Expiry"], ["A1", Cell("=TODAY()", CellKind.FORMULA)])
    assert formula.refusal is not None
    assert formula.refusal.code == "date_unreadable"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["Batch No"], ["A1"]], "header_missing"),
        ([["A1"], ["A2"]], "header_missing"),
        ([["Serial Number"], ["A2"]], "header_missing"),
        ([["Serial No", "serial_no"], ["A1", "A2"]], "header_repeated"),
        ([["Serial No"]], "file_empty"),
        ([["Serial No"], *[["A1"]] * (MAX_LIST + 1)], "list_too_long"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_a_code(rows, code):
    refusal = refusal_of(*rows)
    assert refusal.code == code
    if code == "header_missing":
        assert all(column in refusal.next_step for column in COLUMNS)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["A"], *[[]] * MAX_ROWS, ["A"]], "file_too_many_rows"),
        ([["A"] * (MAX_COLUMNS + 1)], "file_too_many_columns"),
        ([["A"] * MAX_COLUMNS] * (MAX_CELLS // MAX_COLUMNS + 1), "file_too_much_text"),
        ([["A" * 1_000_000]] * (MAX_TEXT // 1_000_000 + 1), "file_too_much_text"),
        ([[], ["", " "]], "file_empty"),
        ([], "file_empty"),
    ],
)
def test_a_table_has_limits(rows, code):
    with pytest.raises(DomainError) as refused:
        within_limits([Cell(text) for text in row] for row in rows)
    assert refused.value.refusal.code == code


def test_an_endless_table_is_left_at_its_limit():
    def endless():
        while True:
            yield [Cell("A")]

    with pytest.raises(DomainError):
        within_limits(endless())


@given(st.lists(st.lists(st.text(max_size=5), max_size=4), max_size=8))
def test_any_table_gives_a_row_for_each_row_or_is_refused(rows):
    read = read_serial_table(table(["Serial No", "Batch No", "Expiry"], *rows, ["A1"])).rows
    assert [row.row for row in read] == list(range(2, len(rows) + 3))
