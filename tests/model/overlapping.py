"""Transactions of one service that overlap, from a seed: each holds its key, then has its row ids, then ends."""

from random import Random
from typing import Any, cast

from shared.contracts.parcel import ParcelChangedV1
from shared.s10 import ItemNumber
from tests.model import promises, scope
from tests.model.cluster import Verdict
from tests.model.faults import Kind
from tests.model.machine import BATCH_BYTES, PORTIONS
from tests.model.scope import moment
from tests.model.server import Transaction, statement
from tests.model.world import World

STEPS = 40
KEYS = tuple(str(ItemNumber("PD", serial, "KH")) for serial in range(3))
RESTS_S = (0.02, 0.05, 0.3)
"""Below and above the rests of a relay, and below its looks from the start."""


def play(seed: int) -> None:
    """Play the transactions of a seed to their end.

    Raises: Broken, at the first promise that is not kept.
    """
    chance = Random(seed)
    with scope.history() as loop, scope.portions(chance.choice(PORTIONS)):
        world = World(loop, moment, batch_bytes=chance.choice(BATCH_BYTES))
        try:
            faults = chance.random() < 0.5
            for serial in range(STEPS):
                _step(world, chance, serial, faults=faults)
                loop.settle()
                world.check()
            world.heal()
            world.drain()
            world.check()
            promises.check_outbox(world.servers["parcel"], world.cluster)
        finally:
            world.close()


def _step(world: World, chance: Random, serial: int, *, faults: bool) -> None:
    kind = chance.random()
    if kind < 0.35:
        process = world.living("parcel")
        work = _tell(world, process, chance.choice(KEYS), 2 * serial, chance.randint(1, 2))
        world.call(process, "desk", work)
    elif kind < 0.75:
        world.faults.let_go(chance.randrange(8))
    elif kind < 0.9 or not faults:
        world.advance(chance.choice(RESTS_S))
    elif kind < 0.98:
        world.upset_broker(chance.choice(list(Verdict)), chance.randrange(3))
    else:
        world.trap("parcel.relay", chance.choice(list(Kind)), chance.randrange(6), late=chance.random() < 0.5)


async def _tell(world: World, process: Any, key: str, version: int, events: int) -> None:
    told = [
        ParcelChangedV1(item_number=key, version=version + number, changed="recipient", time=moment())
        for number in range(events)
    ]
    async with process.database.transaction() as tx:
        await _hold(tx, key)
        await world.faults.hold()
        await process.outbox.append(cast("Any", tx), told)
        await world.faults.hold()


@statement
async def _hold(tx: Transaction, key: str) -> None:
    await tx.lock("held", key)
