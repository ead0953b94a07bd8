"""A counter without a line: its scans wait on the device and leave together, its customers wait for the line."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from onebox.simulator import pause
from onebox.simulator.carrying import Carrier
from onebox.simulator.client import Client
from onebox.simulator.history import Call, Kind
from onebox.simulator.lines import Lines
from onebox.simulator.lives import Step

MOST_SCANS = 500
BETWEEN_CUSTOMERS_S = 2.0
"""Counters cannot register without a line yet, so people queue, and are served one after another when it is back."""


class CarrierOnLines(Carrier):
    """A carrier whose counters are cut off at times."""

    def __init__(self, client: Client, lines: Lines) -> None:
        super().__init__(client)
        self._lines = lines
        self._began_at = time.monotonic()
        self._kept: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._sending: set[asyncio.Task[None]] = set()
        self._served_at: dict[str, float] = {}

    @property
    def waiting_scans(self) -> int:
        """Return how many scans wait on devices."""
        return sum(len(forms) for forms in self._kept.values())

    @property
    def cut_now(self) -> int:
        """Return how many counters are cut off."""
        return self._lines.cut_now(time.monotonic() - self._began_at)

    async def ready(self, step: Step, due_at: float | None) -> float | None:
        """Wait for the line where a step cannot be kept on a device; the step is due once its turn has come."""
        back_at = self._back_at(step.office)
        if back_at is None or step.kind in (Kind.SCAN, Kind.SCAN_BATCH, Kind.READ_JOURNEY):
            return due_at
        turn = max(back_at, self._served_at.get(step.office, 0.0) + BETWEEN_CUSTOMERS_S)
        self._served_at[step.office] = turn
        await pause.until(turn, self.stop)
        return turn

    async def send(self, office: str, forms: Sequence[dict[str, Any]], due_at: float | None) -> Call | None:
        """Send scans, or keep them on the device until the line is back."""
        back_at = self._back_at(office)
        if back_at is None:
            return await super().send(office, forms, due_at)
        if not self._kept[office]:
            task = asyncio.create_task(self._send_when_back(office, back_at))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
        self._kept[office] += forms
        return None

    async def settled(self) -> None:
        """Wait until every device has sent what it kept."""
        await asyncio.gather(*self._sending)

    async def _send_when_back(self, office: str, back_at: float) -> None:
        await pause.until(back_at, self.stop)
        forms = self._kept.pop(office)
        for first in range(0, len(forms), MOST_SCANS):
            await super().send(office, forms[first : first + MOST_SCANS], max(back_at, 0.0))

    def _back_at(self, office: str) -> float | None:
        back_at_s = self._lines.back_at(office, time.monotonic() - self._began_at)
        return None if back_at_s is None else self._began_at + back_at_s
