"""The dice of the line are of the seed, wherever its folder is."""

import random
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests.faults.injectors.line import Line
from tests.faults.injectors.namespaces import Namespace
from tests.faults.injectors.tcp_proxy import Way
from tests.faults.post_office import PostOffice
from tests.faults.run import Run
from tests.faults.scenarios import network_between as module


async def test_the_dice_of_the_line_follow_the_seed() -> None:
    assert await _thrown(7) == await _thrown(7)
    assert await _thrown(7) != await _thrown(8)


@pytest.mark.parametrize(
    ("to_server", "to_client", "queued", "holds"),
    [
        (300_000, 320_000, 9, True),
        (300_000, 400_000, 9, False),
        (400_000, 300_000, 9, False),
        (300_000, 320_000, 0, False),
        (300_000, 0, 9, False),
    ],
    ids=["narrow", "too much for clients", "too much for servers", "nobody waited", "one way silent"],
)
def test_a_line_was_narrow_or_was_not(to_server: int, to_client: int, queued: int, holds: bool) -> None:
    line = Line(random.Random(), queued=queued)
    line.carried.update({Way.TO_SERVER: 1_000_000 + to_server, Way.TO_CLIENT: 1_000_000 + to_client})
    before = Counter(dict.fromkeys(Way, 1_000_000))
    assert module._is_narrow(line, before, time.monotonic() - 10.0)[0] is holds


async def _thrown(seed: int) -> float:
    nothing, thrown = cast("object", None), list[float]()
    line = Line(random.Random())
    servers = module.Apart(Path(), nothing, nothing, line=line, services=Namespace("services"))  # type: ignore[arg-type]
    stack = SimpleNamespace(databases={}, host_of={}, database_of={})
    office = cast("PostOffice", SimpleNamespace(servers=servers, stack=stack, prefix=()))

    async def throw(_run: Run, over: Line) -> None:
        thrown.append(over.dice.random())

    async with module._over_the_line(office, throw) as play:
        await play(cast("Run", SimpleNamespace(seed=seed)))
    return thrown[0]
