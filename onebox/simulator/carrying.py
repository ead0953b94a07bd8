"""Carries bags through their lives: what a plan says, done by clerks at their counters."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Protocol

from onebox.simulator import pause
from onebox.simulator.client import Client
from onebox.simulator.history import Call, Kind, Outcome
from onebox.simulator.lives import Bag, Step
from onebox.simulator.retrying import GIVE_UP_AFTER_S, until_known

LARGEST_DRIFT_MS = 3_000
NOT_HEARD_YET = "advance-data-incomplete"
"""Tracking hears of a declaration a moment after the counter."""
HEARD_WITHIN_S, TRIED_AGAIN_AFTER_S = 3.0, 0.2


class Pace(Protocol):
    """When the steps of one bag are due."""

    async def until_due(self, step: Step) -> float | None:
        """Wait for the moment of a step; returns it, or None where there is none but now."""


class AtOnce:
    """Each step as soon as the one before it is done."""

    async def until_due(self, step: Step) -> float | None:  # noqa: ARG002  # the moment does not matter
        """Do not wait."""
        return None


@dataclass(slots=True)
class Device:
    """A scanner: its records are numbered, and its clock is a little wrong."""

    name: str
    drift_ms: int
    sequence: "count[int]" = field(default_factory=lambda: count(1))


class Carrier:
    """Does the steps of bags; counts what was done, by kind."""

    def __init__(self, client: Client, give_up_after_s: float = GIVE_UP_AFTER_S) -> None:
        self.done: Counter[Kind] = Counter()
        self.stop = asyncio.Event()
        self._client = client
        self._give_up_after_s = give_up_after_s
        self._devices: dict[str, Device] = {}

    async def carry(self, bag: Bag, pace: Pace) -> None:
        """Carry one bag to the end of its life, or until the carrier stops."""
        numbers: dict[int, str] = {}
        not_before = 0.0
        for step in bag.steps:
            planned_at = await pace.until_due(step)
            due_at = await self.ready(step, planned_at and max(planned_at, not_before))
            if self.stop.is_set():
                return
            if due_at != planned_at:
                not_before = due_at or 0.0
            await self._do(bag, step, numbers, due_at)

    async def ready(self, step: Step, due_at: float | None) -> float | None:  # noqa: ARG002  # for lines
        """Wait until the office of a step can do it; returns when it is due then."""
        return due_at

    async def settled(self) -> None:
        """Wait for what is still to be sent when no bag is carried any more."""

    async def _do(self, bag: Bag, step: Step, numbers: dict[int, str], due_at: float | None) -> None:
        known = [one for one in step.parcels if one in numbers]
        match step.kind:
            case Kind.REGISTER:
                (one,) = step.parcels
                parcel = bag.parcels[one]
                call = await self._known(
                    step.kind, lambda: self._client.register(step.office, parcel.key, parcel.body, due_at)
                )
                if call.outcome is Outcome.OK and call.kind is Kind.REGISTER:
                    numbers[one] = str(call.answer["item_number"])
            case Kind.SCAN | Kind.SCAN_BATCH if known:
                await self.send(step.office, self._forms(step, numbers, due_at), due_at)
            case Kind.CORRECT if known:
                recipient = bag.parcels[known[0]].corrected
                await self._known(
                    step.kind, lambda: self._client.correct(step.office, numbers[known[0]], recipient, due_at)
                )
            case Kind.DECLARE if known:
                content = bag.parcels[known[0]].content
                await self._known(
                    step.kind, lambda: self._client.declare(step.office, numbers[known[0]], content, due_at)
                )
            case Kind.CANCEL if known:
                await self._known(step.kind, lambda: self._client.cancel(step.office, numbers[known[0]], due_at))
            case Kind.READ_JOURNEY if known:
                await self._known(step.kind, lambda: self._client.read_journey(numbers[known[0]], due_at))

    async def send(self, office: str, forms: Sequence[dict[str, Any]], due_at: float | None) -> Call | None:
        """Send scans of one office, one alone or many as a batch; those that come too early once more a little later.

        What tracking has not heard of for long is left where it is, as by a clerk who closes the bag without it.
        """
        until = time.monotonic() + HEARD_WITHIN_S
        while True:
            call = await self._send(office, forms, due_at)
            early = _too_early(call)
            if not early or self.stop.is_set() or time.monotonic() > until:
                return call
            await pause.until(time.monotonic() + TRIED_AGAIN_AFTER_S, self.stop)
            forms, due_at = [form for form in forms if form["scan_id"] in early], None

    async def _send(self, office: str, forms: Sequence[dict[str, Any]], due_at: float | None) -> Call:
        if len(forms) == 1:
            return await self._known(Kind.SCAN, lambda: self._client.scan(office, forms[0], due_at))
        return await self._known(Kind.SCAN_BATCH, lambda: self._client.scan_batch(office, forms, due_at))

    async def _known(self, kind: Kind, ask: Callable[[], Awaitable[Call]]) -> Call:
        call = await until_known(ask, kind, self._give_up_after_s, self.stop.is_set)
        if call.kind is kind and call.outcome is Outcome.OK:
            self.done[kind] += 1
        return call

    def _forms(self, step: Step, numbers: dict[int, str], due_at: float | None) -> list[dict[str, Any]]:
        device = self._device(step.office)
        late_s = 0.0 if due_at is None else time.monotonic() - due_at
        shown = datetime.now(UTC) - timedelta(seconds=late_s) + timedelta(milliseconds=device.drift_ms)
        more = {"next_office": step.next_office} if step.next_office else {}
        return [
            {
                "scan_id": str(scan_id),
                "item_number": numbers[one],
                "event_code": step.code,
                "office": step.office,
                "device": device.name,
                "device_sequence": next(device.sequence),
                "device_time": shown.isoformat(),
                "drift_ms": device.drift_ms,
                **more,
                **step.data,
            }
            for one, scan_id in zip(step.parcels, step.scan_ids, strict=True)
            if one in numbers
        ]

    def _device(self, office: str) -> Device:
        if office not in self._devices:
            drift_ms = sum(office.encode()) * 37 % (2 * LARGEST_DRIFT_MS) - LARGEST_DRIFT_MS
            self._devices[office] = Device(f"{office}-1", drift_ms)
        return self._devices[office]


def _too_early(call: Call) -> set[str]:
    """Return the ids of the scans of which an answer says that their declarations are not known."""
    if call.kind is Kind.SCAN:
        return {call.key} if call.reason == NOT_HEARD_YET else set()
    results = call.answer.get("results", ()) if call.kind is Kind.SCAN_BATCH else ()
    return {one["scan_id"] for one in results if NOT_HEARD_YET in {error["code"] for error in one["errors"]}}
