"""An owner, or the office where a shop was opened, lets somebody act for it."""

from services.parcel.people.domain.trader import Member, must_set
from services.parcel.people.use_cases.add_member import add_member
from services.parcel.people.use_cases.find_owned_shop import find_owned_shop
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def let_member_join(tx: Tx, outbox: Outbox, actor: Actor, member: Member) -> None:
    """Add a member to a shop that stands already; of the staff a clerk adds no owner.

    Raises: TraderNotFound, OwnerNeeded, SupervisorNeeded, ShopClosed, OwnPhone, PhoneTaken.
    """
    await find_owned_shop(tx, actor, member.trader_id)
    must_set(actor, member.role)
    await add_member(tx, outbox, actor, member)
