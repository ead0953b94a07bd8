"""Somebody acts for a shop no longer, in any service, from now on."""

from datetime import datetime
from uuid import UUID

from services.parcel.people.domain.trader import LastOwner, MemberNotFound, must_set
from services.parcel.people.store import sessions, trader_members
from services.parcel.people.use_cases.add_member import member_entry
from services.parcel.people.use_cases.find_owned_shop import find_owned_shop
from shared.access import directory
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def remove_member(tx: Tx, outbox: Outbox, actor: Actor, trader_id: UUID, member_id: UUID, now: datetime) -> None:
    """Disable a member, end their sessions and tell every service; of the staff a clerk removes no owner.

    Raises: TraderNotFound, OwnerNeeded, SupervisorNeeded, MemberNotFound, LastOwner.
    """
    await find_owned_shop(tx, actor, trader_id)
    # Locked first: of two owners who remove each other at once, one stays.
    owners = await trader_members.lock_owners(tx, trader_id)
    must_set(actor, "owner" if member_id in owners else "member")
    if owners == [member_id]:
        raise LastOwner
    member = await trader_members.disable(tx, trader_id, member_id, actor.id, now)
    if member is None:
        raise MemberNotFound
    await sessions.end_all_of(tx, str(member_id), now)
    await directory.publish(tx, outbox, member_entry(member))
