"""Somebody uses a drawer: it must be theirs to use, and it changes for nobody else meanwhile."""

from uuid import UUID

from services.parcel.cash.domain.drawer import Drawer, DrawerNotFound
from services.parcel.cash.store import chains, drawers
from shared.access.roles import Actor
from shared.db.connection import Tx


async def hold_drawer(tx: Tx, actor: Actor, drawer_id: UUID, office: str | None = None) -> Drawer:
    """Return a drawer that the actor may use, of the office that is named if one is.

    Holds the ledger of its office until the transaction ends.

    Raises: DrawerNotFound.
    """
    drawer = await drawers.find(tx, drawer_id)
    if drawer is None or not drawer.is_handled_by(actor) or office not in {None, drawer.office}:
        raise DrawerNotFound
    await chains.lock(tx, [drawer.office])
    held = await drawers.find(tx, drawer_id)
    assert held is not None
    return held
