"""ERPNext's Serial No and Batch files: judged row by row, taken all or nothing unless good rows are asked for."""

import uuid
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from backend.domain import serials
from backend.domain.batch_dates import BatchDates, out_of_order, unfit, unlike
from backend.domain.erpnext_rows import Doctype, ErpnextRow
from backend.domain.errors import DomainError, Refusal
from backend.domain.locations import LocationKind
from backend.domain.people import Actor
from backend.domain.receiving import Tracking
from backend.domain.serial_rows import SerialRow
from backend.models import Batch, Item, Location, SerialNumber
from backend.services import editing, importing
from backend.services.importing import Policy, SerialFile
from backend.services.master_files import Outcome, RowAnswer, must_be_good
from backend.services.opening import open_opening_stock
from backend.services.receiving import submit_receipt
from backend.unit_of_work import UnitOfWork


def try_erpnext(
    work: UnitOfWork, actor: Actor, *, site_id: int, doctype: Doctype, rows: Sequence[ErpnextRow]
) -> list[RowAnswer]:
    """Say what a file would do, and do nothing.

    Raises:
        DomainError: ``forbidden``, ``reject_location_missing``.
    """
    with work.session.begin_nested() as trial:
        answers = _take(work, actor, site_id, doctype, rows)
        trial.rollback()
    return answers


def take_erpnext(
    work: UnitOfWork, actor: Actor, *, site_id: int, doctype: Doctype, rows: Sequence[ErpnextRow], policy: Policy
) -> list[RowAnswer]:
    """Take the units of a file as opening stock of their warehouses, or its batches as they are described.

    The same file again changes nothing.

    Raises:
        DomainError: ``rows_refused`` with ``ALL_OR_NOTHING`` and a row that is refused, ``forbidden``,
            ``reject_location_missing``.
    """
    answers = _take(work, actor, site_id, doctype, rows)
    must_be_good(answers, policy)
    return answers


def _take(
    work: UnitOfWork, actor: Actor, site_id: int, doctype: Doctype, rows: Sequence[ErpnextRow]
) -> list[RowAnswer]:
    editing.must_manage(actor, site_id)
    codes = {row.item_code for row in rows}
    items = {each.item_code: each for each in work.session.scalars(select(Item).where(Item.item_code.in_(codes)))}
    answers: dict[int, RowAnswer] = {}
    good = []
    for row in rows:
        refusal = row.refusal or (None if row.item_code in items else _no_item(row))
        if refusal:
            answers[row.row] = _refused(row, refusal)
        else:
            good.append(row)
    take = _take_units if doctype is Doctype.SERIAL_NO else _take_batches
    answers |= take(work, actor, site_id, good, items)
    return [answers[row.row] for row in rows]


def _take_units(
    work: UnitOfWork, actor: Actor, site_id: int, rows: Sequence[ErpnextRow], items: dict[str, Item]
) -> dict[int, RowAnswer]:
    places = {
        each.code: each.id
        for each in work.session.scalars(
            select(Location).where(
                Location.site_id == site_id,
                Location.kind.in_((LocationKind.WAREHOUSE, LocationKind.BIN)),
                Location.retired_at.is_(None),
            )
        )
    }
    here = {
        (item_id, key, place_id)
        for item_id, key, place_id in work.session.execute(
            select(SerialNumber.item_id, SerialNumber.serial_key, SerialNumber.location_id).where(
                SerialNumber.serial_key.in_({serials.key(row.key) for row in rows})
            )
        )
    }
    answers: dict[int, RowAnswer] = {}
    wanted: defaultdict[int, defaultdict[int, list[ErpnextRow]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        place, item = places.get(row.warehouse), items[row.item_code]
        if place is None:
            answers[row.row] = _refused(row, _no_place(row))
        elif (item.id, serials.key(row.key), place) in here:
            answers[row.row] = RowAnswer(
                row.row, row.key, Outcome.SAME, "ok", f"{row.key} is in {row.warehouse} already.", ""
            )
        else:
            wanted[place][item.id].append(row)
    for place, of_items in wanted.items():
        opening = open_opening_stock(work, actor, opening_id=str(uuid.uuid4()), site_id=site_id, location_id=place)
        told: list[importing.RowAnswer] = []
        for item_id, group in of_items.items():
            told += _put_on(work, actor, opening.id, item_id, group)
        if any(each.outcome is importing.Outcome.NEW for each in told):
            submit_receipt(work, actor, receipt_id=opening.id)
        answers |= {each.row: _of_unit(each) for each in told}
    return answers


def _put_on(
    work: UnitOfWork, actor: Actor, opening_id: str, item_id: int, rows: Sequence[ErpnextRow]
) -> list[importing.RowAnswer]:
    file = SerialFile(item_id, [SerialRow(row.row, row.key, row.batch_no) for row in rows])
    try:
        return importing.add_file(work, actor, receipt_id=opening_id, file=file, policy=Policy.GOOD_ROWS)
    except DomainError as error:
        refusal = error.refusal
        return [
            importing.RowAnswer(
                row.row, row.key, importing.Outcome.REFUSED, refusal.code, refusal.message, refusal.next_step
            )
            for row in rows
        ]


def _take_batches(
    work: UnitOfWork, _: Actor, __: int, rows: Sequence[ErpnextRow], items: dict[str, Item]
) -> dict[int, RowAnswer]:
    keys = {serials.key(row.key) for row in rows}
    known = {
        (each.item_id, each.batch_key): each
        for each in work.session.scalars(select(Batch).where(Batch.batch_key.in_(keys)))
    }
    answers: dict[int, RowAnswer] = {}
    for row in rows:
        item = items[row.item_code]
        at = (item.id, serials.key(row.key))
        refusal = _unfit_batch(row, item, known.get(at))
        if refusal:
            answers[row.row] = _refused(row, refusal)
        elif at in known:
            answers[row.row] = RowAnswer(row.row, row.key, Outcome.SAME, "ok", f"{row.key} is as the file says.", "")
        else:
            known[at] = Batch(
                item_id=item.id,
                batch_no=serials.clean(row.key),
                batch_key=at[1],
                manufactured_on=row.manufactured_on,
                expires_on=row.expires_on,
                created_at=work.now,
            )
            work.session.add(known[at])
            answers[row.row] = RowAnswer(row.row, row.key, Outcome.NEW, "ok", f"{row.key} is new.", "")
    work.session.flush()
    return answers


def _unfit_batch(row: ErpnextRow, item: Item, known: Batch | None) -> Refusal | None:
    if not serials.clean(row.key) or not Tracking(item.tracking).has_batch:
        return Refusal(
            "batch_unknown",
            f"'{row.key[:40]}' is no batch that {item.item_code} can have.",
            "Write a batch number, of an item that is tracked by batch.",
        )
    refusal = serials.check_batch(row.key, item.item_code)
    if refusal:
        return refusal
    batch, dates = f"Batch {row.key}", BatchDates(row.manufactured_on, row.expires_on)
    if known is None:
        return unfit(batch, dates, item_code=item.item_code, expiry_required=item.expiry_required)
    here = BatchDates(known.manufactured_on, known.expires_on)
    return out_of_order(batch, dates) or unlike(batch, here, dates, "the file", may_complete=False)


def _of_unit(told: importing.RowAnswer) -> RowAnswer:
    outcomes = {
        importing.Outcome.NEW: Outcome.NEW,
        importing.Outcome.ALREADY_SCANNED: Outcome.SAME,
        importing.Outcome.DUPLICATE_IN_FILE: Outcome.DUPLICATE_IN_FILE,
    }
    outcome = outcomes.get(told.outcome, Outcome.REFUSED)
    return RowAnswer(told.row, told.serial_no, outcome, told.code, told.message, told.next_step)


def _no_item(row: ErpnextRow) -> Refusal:
    return Refusal(
        "item_unknown", f"There is no item '{row.item_code[:40]}'.", "Upload the items first, or correct the code."
    )


def _no_place(row: ErpnextRow) -> Refusal:
    return Refusal(
        "location_unknown",
        f"There is no warehouse '{row.warehouse[:40]}' at this site.",
        "Upload the places first, or correct the warehouse.",
    )


def _refused(row: ErpnextRow, refusal: Refusal) -> RowAnswer:
    key = serials.printable(row.key[:64])
    return RowAnswer(row.row, key, Outcome.REFUSED, refusal.code, refusal.message, refusal.next_step)
