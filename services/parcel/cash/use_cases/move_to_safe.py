"""A clerk hands cash back from a drawer to the safe."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.parcel.cash.domain.accounts import Account, moved
from services.parcel.cash.domain.counting import by_currency
from services.parcel.cash.domain.drawer import must_hold
from services.parcel.cash.domain.entry import Cause, Draft, Entry, Kind
from services.parcel.cash.store import balances
from services.parcel.cash.use_cases.enter import enter
from services.parcel.cash.use_cases.hold_drawer import hold_drawer
from services.parcel.pricing.domain.money import Amount
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.ids import new_id


async def move_to_safe(tx: Tx, actor: Actor, drawer_id: UUID, amounts: Sequence[Amount], now: datetime) -> Entry:
    """Put amounts from a drawer into the safe of the office.

    Raises: DrawerNotFound, DrawerClosed, NotEnoughCash.
    """
    drawer = await hold_drawer(tx, actor, drawer_id)
    drawer.must_be_open()
    must_hold(await balances.of_account(tx, drawer.office, Account.DRAWER, drawer.holder), by_currency(amounts))
    postings = moved(amounts, Account.DRAWER, Account.SAFE, of_holder=drawer.holder)
    cause = Cause("command", str(new_id()))
    draft = Draft(drawer.office, Kind.TO_SAFE, postings, cause, actor.id, now, now, drawer_id=drawer.drawer_id)
    (entered,) = await enter(tx, [draft])
    return entered.entry
