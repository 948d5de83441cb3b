"""Printing labels: once without a question, again with a reason; every print is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from backend.domain import serials
from backend.domain.errors import DomainError, refuse
from backend.domain.labels import MOST_LABELS, Label, Subject, Symbol, fill, label_of
from backend.domain.people import Actor, Permission
from backend.domain.ranges import parse_list
from backend.models import LabelPrint, PrintedLabel, SerialNumber, StockLedgerEntry, table
from backend.services.label_facts import facts_of
from backend.services.vouchers import digest_of, id_reused
from backend.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class WantedLabels:
    """What is to be printed: things by their ids, all units that a voucher moved, or units of an item by ranges.

    ``skip`` leaves so many places of the first sheet free.
    """

    site_id: int
    subject: Subject
    symbol: Symbol
    format: str
    ids: tuple[int, ...] = ()
    voucher_id: str | None = None
    item_id: int | None = None
    serials: str | None = None
    dpi: int = 300
    copies: int = 1
    skip: int = 0
    layout: str | None = None
    reason: str | None = None


def print_labels(work: UnitOfWork, actor: Actor, *, print_id: str, wanted: WantedLabels) -> LabelPrint:
    """Keep a print, whose files can then be fetched; the same id again answers with the same print.

    Raises:
        DomainError: ``nothing_to_print``, ``too_many_labels``, ``label_subject_unknown``, ``reprint_reason_needed``,
            ``layout_unknown_placeholder``, ``id_reused``, ``forbidden``.
    """
    actor.must(PERMISSION[wanted.subject], wanted.site_id)
    digest = digest_of(wanted)
    known = work.session.get(LabelPrint, print_id)
    if known is not None:
        if known.request_digest != digest or known.user_id != actor.user_id:
            raise id_reused(print_id)
        return known
    if wanted.layout is not None:
        fill(wanted.layout, {})
    ids = _ids(work.session, wanted)
    again = _printed_before(work.session, wanted.subject, ids)
    if again and not wanted.reason:
        raise refuse(
            "reprint_reason_needed",
            f"{len(again)} of these {len(ids)} had a label before.",
            "Say why they are printed again, such as: damaged, lost, wrong size.",
            again=len(again),
        )
    made = LabelPrint(
        id=print_id,
        site_id=wanted.site_id,
        subject=wanted.subject,
        symbol=wanted.symbol,
        format=wanted.format,
        dpi=wanted.dpi,
        copies=wanted.copies,
        skip=wanted.skip,
        layout=wanted.layout,
        reason=wanted.reason,
        request_digest=digest,
        user_id=actor.user_id,
        at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    work.connection.execute(
        insert(table(PrintedLabel)),
        [
            {
                "print_id": print_id,
                "idx": idx,
                "subject": wanted.subject,
                "subject_id": each,
                "is_again": each in again,
            }
            for idx, each in enumerate(ids)
        ],
    )
    return made


def labels_of_print(session: Session, made: LabelPrint, base: str) -> list[Label]:
    """The labels of a print as they read now, each as often as it is wanted."""
    ids = session.scalars(
        select(PrintedLabel.subject_id).where(PrintedLabel.print_id == made.id).order_by(PrintedLabel.idx)
    ).all()
    facts = facts_of(session, made.site_id, Subject(made.subject), ids)
    labels = [label_of(facts[each], Symbol(made.symbol), base, made.layout) for each in ids if each in facts]
    return [label for label in labels for _ in range(made.copies)]


def preview(session: Session, actor: Actor, wanted: WantedLabels, base: str) -> Label:
    """The first label of what would be printed.

    Raises:
        DomainError: As :func:`print_labels`.
    """
    actor.must(PERMISSION[wanted.subject], wanted.site_id)
    ids = _ids(session, wanted)
    facts = facts_of(session, wanted.site_id, wanted.subject, ids[:1])
    return label_of(facts[ids[0]], wanted.symbol, base, wanted.layout)


PERMISSION = {
    Subject.UNIT: Permission.UNITS_READ,
    Subject.BATCH: Permission.UNITS_READ,
    Subject.ITEM: Permission.UNITS_READ,
    Subject.PLACE: Permission.UNITS_READ,
    Subject.BADGE: Permission.USERS_MANAGE,
}
"""Who may print labels of what, and fetch them."""


def _ids(session: Session, wanted: WantedLabels) -> Sequence[int]:
    ids: Sequence[int] = list(dict.fromkeys(wanted.ids))
    if wanted.voucher_id is not None:
        entry = table(StockLedgerEntry).c
        moved = select(entry.serial_id).where(
            entry.voucher_id == wanted.voucher_id, entry.site_id == wanted.site_id, entry.serial_id.is_not(None)
        )
        ids = session.scalars(select(SerialNumber.id).where(SerialNumber.id.in_(moved)).order_by(SerialNumber.id)).all()
    if wanted.serials is not None:
        ids = _in_ranges(session, wanted)
    if not ids:
        raise refuse("nothing_to_print", "There is nothing to print a label of.", "Choose what it is for.")
    if len(ids) * wanted.copies > MOST_LABELS:
        raise refuse(
            "too_many_labels",
            f"{len(ids) * wanted.copies:,} labels are more than the {MOST_LABELS:,} of one print.",
            "Print them in parts.",
            limit=MOST_LABELS,
        )
    missing = len(ids) - len(facts_of(session, wanted.site_id, wanted.subject, ids))
    if missing:
        raise refuse(
            "label_subject_unknown",
            f"{missing} of the {len(ids)} things are not known at this site.",
            "Look them up again.",
        )
    return ids


def _in_ranges(session: Session, wanted: WantedLabels) -> list[int]:
    """The units of an item that a typed list names, in its order; ranges as in every typed list."""
    parsed = parse_list(wanted.serials or "", read_ranges=True)
    if parsed.refused:
        raise DomainError(parsed.refused[0].refusal)
    rows = session.execute(
        select(SerialNumber.serial_key, SerialNumber.id).where(
            SerialNumber.item_id == wanted.item_id,
            SerialNumber.serial_key.in_([serials.key(each) for each in parsed.serial_nos]),
        )
    )
    known = {row.serial_key: row.id for row in rows}
    missing = [each for each in parsed.serial_nos if serials.key(each) not in known]
    if missing:
        raise refuse(
            "label_subject_unknown",
            f"{len(missing)} of the {len(parsed.serial_nos)} serial numbers are not known, the first is {missing[0]}.",
            "Correct the list; only units that were received have a label here.",
            missing=missing[:20],
        )
    return [known[serials.key(each)] for each in parsed.serial_nos]


def _printed_before(session: Session, subject: Subject, ids: Sequence[int]) -> set[Any]:
    return set(
        session.scalars(
            select(PrintedLabel.subject_id).where(PrintedLabel.subject == subject, PrintedLabel.subject_id.in_(ids))
        )
    )
