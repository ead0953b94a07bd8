"""Running the machine: so many histories from one seed, each of them completed."""

import os

import hypothesis
from hypothesis import HealthCheck, Phase, reproduce_failure, seed, settings
from hypothesis.stateful import get_state_machine_test

from tests.model.machine import Post

STEPS = 6
BLOB = os.environ.get("CTCPOST_MODEL_REPLAY")


def explore(from_seed: int, histories: int, *, shrinks: bool = True) -> tuple[int, int]:
    """Play histories on stand-ins; returns how many came to their end, and in how many of them a trap caught a call.

    Raises: what the first history raised that broke a promise, after its steps were made as few as may be.
    """

    class Counted(Post):
        """Counts for itself."""

    phases = [Phase.generate, Phase.shrink] if shrinks else [Phase.generate]
    chosen = settings(
        max_examples=histories,
        stateful_step_count=STEPS,
        phases=phases,
        database=None,
        deadline=None,
        print_blob=True,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    test = seed(from_seed)(get_state_machine_test(Counted, settings=chosen))
    if BLOB:
        test = reproduce_failure(hypothesis.__version__, BLOB.encode())(test)
    test()
    return Counted.completed, Counted.hurt
