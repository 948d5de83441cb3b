"""What the boards of a site show."""

from marshmallow import Schema, fields, validate

from backend.api.schemas import Moment, Quantity, SiteQuery


class ReceivingBoardQuery(SiteQuery):
    """The site, and which of its docks if not all."""

    dock = fields.Integer(load_default=None, validate=validate.Range(min=1, max=2**31 - 1))


class SiteCard(Schema):
    """A site."""

    id = fields.Integer()
    code = fields.String()
    name = fields.String()


class LastScan(Schema):
    """A scan in the stream."""

    scan_id = fields.String()
    at = Moment()
    receipt_id = fields.String()
    receipt_number = fields.String()
    by = fields.String()
    device = fields.String()
    serial_no = fields.String(allow_none=True)
    item_code = fields.String(allow_none=True)
    condition = fields.String(allow_none=True)
    text = fields.String()
    status = fields.String()
    code = fields.String()
    message = fields.String()


class BoardDevice(Schema):
    """A device that scanned into a receipt."""

    name = fields.String()
    last_seen_at = Moment()
    is_quiet = fields.Boolean()
    unsent = fields.Integer(allow_none=True, metadata={"description": "None when it never said."})


class BoardReceipt(Schema):
    """A receipt on the board."""

    id = fields.String()
    number = fields.String()
    status = fields.String()
    purchase_order_number = fields.String()
    supplier = fields.String()
    location = fields.String()
    expected = Quantity()
    accepted = Quantity()
    rejected = Quantity()
    refused = fields.Integer()
    scans_per_minute = fields.Float()
    last_scan = fields.Nested(LastScan, allow_none=True)
    opened_by = fields.String()
    opened_at = Moment()
    submitted_at = Moment(allow_none=True)
    needs_review = fields.Integer(metadata={"description": "Scans that wait for somebody to say what they are."})
    estimated_finish = Moment(allow_none=True)
    people = fields.List(fields.String())
    devices = fields.List(fields.Nested(BoardDevice))
    curve = fields.List(fields.List(fields.Float()))


class Board(Schema):
    """What every board says: of which site it is, and that it is right as of the event ``head``."""

    site = fields.Nested(SiteCard)
    head = fields.Integer()
    server_time = Moment()
    open_alerts = fields.Integer(metadata={"description": "Alerts of the site that nobody has acknowledged."})


class DockCard(Schema):
    """A place at which something is received, with all that lies in it."""

    id = fields.Integer()
    path = fields.String()
    name = fields.String()


class ReceivingBoard(Board):
    """All open receipts of a site or a dock, and the last scans there."""

    dock = fields.Nested(DockCard, allow_none=True, metadata={"description": "None for all docks."})
    docks = fields.List(fields.Nested(DockCard), metadata={"description": "Those at which receipts are on the board."})
    receipts = fields.List(fields.Nested(BoardReceipt))
    stream = fields.List(fields.Nested(LastScan))


class BoardPickList(Schema):
    """A pick list that is being picked (draft) or waits to be shipped (submitted)."""

    id = fields.String()
    number = fields.String()
    status = fields.String()
    customers = fields.List(fields.String())
    by = fields.String()
    qty = Quantity()
    picked = Quantity()
    opened_at = Moment()
    is_late = fields.Boolean(metadata={"description": "Opened before today, which begins at midnight of the site."})


class PickingBoard(Board):
    """Open pick lists, the longest open first."""

    pick_lists = fields.List(fields.Nested(BoardPickList))
    shipped_today = fields.Integer()


class LowItem(Schema):
    """An item at or below its reorder level."""

    id = fields.Integer()
    item_code = fields.String()
    name = fields.String()
    qty = Quantity()
    reorder_level = fields.Integer()


class ExpiringBatch(Schema):
    """A batch in the house that ends soon; ``days_left`` is negative when it has ended."""

    id = fields.Integer()
    batch_no = fields.String()
    item_code = fields.String()
    name = fields.String()
    expires_on = fields.Date()
    days_left = fields.Integer()
    qty = Quantity()


class StockBoard(Board):
    """Items that run low, and batches that end within ``days``."""

    low = fields.List(fields.Nested(LowItem))
    expiring = fields.List(fields.Nested(ExpiringBatch))
    days = fields.Integer()


class BoardClaim(Schema):
    """An open claim."""

    id = fields.String()
    number = fields.String()
    serial_no = fields.String()
    item_code = fields.String(allow_none=True)
    customer = fields.String(allow_none=True)
    complaint = fields.String()
    decision = fields.String()
    technician = fields.String(allow_none=True)
    opened_at = Moment()


class OverdueVisit(Schema):
    """A maintenance plan whose next visit was due before today."""

    id = fields.String()
    name = fields.String()
    due_on = fields.Date()
    days_late = fields.Integer()
    unit_id = fields.Integer()
    serial_no = fields.String()
    item_code = fields.String()
    technician = fields.String(allow_none=True)


class ServiceBoard(Board):
    """Open claims, those without a technician first, and overdue visits."""

    claims = fields.List(fields.Nested(BoardClaim))
    overdue = fields.List(fields.Nested(OverdueVisit))


class BoardDecision(Schema):
    """Something that waits for a supervisor, or a rule that was passed."""

    kind = fields.String()
    voucher_id = fields.String()
    number = fields.String()
    subject = fields.String(allow_none=True)
    by = fields.String()
    at = Moment()
    reason = fields.String(allow_none=True)


class DecisionsBoard(Board):
    """What waits for a decision, and what was decided against a rule today."""

    waiting = fields.List(fields.Nested(BoardDecision))
    passed = fields.List(fields.Nested(BoardDecision))


class BoardRecall(Schema):
    """A recall that runs."""

    id = fields.String()
    number = fields.String()
    scope = fields.String()
    reason = fields.String(allow_none=True)
    opened_at = Moment()
    resolved = fields.Integer()
    total = fields.Integer()


class RecallsBoard(Board):
    """The recalls that run, each with how far it has come."""

    recalls = fields.List(fields.Nested(BoardRecall))
