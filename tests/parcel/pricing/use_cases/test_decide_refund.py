"""Deciding about money: once, by another person than the one who asked."""

import asyncio
from datetime import timedelta

import pytest

from services.parcel.pricing.domain.void_request import (
    AlreadyDecided,
    AskedByYourself,
    Decision,
    DecisionNotYours,
    RefundNotFound,
    VoidRequest,
)
from services.parcel.pricing.use_cases.ask_for_refund import ask_for_refund
from services.parcel.pricing.use_cases.decide_refund import decide_refund
from services.parcel.pricing.use_cases.find_refunds import find_refunds
from shared.access.roles import Actor, Role
from shared.db.connection import Database
from shared.errors import PostError
from shared.ids import new_id
from tests.parcel.bodies import AWAY
from tests.parcel.pricing.asked import ELSEWHERE, NOON, NUMBER, OFFICES, asked, paid, person
from tests.parcel.pricing.waiting import until_somebody_waits

LATER = NOON + timedelta(days=2)
SUPERVISOR = person(Role.SUPERVISOR)
DECISIONS: tuple[Decision, ...] = ("granted", "refused")


async def open_request(database: Database, by: Actor | None = None) -> VoidRequest:
    async with database.transaction() as tx:
        return await ask_for_refund(tx, by or person(), paid(), asked(), NOON)


async def decide(
    database: Database, request: VoidRequest, actor: Actor = SUPERVISOR, decision: Decision = "granted"
) -> VoidRequest:
    async with database.transaction() as tx:
        return await decide_refund(tx, actor, request.request_id, decision, "Seen.", OFFICES, LATER)


async def kept(database: Database) -> list[VoidRequest]:
    async with database.connection() as connection:
        return await find_refunds(connection, NUMBER)


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize(
    "actor",
    [
        SUPERVISOR,
        person(Role.OFFICE_MANAGER),
        person(Role.SUPERVISOR, AWAY),
        person(Role.OFFICE_MANAGER, AWAY),
        person(Role.DISTRICT, AWAY),
        person(Role.ADMINISTRATOR, None),
    ],
)
async def test_a_decision_is_kept_with_who_made_it_and_when(
    parcel_db: Database, actor: Actor, decision: Decision
) -> None:
    decided = await decide(parcel_db, await open_request(parcel_db), actor, decision)

    assert await kept(parcel_db) == [decided]
    assert (decided.state, decided.decided_by, decided.decided_at) == (decision, actor.id, LATER)
    assert (decided.note, decided.asked_at) == ("Seen.", NOON)


@pytest.mark.parametrize(
    ("asker", "actor", "refusal"),
    [
        (person(), person(name="another clerk"), DecisionNotYours),
        (person(), person(name="a clerk elsewhere", office=AWAY), DecisionNotYours),
        (person(), person(Role.AUDITOR, None), DecisionNotYours),
        (person(), person(Role.DISTRICT, ELSEWHERE), RefundNotFound),
        (SUPERVISOR, SUPERVISOR, AskedByYourself),
        (person(Role.ADMINISTRATOR, None), person(Role.ADMINISTRATOR, None), AskedByYourself),
    ],
)
async def test_a_request_stays_open_when_somebody_else_tries(
    parcel_db: Database, asker: Actor, actor: Actor, refusal: type[PostError]
) -> None:
    request = await open_request(parcel_db, asker)

    with pytest.raises(refusal):
        await decide(parcel_db, request, actor)

    assert await kept(parcel_db) == [request]


async def test_a_request_that_is_not_there_is_not_decided(parcel_db: Database) -> None:
    async with parcel_db.transaction() as tx:
        with pytest.raises(RefundNotFound):
            await decide_refund(tx, SUPERVISOR, new_id(), "granted", None, OFFICES, NOON)


@pytest.mark.parametrize("decision", DECISIONS)
async def test_nobody_decides_again_not_even_the_same(parcel_db: Database, decision: Decision) -> None:
    request = await open_request(parcel_db)
    decided = await decide(parcel_db, request)

    with pytest.raises(AlreadyDecided):
        await decide(parcel_db, request, decision=decision)

    assert await kept(parcel_db) == [decided]


async def test_of_two_who_decide_at_once_the_second_is_told(parcel_db: Database) -> None:
    request = await open_request(parcel_db)
    async with parcel_db.transaction() as tx:
        first = await decide_refund(tx, SUPERVISOR, request.request_id, "refused", None, OFFICES, LATER)
        second = asyncio.create_task(decide(parcel_db, request, person(Role.OFFICE_MANAGER)))
        await until_somebody_waits(parcel_db)

    with pytest.raises(AlreadyDecided):
        await second
    assert await kept(parcel_db) == [first]
