"""Staff read an item that came in, if their office has to do with it; that they did is noted."""

from services.parcel.customs.domain.inbound import InboundItem, InboundItemNotFound
from services.parcel.customs.domain.inbound_correction import Correction
from services.parcel.customs.domain.paper import Paper
from services.parcel.customs.store import inbound_corrections, inbound_items, papers
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_inbound_item(
    tx: Tx, actor: Actor, item_number: str
) -> tuple[InboundItem, list[Paper], list[Correction]]:
    """Return an item with its photographed papers, and with who corrected whom it is for.

    Raises: InboundItemNotFound.
    """
    item = await inbound_items.find(tx, item_number)
    if item is None or not item.is_seen_by(actor):
        raise InboundItemNotFound
    await note_read(tx, actor, "inbound item", [item_number])
    return item, await papers.of_item(tx, item_number), await inbound_corrections.of_item(tx, item_number)
