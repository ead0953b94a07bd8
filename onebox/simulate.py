"""`make simulate`: a part of a day of many offices, or a load that is raised until it saturates, and its report."""

import os
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
from rich.console import Console

from onebox import configuration, run_lock
from onebox.errors import CannotRun
from onebox.simulator.day import LEVELS, Day, LevelName
from onebox.simulator.network import network_of
from onebox.simulator.practice import load_offices
from onebox.simulator.ramp import ramp
from onebox.simulator.simulation import Watched, play, watched

WIDTH_IN_FILES = 160
FIGURES = "simulation.json"
RAMP_FIGURES = "ramp.json"
ENOUGH_TO_COUNT_PER_S = 4.0
"""Where a raised load begins at the least: fewer registrations a second are too few to judge a step by."""


class NobodyRuns(CannotRun):
    """There is no post office to play against."""

    def __init__(self, state: Path) -> None:
        super().__init__(f"No post office runs with {state}: start one with make up in another terminal.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be played."""

    level: LevelName
    minutes: float
    speed: float
    seed: int
    raised: bool
    """Raise the load until it saturates, instead of a day."""
    figures: Path | None = None
    """Where the figures are written too."""


async def simulate(state: Path, url: str | None, wanted: Wanted) -> bool:
    """Play against the post office that runs with a state folder; returns whether it held what was to be shown.

    Raises: CannotRun.
    """
    console = Console(width=None if sys.stdout.isatty() else WIDTH_IN_FILES)
    running = run_lock.holder(state)
    door = url or (running.address if running else None)
    if door is None:
        raise NobodyRuns(state)
    level = LEVELS[wanted.level]
    passphrase = os.environ.get("PARCEL_SAMPLE_PASSPHRASE") or configuration.sample_passphrase(state)
    if running:
        database = configuration.written_down(state)["parcel"].service
        added = await load_offices(database, passphrase, network_of(level.offices))
        console.print(f"{level.offices} counters; made-up staff added now: {added}")
    urls = {service: f"{door}/{service}" for service in configuration.SERVICES}
    async with watched(urls, passphrase, state, level.offices) as post:
        return await (_raise if wanted.raised else _play)(post, wanted, state, console)


async def _play(post: Watched, wanted: Wanted, state: Path, console: Console) -> bool:
    day = Day(LEVELS[wanted.level], wanted.minutes, wanted.speed)
    report = await play(post, day, wanted.seed, console)
    report.show(console)
    document = report.document() | {"level": wanted.level}
    _write((state / FIGURES, wanted.figures), document, console)
    return all(report.verdicts().values())


async def _raise(post: Watched, wanted: Wanted, state: Path, console: Console) -> bool:
    level = LEVELS[wanted.level]
    steps = await ramp(post, max(level.peak_per_s, ENOUGH_TO_COUNT_PER_S), wanted.seed, console)
    document = {"level": wanted.level, "seed": wanted.seed, "steps": [asdict(step) for step in steps]}
    _write((state / RAMP_FIGURES, wanted.figures), document, console)
    return not steps[0].saturated


def _write(files: Iterable[Path | None], document: dict[str, object], console: Console) -> None:
    for file in filter(None, files):
        file.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        console.print(f"Figures: {file}")
