"""Claimed messages go out, several at a time, outside any transaction."""

import asyncio
from collections.abc import Mapping, Sequence

import structlog

from services.notifications.channels.channel import Channel
from services.notifications.channels.written import Written
from services.notifications.domain.message import ChannelName, Delivery
from services.notifications.domain.outcome import Outcome, Unknown
from shared.failpoints import Place, reached

log = structlog.get_logger()


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
        try:
            async with asyncio.timeout(within_s):
                outcome = await channel.send(one.outgoing)
                reached(Place.MESSAGE_SENT)
                return outcome
        except TimeoutError:
            return Unknown("no-answer-in-time")
        except Exception as error:  # noqa: BLE001 - a provider's fault must not take the batch along
            # Only the kind of error: its text could hold the phone or the message.
            log.warning(
                "channel failed",
                channel=channel.name,
                message_id=str(one.message.message_id),
                error=type(error).__name__,
            )
            return Unknown(f"channel-raised-{type(error).__name__}")
