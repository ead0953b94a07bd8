"""A clerk begins a day at the counter with a drawer, and takes a float from the safe into it."""

from collections.abc import Sequence
from datetime import datetime

from services.parcel.cash.domain.accounts import Account, moved
from services.parcel.cash.domain.counting import by_currency
from services.parcel.cash.domain.drawer import Drawer, DrawerOpen, must_hold
from services.parcel.cash.domain.entry import Cause, Draft, Kind
from services.parcel.cash.store import balances, chains, drawers
from services.parcel.cash.use_cases.enter import enter
from services.parcel.pricing.domain.money import Amount
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.ids import new_id


async def open_drawer(
    tx: Tx, actor: Actor, office: str, opening_float: Sequence[Amount], device: str | None, now: datetime
) -> Drawer:
    """Open a drawer for the actor; holds the ledger of the office.

    Raises: DrawerOpen, NotEnoughCash.
    """
    await chains.lock(tx, [office])
    if await drawers.open_of(tx, office, actor.id):
        raise DrawerOpen
    must_hold(await balances.of_account(tx, office, Account.SAFE), by_currency(opening_float))
    drawer = Drawer(new_id(), office, actor.id, now, device)
    await drawers.add(tx, drawer)
    draft = Draft(
        office,
        Kind.DRAWER_OPENED,
        moved(opening_float, Account.SAFE, Account.DRAWER, to_holder=drawer.holder),
        Cause("drawer-opened", drawer.holder),
        actor.id,
        now,
        now,
        device,
        drawer.drawer_id,
    )
    await enter(tx, [draft])
    return drawer
