"""Where an office's ledger ends is told outside of the database, so that a tail written anew is found."""

from services.parcel.cash.store import chains
from shared.contracts.parcel import ParcelLedgerHeadV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def tell_head(tx: Tx, outbox: Outbox, office: str) -> None:
    """Tell the last entry of an office's ledger; the caller holds it."""
    head = await chains.head(tx, office)
    if head is not None and head.sequence:
        await outbox.append(tx, [ParcelLedgerHeadV1(office=office, sequence=head.sequence, sha256=head.sha256.hex())])
