"""An office counts the cash that another sent it."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.parcel.cash.domain.entry import Cause, Draft, Kind
from services.parcel.cash.domain.transfer import Transfer, TransferNotFound, TransferReceived
from services.parcel.cash.store import transfers
from services.parcel.cash.use_cases.enter import enter
from services.parcel.pricing.domain.money import Amount
from shared.access.roles import Actor
from shared.db.connection import Tx


async def receive_cash(
    tx: Tx, actor: Actor, transfer_id: UUID, counted: tuple[Amount, ...], words: str | None, now: datetime
) -> Transfer:
    """Put what was counted into the safe; a difference to what was sent stands as one, at the receiving office.

    Raises: TransferNotFound, TransferReceived.
    """
    transfer = await transfers.lock(tx, transfer_id)
    if transfer is None or not actor.acts_for(transfer.to_office):
        raise TransferNotFound
    if transfer.received_at:
        raise TransferReceived
    received = replace(transfer, received=counted, received_at=now, received_by=actor.id)
    await transfers.receive(tx, received)
    draft = Draft(
        transfer.to_office,
        Kind.CASH_RECEIVED,
        transfer.received_postings(counted),
        Cause("cash-received", transfer.holder),
        actor.id,
        now,
        now,
        words=words,
    )
    await enter(tx, [draft])
    return received
