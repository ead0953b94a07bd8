"""A parcel moved: who is told, and what."""

from collections.abc import Sequence
from datetime import datetime

from services.notifications.domain.milestones import NEWS_FOR, Telling, tellings
from services.notifications.store import messages
from services.notifications.store.messages import Intent
from shared import trace
from shared.contracts.tracking import ParcelMovedV1
from shared.db.connection import Tx
from shared.ids import new_id


async def decide_messages(tx: Tx, moved: Sequence[ParcelMovedV1], now: datetime) -> int:
    """Write an intent for each telling that is new to its journey; returns how many were."""
    intents = [_intent(event, telling) for event in moved for telling in tellings(event)]
    return len(await messages.add(tx, intents, now)) if intents else 0


def _intent(event: ParcelMovedV1, telling: Telling) -> Intent:
    return Intent(
        message_id=new_id(),
        item_number=event.item_number,
        journey_no=event.journey_no,
        milestone=telling.milestone,
        audience=telling.audience,
        office=event.office,
        occurred_at=event.occurred_at,
        traceparent=trace.traceparent(event.item_number),
        deadline=event.time + NEWS_FOR[telling.milestone],
    )
