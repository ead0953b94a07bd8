"""A sender comes to the counter with the code of a payout, and gets cash."""

from datetime import datetime
from uuid import UUID

from services.parcel.cash.domain.accounts import Account, Posting
from services.parcel.cash.domain.drawer import Drawer, must_hold
from services.parcel.cash.domain.entry import Cause, Draft, Kind
from services.parcel.cash.use_cases.find_drawer import state_of
from services.parcel.cash.use_cases.hold_drawer import hold_drawer
from services.parcel.cash.use_cases.hold_ledgers import hold_ledgers
from services.parcel.cod.domain.payout import MOST_TRIES, BatchDecided, CodeRefused, Payout, PayoutNotFound
from services.parcel.cod.store import batches, cod_items
from services.parcel.cod.use_cases.pay_payout import pay_payout
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def pay_in_cash(
    tx: Tx,
    outbox: Outbox,
    actor: Actor,
    payout_id: UUID,
    drawer_id: UUID,
    code: str,
    lateness: str | None,
    now: datetime,
) -> Payout | CodeRefused:
    """Pay out of a drawer of the payout's office; a wrong code is counted, which a refusal returned here keeps.

    Raises: PayoutNotFound, DrawerNotFound, DrawerClosed, BatchNotApproved, BatchDecided, NotEnoughCash, Invalid.
    """
    payout = await batches.lock_payout(tx, payout_id)
    if payout is None or payout.code is None or not actor.acts_for(payout.office):
        raise PayoutNotFound
    batch = await batches.lock(tx, payout.batch_id)
    assert batch is not None
    if payout.paid_at:
        raise BatchDecided
    batch.must_be_payable()
    if payout.tries >= MOST_TRIES or code != payout.code:
        await batches.count_try(tx, payout_id)
        return CodeRefused()
    await hold_ledgers(tx, [payout.office, *await cod_items.offices_of_batch(tx, payout.batch_id)])
    drawer = await hold_drawer(tx, actor, drawer_id)
    drawer.must_be_open()
    must_hold((await state_of(tx, drawer)).expected_minor, {payout.currency: payout.amount_minor})
    paid = await pay_payout(tx, outbox, actor, batch, payout, lateness, now, [_out_of(drawer, actor, payout, now)])
    await batches.end_if_all_paid(tx, batch.batch_id, now)
    return paid


def _out_of(drawer: Drawer, actor: Actor, payout: Payout, now: datetime) -> Draft:
    return Draft(
        drawer.office,
        Kind.COD_PAID_OUT,
        (
            Posting(Account.SETTLEMENT, payout.amount_minor, payout.currency, str(payout.payout_id)),
            Posting(Account.DRAWER, -payout.amount_minor, payout.currency, drawer.holder),
        ),
        Cause("payout-in-cash", str(payout.payout_id)),
        actor.id,
        now,
        now,
        drawer.device,
        drawer.drawer_id,
    )
