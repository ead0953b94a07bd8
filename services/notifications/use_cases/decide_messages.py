"""A parcel moved: who is told, and what."""

from collections.abc import Sequence
from datetime import datetime

from services.notifications.domain.customs_news import is_at_customs, is_from_abroad
from services.notifications.domain.milestones import Telling, deadline_of, tellings
from services.notifications.store import customs_news, customs_stays, messages
from services.notifications.store.messages import Intent
from shared import trace
from shared.contracts.tracking import ParcelMovedV1
from shared.db.connection import Tx
from shared.ids import new_id


async def decide_messages(tx: Tx, moved: Sequence[ParcelMovedV1], now: datetime) -> int:
    """Write an intent for each telling that is new to its journey; returns how many were.

    One of a step that happened too long ago is over already: it ends unsent, and is told to have.
    Where items from abroad are is kept, for their addressees hear of customs.
    """
    if from_abroad := _newest_from_abroad(moved):
        await customs_stays.save(tx, from_abroad)
        await customs_news.note(tx, [event.item_number for event in from_abroad if is_at_customs(event)])
    intents = [_intent(event, telling) for event in moved for telling in tellings(event)]
    return len(await messages.add(tx, intents, now)) if intents else 0


def _newest_from_abroad(moved: Sequence[ParcelMovedV1]) -> list[ParcelMovedV1]:
    of_items = [event for event in moved if is_from_abroad(event.item_number)]
    in_order = sorted(of_items, key=lambda event: (event.journey_no, event.version))
    return list({event.item_number: event for event in in_order}.values())


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
        deadline=deadline_of(event, telling.milestone),
    )
