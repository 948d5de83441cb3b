"""Taking submitted vouchers back."""

from typing import Any

from marshmallow import Schema, fields

from backend.api.access import actor_or_refuse, requires
from backend.api.blueprints import Blueprint
from backend.api.schemas import Moment, Request, string
from backend.domain.people import Permission
from backend.services.cancelling import cancel_voucher
from backend.unit_of_work import transact

bp: Any = Blueprint("cancelling", __name__, url_prefix="/api", description="Taking vouchers back")


class CancelVoucher(Request):
    """Why a voucher is taken back."""

    reason = string(500, required=True)


class CancelledVoucher(Schema):
    """A voucher that was taken back, by whom and why."""

    id = fields.String()
    type = fields.String()
    number = fields.String()
    status = fields.String()
    cancelled_by = fields.String(allow_none=True)
    cancelled_at = Moment()
    cancel_reason = fields.String()


@bp.post("/vouchers/<uuid:voucher_id>/cancel")
@requires(Permission.CANCEL)
@bp.arguments(CancelVoucher)
@bp.response(200, CancelledVoucher)
def cancel(wanted: dict[str, str], voucher_id: object) -> dict[str, Any]:
    """Take a submitted voucher back: opposite entries, nothing deleted; sent again, the same answer."""
    actor = actor_or_refuse()

    def job(work: Any) -> dict[str, Any]:
        voucher = cancel_voucher(work, actor, str(voucher_id), wanted["reason"])
        return {
            "id": voucher.id,
            "type": voucher.type,
            "number": voucher.number,
            "status": voucher.status,
            "cancelled_by": voucher.cancelled_by and voucher.cancelled_by.username,
            "cancelled_at": voucher.cancelled_at,
            "cancel_reason": voucher.cancel_reason,
        }

    return transact(job)
