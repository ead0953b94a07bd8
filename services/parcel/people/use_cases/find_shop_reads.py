"""An auditor sees who of the staff read the data of a shop and of those who act for it."""

from uuid import UUID

from services.parcel.people.store import reads
from services.parcel.people.store.reads import Read
from services.parcel.people.use_cases.find_shop import find_shop
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_shop_reads(tx: Tx, actor: Actor, trader_id: UUID, before: int | None, limit: int) -> list[Read]:
    """Return the reads of a shop, the last first; those before one read.

    Raises: TraderNotFound.
    """
    await find_shop(tx, actor, trader_id)
    return await reads.of_subject(tx, trader_id, before, limit)
