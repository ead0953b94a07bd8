"""Boxes and envelopes come to an office."""

from collections.abc import Sequence
from datetime import datetime

from services.parcel.cash.domain.articles import Pieces, must_be_articles, received_postings
from services.parcel.cash.domain.entry import Cause, Draft, Entry, Kind
from services.parcel.cash.use_cases.enter import enter
from shared.access.roles import Actor
from shared.clock import LOCAL
from shared.db.connection import Tx
from shared.ids import new_id


async def receive_stock(tx: Tx, actor: Actor, office: str, came: Sequence[Pieces], now: datetime) -> Entry:
    """Book what came.

    Raises: Invalid, NoArticlesInForce.
    """
    must_be_articles(came, now.astimezone(LOCAL).date())
    cause = Cause("command", str(new_id()))
    draft = Draft(office, Kind.STOCK_RECEIVED, received_postings(came), cause, actor.id, now, now)
    (entered,) = await enter(tx, [draft])
    return entered.entry
