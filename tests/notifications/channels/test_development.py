"""The development channel: what phones would have shown."""

from services.notifications.channels.channel import Outgoing
from services.notifications.domain.outcome import Accepted
from services.notifications.main import development_channels
from shared.db.connection import Database
from shared.ids import new_id


async def test_a_message_comes_to_the_phone_once_however_often_it_is_sent(notifications_database: Database) -> None:
    channel = development_channels(notifications_database)["sms"]
    outgoing = Outgoing(new_id(), "+85512345678", None, "ក" * 71)
    first, second = await channel.send(outgoing), await channel.send(outgoing)
    async with notifications_database.connection() as tx:
        rows = await tx.fetch("select phone, channel, body, segments, received from development_inbox")
    assert [tuple(row.values()) for row in rows] == [("+85512345678", "sms", "ក" * 71, 2, 2)]
    assert isinstance(first, Accepted)
    assert first == second


async def test_what_goes_by_telegram_is_not_counted_in_parts(notifications_database: Database) -> None:
    await development_channels(notifications_database)["telegram"].send(
        Outgoing(new_id(), "+85512345678", 1, "ក" * 500)
    )
    async with notifications_database.connection() as tx:
        assert await tx.fetchval("select segments from development_inbox") == 1
