"""Running the machine: so many histories from one seed, each of them completed."""

import os
from collections.abc import Callable
from itertools import count

import hypothesis
from hypothesis import HealthCheck, Phase, reproduce_failure, seed, settings
from hypothesis.stateful import get_state_machine_test

from tests.model.machine import Post

STEPS = 6
ROUND = 1_000_000
"""How far the seeds of one round are from those of the next."""
BLOB = os.environ.get("CTCPOST_MODEL_REPLAY")


def explore(from_seed: int, histories: int, *, shrinks: bool = True) -> tuple[int, int]:
    """Play histories on stand-ins; returns how many came to their end, and in how many of them a trap caught a call.

    Raises: what the first history raised that broke a promise, after its steps were made as few as may be.
    """

    class Counted(Post):
        """Counts for itself."""

    rounds = count()
    while Counted.completed < histories:
        # Hypothesis leaves one in five or so out of its own count, though it came to its end.
        examples = -(-4 * (histories - Counted.completed) // 5)
        test = seed(from_seed + ROUND * next(rounds))(_test(Counted, examples, shrinks=shrinks))
        if BLOB:
            reproduce_failure(hypothesis.__version__, BLOB.encode())(test)()
            break
        test()
    return Counted.completed, Counted.hurt


def _test(machine: type[Post], examples: int, *, shrinks: bool) -> Callable[[], None]:
    chosen = settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        phases=[Phase.generate, Phase.shrink] if shrinks else [Phase.generate],
        database=None,
        deadline=None,
        print_blob=True,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    return get_state_machine_test(machine, settings=chosen)
