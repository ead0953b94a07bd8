"""Playing many histories, a portion at a time, on all cores."""

import os
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from itertools import count

from tests.model import scope
from tests.model.exploring import ROUND, Played, play

CORES = os.cpu_count() or 1


def play_portion(portion: int) -> Played:
    """Play one portion on stand-ins, in a process that does nothing else."""
    with scope.stand_ins():
        return play(portion)


def play_many(pool: Executor, from_seed: int, histories: int, played: Played) -> None:
    """Play so many histories or a few more, and add to `played` what came to its end.

    Raises: what the first history raised that broke a promise.
    """
    portions, pending = count(from_seed, ROUND), set[Future[Played]]()
    try:
        while played.histories < histories:
            pending |= {pool.submit(play_portion, next(portions)) for _ in range(2 * CORES - len(pending))}
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for one in done:
                played.add(one.result())
    finally:
        for one in pending:
            one.cancel()
