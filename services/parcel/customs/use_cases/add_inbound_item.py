"""An item from abroad becomes known; a number that comes back after its time names another item than before."""

from dataclasses import replace

from services.parcel.customs.domain.inbound import InboundItem
from services.parcel.customs.domain.number_reuse import reused_after_months
from services.parcel.customs.store import inbound_items, past_inbound_items
from services.parcel.customs.store.past_inbound_items import Past
from shared.clock import LOCAL
from shared.db.connection import Tx


async def add_inbound_item(tx: Tx, item: InboundItem) -> InboundItem | None:
    """Add an item and return it as added; None if its number names an item that is there.

    What others know of the number by its version goes on from the version of the item that was set aside.
    """
    months = reused_after_months(item.received_at.astimezone(LOCAL).date())
    past = await past_inbound_items.set_aside(tx, item.item_number, months, item.received_at) or Past()
    added = replace(item, version=past.version + 1)
    return added if await inbound_items.add(tx, added, past) else None
