"""Cash goes from the safe to the bank."""

from collections.abc import Sequence
from datetime import datetime

from services.parcel.cash.domain.accounts import Account, moved
from services.parcel.cash.domain.counting import by_currency
from services.parcel.cash.domain.deposit import DepositBooked
from services.parcel.cash.domain.drawer import must_hold
from services.parcel.cash.domain.entry import Cause, Draft, Entry, Kind
from services.parcel.cash.store import balances, chains
from services.parcel.cash.use_cases.enter import enter
from services.parcel.pricing.domain.money import Amount
from shared.access.roles import Actor
from shared.db.connection import Tx


async def deposit_cash(tx: Tx, actor: Actor, office: str, amounts: Sequence[Amount], slip: str, now: datetime) -> Entry:
    """Book a deposit by the number of its slip, once.

    Raises: NotEnoughCash, DepositBooked.
    """
    await chains.lock(tx, [office])
    must_hold(await balances.of_account(tx, office, Account.SAFE), by_currency(amounts))
    postings = moved(amounts, Account.SAFE, Account.BANK)
    draft = Draft(office, Kind.DEPOSIT, postings, Cause("deposit", f"{office}/{slip}"), actor.id, now, now)
    (entered,) = await enter(tx, [draft])
    if not entered.is_new:
        raise DepositBooked
    return entered.entry
