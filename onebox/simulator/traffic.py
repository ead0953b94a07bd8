"""Load of a chosen shape: so many workers that are never idle, or so many registrations a second come what may."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from onebox.simulator import pause
from onebox.simulator.carrying import AtOnce, Carrier
from onebox.simulator.client import Client
from onebox.simulator.history import Kind
from onebox.simulator.lives import Bag, Step, plan_bag
from onebox.simulator.network import Network
from onebox.simulator.retrying import GIVE_UP_AFTER_S
from shared.ids import new_id

CLOSED_S = 1.0


class Traffic:
    """Bags one after another from one seed, each carried through its life.

    Everything that was asked and answered stands in the client's history. A run that is to repeat another's keys and
    scan ids names its `run`; without one they are new.
    """

    def __init__(
        self,
        client: Client,
        seed: int,
        network: Network,
        run: UUID | None = None,
        give_up_after_s: float = GIVE_UP_AFTER_S,
        carrier: Carrier | None = None,
    ) -> None:
        self.carrier = carrier or Carrier(client, give_up_after_s)
        self._chance = random.Random(f"{seed}/arrivals")
        self._bags = self._plan(seed, run or new_id(), network)
        self._carrying: set[asyncio.Task[None]] = set()

    @property
    def done(self) -> Mapping[Kind, int]:
        """Return how many calls of each kind were answered with ok."""
        return Counter(self.carrier.done)

    @property
    def under_way(self) -> int:
        """Return how many bags are being carried."""
        return len(self._carrying)

    def keep_busy(self, workers: int) -> None:
        """Begin to carry bags without a pause, so many at a time, until stopped."""
        for _ in range(workers):
            self._begin(self._carry_for_ever())

    async def offer(self, registrations_per_s: Callable[[], float], life_s: float) -> None:
        """Begin bags at a rate that does not wait for answers, until stopped; a bag lives so many seconds.

        The rate is asked for before each bag, and zero stands for not now. The time from bag to bag goes by the
        parcels in them, so that registrations keep to the rate though bags differ.
        """
        due_at = time.monotonic()
        while not self.carrier.stop.is_set():
            if (rate := registrations_per_s()) > 0:
                bag = next(self._bags)
                self._begin(self.carrier.carry(bag, Planned(due_at, life_s, self.carrier.stop)))
                due_at += len(bag.parcels) / rate * self._chance.uniform(0.5, 1.5)
            else:
                due_at += CLOSED_S
            await pause.until(due_at, self.carrier.stop)

    async def stop(self, within_s: float = GIVE_UP_AFTER_S) -> None:
        """Begin nothing more and wait until every call under way has ended.

        Raises: TimeoutError; an error of a task, if one failed.
        """
        self.carrier.stop.set()
        async with asyncio.timeout(within_s):
            await asyncio.gather(*self._carrying)
            await self.carrier.settled()

    def _begin(self, carrying: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(carrying)
        self._carrying.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        # A task that failed stays, so that stop() meets its error.
        if not task.cancelled() and task.exception() is None:
            self._carrying.discard(task)

    async def _carry_for_ever(self) -> None:
        while not self.carrier.stop.is_set():
            await self.carrier.carry(next(self._bags), AtOnce())

    @staticmethod
    def _plan(seed: int, run: UUID, network: Network) -> Iterator[Bag]:
        return (plan_bag(seed, run, network, number) for number in count())


@dataclass(slots=True)
class Planned:
    """Each step at its share of a life that began at one moment, whatever the steps before it took."""

    began_at: float
    life_s: float
    stop: asyncio.Event

    async def until_due(self, step: Step) -> float | None:
        """Wait for the moment of a step."""
        due_at = self.began_at + step.at * self.life_s
        await pause.until(due_at, self.stop)
        return due_at
