"""A clerk looks at the corrections of what they recorded."""

from datetime import datetime
from uuid import UUID

from services.parcel.cash.domain.entry import Entry
from services.parcel.cash.store import entries
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_corrections(tx: Tx, actor: Actor, after: tuple[datetime, UUID] | None, limit: int) -> list[Entry]:
    """Return the corrections that concern the actor and that they have not said to have seen, the first first."""
    return await entries.corrections_of(tx, actor.id, after, limit)
