"""Customs said what the addressee has to pay."""

from dataclasses import replace

from services.parcel.customs.domain.inbound import (
    Charges,
    ChargesLowered,
    ChargesPaid,
    InboundItem,
    InboundItemNotFound,
    InboundItemOver,
    Payment,
)
from services.parcel.customs.store import inbound_items
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor, Role
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox

MAY_LOWER = frozenset({Role.SUPERVISOR, Role.OFFICE_MANAGER, Role.ADMINISTRATOR})


async def set_charges(tx: Tx, outbox: Outbox, actor: Actor, item_number: str, charges: Charges) -> InboundItem:
    """Set duty and fees, until they are paid, and tell it; nothing to pay counts as paid.

    The same again changes nothing.

    Raises: InboundItemNotFound, InboundItemOver, ChargesPaid, ChargesLowered.
    """
    item = await inbound_items.lock(tx, item_number)
    if item is None or not item.is_seen_by(actor):
        raise InboundItemNotFound
    if item.is_over:
        raise InboundItemOver
    await note_read(tx, actor, "charges", [item_number])
    if item.charges == charges:
        return item
    if item.payment is Payment.PAID and item.charges and item.charges.total_minor:
        raise ChargesPaid
    if item.charges and not charges.covers(item.charges) and actor.role not in MAY_LOWER:
        raise ChargesLowered
    payment = Payment.DUE if charges.total_minor else Payment.PAID
    changed = await inbound_items.change(tx, replace(item, charges=charges, payment=payment))
    await outbox.append(tx, [changed.charges_set()])
    return changed
