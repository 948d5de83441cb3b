"""The reports that people read and auditors take away, by their keys in addresses."""

from backend.queries.reports.audit import AUDIT, CORRECTIONS
from backend.queries.reports.claims import CLAIMS
from backend.queries.reports.erpnext import ERPNEXT_BATCH, ERPNEXT_SERIAL_NO
from backend.queries.reports.ledger import BATCH_BALANCE, LEDGER, WHEREABOUTS
from backend.queries.reports.report import Report
from backend.queries.reports.stock import BATCH_EXPIRY, STOCK_AGE, WARRANTY_EXPIRY
from backend.queries.reports.traces import TRACE_BACKWARD, TRACE_FORWARD
from backend.queries.reports.work import COUNTS, PICKS, RECEIPTS, SCANS

REPORTS: dict[str, Report] = {
    report.key: report
    for report in (
        LEDGER,
        TRACE_FORWARD,
        TRACE_BACKWARD,
        WHEREABOUTS,
        STOCK_AGE,
        BATCH_BALANCE,
        BATCH_EXPIRY,
        WARRANTY_EXPIRY,
        CLAIMS,
        RECEIPTS,
        PICKS,
        COUNTS,
        CORRECTIONS,
        SCANS,
        AUDIT,
        ERPNEXT_SERIAL_NO,
        ERPNEXT_BATCH,
    )
}

__all__ = ["REPORTS", "Report"]
