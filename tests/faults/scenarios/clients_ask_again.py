"""F21: clients that lost an answer, click twice, ask fifty times at once, use a key again."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg

from onebox.simulator.history import Call, Kind, Outcome
from onebox.simulator.retrying import until_known
from tests.faults.deeds import Clerk
from tests.faults.run import Run
from tests.faults.scenario import Scenario

AT_ONCE = 50
LOST, DOUBLE, REUSED, OLD = 20, 10, 5, 5
"""How often each of them happens in one round."""
IN_FLIGHT = 409
SHED = 503


async def ask_again(run: Run) -> None:
    """Do all of it beside the load; one key is one parcel and one answer."""
    clerk = Clerk(run)
    for _ in range(run.rounds):
        async with run.window("clients ask again"):
            for _ in range(LOST):
                await _lose_the_answer(run, clerk)
            for _ in range(DOUBLE):
                await _at_once(run, clerk, 2)
            await _at_once(run, clerk, AT_ONCE)
            for _ in range(REUSED):
                await _use_the_key_for_another(run, clerk)
            for _ in range(OLD):
                await _use_a_key_of_an_earlier_day(run, clerk)


async def _lose_the_answer(run: Run, clerk: Clerk) -> None:
    asking = asyncio.create_task(clerk.ask_to_register(parcel := clerk.next_parcel()))
    await asyncio.sleep(run.chance.uniform(0, 0.02))
    asking.cancel()
    await asyncio.wait([asking])
    _all_alike(run, [await _known(clerk, parcel)])


async def _at_once(run: Run, clerk: Clerk, times: int) -> None:
    parcel = clerk.next_parcel()
    calls = await asyncio.gather(*(clerk.ask_to_register(parcel) for _ in range(times)))
    for call in calls:
        right = call.outcome is Outcome.OK or call.status in {IN_FLIGHT, SHED}
        run.must(right, f"I6 one of {times} with one key was answered {call.status} {call.reason}")
    _all_alike(run, [*calls, await _known(clerk, parcel)])


async def _use_the_key_for_another(run: Run, clerk: Clerk) -> None:
    parcel = clerk.next_parcel()
    await _known(clerk, parcel)
    other = {**parcel, "body": {**parcel["body"], "weight_g": parcel["body"]["weight_g"] + 1}}
    call = await clerk.ask_to_register(other)
    run.must(call.status == 422, f"I6 key {parcel['key']} with another body was answered {call.status}")


async def _use_a_key_of_an_earlier_day(run: Run, clerk: Clerk) -> None:
    parcel = clerk.next_parcel()
    first = await _known(clerk, parcel)
    connection = await asyncpg.connect(run.office.stack.databases["parcel"].service)
    try:
        await connection.execute(
            "update request set made_at = made_at - interval '1 day' * $2 where key = $1",
            parcel["key"],
            run.chance.randint(1, 29),
        )
    finally:
        await connection.close()
    _all_alike(run, [first, await _known(clerk, parcel)])


async def _known(clerk: Clerk, parcel: dict[str, Any]) -> Call:
    return await until_known(lambda: clerk.ask_to_register(parcel), Kind.REGISTER)


def _all_alike(run: Run, calls: Sequence[Call]) -> None:
    answers = [call.answer for call in calls if call.outcome is Outcome.OK]
    run.must(answers, f"I6 key {calls[0].key} was never answered")
    run.must(all(answer == answers[0] for answer in answers), f"I6 key {calls[0].key} was answered in several ways")


SCENARIOS = [Scenario("F21", "clients ask again", ask_again)]
