"""A few seconds of a busy day, played through the public APIs against the three services as they run."""

from pathlib import Path

from rich.console import Console

from onebox.configuration import SERVICES
from onebox.simulator.day import Day, Level
from onebox.simulator.history import Kind
from onebox.simulator.lag import Hop
from onebox.simulator.network import made_up_offices, network_of
from onebox.simulator.simulation import play, watched
from services.parcel.setup.entrypoints.samples import load
from tests.system.stack import PASSPHRASE, Stack

OFFICES = 30
"""More than the sample set has."""


async def test_a_day_of_made_up_offices_is_played_and_reported(stack: Stack, tmp_path: Path) -> None:
    await stack.start_all()
    await load(stack.databases["parcel"].service, PASSPHRASE, made_up_offices(network_of(OFFICES)))
    urls = {service: stack.url(service) for service in SERVICES}

    async with watched(urls, PASSPHRASE, tmp_path, OFFICES) as post:
        day = Day(Level(OFFICES, registrations_per_s=4.0, events_per_s=30.0), minutes=0.15, speed=1)
        report = await play(post, day, 3, Console(quiet=True))

    assert report.not_ok == {}
    assert set(report.kinds) >= {Kind.REGISTER, Kind.SCAN, Kind.SCAN_BATCH, Kind.READ_JOURNEY}
    assert set(report.lags) == set(Hop)
    assert all(lag.samples for lag in report.lags.values())
