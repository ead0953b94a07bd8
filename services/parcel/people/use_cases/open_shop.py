"""A clerk opens a shop, whose owner signs in by phone from then on."""

from services.parcel.people.domain.trader import Member, Trader
from services.parcel.people.store import traders
from services.parcel.people.use_cases.add_member import add_member
from shared.access import directory
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def open_shop(tx: Tx, outbox: Outbox, actor: Actor, trader: Trader, owner: Member) -> None:
    """Open a shop with its first member.

    Raises: OwnPhone, PhoneTaken; the transaction must then be rolled back.
    """
    await traders.add(tx, trader)
    await directory.publish(tx, outbox, trader.entry())
    await add_member(tx, outbox, actor, owner)
