"""Networks of offices: the sample set first, made-up ones after it, each with a hub."""

import re

import pytest

from onebox.simulator.network import made_up_offices, network_of
from services.parcel.setup.use_cases.load_samples import sample_places


def test_the_pilot_needs_no_office_beyond_the_samples() -> None:
    network = network_of(18)

    assert len(network.counters) == 18
    assert made_up_offices(network) == []


def test_the_nation_has_558_counters_and_a_hub_in_every_province() -> None:
    network = network_of(558)

    assert len(set(network.counters)) == 558
    assert len(set(network.hub_of.values())) == 25


@pytest.mark.parametrize("counters", [1, 18, 19, 558, 2_000])
def test_every_office_of_a_network_can_be_loaded(counters: int) -> None:
    network = network_of(counters)
    made_up = made_up_offices(network)

    known = {place.office for place in [*sample_places().offices, *made_up]}
    assert len(network.counters) == counters
    assert set(network.everywhere) <= known
    assert all(re.fullmatch(r"[A-Z0-9]{4,8}", office.office) for office in made_up)
    assert all(office.name_en.startswith("Made-up") for office in made_up)
