"""The dice of the line are of the seed, wherever its folder is."""

import random
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from tests.faults.injectors.line import Line
from tests.faults.injectors.namespaces import Namespace
from tests.faults.post_office import PostOffice
from tests.faults.run import Run
from tests.faults.scenarios import network_between as module


async def test_the_dice_of_the_line_follow_the_seed() -> None:
    assert await _thrown(7) == await _thrown(7)
    assert await _thrown(7) != await _thrown(8)


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
