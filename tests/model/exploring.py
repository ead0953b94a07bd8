"""Running the machine: histories of several lengths, in portions of which each can be played again by itself."""

import os
from collections.abc import Callable
from dataclasses import dataclass

import hypothesis
from hypothesis import HealthCheck, Phase, reproduce_failure, seed, settings
from hypothesis.stateful import get_state_machine_test

from tests.model.machine import Post

LENGTHS = ((4, 440), (8, 90), (25, 50))
"""The steps of the histories of one portion, and how many Hypothesis counts; most are short, for a fault mostly is."""
ROUND = 1_000_000
"""How far the seeds of one portion are from those of the next."""
BLOB = os.environ.get("CTCPOST_MODEL_REPLAY")


@dataclass(slots=True)
class Played:
    """Histories that came to their end."""

    histories: int = 0
    hurt: int = 0
    """In how many of them a trap caught a call."""
    steps: int = 0

    def add(self, other: "Played") -> None:
        """Count others, too."""
        self.histories += other.histories
        self.hurt += other.hurt
        self.steps += other.steps


def explore(from_seed: int, histories: int, *, shrinks: bool = True) -> Played:
    """Play so many histories on stand-ins, or the rest of the last portion more.

    Raises: what the first history raised that broke a promise, after its steps were made as few as may be.
    """
    played, portion = Played(), from_seed
    while played.histories < histories:
        played.add(play(portion, shrinks=shrinks))
        portion += ROUND
        if BLOB:
            break
    return played


def play(portion: int, *, shrinks: bool = True) -> Played:
    """Play the portion of a seed, which says of which length its histories are.

    Raises: what explore raises; a note says how to play the portion again.
    """

    class Counted(Post):
        """Counts for itself."""

    steps, examples = LENGTHS[portion // ROUND % len(LENGTHS)]
    test = seed(portion)(_test(Counted, steps, examples, shrinks=shrinks))
    if BLOB:
        test = reproduce_failure(hypothesis.__version__, BLOB.encode())(test)
    try:
        test()
    except Exception as error:
        error.add_note(f"These histories again: {command(portion, 1)}")
        raise
    return Played(Counted.completed, Counted.hurt, Counted.steps)


def command(from_seed: int, histories: int) -> str:
    """Return what plays histories from a seed again; one history is the whole of its portion."""
    return (
        f"CTCPOST_MODEL_SEED={from_seed} CTCPOST_MODEL_HISTORIES={histories} "
        ".venv/bin/python -m pytest tests/model/test_histories.py -k fresh-0"
    )


def _test(machine: type[Post], steps: int, examples: int, *, shrinks: bool) -> Callable[[], None]:
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        phases=[Phase.generate, Phase.shrink] if shrinks else [Phase.generate],
        database=None,
        deadline=None,
        print_blob=True,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    return get_state_machine_test(machine, settings=chosen)
