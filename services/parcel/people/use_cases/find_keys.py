"""A shop and auditors look at what programs act for the shop; that staff did is noted."""

from datetime import datetime
from uuid import UUID

from services.parcel.people.domain.api_key import ApiKey
from services.parcel.people.store import api_keys
from services.parcel.people.use_cases.find_shop import find_shop
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_keys(
    tx: Tx, actor: Actor, trader_id: UUID, after: tuple[datetime, UUID] | None, limit: int
) -> list[ApiKey]:
    """Return the keys of a shop that the actor may see, newest first; those after a time and id.

    Raises: TraderNotFound.
    """
    await find_shop(tx, actor, trader_id)
    await note_read(tx, actor, "keys", subjects=[trader_id])
    return await api_keys.of_trader(tx, trader_id, after, limit)
