"""Events of a parcel that come shuffled, late, many times or all over again lead to the same post (F13, F14)."""

import os
from collections import Counter
from random import Random

import pytest

from tests.model import scope
from tests.model.lives import TOPICS, live, read
from tests.model.scope import moment
from tests.model.world import SERVICES, World

pytestmark = pytest.mark.histories

SEEDS = int(os.environ.get("CTCPOST_MODEL_SEEDS", "1000"))
PARTS = 4


Told = Counter[tuple[str, int, str, str]]


def played(seed: int, *, most_times: int = 1, shuffled: bool = False) -> Told:
    """Play the lives of a seed to their end, where the parcels must be; returns who was told what how often."""
    chance = Random(seed)
    with scope.history() as loop:
        world = World(loop, moment, at_a_time=chance.choice((1, 2, 3, 500)))
        try:
            expected = live(world, chance, chance.randint(1, 3))
            for topic in TOPICS:
                if shuffled:
                    world.cluster.shuffle(topic, chance, most_times)
                read(world, topic)
                if most_times > 1:
                    world.advance(0.6)
                    world.cluster.reset(chance.choice(SERVICES))
                    world.republish(chance.choice(SERVICES))
            world.end()
            states = {row["item_number"]: row["state"] for row in world.servers["tracking"].rows("journey")}
            assert states == expected, f"seed {seed}"
            rows = world.servers["notifications"].tables["message"].items()
            keys = {row["message"].message_id: key for key, row in rows}
            return Counter(keys[message_id] for message_id, _ in world.providers["sms"].rung)
        finally:
            world.close()


@pytest.mark.parametrize("part", range(PARTS))
def test_events_in_any_order_over_any_partition_lead_to_the_same_post(part: int) -> None:
    with scope.stand_ins():
        for seed in range(part, SEEDS, PARTS):
            assert set(played(seed, shuffled=True).values()) <= {1}, f"seed {seed}"


@pytest.mark.parametrize("part", range(PARTS))
def test_events_that_come_again_and_again_change_nothing(part: int) -> None:
    with scope.stand_ins():
        for seed in range(part, SEEDS // 4, PARTS):
            assert played(seed, shuffled=True, most_times=5) == played(seed), f"seed {seed}"


def forgotten(seed: int) -> int:
    """Play lives that end and are erased before anybody reads of their people, in any order; returns how many were."""
    chance = Random(seed)
    with scope.history() as loop:
        world = World(loop, moment, at_a_time=chance.choice((1, 2, 3, 500)))
        try:
            live(world, chance, chance.randint(1, 3))
            read(world, "tracking.events")
            world.erase()
            world.advance(1.1)
            for topic in chance.sample(TOPICS, len(TOPICS)):
                world.cluster.shuffle(topic, chance, 3)
                for group in SERVICES:
                    world.cluster.reset(group)
                read(world, topic)
                world.advance(0.6)
                world.tell_contacts_again()
            world.end()
            return len(world.servers["notifications"].tables["erased_parcel"])
        finally:
            world.close()


@pytest.mark.parametrize("part", range(PARTS))
def test_who_was_erased_stays_so_in_whatever_order_contacts_and_erasure_come(part: int) -> None:
    with scope.stand_ins():
        assert sum(forgotten(seed) for seed in range(part, SEEDS // 4, PARTS)) >= SEEDS // 16
