"""Somebody lists drawers: a clerk their own, whoever oversees an office all of it."""

from datetime import datetime
from uuid import UUID

from services.parcel.cash.domain.drawer import READING, Drawer
from services.parcel.cash.store import drawers
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_drawers(
    tx: Tx, actor: Actor, office: str, before: tuple[datetime, UUID] | None, limit: int
) -> list[Drawer]:
    """Return the drawers of an office that the actor may see, the last opened first.

    Raises: OtherOffice.
    """
    actor.must_act_for(office)
    return await drawers.of_office(tx, office, None if actor.role in READING else actor.id, before, limit)
