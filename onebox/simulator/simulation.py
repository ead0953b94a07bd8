"""A part of a day, played against a running post office and watched: the story of `make simulate`."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from onebox.simulator import pause, progress
from onebox.simulator.carrying import Carrier
from onebox.simulator.client import Client
from onebox.simulator.day import Day
from onebox.simulator.history import Call, History, Kind, Outcome
from onebox.simulator.lag import LagProbe
from onebox.simulator.lines import Lines
from onebox.simulator.network import Network, network_of
from onebox.simulator.offline import CarrierOnLines
from onebox.simulator.practice import open_counters, until_known_everywhere
from onebox.simulator.processor import Processor, of_post_office
from onebox.simulator.report import Lag, Report
from onebox.simulator.tally import Tally, figures, refusals, share
from onebox.simulator.traffic import Traffic
from shared.ids import new_id

LATELY_S = 10.0
SETTLED_AFTER_S = 2.0
LONGEST_LIFE_S = 120.0


@dataclass(frozen=True, slots=True)
class Watched:
    """A post office with everything that looks at it."""

    client: Client
    network: Network
    tally: Tally
    lag: LagProbe
    processor: Processor


@asynccontextmanager
async def watched(urls: Mapping[str, str], passphrase: str, state: Path, offices: int) -> AsyncIterator[Watched]:
    """Open the clients, and wait until the services know the offices.

    Raises: CannotRun.
    """
    tally, history, network = Tally(), History(), network_of(offices)
    async with Client.open(urls, history, passphrase) as client, Client.open(urls, History(), passphrase) as looking:
        await until_known_everywhere(client, network)
        looking.share_sessions(client)
        renewing = asyncio.create_task(client.keep_signed_in())
        lag = LagProbe(looking)

        def hear(call: Call) -> None:
            tally.hear(call)
            lag.hear(call)
            history.calls.clear()

        history.on_call = hear
        try:
            yield Watched(client, network, tally, lag, Processor.of(state))
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)
            await lag.close()


async def play(post: Watched, day: Day, seed: int, console: Console) -> Report:
    """Play a part of a day; what is measured begins once the first parcels have come to their ends.

    Where it begins after the counters opened, their clerks have signed in.
    """
    if day.begins_min > 0:
        await open_counters(post.client, post.network)
    seconds = day.minutes * 60
    life_s = min(LONGEST_LIFE_S, seconds / 2)
    lines = Lines(seed, frozenset(post.network.counters), mean_cut_s=max(5.0, seconds / 20))
    carrier, run = CarrierOnLines(post.client, lines), new_id()
    traffic = Traffic(post.client, seed, post.network, run, carrier=carrier)
    begin = time.monotonic() + life_s
    end = begin + seconds
    offering = asyncio.create_task(traffic.offer(lambda: day.per_s(time.monotonic() - begin), life_s))
    showing = asyncio.create_task(progress.show(console, lambda: _picture(post, day, carrier, begin, end)))
    try:
        await pause.until(begin, carrier.stop)
        post.processor.begin()
        await pause.until(end, carrier.stop)
        shares = post.processor.shares()
    finally:
        showing.cancel()
        with suppress(asyncio.CancelledError):
            await showing
        await traffic.stop()
        await offering
    heard = post.tally.between(begin, end)
    done = [call for call in heard if call.outcome is Outcome.OK]
    return Report(
        asked_for={"offices": day.level.offices, "minutes": day.minutes, "speed": day.speed, "seed": seed, "run": run},
        seconds=seconds,
        wanted_registrations_per_s=sum(day.per_s(at) for at in range(int(seconds))) / max(1, int(seconds)),
        registrations_per_s=sum(call.kind is Kind.REGISTER for call in done) / seconds,
        events_per_s=sum(call.events for call in done) / seconds,
        kinds=figures(heard),
        not_ok=refusals(heard),
        lags={hop: Lag.of(lags) for hop, lags in post.lag.between(begin, end).items()},
        shares=shares,
    )


def _picture(post: Watched, day: Day, carrier: Carrier, begin: float, end: float) -> dict[str, str]:
    now = time.monotonic()
    heard = post.tally.ended_since(now - LATELY_S)
    took_s = sorted(call.took_s for call in heard)
    lags = [max(lags) for lags in post.lag.between(now - LATELY_S, now).values() if lags]
    shown = {
        "clock": f"{day.clock(now - begin)}, {'filling up' if now < begin else 'measured'}, {progress.left(end)} left",
        "registrations/s": f"{sum(call.kind is Kind.REGISTER for call in heard) / LATELY_S:.2f}",
        "events/s": f"{sum(call.events for call in heard) / LATELY_S:.1f}",
        "p50, p99": f"{share(took_s, 0.5) * 1000:.0f}, {share(took_s, 0.99) * 1000:.0f} ms",
        "lag": f"{max(lags, default=0.0) * 1000:.0f} ms",
        "not ok": str(sum(call.outcome is not Outcome.OK for call in heard)),
    }
    if isinstance(carrier, CarrierOnLines):
        shown["lines"] = f"{carrier.cut_now} cut, {carrier.waiting_scans} scans wait on devices"
    if now > begin + SETTLED_AFTER_S:
        shown["of the box"] = f"{of_post_office(post.processor.shares()):.1%} services and servers"
    return shown
