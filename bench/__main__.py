"""`make bench`: measures every metric and writes docs/performance.*; `python -m bench P3 P4` measures some."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import uvloop

from bench import (
    growth,
    import_rate,
    memory,
    overload,
    projection_rate,
    rebuild_rate,
    registration_cost,
    registration_latency,
    registration_rate,
    relay_rate,
    report,
    results,
    time_to_visible,
)
from bench.environment import Load, versions_and_settings
from bench.ground import Ground, ground
from bench.metric import Metric
from bench.rounds import ROUNDS
from onebox.servers import STATE
from shared import logs

EVERY = (
    registration_rate.METRIC,
    registration_latency.METRIC,
    relay_rate.METRIC,
    projection_rate.METRIC,
    time_to_visible.METRIC,
    memory.METRIC,
    growth.METRIC,
    import_rate.METRIC,
    rebuild_rate.METRIC,
    registration_cost.METRIC,
    overload.METRIC,
)
METRICS = {metric.name: metric for metric in EVERY}
FEWEST_ROUNDS = 7
LOG = STATE / "bench.log"
"""What the services under measurement log."""


async def measure(chosen: Sequence[Metric], options: argparse.Namespace) -> None:
    """Measure on servers of their own, and write each metric down as soon as it is known."""
    this_task = asyncio.current_task()
    assert this_task is not None
    # Servers that nobody stops would take their part of whatever is measured next.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this_task.cancel)
    async with ground(rounds=options.rounds, events=options.events) as here:
        environment = await versions_and_settings(here)
        print("; ".join(f"{what} {value}" for what, value in environment.items()))
        for metric in chosen:
            await _measure_one(metric, here, environment, options.docs)


async def _measure_one(metric: Metric, here: Ground, environment: dict[str, str], docs: Path) -> None:
    print(f"{metric.name}: {metric.sentence}, against {metric.raw}")
    load = Load()
    measured = await metric.measure(here)
    entry = results.entry(metric, measured, environment, load.told())
    for line in (*report.lines({metric.name: entry}), *report.details({metric.name: entry})):
        print(line)
    print("  load: " + "; ".join(f"{what} {figure}" for what, figure in entry["load"].items()))
    if here.rounds < FEWEST_ROUNDS:
        print(f"  Not written down: fewer than {FEWEST_ROUNDS} rounds.")
        return
    every = results.keep(docs / "performance.json", metric.name, entry)
    report.write(docs / "performance.md", every)


def main() -> None:
    """Measure what the arguments name, or everything."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("metrics", nargs="*", metavar="METRIC", help=f"one of {', '.join(METRICS)}; all by default")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="fewer than seven are shown and not written down")
    parser.add_argument("--events", type=int, default=1_000_000, help="for P7, between two looks at the memory")
    parser.add_argument("--docs", type=Path, default=results.DOCS, help="where performance.json and .md are")
    options = parser.parse_args()
    if unknown := sorted(set(options.metrics) - set(METRICS)):
        sys.exit(f"There is no {', '.join(unknown)}; say one of {', '.join(METRICS)}.")
    # As much as in production, since writing it costs something too.
    LOG.parent.mkdir(exist_ok=True)
    logs.configure("INFO", to=LOG.open("w"))
    uvloop.run(measure([METRICS[name] for name in options.metrics or METRICS], options))


if __name__ == "__main__":
    main()
