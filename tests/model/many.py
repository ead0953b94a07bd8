"""Playing histories on all cores, a portion at a time in processes of their own."""

import os
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import count
from multiprocessing import get_context

from tests.model import scope
from tests.model.exploring import ROUND, Played, play

Play = Callable[[int], Played]


def play_portion(portion: int) -> Played:
    """Play one portion on stand-ins, in a process that does nothing else."""
    with scope.stand_ins():
        return play(portion)


def play_many(from_seed: int, histories: int, played: Played, play_one: Play = play_portion) -> None:
    """Play so many histories or a few more, and add to `played` what came to its end.

    Raises: what the first history raised that broke a promise.
    """
    cores = os.cpu_count() or 1
    portions, pending = count(from_seed, ROUND), set[Future[Played]]()
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        try:
            while played.histories < histories:
                pending |= {pool.submit(play_one, next(portions)) for _ in range(2 * cores - len(pending))}
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                for one in done:
                    played.add(one.result())
        finally:
            pool.shutdown(cancel_futures=True)
