"""Somebody reads the ledger of an office, or what went through one drawer."""

from uuid import UUID

from services.parcel.cash.domain.drawer import DrawerNotFound
from services.parcel.cash.domain.entry import Entry
from services.parcel.cash.store import drawers, entries
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_entries(tx: Tx, actor: Actor, office: str, after: int, limit: int) -> list[Entry]:
    """Return the entries of an office behind a sequence, in the order of its chain.

    Raises: OtherOffice.
    """
    actor.must_act_for(office)
    return await entries.of_office(tx, office, after, limit)


async def find_drawer_entries(tx: Tx, actor: Actor, drawer_id: UUID, after: int, limit: int) -> list[Entry]:
    """Return the entries of a drawer behind a sequence of its office.

    Raises: DrawerNotFound.
    """
    drawer = await drawers.find(tx, drawer_id)
    if drawer is None or not drawer.is_seen_by(actor):
        raise DrawerNotFound
    return await entries.of_drawer(tx, drawer.office, drawer_id, after, limit)
