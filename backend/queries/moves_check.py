"""What the ledger check asks of transfers, components and warranties."""

from collections.abc import Iterator

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from backend.domain.ledger import Quantity
from backend.domain.locations import LocationKind
from backend.models import (
    Component,
    ContractEvent,
    Location,
    SerialNumber,
    ServiceContract,
    StockLedgerEntry,
    StockTransfer,
    Voucher,
    VoucherLine,
    Warranty,
    WarrantyEvent,
)


def check_moves(session: Session) -> Iterator[str]:
    """The progress of transfers, what is built into what, the vouchers of the warranties, and the contracts."""
    yield from _check_transfers(session)
    yield from _check_components(session)
    yield from _check_warranties(session)
    yield from _check_contracts(session)


def _check_transfers(session: Session) -> Iterator[str]:
    """What has not arrived of a transfer is what its entries left in transit."""
    in_transit = func.sum(case((Location.kind == LocationKind.TRANSIT, StockLedgerEntry.qty), else_=0))
    left: dict[int | None, Quantity] = {
        row.voucher_line_id: row.qty
        for row in session.execute(
            select(StockLedgerEntry.voucher_line_id, in_transit.label("qty"))
            .join(StockTransfer, StockTransfer.id == StockLedgerEntry.voucher_id)
            .join(Location, Location.id == StockLedgerEntry.location_id)
            .group_by(StockLedgerEntry.voucher_line_id)
        )
    }
    lines = session.execute(
        select(Voucher.number, Voucher.status, VoucherLine.id, VoucherLine.qty, VoucherLine.received)
        .join(VoucherLine, VoucherLine.voucher_id == Voucher.id)
        .where(Voucher.type == "stock_transfer", Voucher.status != "cancelled")
    )
    for line in lines:
        under_way = line.qty - line.received
        if left.get(line.id, 0) != under_way:
            yield f"transfer {line.number}, line {line.id}: {under_way} under way, the ledger says {left.get(line.id)}"
        if under_way and line.status == "closed":
            yield f"transfer {line.number}: closed with {under_way} under way"


def _check_components(session: Session) -> Iterator[str]:
    parent = aliased(SerialNumber)
    rows = session.execute(
        select(SerialNumber.serial_no, parent.serial_no.label("parent"), Location.kind)
        .join(Component, Component.serial_id == SerialNumber.id)
        .join(parent, parent.id == Component.parent_id)
        .join(Location, Location.id == SerialNumber.location_id)
        .where(Component.removed_at.is_(None), Location.kind != LocationKind.CONSUMED)
    )
    for row in rows:
        yield f"unit {row.serial_no} is built into {row.parent} and in a place of kind {row.kind}"


def _check_warranties(session: Session) -> Iterator[str]:
    rows = session.execute(
        select(SerialNumber.serial_no, Voucher.number)
        .join(Warranty, Warranty.serial_id == SerialNumber.id)
        .join(Voucher, Voucher.id == Warranty.voucher_id)
        .where(Warranty.voided_at.is_(None), Voucher.status == "cancelled")
    )
    for row in rows:
        yield f"unit {row.serial_no}: its warranty stands on {row.number}, which is cancelled"
    newest = select(func.max(WarrantyEvent.id)).group_by(WarrantyEvent.serial_id)
    said = session.execute(
        select(SerialNumber.serial_no, Warranty.end_on, WarrantyEvent.kind, WarrantyEvent.end_on.label("said"))
        .join(Warranty, Warranty.serial_id == SerialNumber.id)
        .join(WarrantyEvent, WarrantyEvent.serial_id == SerialNumber.id)
        .where(Warranty.voided_at.is_(None), WarrantyEvent.id.in_(newest))
    )
    for promise in said:
        if promise.kind == "voided" or promise.said != promise.end_on:
            events = f"was last {promise.kind} until {promise.said}"
            yield f"unit {promise.serial_no}: its warranty ends on {promise.end_on}, but {events}"


def _check_contracts(session: Session) -> Iterator[str]:
    """The days of a service contract are those that its last event says."""
    newest = select(func.max(ContractEvent.id)).group_by(ContractEvent.contract_id)
    rows = session.execute(
        select(ServiceContract.number, ServiceContract.start_on, ServiceContract.end_on, ContractEvent)
        .join(ContractEvent, ContractEvent.contract_id == ServiceContract.id)
        .where(ContractEvent.id.in_(newest))
    )
    for number, start_on, end_on, event in rows:
        if (event.start_on, event.end_on) != (start_on, end_on):
            said = f"was last {event.kind} for {event.start_on} to {event.end_on}"
            yield f"contract {number}: it runs from {start_on} to {end_on}, but {said}"
