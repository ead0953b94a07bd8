"""F10: PostgreSQL commits and its answer is lost, so that nobody but the database knows."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from onebox.simulator.history import Kind
from tests.faults.injectors.lost_answers import LostAnswers
from tests.faults.injectors.tcp_proxy import tcp_proxy
from tests.faults.post_office import PostOffice
from tests.faults.recovery import answered_again, shown_again
from tests.faults.run import Play, Run
from tests.faults.scenario import Scenario
from tests.support.waiting import until_true

STATEMENTS = {"parcel": b"insert into request", "tracking": b"COMMIT", "notifications": b"COMMIT"}
"""A registration commits with its one statement, everything else with a transaction's end."""
LOST = {"parcel": 10, "tracking": 6, "notifications": 4}
LOST_WITHIN_S = 40.0
BACK_WITHIN_S = 10.0


@asynccontextmanager
async def _through_doors(office: PostOffice) -> AsyncIterator[Play]:
    """Put a door that loses answers between each service and its database."""
    postgres, losing = office.servers.postgres, {}
    async with AsyncExitStack() as opened:
        for service, pattern in STATEMENTS.items():
            door = await opened.enter_async_context(tcp_proxy((postgres.host, postgres.port)))
            losing[service] = door.new_tap = LostAnswers(pattern, left=0)
            url = office.stack.databases[service].service
            office.stack.database_of[service] = url.replace(f":{postgres.port}/", f":{door.port}/")

        async def play(run: Run) -> None:
            async with run.window("answers lost", floor=20):
                for service, times in LOST.items():
                    losing[service].left = times * run.rounds
                await until_true(lambda: all(one.left == 0 for one in losing.values()), LOST_WITHIN_S * run.rounds)
            await answered_again(run, Kind.REGISTER, BACK_WITHIN_S, "answers were lost")
            await shown_again(run, BACK_WITHIN_S, "answers were lost")

        yield play


SCENARIOS = [Scenario("F10", "the answer of COMMIT lost", stage=_through_doors)]
