"""Rows that commit late are neither lost nor overtaken, however the transactions that write them overlap."""

import os

import pytest

from tests.model import scope
from tests.model.overlapping import play
from tests.model.planted import PLANTS_FOR_OVERLAPS, Plant
from tests.model.promises import Broken

pytestmark = pytest.mark.histories

SEEDS = int(os.environ.get("CTCPOST_MODEL_OVERLAPS", "1600"))
PARTS = 4
WITHIN = 2_000


def play_seeds(seeds: range, *plants: Plant) -> None:
    with scope.stand_ins(), pytest.MonkeyPatch.context() as patch:
        for plant in plants:
            plant(patch)
        for seed in seeds:
            play(seed)


@pytest.mark.parametrize("part", range(PARTS))
def test_rows_of_a_key_keep_their_order_whenever_they_commit(part: int) -> None:
    play_seeds(range(part, SEEDS, PARTS))


@pytest.mark.parametrize("plant", PLANTS_FOR_OVERLAPS, ids=lambda plant: plant.__name__.replace("_", " "))
def test_a_planted_overtaking_is_found(plant: Plant) -> None:
    with pytest.raises(Broken, match="no row is overtaken"):
        play_seeds(range(WITHIN), plant)
