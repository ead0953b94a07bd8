"""F21: clients that lost an answer, click twice, ask fifty times at once, use a key again, even after its time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg

from onebox.simulator.history import Call, Kind, Outcome
from onebox.simulator.retrying import until_known
from services.parcel.idempotency.store.requests import KEPT_FOR
from services.parcel.idempotency.use_cases.forget_old_requests import forget_old_requests
from tests.faults.deeds import Clerk
from tests.faults.run import Run
from tests.faults.scenario import Scenario

AT_ONCE = 50
LOST, DOUBLE, REUSED, OLD, EXPIRED = 20, 10, 5, 5, 5
"""How often each of them happens in one round."""
A_MINUTE = timedelta(minutes=1)
IN_FLIGHT = 409
SHED = 503


async def ask_again(run: Run) -> None:
    """Do all of it beside the load; one key is one parcel and one answer."""
    clerk = Clerk(run)
    for _ in range(run.rounds):
        async with run.window("clients ask again"):
            done = [await _lose_the_answer(run, clerk) for _ in range(LOST)]
            run.must(any(done), "F21 nothing was done of which the answer was lost")
            for _ in range(DOUBLE):
                await _at_once(run, clerk, 2)
            await _at_once(run, clerk, AT_ONCE)
            for _ in range(REUSED):
                await _use_the_key_for_another(run, clerk)
            for _ in range(OLD):
                await _use_a_key_of_an_earlier_day(run, clerk, timedelta(days=run.chance.randint(1, 29)))
            await _use_a_key_of_an_earlier_day(run, clerk, KEPT_FOR - A_MINUTE)
            for _ in range(EXPIRED):
                await _use_an_expired_key(run, clerk)


async def _lose_the_answer(run: Run, clerk: Clerk) -> bool:
    """Hang up while a registration is under way, and ask again; tells whether it was done before that."""
    asking = asyncio.create_task(clerk.ask_to_register(parcel := clerk.next_parcel()))
    await asyncio.sleep(run.chance.uniform(0, 0.02))
    asking.cancel()
    await asyncio.wait([asking])
    async with _requests(run) as connection:
        done = await connection.fetchval("select count(*) from request where key = $1", parcel["key"])
    _all_alike(run, [await _known(clerk, parcel)])
    return bool(done)


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


async def _use_a_key_of_an_earlier_day(run: Run, clerk: Clerk, earlier: timedelta) -> None:
    """Ask again after so long, with what is too old tidied away just before, as it is every hour."""
    parcel = clerk.next_parcel()
    first = await _known(clerk, parcel)
    async with _requests(run) as connection:
        await _age(connection, parcel["key"], earlier)
        await forget_old_requests(connection, KEPT_FOR)
    _all_alike(run, [first, await _known(clerk, parcel)])


async def _use_an_expired_key(run: Run, clerk: Clerk) -> None:
    """Ask again when the key is forgotten: that is a new request, and gives another parcel beside the first."""
    parcel = clerk.next_parcel()
    first = await _known(clerk, parcel)
    key = parcel["key"]
    async with _requests(run) as connection:
        await _age(connection, key, KEPT_FOR + A_MINUTE)
        before = await connection.fetchrow("select * from request where key = $1", key)
        await forget_old_requests(connection, KEPT_FOR)
        kept = await connection.fetchval("select count(*) from request where key = $1", key)
        assert before is not None
        run.must(kept == 0, f"I6 key {key} is kept beyond its time")
        await _remember_as_another(run, connection, before, f"{key} in its first life")
    again = await _known(clerk, parcel)
    another = again.outcome is Outcome.OK and again.answer["item_number"] != first.answer["item_number"]
    run.must(another, f"I6 key {key} was answered {again.status} after it was forgotten, and not as a new one")


async def _remember_as_another(
    run: Run, connection: asyncpg.Connection, before: asyncpg.Record, first_life: str
) -> None:
    """Let a key that was forgotten be another one, in its row and in the history: its promise holds beside the new."""
    await connection.execute(
        "insert into request (caller, key, body_sha256, answer, item_number) values ($1, $2, $3, $4, $5)",
        before["caller"],
        first_life,
        before["body_sha256"],
        before["answer"],
        before["item_number"],
    )
    calls = run.history.calls
    for place, call in enumerate(calls):
        if call.kind is Kind.REGISTER and call.key == before["key"]:
            calls[place] = replace(call, key=first_life)


async def _age(connection: asyncpg.Connection, key: str, by: timedelta) -> None:
    await connection.execute("update request set made_at = made_at - $2::interval where key = $1", key, by)


@asynccontextmanager
async def _requests(run: Run) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(run.office.stack.databases["parcel"].service)
    try:
        yield connection
    finally:
        await connection.close()


async def _known(clerk: Clerk, parcel: dict[str, Any]) -> Call:
    return await until_known(lambda: clerk.ask_to_register(parcel), Kind.REGISTER)


def _all_alike(run: Run, calls: Sequence[Call]) -> None:
    answers = [(call.status, call.body) for call in calls if call.outcome is Outcome.OK]
    run.must(answers, f"I6 key {calls[0].key} was never answered")
    run.must(all(answer == answers[0] for answer in answers), f"I6 key {calls[0].key} was answered in several ways")


SCENARIOS = [Scenario("F21", "clients ask again", ask_again)]
