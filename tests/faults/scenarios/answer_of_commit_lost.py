"""F10: PostgreSQL commits and its answer is lost, so that nobody but the database knows."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from onebox.configuration import SERVICES
from onebox.simulator.history import Kind, Outcome
from tests.faults.deeds import changing_parcels
from tests.faults.evidence import BARELY
from tests.faults.injectors.lost_answers import LostAnswers
from tests.faults.injectors.tcp_proxy import tcp_proxy
from tests.faults.post_office import PostOffice
from tests.faults.recovery import answered_again, shown_again
from tests.faults.recovery_bounds import RETRIED
from tests.faults.run import Play, Run
from tests.faults.scenario import Scenario
from tests.support.waiting import until_true

REGISTERS = b"insert into request"
LOST = (("parcel", REGISTERS, 10), ("tracking", b"COMMIT", 6), ("notifications", b"COMMIT", 4))
"""A registration commits with its one statement, everything else with a transaction's end. Every second answer is lost:
the others are what goes on meanwhile."""
THEN_LOST = (("parcel", b"COMMIT", 6),)
"""Of corrections, cancellations and what the parcel service hears."""
UNKNOWN = (Kind.REGISTER, Outcome.UNKNOWN)
LOST_WITHIN_S = 40.0
BACK_WITHIN_S = 10.0
HEARD_AFTER_S = 0.1
"""Numbers are leased for whoever waits: one who comes to wait as that answer is lost hears of it all the same."""


@asynccontextmanager
async def _through_doors(office: PostOffice) -> AsyncIterator[Play]:
    """Put a door that loses answers between each service and its database."""
    postgres, losing = office.servers.postgres, {}
    async with AsyncExitStack() as opened:
        for service in SERVICES:
            door = await opened.enter_async_context(tcp_proxy((postgres.host, postgres.port)))
            losing[service] = door.new_tap = LostAnswers(b"", left=0, every=2)
            url = office.stack.databases[service].service
            office.stack.database_of[service] = url.replace(f":{postgres.port}/", f":{door.port}/")

        async def play(run: Run) -> None:
            seen = len(run.history.calls)
            async with (
                run.window("answers lost", floor=20, share=BARELY, pace=0, outage=True),
                changing_parcels(run),
            ):
                for turn in (LOST, THEN_LOST):
                    for service, pattern, times in turn:
                        losing[service].lose(pattern, times * run.rounds)
                    await until_true(lambda: all(one.left == 0 for one in losing.values()), LOST_WITHIN_S * run.rounds)
                    for service, pattern, _ in turn:
                        run.must(losing[service].lost, f"F10 {service} heard of every {pattern.decode()}")
            _is_known_by_the_next_try(run, seen, losing["parcel"].lost_at)
            await answered_again(run, Kind.REGISTER, BACK_WITHIN_S, "answers were lost")
            await shown_again(run, BACK_WITHIN_S, "answers were lost")

        yield play


def _is_known_by_the_next_try(run: Run, seen: int, lost_at: Sequence[float]) -> None:
    """Have a registration end unknown only where an answer was lost while it waited: who asks again knows."""
    unknown = [call for call in run.history.calls[seen:] if (call.kind, call.outcome) == UNKNOWN]
    for call in unknown:
        lost = sum(call.sent_at - HEARD_AFTER_S <= at <= call.ended_at for at in lost_at)
        run.must(RETRIED.here <= lost, f"F10 {call.key} ended unknown, and no answer was lost meanwhile")
    run.must(bool(unknown), "F10 no registration ended unknown")


SCENARIOS = [Scenario("F10", "the answer of COMMIT lost", stage=_through_doors)]
