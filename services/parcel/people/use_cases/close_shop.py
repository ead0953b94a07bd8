"""A shop may no longer act; its members and keys are refused everywhere with it."""

from datetime import datetime
from uuid import UUID

from services.parcel.people.domain.trader import TraderNotFound
from services.parcel.people.store import traders
from shared.access import directory
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def close_shop(tx: Tx, outbox: Outbox, trader_id: UUID, now: datetime) -> None:
    """Disable a shop and tell every service.

    Raises: TraderNotFound.
    """
    trader = await traders.disable(tx, trader_id, now)
    if trader is None:
        raise TraderNotFound
    await directory.publish(tx, outbox, trader.entry())
