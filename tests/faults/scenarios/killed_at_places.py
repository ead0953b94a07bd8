"""F1: a process is killed at each named place of the code, started again, and killed at the next one."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack

from onebox.configuration import SERVICES
from shared.failpoints import Place
from tests.faults.deeds import changing_parcels, plant_poison, replaying
from tests.faults.evidence import LAME_PACE, SHAKEN
from tests.faults.recovery import caught_up
from tests.faults.recovery_bounds import CAUGHT_UP, outage_s
from tests.faults.run import Run
from tests.faults.scenario import Scenario

DEAD_WITHIN_S = 150.0
"""The longest waits for the lease of a sender that died before; codes wait for a service that is killed meanwhile."""
LATEST_TIME = 5
"""In the long form a process dies at the first to the fifth time that it comes to a place."""
INTAKE = (
    Place.LEASE_WRITTEN,
    Place.LEASE_COMMITTED,
    Place.REGISTRATION_ASKED,
    Place.REGISTRATION_COMMITTED,
    Place.REGISTRATION_ANSWERING,
    Place.CORRECTION_WRITTEN,
    Place.CORRECTION_COMMITTED,
    Place.CANCELLATION_WRITTEN,
    Place.CANCELLATION_COMMITTED,
    Place.DECLARATION_WRITTEN,
    Place.DECLARATION_COMMITTED,
    Place.CODE_WRITTEN,
    Place.CODE_COMMITTED,
)
SCANS = (Place.SCANS_WRITTEN, Place.SCANS_COMMITTED)
RELAY = (Place.RELAY_READ, Place.RELAY_SENT, Place.RELAY_ACKNOWLEDGED, Place.RELAY_MARKED)
CONSUMER = (Place.BATCH_READ, Place.BATCH_KNOWN, Place.BATCH_WRITTEN, Place.BATCH_COMMITTED)
DEAD_LETTERS = (Place.DEAD_LETTER_WRITTEN, Place.REPLAY_WRITTEN)
SENDER = (
    Place.CLAIM_WRITTEN,
    Place.CLAIM_COMMITTED,
    Place.OUTCOME_WRITTEN,
    Place.OUTCOME_COMMITTED,
    Place.MESSAGE_SENT,
    Place.TIDY_WRITTEN,
)
"""The last one is reached when the lease of a message is over that the one before it left behind."""
SELDOM = frozenset({*DEAD_LETTERS, Place.TIDY_WRITTEN})
"""What a process comes to once, because of what was done just before."""
OWN_PLACES: dict[str, Sequence[Place]] = {"parcel": INTAKE, "tracking": SCANS, "notifications": SENDER}
SHARED_PLACES = (*RELAY, *CONSUMER, *DEAD_LETTERS)


async def kill_at_every_place(run: Run) -> None:
    """Kill each service at its own places, and at those that all have in turn.

    All three at the same time, then, in the next round, one after another.
    """
    for number, places in enumerate(places_by_round(run.chance, run.rounds)):
        async with run.window("kills at places", share=SHAKEN, pace=LAME_PACE, outage=True, killing=True):
            killings = [kill_at(run, service, chosen) for service, chosen in places.items()]
            if number % 2:
                for killing in killings:
                    await killing
            else:
                await asyncio.gather(*killings)
        died_at = max(death.at for death in run.office.supervisor.deaths)
        await run.office.supervisor.until_all_ready(DEAD_WITHIN_S)
        await caught_up(run, CAUGHT_UP.here * outage_s(died_at), "the last kill at a place")


def places_by_round(chance: random.Random, rounds: int) -> Iterator[dict[str, list[Place]]]:
    """Give for each round the places at which each service dies: its own, and its turn of those that all have.

    A service that put a record aside is also the one that dies as it replays it.
    """
    groups = [*((place,) for place in (*RELAY, *CONSUMER)), DEAD_LETTERS]
    orders = [chance.sample(SERVICES, len(SERVICES)) for _ in groups]
    for number in range(rounds):
        places = {service: list(own) for service, own in OWN_PLACES.items()}
        for group, order in zip(groups, orders, strict=True):
            places[order[number % len(order)]] += group
        yield places


async def kill_at(run: Run, service: str, places: Sequence[Place]) -> None:
    """Kill one service at these places, one after another, while load and seldom deeds go on."""
    latest = 1 if run.rounds == 1 else LATEST_TIME
    traps = [f"{place}:{1 if place in SELDOM else run.chance.randint(1, latest)}" for place in places]
    async with AsyncExitStack() as beside:
        if service == "parcel":
            await beside.enter_async_context(changing_parcels(run))
        before = await run.office.supervisor.trap(service, traps)
        for place, trap in zip(places, traps, strict=True):
            async with AsyncExitStack() as meanwhile:
                if place is Place.DEAD_LETTER_WRITTEN:
                    await plant_poison(run, service)
                if place is Place.REPLAY_WRITTEN:
                    await meanwhile.enter_async_context(replaying(run, service))
                await run.office.supervisor.until_dead_at(service, trap, before, DEAD_WITHIN_S)


SCENARIOS = [
    Scenario("F1", "killed at every place", kill_at_every_place, workers=2, least_rounds=len(SERVICES)),
]
