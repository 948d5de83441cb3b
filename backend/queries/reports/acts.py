"""What people did, one kind of act at a time, in columns that all kinds share."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Text, case, cast, func, literal, null, select, union_all
from sqlalchemy.sql.selectable import CompoundSelect, FromClause

from backend.queries.reports.report import Kind, Wanted, columns
from backend.queries.reports.sources import user

ACT_COLUMNS = columns(
    ("at", "At", Kind.MOMENT),
    ("what", "What"),
    "subject",
    "voucher_no",
    "by",
    ("facts", "Details"),
    "reason",
)


def act(
    what: str | ColumnElement[Any],
    source: FromClause,
    at: ColumnElement[Any],
    by_id: ColumnElement[Any],
    wanted: Wanted,
    *conditions: ColumnElement[bool],
    subject: ColumnElement[Any] | None = None,
    voucher_no: ColumnElement[Any] | None = None,
    facts: ColumnElement[Any] | None = None,
    reason: ColumnElement[Any] | None = None,
    by_name: ColumnElement[Any] | None = None,
) -> Select[Any]:
    """One kind of act; ``by_name`` says who did what no person did."""
    return (
        select(
            at.label("at"),
            (literal(what) if isinstance(what, str) else what).label("what"),
            _or_nothing(subject).label("subject"),
            _or_nothing(voucher_no).label("voucher_no"),
            func.coalesce(user.c.username, _or_nothing(by_name)).label("by"),
            _or_nothing(facts).label("facts"),
            _or_nothing(reason).label("reason"),
        )
        .select_from(source)
        .outerjoin(user, user.c.id == by_id)
        .where(at.is_not(None), *wanted.at_moments(at), *conditions)
    )


def together(acts: Sequence[Select[Any]], wanted: Wanted) -> Select[Any]:
    """All acts, the latest first; those of one kind where one is asked for."""
    every: CompoundSelect[Any] = union_all(*acts)
    each = every.subquery()
    query = select(each).order_by(each.c.at.desc(), each.c.what, each.c.voucher_no, each.c.subject, each.c.facts)
    return query.where(each.c.what == wanted.act) if wanted.act else query


def listed(texts: ColumnElement[Any]) -> ColumnElement[str]:
    """A JSON list of plain texts as people write one: ``A, B``; the same on both databases."""
    text: ColumnElement[str] = cast(texts, Text)
    for before, after in (('", "', ", "), ('","', ", "), ('["', ""), ('"]', ""), ("[]", "")):
        text = func.replace(text, before, after)
    return text


def prefixed(sign: str, text: ColumnElement[str]) -> ColumnElement[str]:
    """A text behind a sign; nothing where it is empty."""
    return case((text == "", ""), else_=sign + text)


def said(value: ColumnElement[Any]) -> ColumnElement[str]:
    """A number or day as text."""
    return cast(value, String(32))


def _or_nothing(column: ColumnElement[Any] | None) -> ColumnElement[Any]:
    return null() if column is None else column
