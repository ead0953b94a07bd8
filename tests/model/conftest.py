"""What the tests of the model share: a seed that nobody has played."""

import os

import pytest

from tests.model.exploring import ROUND

KEPT_FREE = 1_000
"""Low seeds are those that are played each time."""


@pytest.fixture(scope="session")
def fresh_seed(testrun_uid: str) -> int:
    """The same for all that share a run, and another in the next; `CTCPOST_MODEL_SEED` is that of an earlier one."""
    drawn = KEPT_FREE + int(testrun_uid, 16) % (ROUND - 2 * KEPT_FREE)
    return int(os.environ.get("CTCPOST_MODEL_SEED", drawn))
