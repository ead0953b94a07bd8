"""Asking for money back: once at a time, by the office where it was paid, never more than was paid."""

import asyncio

import pytest

from services.parcel.pricing.domain.void_request import AlreadyVoided, Decision, Kind, RefundWaiting, VoidRequest
from services.parcel.pricing.use_cases.ask_for_refund import ask_for_refund
from services.parcel.pricing.use_cases.decide_refund import decide_refund
from services.parcel.pricing.use_cases.find_refunds import find_refunds
from services.parcel.pricing.use_cases.find_waiting_refunds import find_waiting_refunds
from shared.access.roles import Actor, OtherOffice, Role
from shared.db.connection import Database
from shared.errors import Invalid
from tests.parcel.bodies import AWAY, HOME
from tests.parcel.pricing.asked import NOON, NUMBER, OFFICES, asked, paid, person
from tests.parcel.pricing.waiting import until_somebody_waits

CLERK, SUPERVISOR = person(), person(Role.SUPERVISOR)


async def ask(database: Database, kind: Kind = "refund", amount_minor: int = 4_000, by: Actor = CLERK) -> VoidRequest:
    async with database.transaction() as tx:
        return await ask_for_refund(tx, by, paid(), asked(kind=kind, amount_minor=amount_minor), NOON)


async def decide(database: Database, request: VoidRequest, decision: Decision = "granted") -> VoidRequest:
    async with database.transaction() as tx:
        return await decide_refund(tx, SUPERVISOR, request.request_id, decision, None, OFFICES, NOON)


async def known(database: Database) -> list[VoidRequest]:
    async with database.connection() as connection:
        return await find_refunds(connection, NUMBER)


async def test_what_is_asked_for_waits_with_all_that_was_said(parcel_db: Database) -> None:
    request = await ask(parcel_db)

    assert await known(parcel_db) == [request]
    assert (request.state, request.office, request.currency, request.amount_minor) == ("asked_for", HOME, "KHR", 4_000)
    assert (request.asked_by, request.asked_at, request.reason) == (CLERK.id, NOON, "Weighed wrongly.")


async def test_another_office_asks_for_nothing(parcel_db: Database) -> None:
    with pytest.raises(OtherOffice):
        await ask(parcel_db, by=person(office=AWAY))

    assert await known(parcel_db) == []


async def test_a_second_request_waits_for_the_first_decision(parcel_db: Database) -> None:
    first = await ask(parcel_db)
    with pytest.raises(RefundWaiting):
        await ask(parcel_db, amount_minor=1)

    await decide(parcel_db, first, "refused")

    assert (await ask(parcel_db, amount_minor=10_000)).state == "asked_for"


async def test_of_many_who_ask_at_once_one_is_heard(parcel_db: Database) -> None:
    answers = await asyncio.gather(*(ask(parcel_db) for _ in range(5)), return_exceptions=True)

    assert sum(isinstance(answer, VoidRequest) for answer in answers) == 1
    assert sum(isinstance(answer, RefundWaiting) for answer in answers) == 4
    assert len(await known(parcel_db)) == 1


async def test_what_was_granted_counts_against_what_was_paid(parcel_db: Database) -> None:
    await decide(parcel_db, await ask(parcel_db, amount_minor=4_000))
    with pytest.raises(Invalid):
        await ask(parcel_db, amount_minor=6_001)

    await decide(parcel_db, await ask(parcel_db, amount_minor=6_000))

    with pytest.raises(Invalid):
        await ask(parcel_db, amount_minor=1)
    assert [request.amount_minor for request in await known(parcel_db)] == [4_000, 6_000]


async def test_a_decision_under_way_is_waited_for_and_counted(parcel_db: Database) -> None:
    first = await ask(parcel_db, amount_minor=6_000)
    async with parcel_db.transaction() as tx:
        await decide_refund(tx, SUPERVISOR, first.request_id, "granted", None, OFFICES, NOON)
        second = asyncio.create_task(ask(parcel_db, amount_minor=6_000))
        await until_somebody_waits(parcel_db)

    with pytest.raises(Invalid):
        await second


async def test_after_a_void_nothing_is_left_to_ask_for(parcel_db: Database) -> None:
    await decide(parcel_db, await ask(parcel_db, "void", 10_000))

    with pytest.raises(AlreadyVoided):
        await ask(parcel_db, amount_minor=1)


@pytest.mark.parametrize(
    ("actor", "count"),
    [
        (SUPERVISOR, 1),
        (person(Role.SUPERVISOR, AWAY), 0),
        (person(Role.ADMINISTRATOR, None), 1),
        (person(Role.AUDITOR, None), 1),
        (person(Role.DISTRICT, None), 0),
        (person(Role.TRADER, None), 0),
    ],
)
async def test_those_who_may_see_it_find_what_waits(parcel_db: Database, actor: Actor, count: int) -> None:
    request = await ask(parcel_db)
    async with parcel_db.connection() as connection:
        assert await find_waiting_refunds(connection, actor, None, OFFICES, None, 10) == [request] * count

    await decide(parcel_db, request)

    async with parcel_db.connection() as connection:
        assert await find_waiting_refunds(connection, actor, None, OFFICES, None, 10) == []
