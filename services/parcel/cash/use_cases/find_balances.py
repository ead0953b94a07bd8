"""Somebody looks at what an office has, account by account."""

from services.parcel.cash.domain.accounts import Account, Posting
from services.parcel.cash.store import balances
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_balances(tx: Tx, actor: Actor, office: str) -> list[Posting]:
    """Return what each account of an office has, unless it is nothing.

    Raises: OtherOffice.
    """
    actor.must_act_for(office)
    return await balances.of_office(tx, office)


async def find_stock(tx: Tx, actor: Actor, office: str) -> dict[str, int]:
    """Return how many pieces of each article an office has.

    Raises: OtherOffice.
    """
    actor.must_act_for(office)
    return await balances.of_account(tx, office, Account.STOCK)
