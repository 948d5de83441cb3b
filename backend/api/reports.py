"""Reports: a page of one, and the whole of it as a file that is written while it is read."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import chain
from time import sleep
from typing import Any

from flask import Response, send_file
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from backend.api.access import actor_or_refuse, requires, settings
from backend.api.blueprints import Blueprint
from backend.api.report_pdfs import report_pdf
from backend.api.schemas import SiteQuery, scanned, string
from backend.api.site_days import calendar_at
from backend.api.streaming import streamed
from backend.api.table_uploads import XLSX
from backend.domain import serials
from backend.domain.cell_texts import TableCell
from backend.domain.errors import refuse
from backend.domain.people import Permission
from backend.extensions import reading, reading_one_moment
from backend.queries import report_filters
from backend.queries.reports import REPORTS, Report
from backend.queries.reports.chart import Bar, Chart, Order
from backend.queries.reports.report import Kind, Wanted
from backend.services.pdf_tables import MOST_ROWS as PDF_ROWS
from backend.services.table_files import csv_chunks
from backend.services.texts import LANGUAGES
from backend.services.xlsx_writing import xlsx_chunks

bp: Any = Blueprint("reports", __name__, url_prefix="/api/reports", description="What auditors take away")

_ROWS_AT_A_TIME = 50
MOST_ROWS = {"xlsx": 1_000_000, "pdf": PDF_ROWS}
"""Most rows of a file, where it has a limit: a spreadsheet has no more, and nobody reads a longer PDF."""

_BINARY = {"type": "string", "format": "binary"}


class ReportQuery(SiteQuery):
    """The filters, by the codes that people know; a report passes over those that it does not have."""

    from_on = fields.Date(load_default=None, data_key="from")
    to_on = fields.Date(load_default=None, data_key="to")
    item = scanned(64, load_default="", metadata={"description": "An item code."})
    batch = scanned(64, load_default="", metadata={"description": "A batch number."})
    place = scanned(64, load_default="", metadata={"description": "A place's code; what lies inside counts."})
    party = scanned(64, load_default="", metadata={"description": "A supplier's or customer's code."})
    serial = scanned(200, load_default="", metadata={"description": "A serial number."})
    act = string(40, load_default="", metadata={"description": "A kind of act, as the report lists them."})
    days = fields.Integer(load_default=None, validate=validate.Range(min=0, max=36_500))

    @validates_schema
    def runs_forward(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """The last day is not before the first."""
        if data.get("from_on") and data.get("to_on") and data["to_on"] < data["from_on"]:
            raise ValidationError("Lies before the first day.", "to")


class ReportPageQuery(ReportQuery):
    """A part of the rows."""

    offset = fields.Integer(load_default=0, validate=validate.Range(min=0, max=10_000_000))
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=1_000))


class ReportFileQuery(ReportQuery):
    """What is to be in a file."""

    language = fields.String(
        load_default="en",
        validate=validate.OneOf(LANGUAGES),
        metadata={"description": "Of a PDF. CSV and XLSX are for other programs, too, and stay English."},
    )


class ReportColumn(Schema):
    """A column and how it is written."""

    key = fields.String()
    title = fields.String()
    kind = fields.Enum(Kind, by_value=True)
    words = fields.String(
        allow_none=True, metadata={"description": "What the keys of the words for its codes begin with."}
    )


class ReportChart(Schema):
    """What the bars of a report's chart are, by the keys of its columns."""

    by = fields.String(
        allow_none=True, metadata={"description": "What names the bars; null where each is named by a column."}
    )
    value = fields.String(allow_none=True, metadata={"description": "What they are; null where rows are counted."})
    of = fields.String(allow_none=True, metadata={"description": "What that is a part of."})
    against = fields.String(allow_none=True, metadata={"description": "What goes the other way."})
    order = fields.Enum(Order, by_value=True)


class ReportCard(Schema):
    """A report as the list shows it."""

    key = fields.String()
    title = fields.String()
    about = fields.String()
    filters = fields.List(fields.String())
    columns = fields.List(fields.Nested(ReportColumn))
    acts = fields.List(fields.String(), metadata={"description": "The kinds of acts that it can be narrowed to."})
    chart = fields.Nested(ReportChart, allow_none=True)


class Reports(Schema):
    """Every report."""

    reports = fields.List(fields.Nested(ReportCard))


class ReportBar(Schema):
    """A bar of the chart."""

    label = fields.String()
    value = fields.Raw(metadata={"type": "number"})
    of = fields.Raw(allow_none=True, metadata={"type": "number"})
    against = fields.Raw(allow_none=True, metadata={"type": "number"})


class ReportPage(ReportCard):
    """Some rows, how many there are, and the bars of the chart with the first of them."""

    rows = fields.List(fields.List(fields.Raw(allow_none=True)))
    total = fields.Integer()
    bars = fields.List(fields.Nested(ReportBar))


@bp.get("")
@requires(Permission.REPORTS_READ)
@bp.response(200, Reports)
def list_reports() -> dict[str, Any]:
    """Every report with its columns and the filters that it has."""
    return {"reports": [_card(report) for report in REPORTS.values()]}


@bp.get("/<key>")
@requires(Permission.REPORTS_READ)
@bp.arguments(ReportPageQuery, location="query")
@bp.response(200, ReportPage)
def show_report(query: dict[str, Any], key: str) -> dict[str, Any]:
    """Some rows of a report."""
    report, wanted = _asked_for(key, query)
    session = reading_one_moment()
    rows = report.page(session, wanted, query["offset"], query["limit"])
    # The chart stands above the first of them.
    total, bars = (report.count(session, wanted), []) if query["offset"] else report.summary(session, wanted)
    return _card(report) | {
        "rows": [[_json(cell) for cell in row] for row in rows],
        "total": total,
        "bars": [_bar(bar) for bar in bars],
    }


@bp.get("/<key>/file.<any(csv, xlsx, pdf):ending>")
@requires(Permission.REPORTS_READ)
@bp.arguments(ReportFileQuery, location="query")
@bp.response(200, _BINARY, content_type="application/octet-stream")
def export_report(query: dict[str, Any], key: str, ending: str) -> Response:
    """All rows as a file. ``X-Total-Rows`` says how many will come, so that a client can show its progress."""
    report, wanted = _asked_for(key, query)
    total = report.count(reading(), wanted)
    most = MOST_ROWS.get(ending)
    if most is not None and total > most:
        raise refuse(
            "report_too_long",
            f"The report has {total:,} rows; a file of this kind holds {most:,}.",
            "Narrow it with its filters, or take it as CSV, which has no limit.",
            rows=total,
            limit=most,
        )
    rows = _cells(report, wanted)
    head = [column.title for column in report.columns]
    name = f"{report.key}-{wanted.today.isoformat()}.{ending}"
    if ending == "csv":
        response = streamed(csv_chunks(chain([head], rows)), "text/csv; charset=utf-8", name=name)
    elif ending == "xlsx":
        response = streamed(xlsx_chunks(chain([head], rows), title=report.title[:31]), XLSX, name=name)
    else:
        asked, made_at = list(_asked(report, query)), settings().clock()
        file = report_pdf(report, rows, language=query["language"], filters=asked, made_at=made_at)
        response = send_file(file, "application/pdf", as_attachment=True, download_name=name)
    response.headers["X-Total-Rows"] = str(total)
    return response


def _card(report: Report) -> dict[str, Any]:
    return {
        "key": report.key,
        "title": report.title,
        "about": report.about,
        "filters": [str(each) for each in report.filters],
        "columns": report.columns,
        "acts": report.acts,
        "chart": report.chart and _chart(report.chart),
    }


def _chart(chart: Chart) -> dict[str, Any]:
    # A rate is no part of anything: its bars stand alone.
    of = None if chart.is_rate else chart.of
    return {"by": chart.by, "value": chart.value, "of": of, "against": chart.against, "order": chart.order}


def _bar(bar: Bar) -> dict[str, Any]:
    return {"label": bar.label, "value": _json(bar.value), "of": _json(bar.of), "against": _json(bar.against)}


def _asked_for(key: str, query: dict[str, Any]) -> tuple[Report, Wanted]:
    actor_or_refuse().must(Permission.REPORTS_READ, query["site"])
    report = REPORTS.get(key)
    if report is None:
        raise refuse("not_found", "There is no such report.", "Choose one of the list.")
    if query["act"] and report.acts and query["act"] not in report.acts:
        raise refuse("act_unknown", "The report has no such kind of act.", "Choose one of its list.")
    session, site_id, calendar = reading(), query["site"], calendar_at(query["site"])
    return report, Wanted(
        site_id,
        calendar.day_of(settings().clock()),
        from_on=query["from_on"],
        to_on=query["to_on"],
        item_id=report_filters.item(session, query["item"]),
        batch_no=query["batch"].strip() or None,
        place_id=report_filters.place(session, query["place"], site_id),
        party_id=report_filters.party(session, query["party"]),
        serial_key=serials.key(query["serial"]) if query["serial"].strip() else None,
        days=query["days"],
        act=query["act"] or None,
        calendar=calendar,
    )


def _asked(report: Report, query: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The filters that narrow the report, for the head of a printed one."""
    names = {"from": "from_on", "to": "to_on"}
    for each in report.filters:
        value = query[names.get(each, each)]
        if value not in (None, ""):
            yield str(each), str(value)


def _cells(report: Report, wanted: Wanted) -> Iterator[Sequence[TableCell]]:
    """The rows of a file. Other requests are let in between: a long report is minutes of work."""
    for number, row in enumerate(report.stream(reading_one_moment(), wanted)):
        if number % _ROWS_AT_A_TIME == 0:
            sleep(0)
        yield [_cell(value) for value in row]


def _cell(value: Any) -> TableCell:
    """A value for a file: days and moments in ISO 8601, moments in UTC."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if isinstance(value, date) else value


def _json(value: Any) -> Any:
    cell = _cell(value)
    return cell if cell is None or isinstance(cell, str | int) else float(cell)
