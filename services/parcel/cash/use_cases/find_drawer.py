"""Somebody looks into a drawer: what it should hold by the ledger."""

from dataclasses import dataclass
from uuid import UUID

from services.parcel.cash.domain.accounts import Account
from services.parcel.cash.domain.drawer import Drawer, DrawerNotFound
from services.parcel.cash.store import balances, drawers
from shared.access.roles import Actor
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class DrawerState:
    """A drawer, what it should hold, and by how much it was counted otherwise, by currency in the minor unit."""

    drawer: Drawer
    expected_minor: dict[str, int]
    missing_minor: dict[str, int]
    """Less than nothing where more was found; what came late and explains it is taken off."""


async def find_drawer(tx: Tx, actor: Actor, drawer_id: UUID) -> DrawerState:
    """Return a drawer of the actor, or of the office that the actor oversees.

    Raises: DrawerNotFound.
    """
    drawer = await drawers.find(tx, drawer_id)
    if drawer is None or not drawer.is_seen_by(actor):
        raise DrawerNotFound
    return await state_of(tx, drawer)


async def state_of(tx: Tx, drawer: Drawer) -> DrawerState:
    """Return what the ledger says of a drawer."""
    return DrawerState(
        drawer,
        await balances.of_account(tx, drawer.office, Account.DRAWER, drawer.holder),
        await balances.of_account(tx, drawer.office, Account.DIFFERENCES, drawer.holder),
    )
