"""A service some of whose batches take longer than a member of a consumer group may stay away from its broker.

`python -m tests.faults.injectors.slow_handlers python -m services.tracking` runs the service; it is slow as long as the
file is there that `CTCPOST_SLOW_WHILE` names. Members may stay away for seconds here, not for minutes.
"""

import asyncio
import os
import runpy
import sys
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

import structlog
from aiokafka.consumer.group_coordinator import GroupCoordinator

from shared.messaging import broker
from shared.messaging.consume import Consumer
from shared.messaging.decode import Record

PREFIX = (sys.executable, "-m", "tests.faults.injectors.slow_handlers")
VARIABLE = "CTCPOST_SLOW_WHILE"
POLL_INTERVAL_MS = 2_500
SLOW_S = 4.0
EVERY = 4
"""One of so many batches is slow: were all of them, nobody would ever commit."""
LEFT = "left its group"
"""Logged each time that a member that was away too long is put out."""

log = structlog.get_logger()


def slow_down(slow_while: Path) -> None:
    """Have consumers of this process take long over some batches while the file is there, and tell when they leave."""
    apply, leave, batches = Consumer.apply, GroupCoordinator._maybe_leave_group, count(1)

    async def apply_slowly(self: Consumer, records: Sequence[Record]) -> None:
        if slow_while.exists() and next(batches) % EVERY == 0:
            await asyncio.sleep(SLOW_S)
        await apply(self, records)

    async def leave_and_tell(coordinator: Any) -> None:
        if coordinator.generation > 0 and coordinator._subscription.fetcher_idle_time >= POLL_INTERVAL_MS / 1000:
            log.warning(LEFT, group=coordinator.group_id)
        await leave(coordinator)

    Consumer.apply = apply_slowly  # type: ignore[method-assign]  # the one place through which every batch goes
    GroupCoordinator._maybe_leave_group = leave_and_tell
    broker.LONGEST_POLL_INTERVAL_MS = POLL_INTERVAL_MS


if __name__ == "__main__":
    slow_down(Path(os.environ[VARIABLE]))
    sys.argv = sys.argv[3:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
