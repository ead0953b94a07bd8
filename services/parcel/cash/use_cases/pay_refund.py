"""Money that somebody granted back is paid out of a drawer."""

from datetime import datetime
from uuid import UUID

from services.parcel.cash.domain.accounts import Account, Posting
from services.parcel.cash.domain.drawer import must_hold
from services.parcel.cash.domain.entry import Cause, Draft, Entry, Kind
from services.parcel.cash.domain.payment import AlreadyPaid
from services.parcel.cash.store import balances
from services.parcel.cash.use_cases.enter import enter
from services.parcel.cash.use_cases.hold_drawer import hold_drawer
from services.parcel.pricing.use_cases.find_granted_refund import find_granted_refund
from shared.access.roles import Actor
from shared.db.connection import Tx


async def pay_refund(tx: Tx, actor: Actor, drawer_id: UUID, request_id: UUID, now: datetime) -> Entry:
    """Pay a granted request out at the office that was paid, once; paid from this drawer before it stays so.

    Raises: DrawerNotFound, DrawerClosed, RefundNotFound, RefundNotGranted, NotEnoughCash, AlreadyPaid.
    """
    drawer = await hold_drawer(tx, actor, drawer_id)
    refund = await find_granted_refund(tx, drawer.office, request_id)
    amount_minor, currency = refund.amount_minor, refund.currency
    held_minor = await balances.of_account(tx, drawer.office, Account.DRAWER, drawer.holder)
    draft = Draft(
        drawer.office,
        Kind.REFUND,
        (
            Posting(Account.POSTAGE, amount_minor, currency),
            Posting(Account.DRAWER, -amount_minor, currency, drawer.holder),
        ),
        Cause("refund", str(request_id)),
        actor.id,
        now,
        now,
        drawer.device,
        drawer.drawer_id,
        (refund.item_number,),
    )
    (entered,) = await enter(tx, [draft])
    if entered.is_new:
        drawer.must_be_open()
        must_hold(held_minor, {currency: amount_minor})
    elif entered.entry.drawer_id != drawer_id:
        raise AlreadyPaid
    return entered.entry
