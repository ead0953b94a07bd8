"""The addressee pays what customs asks, at the counter that hands the item over, wherever that turned out to be."""

from dataclasses import replace

from services.parcel.customs.domain.inbound import InboundItem, InboundItemNotFound, NothingCharged, Payment
from services.parcel.customs.store import inbound_items
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def settle_charges(tx: Tx, outbox: Outbox, actor: Actor, item_number: str) -> InboundItem:
    """Note that the charges are paid, and tell it; paid already stays so.

    Raises: InboundItemNotFound, NothingCharged.
    """
    item = await inbound_items.lock(tx, item_number)
    if item is None or not item.is_settled_by(actor):
        raise InboundItemNotFound
    await note_read(tx, actor, "payment", [item_number])
    if item.payment is None:
        raise NothingCharged
    if item.payment is Payment.PAID:
        return item
    paid = await inbound_items.change(tx, replace(item, payment=Payment.PAID))
    await outbox.append(tx, [paid.charges_set()])
    return paid
