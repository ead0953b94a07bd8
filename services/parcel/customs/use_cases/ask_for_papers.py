"""The office that holds an item tells which papers customs wants."""

from dataclasses import replace

from services.parcel.customs.domain.inbound import InboundItem, InboundItemNotFound, InboundItemOver, PapersState
from services.parcel.customs.store import inbound_items
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx


async def ask_for_papers(tx: Tx, actor: Actor, item_number: str, office: str, wanted: str) -> InboundItem:
    """Note what is wanted and that the office holds the item; the same again changes nothing.

    Raises: InboundItemNotFound, InboundItemOver, OtherOffice.
    """
    item = await inbound_items.lock(tx, item_number)
    if item is None or not item.is_seen_by(actor):
        raise InboundItemNotFound
    if item.is_over:
        raise InboundItemOver
    actor.must_act_for(office)
    await note_read(tx, actor, "papers asked for", [item_number])
    if item.papers is not None and (item.holding_office, item.papers_wanted) == (office, wanted):
        return item
    asked = replace(item, papers=PapersState.ASKED_FOR, holding_office=office, papers_wanted=wanted)
    return await inbound_items.change(tx, asked)
