"""Somebody counts the boxes and envelopes of an office."""

from collections.abc import Sequence
from datetime import datetime

from services.parcel.cash.domain.accounts import Account
from services.parcel.cash.domain.articles import Pieces, counted_postings, must_be_articles
from services.parcel.cash.domain.entry import Cause, Draft, Entry, Kind
from services.parcel.cash.store import balances, chains
from services.parcel.cash.use_cases.enter import enter
from shared.access.roles import Actor
from shared.clock import LOCAL
from shared.db.connection import Tx
from shared.ids import new_id


async def count_stock(
    tx: Tx, actor: Actor, office: str, counted: Sequence[Pieces], words: str | None, now: datetime
) -> Entry:
    """Bring the ledger to what was counted; what differs stands as a difference of this count.

    Raises: Invalid, NoArticlesInForce.
    """
    must_be_articles(counted, now.astimezone(LOCAL).date())
    await chains.lock(tx, [office])
    count = str(new_id())
    postings = counted_postings(await balances.of_account(tx, office, Account.STOCK), counted, count)
    draft = Draft(office, Kind.STOCK_COUNTED, postings, Cause("command", count), actor.id, now, now, words=words)
    (entered,) = await enter(tx, [draft])
    return entered.entry
