from collections.abc import AsyncIterator

import pytest

from bench.ground import ground
from bench.registration_cost import METRIC, Costs, count

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
async def costs() -> AsyncIterator[Costs]:
    """Counted on servers that nobody else uses: their counters are of the whole server."""
    async with ground(rounds=1, events=1) as here:
        yield await count(here)


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
