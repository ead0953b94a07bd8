from collections.abc import AsyncIterator

import pytest
from fastapi import Request

from bench.ground import Ground, ground
from bench.registration_cost import METRIC, Costs, count
from services.parcel.posting.entrypoints import registration_http
from services.parcel.pricing.entrypoints.known_rates import KnownRates, known_rates_of
from shared.web.service import service_of

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
async def here() -> AsyncIterator[Ground]:
    """Servers that nobody else uses: their counters are of the whole server."""
    async with ground(rounds=1, events=1) as started:
        yield started


@pytest.fixture(scope="module")
async def costs(here: Ground) -> Costs:
    return await count(here)


async def test_a_registration_is_one_statement_and_one_commit(costs: Costs) -> None:
    assert (costs.one_at_a_time.statements, costs.one_at_a_time.commits) == (1.0, 1.0)


async def test_registrations_that_wait_together_share_their_statement(costs: Costs) -> None:
    assert costs.together.statements < 0.1
    assert costs.together.commits < 0.1


async def test_a_registration_writes_hardly_more_log_than_its_rows_need(costs: Costs) -> None:
    for ours in (costs.one_at_a_time, costs.together):
        assert ours.wal_bytes <= METRIC.must * costs.raw.wal_bytes


async def test_events_take_hardly_more_of_a_topic_than_their_rows(costs: Costs) -> None:
    assert costs.topic_bytes <= METRIC.must * costs.raw_topic_bytes
    assert not costs.shortfalls


async def test_a_statement_of_the_route_itself_is_counted(here: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    async def looked_up(request: Request) -> KnownRates:
        service = await service_of(request)
        async with service.database.connection() as connection:
            await connection.execute("select 1")
        return await known_rates_of(request)

    monkeypatch.setattr(registration_http, "known_rates_of", looked_up)
    costs = await count(here)
    assert costs.one_at_a_time.statements == 2.0
    assert costs.shortfalls == ["more than one statement"]
