"""What is kept of the people on items from abroad beside the items goes with them, and the other services are told."""

from collections.abc import Sequence
from datetime import datetime

from services.parcel.customs.store import inbound_corrections, papers, undone_payments
from services.parcel.customs.store.inbound_items import ErasedItem
from services.parcel.idempotency.use_cases.forget_answers import forget_answers
from shared.contracts.parcel import CONTACTS_TOPIC, ParcelErasedV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def forget_inbound_items(tx: Tx, outbox: Outbox, erased: Sequence[ErasedItem], now: datetime) -> None:
    """Forget papers, reasons, corrections and answers of items that were erased, bury their contacts and tell it.

    Who withdrew papers, undid payments and corrected addressees, and when, stays on record.
    """
    numbers = [one.item_number for one in erased]
    await papers.forget(tx, numbers)
    await undone_payments.forget_reasons(tx, numbers)
    await inbound_corrections.forget_people(tx, numbers)
    await forget_answers(tx, numbers)
    events = [ParcelErasedV1(item_number=one.item_number, version=one.version, erased_at=now) for one in erased]
    await outbox.append(tx, events)
    await outbox.bury(tx, CONTACTS_TOPIC, numbers)
