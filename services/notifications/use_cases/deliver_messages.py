"""Claimed messages go out, several at a time, outside any transaction."""

import asyncio
from collections.abc import Mapping, Sequence

from services.notifications.channels.channel import Channel
from services.notifications.channels.written import Written
from services.notifications.domain.message import ChannelName, Delivery
from services.notifications.domain.outcome import Outcome
from services.notifications.use_cases.send_in_time import send_in_time
from shared.failpoints import Place, reached


async def deliver_messages(
    written: Sequence[Written[Delivery]], channels: Mapping[ChannelName, Channel], at_once: int, within_s: float
) -> list[Outcome]:
    """Send each message once; returns the outcomes in the same order. Never raises for a message."""
    gate = asyncio.Semaphore(at_once)
    async with asyncio.TaskGroup() as group:
        sends = [group.create_task(_deliver(one, channels[one.channel], gate, within_s)) for one in written]
    return [send.result() for send in sends]


async def _deliver(one: Written[Delivery], channel: Channel, gate: asyncio.Semaphore, within_s: float) -> Outcome:
    async with gate:
        outcome = await send_in_time(one, channel, within_s)
        reached(Place.MESSAGE_SENT)
        return outcome
