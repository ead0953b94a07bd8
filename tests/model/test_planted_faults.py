"""The machine sees: each of these faults, put into the code, is found within a bounded number of histories."""

import pytest

from tests.model import scope
from tests.model.exploring import explore
from tests.model.planted import PLANTS, Plant
from tests.model.promises import Broken

pytestmark = pytest.mark.histories

WITHIN = 10_000


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__.replace("_", " "))
def test_a_planted_fault_is_found(plant: Plant) -> None:
    with scope.stand_ins(), pytest.MonkeyPatch.context() as patch:
        plant(patch)
        with pytest.raises(Broken):
            explore(1, WITHIN, shrinks=False)
