"""The screen words the reports itself, in English as the files have it, so that every language can."""

import json
from datetime import date
from pathlib import Path

from backend.queries.reports import REPORTS
from backend.queries.reports.wanted import Wanted

_TEXTS = json.loads(Path("pwa/src/i18n/en/reports.json").read_text(encoding="utf-8"))


def test_every_report_and_column_has_the_text_that_heads_it_in_files() -> None:
    said = {}
    for report in REPORTS.values():
        said[f"report_{report.key}"] = report.title
        said[f"report_about_{report.key}"] = report.about
        for column in report.columns:
            said[f"report_column_{column.key}"] = column.title

    assert {key: _TEXTS.get(key) for key in said} == said


def test_every_chart_is_made_of_columns_of_its_report() -> None:
    """Those of its SELECT; one that the table does not show has a text, too."""
    for report in REPORTS.values():
        if report.chart:
            of = (report.chart.by, report.chart.value, report.chart.of, report.chart.against, *report.chart.parts)
            used = {each for each in of if each}
            assert used <= set(report.query(Wanted(1, date(2026, 1, 5))).selected_columns.keys()), report.key
            assert {f"report_column_{key}" for key in used} <= _TEXTS.keys(), report.key
