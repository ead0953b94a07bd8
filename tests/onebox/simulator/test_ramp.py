"""When a raised load has saturated the post office."""

from dataclasses import replace

from onebox.simulator.client import Client
from onebox.simulator.history import History
from onebox.simulator.network import network_of
from onebox.simulator.practice import open_counters
from onebox.simulator.ramp import RampStep
from tests.onebox.simulator.stub import post_office, stub

KEEPING_UP = RampStep(
    offered_per_s=100.0,
    goodput_per_s=97.0,
    p99_ms=300.0,
    lag_s=0.2,
    cpu_share=0.4,
    cpu_share_by={"services": 0.2, "postgres": 0.1, "kafka": 0.1},
    simulator_share=0.05,
    refused_per_s=0.0,
    unknown_per_s=0.0,
    late_calls=0,
)


def test_a_step_that_does_what_is_offered_in_time_is_not_saturated() -> None:
    assert not KEEPING_UP.saturated


def test_too_little_done_in_time_is_saturation() -> None:
    assert replace(KEEPING_UP, goodput_per_s=89.0).saturated


def test_answers_past_the_limit_are_saturation() -> None:
    assert replace(KEEPING_UP, p99_ms=2_001.0).saturated


async def test_every_office_signs_in_before_the_first_step_and_not_again_in_it() -> None:
    network = network_of(3)
    async with stub(post_office) as service, Client.open({"parcel": service.url}, History(), "rice") as client:
        await open_counters(client, network)
        await client.register(network.counters[0], "key", {})
    assert service.paths() == ["/sessions"] * len(network.everywhere) + ["/parcels"]
