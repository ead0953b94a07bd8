"""What is due on an item from abroad was set, or it was paid: the addressee's next message says it."""

from collections.abc import Sequence

from services.notifications.domain.facts import Due
from services.notifications.store import charges, customs_news
from services.notifications.store.charges import Charges
from shared.contracts.parcel import ParcelChargesSetV1
from shared.db.connection import Tx


async def remember_charges(tx: Tx, told: Sequence[ParcelChargesSetV1]) -> None:
    """Keep the newest word on what is due on each item, and note that its addressee may have to hear it."""
    newest = {event.item_number: event for event in sorted(told, key=lambda event: event.version)}
    await charges.save(tx, [_charges(event) for event in newest.values()])
    await customs_news.note(tx, list(newest))


def _charges(event: ParcelChargesSetV1) -> Charges:
    nothing_due = event.charges == "paid" and event.amount_minor == 0
    return Charges(event.item_number, _due(event), event.version, event.time, nothing_due)


def _due(event: ParcelChargesSetV1) -> Due | None:
    if event.charges == "paid" or event.amount_minor is None or event.currency is None:
        return None
    return Due(event.amount_minor, event.currency)
