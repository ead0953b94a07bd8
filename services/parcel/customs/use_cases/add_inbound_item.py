"""An item from abroad becomes known; a number that comes back after its time names another item than before."""

from dataclasses import replace

from services.parcel.customs.domain.inbound import InboundItem, Payment, TakenIn
from services.parcel.customs.domain.number_reuse import reused_after_months
from services.parcel.customs.store import inbound_items, past_inbound_items
from services.parcel.customs.store.past_inbound_items import Past
from shared.clock import LOCAL
from shared.db.connection import Tx


async def add_inbound_item(tx: Tx, item: InboundItem) -> TakenIn | None:
    """Add an item and return it with what is to be told; None if its number names an item that is there.

    What others know of the number by its version goes on from the version of the item that was set aside; what was
    due on that one is due no more. Where tracking saw a number that was withdrawn stays with the item that it names.
    """
    months = reused_after_months(item.received_at.astimezone(LOCAL).date())
    past = await past_inbound_items.set_aside(tx, item.item_number, months, item.received_at) or Past()
    added = replace(item, version=past.version + 1, state=past.state, holding_office=past.moved_office)
    if not await inbound_items.add(tx, added, past):
        return None
    return TakenIn(added, added.contacts(), added.nothing_due() if past.payment == Payment.DUE else None)
