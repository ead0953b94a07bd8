"""An office sends cash to another: until it is received there it is in transit."""

from datetime import datetime

from services.parcel.cash.domain.accounts import Account, moved
from services.parcel.cash.domain.counting import by_currency
from services.parcel.cash.domain.drawer import must_hold
from services.parcel.cash.domain.entry import Cause, Draft, Kind
from services.parcel.cash.domain.transfer import Transfer, must_go_elsewhere
from services.parcel.cash.store import balances, chains, transfers
from services.parcel.cash.use_cases.enter import enter
from services.parcel.pricing.domain.money import Amount
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.ids import new_id


async def send_cash(
    tx: Tx, actor: Actor, office: str, to_office: str, amounts: tuple[Amount, ...], now: datetime
) -> Transfer:
    """Take amounts out of the safe, for another office.

    Raises: Invalid, NotEnoughCash.
    """
    must_go_elsewhere(office, to_office)
    await chains.lock(tx, [office])
    must_hold(await balances.of_account(tx, office, Account.SAFE), by_currency(amounts))
    transfer = Transfer(new_id(), office, to_office, amounts, now, actor.id)
    await transfers.add(tx, transfer)
    postings = moved(amounts, Account.SAFE, Account.TRANSIT, to_holder=transfer.holder)
    draft = Draft(office, Kind.CASH_SENT, postings, Cause("cash-sent", transfer.holder), actor.id, now, now)
    await enter(tx, [draft])
    return transfer
