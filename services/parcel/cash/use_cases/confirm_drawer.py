"""Somebody else looks at what a clerk counted and explained, and confirms it."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.parcel.cash.domain.drawer import Drawer
from services.parcel.cash.store import drawers
from services.parcel.cash.use_cases.hold_drawer import hold_drawer
from shared.access.roles import Actor
from shared.db.connection import Tx


async def confirm_drawer(tx: Tx, actor: Actor, drawer_id: UUID, now: datetime) -> Drawer:
    """Confirm a closing, once; confirmed before stays as it is.

    Raises: DrawerNotFound, DrawerNotClosed, OwnDrawer.
    """
    drawer = await hold_drawer(tx, actor, drawer_id)
    drawer.must_be_confirmable_by(actor)
    if drawer.confirmed_at:
        return drawer
    confirmed = replace(drawer, confirmed_at=now, confirmed_by=actor.id)
    await drawers.confirm(tx, confirmed)
    return confirmed
