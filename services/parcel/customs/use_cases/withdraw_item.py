"""A supervisor withdraws an item that was taken in by hand under a number that is another's, or by mistake."""

import secrets
from datetime import datetime

from services.parcel.customs.domain.inbound import InboundItem, Payment, Source, ToldByPost, WithdrawalReason
from services.parcel.customs.domain.itmatt import AdvanceData
from services.parcel.customs.domain.told_item import told_item
from services.parcel.customs.store import inbound_items
from services.parcel.customs.use_cases.add_inbound_item import add_inbound_item
from services.parcel.customs.use_cases.forget_inbound_items import forget_inbound_items
from services.parcel.customs.use_cases.hold_inbound_item import hold_inbound_item
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def withdraw_item(
    tx: Tx, outbox: Outbox, actor: Actor, item_number: str, reason: WithdrawalReason, now: datetime
) -> InboundItem:
    """Forget what was taken in, tell it, and leave the number to the item that it names.

    What the post of that item told of it meanwhile is taken in at once, for the office that told it. Returns the
    withdrawn item alone: what the number names may be a stranger's.

    Raises: InboundItemNotFound, InboundItemOver, ToldByPost.
    """
    item = await hold_inbound_item(tx, actor, item_number)
    if item.source is not Source.HAND:
        raise ToldByPost
    await note_read(tx, actor, "withdrawal", [item_number])
    withdrawn = await inbound_items.withdraw(tx, item_number, reason, actor.id, now)
    await forget_inbound_items(tx, outbox, [withdrawn], now)
    left = await inbound_items.find(tx, item_number)
    assert left is not None
    if item.payment is Payment.DUE:
        # Nothing is due on the item that the number is left to.
        await outbox.append(tx, [left.nothing_due()])
    if item.told_content is not None:
        await _take_in_as_told(tx, outbox, actor, item, item.told_content, now)
    return left


async def _take_in_as_told(
    tx: Tx, outbox: Outbox, actor: Actor, item: InboundItem, told: AdvanceData, now: datetime
) -> None:
    """Take in what the number names, for the office that told of it, to wait where that office said.

    A release before kept neither.
    """
    office = item.told_office or item.holding_office or item.taking_office
    named = told_item(told, office, item.told_collecting_office, secrets.token_urlsafe(16), actor.id, now)
    added = await add_inbound_item(tx, named)
    assert added is not None
    await outbox.append(tx, added.events)
