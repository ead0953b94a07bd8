"""A supervisor withdraws an item that was taken in by hand under a number that is another's, or by mistake."""

from datetime import datetime

from services.parcel.customs.domain.inbound import InboundItem, Payment, Source, ToldByPost, WithdrawalReason
from services.parcel.customs.store import inbound_items
from services.parcel.customs.use_cases.forget_inbound_items import forget_inbound_items
from services.parcel.customs.use_cases.hold_inbound_item import hold_inbound_item
from services.parcel.customs.use_cases.take_in_advance_data import take_in_advance_data
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.contracts.parcel import ParcelChargesSetV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def withdraw_item(
    tx: Tx, outbox: Outbox, actor: Actor, item_number: str, reason: WithdrawalReason, now: datetime
) -> InboundItem:
    """Forget what was taken in, tell it, and leave the number to the item that it names.

    What the post of that item told of it meanwhile is taken in at once. Returns what the number names now.

    Raises: InboundItemNotFound, InboundItemOver, ToldByPost.
    """
    item = await hold_inbound_item(tx, actor, item_number)
    if item.source is not Source.HAND:
        raise ToldByPost
    await note_read(tx, actor, "withdrawal", [item_number])
    withdrawn = await inbound_items.withdraw(tx, item_number, reason, actor.id, now)
    await forget_inbound_items(tx, outbox, [withdrawn], now)
    if item.payment is Payment.DUE:
        # Nothing is due on the item that the number is left to.
        settled = ParcelChargesSetV1(item_number=item_number, version=withdrawn.version, charges="paid")
        await outbox.append(tx, [settled])
    if item.told_content is not None:
        office = actor.office or item.taking_office
        taken = await take_in_advance_data(tx, actor, item.told_content, office, None, now)
        await outbox.append(tx, taken.events)
        return taken.item
    left = await inbound_items.find(tx, item_number)
    assert left is not None
    return left
