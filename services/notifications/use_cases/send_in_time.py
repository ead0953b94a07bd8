"""One thing goes out by its channel, and is answered in time or ends unknown."""

import asyncio

import structlog

from services.notifications.channels.channel import Channel
from services.notifications.channels.written import Written
from services.notifications.domain.message import Delivery
from services.notifications.domain.outcome import Outcome, Unknown

log = structlog.get_logger()


async def send_in_time(one: Written[Delivery], channel: Channel, within_s: float) -> Outcome:
    """Send once; never raises for what the channel does."""
    try:
        async with asyncio.timeout(within_s):
            return await channel.send(one.outgoing)
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
