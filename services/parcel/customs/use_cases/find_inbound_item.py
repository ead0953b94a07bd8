"""Staff read an item that came in, if their office has to do with it; that they did is noted."""

from dataclasses import dataclass

from services.parcel.customs.domain.inbound import InboundItem, InboundItemNotFound
from services.parcel.customs.domain.inbound_correction import Correction
from services.parcel.customs.domain.paper import Paper, WithdrawnPaper
from services.parcel.customs.domain.undone_payment import UndonePayment
from services.parcel.customs.store import inbound_corrections, inbound_items, papers, undone_payments
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Found:
    """An item, and what counters did about it."""

    item: InboundItem
    papers: list[Paper]
    withdrawn_papers: list[WithdrawnPaper]
    undone_payments: list[UndonePayment]
    corrections: list[Correction]


async def find_inbound_item(tx: Tx, actor: Actor, item_number: str) -> Found:
    """Return an item with its photographed papers, and with what was taken back or corrected.

    Raises: InboundItemNotFound.
    """
    item = await inbound_items.find(tx, item_number)
    if item is None or not item.is_seen_by(actor):
        raise InboundItemNotFound
    await note_read(tx, actor, "inbound item", [item_number])
    return Found(
        item,
        await papers.of_item(tx, item_number),
        await papers.withdrawn_of_item(tx, item_number),
        await undone_payments.of_item(tx, item_number),
        await inbound_corrections.of_item(tx, item_number),
    )
