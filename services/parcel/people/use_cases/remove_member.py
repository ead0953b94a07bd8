"""Somebody acts for a shop no longer, in any service, from now on."""

from datetime import datetime
from uuid import UUID

from services.parcel.people.domain.trader import LastOwner, MemberNotFound
from services.parcel.people.store import sessions, trader_members
from services.parcel.people.use_cases.add_member import member_entry
from shared.access import directory
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def remove_member(tx: Tx, outbox: Outbox, trader_id: UUID, member_id: UUID, now: datetime) -> None:
    """Disable a member, end their sessions and tell every service.

    Raises: MemberNotFound, LastOwner.
    """
    # Locked first: of two owners who remove each other at once, one stays.
    if await trader_members.lock_owners(tx, trader_id) == [member_id]:
        raise LastOwner
    member = await trader_members.disable(tx, trader_id, member_id, now)
    if member is None:
        raise MemberNotFound
    await sessions.end_all_of(tx, str(member_id), now)
    await directory.publish(tx, outbox, member_entry(member))
