"""What this room hears from tracking."""

from collections.abc import Mapping, Sequence

from services.parcel.cod.use_cases.book_hand_overs import book_hand_overs
from shared import clock
from shared.contracts.envelope import Event
from shared.contracts.tracking import ParcelHandedOverV1
from shared.db.connection import Tx
from shared.messaging.consume import Handler
from shared.web.service import Service


def handlers(service: Service) -> Mapping[type[Event], Handler]:
    """Return what is done with each event."""

    async def on_parcel_handed_over(tx: Tx, events: Sequence[ParcelHandedOverV1]) -> None:
        await book_hand_overs(tx, service.outbox, events, clock.now())

    return {ParcelHandedOverV1: on_parcel_handed_over}
