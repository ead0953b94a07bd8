"""A counter gets the items from abroad that wait at its office."""

from collections.abc import Collection

from services.parcel.customs.domain.inbound import InboundItem
from services.parcel.customs.store import inbound_items, inbound_lists
from shared.contracts.states import CustomerState
from shared.db.connection import Tx


async def find_items_at(tx: Tx, office: str, states: Collection[CustomerState], limit: int) -> list[InboundItem]:
    """Return the items that an office holds, is to hand over, and has in one of some states, newest first."""
    return await inbound_items.of_numbers(tx, await inbound_lists.held_by(tx, office, states, limit))
