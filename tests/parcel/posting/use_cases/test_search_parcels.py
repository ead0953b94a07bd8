"""Parcels are found by names however they are spelled, within the office, until their people are forgotten."""

from datetime import timedelta
from typing import Any

import pytest

from services.parcel.posting.use_cases.erase_people import erase_people
from services.parcel.posting.use_cases.make_findable import make_findable
from shared.access.roles import Role
from shared.clock import now
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from shared.sealing import KeyRing
from tests.access.signed_in import SHOPS, actor_id, good
from tests.parcel.bodies import AWAY, HOME, THIRD, abroad, person
from tests.parcel.counter import Counter, refusal


async def index(parcel_db: Database) -> int:
    async with parcel_db.transaction() as tx:
        return await make_findable(tx)


async def found(counter: Counter, text: str, role: Role = Role.CLERK, by: str = HOME) -> list[str]:
    answer = await counter.get("/parcels/search", role, by, q=text)
    assert answer.status_code == 200, answer.text
    return [parcel["item_number"] for parcel in answer.json()]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("ចាន់ ធីតា", "ចាន់ ធីតា"),
        ("ចាន់ ធីតា", "ចាន់\u200bធីតា"),
        ("ចាន់ ធីតា", "Chan Thida"),
        ("សុខ ដារ៉ា", "Sok Dara"),
        ("សុខ ដារ៉ា", "sok daara"),
        ("អណ្ដែត", "អណ្តែត"),
        ("ឧត្ដរ", "ឧត្តរ"),
        ("Sok Dara", "សុខ ដារ៉ា"),
        ("ភ្នំពេញ", "ភ្នំ\u200bពេញ"),
        ("តាកែវ", "Takeo"),
        ("ចាន់ ធីតា", "ធីតា"),
    ],
)
async def test_a_name_is_found_however_it_is_spelled(
    counter: Counter, parcel_db: Database, name: str, asked: str
) -> None:
    sender = person(name="Vong Pisey", phone="011 987 654")
    number = await counter.registered(sender=sender, recipient=person(name=name))
    await counter.registered(sender=sender, recipient=person(name="Heng Bunrith"))
    await index(parcel_db)
    assert (await found(counter, asked))[0] == number


async def test_the_last_four_digits_of_a_phone_find_a_parcel(counter: Counter, parcel_db: Database) -> None:
    number = await counter.registered(recipient=person(phone="097 123 9876"))
    await counter.registered()
    await index(parcel_db)
    assert await found(counter, "9876") == [number]
    assert await found(counter, "៩៨៧៦") == [number]


@pytest.mark.parametrize(
    "asked",
    ["097 123 9876", "0971239876", "០៩៧ ១២៣ ៩៨៧៦", "+855 97 123 9876", "00855 97 123 9876", "97-123-9876"],
)
async def test_a_whole_phone_finds_its_parcels_and_nobody_elses(
    counter: Counter, parcel_db: Database, asked: str
) -> None:
    number = await counter.registered(recipient=person(phone="097 123 9876"))
    await counter.registered(recipient=person(phone="097 555 9876"))
    await index(parcel_db)
    assert await found(counter, asked) == [number]
    assert await found(counter, f"ធីតា {asked}") == [number]
    assert await found(counter, f"Bunrith {asked}") == []
    assert len(await found(counter, "9876")) == 2


@pytest.mark.parametrize("asked", ["010-2345-6789", "+82 10 2345 6789", "00 82 10 2345 6789"])
async def test_a_phone_abroad_is_found_as_it_is_written_there(
    counter: Counter, parcel_db: Database, asked: str
) -> None:
    number = (await counter.register(abroad())).json()["item_number"]
    await counter.registered(recipient=person(phone="097 123 6789"))
    await index(parcel_db)
    assert await found(counter, asked) == [number]
    assert len(await found(counter, "6789")) == 2


async def test_origin_holding_and_collecting_office_find_it_and_another_does_not(
    counter: Counter, parcel_db: Database
) -> None:
    number = await counter.registered(trader=str(SHOPS[HOME]), collecting_office=THIRD)
    to_away = await counter.registered(collecting_office=AWAY)
    await index(parcel_db)

    assert await found(counter, "Sok Dara") == [to_away, number]
    assert await found(counter, "Sok Dara", by=AWAY) == [to_away]
    assert await found(counter, "Sok Dara", Role.AUDITOR) == [to_away, number]
    async with parcel_db.connection() as connection:
        await connection.execute("update parcel set holding_office = $1", AWAY)
    assert await found(counter, "Sok Dara", by=AWAY) == [to_away, number]
    for office, expected in ((HOME, [number]), (AWAY, [])):
        headers = good(counter.key, actor_id(Role.TRADER, office))
        answer = await counter.client.get("/parcels/search?q=Sok", headers=headers)
        assert [parcel["item_number"] for parcel in answer.json()] == expected
    assert refusal(await counter.get("/parcels/search", Role.DISTRICT, q="Sok")) == (403, "other-office")


async def test_a_corrected_name_is_found_and_the_old_one_is_not(counter: Counter, parcel_db: Database) -> None:
    number = await counter.registered()
    assert [await index(parcel_db) for _ in range(2)] == [1, 0]
    await counter.correct(number, person(name="Vong Pisey", phone="011 987 654"))
    assert await index(parcel_db) == 1

    assert await found(counter, "Pisey") == [number]
    assert await found(counter, "ធីតា") == []


async def test_the_words_go_with_the_people(counter: Counter, parcel_db: Database, key_ring: KeyRing) -> None:
    number = await counter.registered()
    await index(parcel_db)
    async with parcel_db.connection() as connection:
        await connection.execute("update parcel set ended_at = now() - interval '1 year'")
    async with parcel_db.transaction() as tx:
        assert await erase_people(tx, Outbox("parcel", key_ring), timedelta(days=180), now()) == 1

    assert await found(counter, "Sok Dara") == []
    assert await index(parcel_db) == 0
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select count(*) from parcel_search where item_number = $1", number) == 0


async def test_the_index_answers_a_search(parcel_db: Database) -> None:
    async with parcel_db.transaction() as tx:
        await tx.execute(
            "insert into parcel_search select 'n' || n, array['a' || n % 500, 'b' || n % 700]"
            " from generate_series(1, 5000) n"
        )
        # So few rows are read through sooner; what counts is that the index answers the question.
        await tx.execute("set local enable_seqscan = off")
        plan: list[Any] = await tx.fetch(
            "explain select * from parcel_search where terms @> array['a1', 'b1'] or terms @> array['a2']"
        )
    assert "parcel_search_terms" in str(plan)
