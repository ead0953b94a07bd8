"""A shop may no longer act; its keys are refused everywhere with it, and its members may join or open another."""

from datetime import datetime
from uuid import UUID

from services.parcel.people.domain.trader import TraderNotFound
from services.parcel.people.store import sessions, trader_members, traders
from services.parcel.people.use_cases.add_member import member_entry
from shared.access import directory
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def close_shop(tx: Tx, outbox: Outbox, actor: Actor, trader_id: UUID, now: datetime) -> None:
    """Disable a shop with its members, end their sessions and tell every service.

    Raises: TraderNotFound.
    """
    trader = await traders.disable(tx, trader_id, now)
    if trader is None:
        raise TraderNotFound
    await directory.publish(tx, outbox, trader.entry())
    for member in await trader_members.disable_all(tx, trader_id, actor.id, now):
        await sessions.end_all_of(tx, str(member.member_id), now)
        await directory.publish(tx, outbox, member_entry(member))
