"""A supervisor passes a rule with a reason, which is kept beside who and when."""

from backend.domain.availability import OVERRIDABLE
from backend.domain.errors import DomainError, Refusal
from backend.domain.people import Actor, Permission
from backend.models import PickList, Voucher
from backend.services.picking import AlreadyPicked, OpenPickLists, Pick
from backend.services.vouchers import locked, must_be
from backend.unit_of_work import UnitOfWork


def take_reserved(
    work: UnitOfWork, actor: Actor, *, pick_list_id: str, serial_no: str, item_id: int | None, reason: str
) -> PickList:
    """Put a unit on a pick list although another voucher has reserved it.

    The other reservation is released with the reason and the link to this one, so that its order is short and
    says why, and whoever picks for it sees that the unit is gone. A unit that is on the list already is answered as
    done.

    Raises:
        DomainError: What a scan of the unit would be refused with, but for the rules that may be passed;
            ``voucher_unknown``, ``voucher_not_open``, ``forbidden``.
    """
    pick_list, feed = locked(work, actor, PickList, pick_list_id, Permission.OVERRIDE)
    must_be(pick_list, "draft")
    lists = OpenPickLists(work, pick_list_ids=[pick_list.id], serial_nos=[serial_no])
    verdict = lists.pick(
        lists.lists[pick_list.id],
        Pick(actor, serial_no, item_id, reason=reason, passed=OVERRIDABLE),
    )
    if isinstance(verdict, AlreadyPicked):
        return pick_list
    if isinstance(verdict, Refusal):
        raise DomainError(verdict)
    lists.write()
    feed.tell("rule_overridden", voucher_id=pick_list.id, unit_id=verdict.unit.serial_id if verdict.unit else None)
    if verdict.unit and verdict.unit.reserved:
        loser = work.session.get_one(Voucher, verdict.unit.reserved.voucher_id)
        feed.tell("order_changed" if loser.type == "sales_order" else "pick_list_changed", voucher_id=loser.id)
    feed.close()
    work.session.expire(pick_list)
    return pick_list
