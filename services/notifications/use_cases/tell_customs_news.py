"""Customs has an item, asks for papers, or something else is due than was told: its addressee hears it once."""

from datetime import datetime

from services.notifications.domain.customs_news import News, Standing, deadline_of
from services.notifications.domain.milestones import Milestone
from services.notifications.store import customs_messages, customs_news
from services.notifications.store.customs_messages import CustomsIntent
from shared import trace
from shared.db.connection import Tx
from shared.ids import new_id


async def tell_customs_news(tx: Tx, limit: int, now: datetime) -> int:
    """Queue what phones do not know yet; returns how many messages. Skips items that others look at.

    While a message is under way nothing is decided: it tells what is so when it goes, perhaps to this phone.
    """
    noted, standings = await customs_news.take(tx, limit)
    if not noted:
        return 0
    intents = [_intent(one, *told) for one in standings for told in one.untold(now)]
    told = await customs_messages.add(tx, intents, now) if intents else 0
    under_way = {one.item_number for one in standings if one.is_under_way(now)}
    await customs_news.drop(tx, [number for number in noted if number not in under_way])
    return told


def _intent(standing: Standing, milestone: Milestone, news: News) -> CustomsIntent:
    return CustomsIntent(
        message_id=new_id(),
        item_number=standing.item_number,
        milestone=milestone,
        news_no=news.news_no,
        for_since=standing.phone_since,
        office=news.office,
        occurred_at=news.occurred_at,
        traceparent=trace.traceparent(standing.item_number),
        deadline=deadline_of(milestone, news),
    )
