"""Claimed messages go out, several at a time, outside any transaction; none that is late."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

import structlog

from services.notifications.channels.channel import Channel
from services.notifications.channels.written import Written
from services.notifications.domain.message import AnyMessage, ChannelName
from services.notifications.domain.outcome import Outcome, Refused, Unknown
from shared.failpoints import Place, reached

log = structlog.get_logger()

TOO_LATE = Refused("too-late", permanent=True)


async def deliver_messages(
    written: Sequence[Written[AnyMessage]],
    channels: Mapping[ChannelName, Channel],
    at_once: int,
    within_s: float,
    is_late: Callable[[AnyMessage], bool],
) -> list[Outcome]:
    """Send each message once; returns the outcomes in the same order. Never raises for a message."""
    gate = asyncio.Semaphore(at_once)

    async def deliver(one: Written[AnyMessage]) -> Outcome:
        async with gate:
            # A process that stood still since it claimed must not go on as if it had not.
            return TOO_LATE if is_late(one.message) else await _send(one, channels[one.channel], within_s)

    async with asyncio.TaskGroup() as group:
        sends = [group.create_task(deliver(one)) for one in written]
    return [send.result() for send in sends]


async def _send(one: Written[AnyMessage], channel: Channel, within_s: float) -> Outcome:
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
