"""Claimed codes go out, all at the same time, outside any transaction; none that is late."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from services.notifications.channels.channel import Channel
from services.notifications.channels.written import Written
from services.notifications.domain.message import ChannelName
from services.notifications.domain.outcome import Outcome, Refused
from services.notifications.domain.sign_in_code import CodeMessage
from services.notifications.use_cases.send_in_time import send_in_time
from shared.failpoints import Place, reached

TOO_LATE = Refused("too-late", permanent=True)


async def deliver_codes(
    written: Sequence[Written[CodeMessage]],
    channels: Mapping[ChannelName, Channel],
    within_s: float,
    is_late: Callable[[CodeMessage], bool],
) -> list[Outcome]:
    """Send each code once; returns the outcomes in the same order. Never raises for a code."""
    async with asyncio.TaskGroup() as group:
        sends = [group.create_task(_deliver(one, channels, within_s, is_late)) for one in written]
    return [send.result() for send in sends]


async def _deliver(
    one: Written[CodeMessage],
    channels: Mapping[ChannelName, Channel],
    within_s: float,
    is_late: Callable[[CodeMessage], bool],
) -> Outcome:
    # A process that stood still since it claimed must not go on as if it had not.
    if is_late(one.message):
        return TOO_LATE
    outcome = await send_in_time(one, channels[one.channel], within_s)
    reached(Place.CODE_SENT)
    return outcome
