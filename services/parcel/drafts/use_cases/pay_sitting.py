"""The customer pays all parcels of a sitting at once."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.parcel.drafts.domain.sitting import SittingEmpty, SittingNotFound, SittingPayment, Statement, TotalChanged
from services.parcel.drafts.store import sittings
from services.parcel.drafts.use_cases.book_sitting import book_sitting
from services.parcel.drafts.use_cases.state_sitting import statement
from shared.access.roles import Actor
from shared.db.connection import Tx


async def pay_sitting(tx: Tx, actor: Actor, sitting_id: UUID, payment: SittingPayment, now: datetime) -> Statement:
    """Book what a sitting comes to, with the total that the clerk named; the same payment again changes nothing.

    Raises: SittingNotFound, SittingPaid, SittingEmpty, TotalChanged, and what `book_sitting` does.
    """
    sitting = await sittings.lock(tx, sitting_id)
    if sitting is None or not sitting.is_seen_by(actor):
        raise SittingNotFound
    stated = await statement(tx, sitting)
    if (sitting.method, sitting.total_riel) == (payment.method, payment.total_riel):
        return stated
    sitting.must_be_open()
    if not stated.lines:
        raise SittingEmpty
    # A parcel may have been accepted or taken back after the clerk read the total to the customer.
    if stated.total_riel != payment.total_riel:
        raise TotalChanged(f"It is {stated.total_riel} riel now.")
    await book_sitting(tx, actor, stated, payment, now)
    paid = replace(sitting, paid_at=now, paid_by=actor.id, method=payment.method, total_riel=payment.total_riel)
    await sittings.pay(tx, paid)
    return replace(stated, sitting=paid)
