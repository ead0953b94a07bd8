"""Charges were marked as paid by mistake; until the item is handed over somebody above the clerk takes that back."""

from dataclasses import replace
from datetime import datetime

from services.parcel.customs.domain.inbound import ENDED, InboundItem, InboundItemNotFound, NothingCharged, Payment
from services.parcel.customs.domain.undone_payment import HandedOver, UndonePayment
from services.parcel.customs.store import inbound_items, undone_payments
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def undo_payment(
    tx: Tx, outbox: Outbox, actor: Actor, item_number: str, reason: str, now: datetime
) -> InboundItem:
    """Let charges be due again, keep why, and tell it as it was told that they were paid; due already stays so.

    Raises: InboundItemNotFound, NothingCharged, HandedOver.
    """
    item = await inbound_items.lock(tx, item_number)
    if item is None or not item.is_settled_by(actor):
        raise InboundItemNotFound
    await note_read(tx, actor, "payment undone", [item_number])
    if item.charges is None or not item.charges.total_minor:
        raise NothingCharged
    if item.payment is Payment.DUE:
        return item
    if item.state in ENDED:
        raise HandedOver
    due = await inbound_items.change(tx, replace(item, payment=Payment.DUE))
    await undone_payments.add(tx, item_number, UndonePayment(actor.id, now, reason))
    await outbox.append(tx, [due.charges_set()])
    return due
