"""An office gets cash from the post to begin with."""

from collections.abc import Sequence
from datetime import datetime

from services.parcel.cash.domain.accounts import Account, moved
from services.parcel.cash.domain.entry import Cause, Draft, Entry, Kind
from services.parcel.cash.use_cases.enter import enter
from services.parcel.pricing.domain.money import Amount
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.ids import new_id


async def receive_float(tx: Tx, actor: Actor, office: str, amounts: Sequence[Amount], now: datetime) -> Entry:
    """Put what the post gave into the safe."""
    postings = moved(amounts, Account.FLOAT, Account.SAFE)
    draft = Draft(office, Kind.FLOAT_RECEIVED, postings, Cause("command", str(new_id())), actor.id, now, now)
    (entered,) = await enter(tx, [draft])
    return entered.entry
