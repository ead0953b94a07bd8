"""Somebody acts for a shop from now on."""

from services.parcel.people.domain.trader import Member, OwnPhone, PhoneTaken, ShopClosed
from services.parcel.people.store import staff, trader_members, traders
from shared.access import directory
from shared.access.roles import Actor, Role
from shared.contracts.directory import ActorV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def add_member(tx: Tx, outbox: Outbox, actor: Actor, member: Member) -> None:
    """Add a member to a shop and tell every service; the shop stays open meanwhile.

    Raises: ShopClosed, OwnPhone, PhoneTaken.
    """
    if not await traders.hold_open(tx, member.trader_id):
        raise ShopClosed
    if await staff.has_phone(tx, actor.id, member.phone):
        raise OwnPhone
    if not await trader_members.add(tx, member):
        raise PhoneTaken
    await directory.publish(tx, outbox, member_entry(member))


def member_entry(member: Member) -> ActorV1:
    """Return what the directory says of a member."""
    return ActorV1(
        actor=str(member.member_id),
        role=Role.TRADER.value,
        office=None,
        disabled=member.disabled_at is not None,
        trader=str(member.trader_id),
        version=1,
    )
