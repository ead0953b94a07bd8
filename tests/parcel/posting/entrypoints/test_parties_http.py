"""People of earlier parcels, found by phone within an office."""

from datetime import timedelta

import pytest

from services.parcel.customs.use_cases.find_addressees import find_addressees
from shared.access.roles import Actor, OtherOffice, Role
from shared.clock import now
from shared.db.connection import Database
from tests.parcel.bodies import AWAY, HOME, RECIPIENT, RECIPIENT_PHONE, SENDER, SENDER_PHONE, THIRD, person
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.customs.findable import item, store

RECIPIENT_E164 = "+855971234567"


async def test_a_phone_gives_both_parties_as_last_written_and_each_pair_once(counter: Counter) -> None:
    moved = person(name="ចាន់ ធីតា", address=["ភូមិថ្មី"])
    await counter.registered()
    await counter.registered(recipient=moved)
    await counter.registered(recipient=person(name="Kim", phone="012 999 888"))

    found = (await counter.get("/parties", phone=SENDER_PHONE)).json()

    assert [(one["sender"]["name"], one["recipient"]["name"]) for one in found] == [
        (SENDER, "Kim"),
        (SENDER, RECIPIENT),
    ]
    assert found[1]["recipient"]["address"] == ["ភូមិថ្មី"]
    assert len((await counter.get("/parties", phone=SENDER_PHONE, limit=1)).json()) == 1


async def test_a_phone_is_found_however_it_is_written_and_on_either_side(counter: Counter) -> None:
    await counter.registered()
    for phone in ("097 123 4567", "+855971234567", "០៩៧ ១២៣ ៤៥៦៧", SENDER_PHONE):
        assert len((await counter.get("/parties", phone=phone)).json()) == 1, phone
    assert problems(await counter.get("/parties", phone="097 12")) == [("phone", "not-a-phone-number")]


async def test_another_office_finds_nobody_and_the_collecting_one_does(counter: Counter) -> None:
    await counter.registered()
    assert (await counter.get("/parties", by=AWAY, phone=SENDER_PHONE)).json() == []
    assert len((await counter.get("/parties", Role.AUDITOR, phone=SENDER_PHONE)).json()) == 1
    assert refusal(await counter.get("/parties", Role.DISTRICT, phone=SENDER_PHONE)) == (403, "other-office")
    assert THIRD not in (HOME, AWAY)


async def test_a_phone_gives_the_addressee_of_items_from_abroad_among_the_parcels(
    counter: Counter, parcel_db: Database
) -> None:
    await counter.registered()
    (early, late) = (now() - timedelta(days=1), now() + timedelta(days=1))
    await store(
        parcel_db,
        [
            item(1, "Thida", RECIPIENT_E164, sender_name="Lee", received_at=early),
            item(2, "ចាន់ ធីតា", RECIPIENT_E164, sender_name="Kim", received_at=late),
            item(3, "ធីតា", RECIPIENT_E164, sender_name="Kim", received_at=early),
            item(4, "Vong Pisey", "+85511987654"),
        ],
    )

    found = (await counter.get("/parties", phone=RECIPIENT_PHONE)).json()

    assert [(one["sender"]["name"], one["recipient"]["name"]) for one in found] == [
        ("Kim", "ចាន់ ធីតា"),
        (SENDER, RECIPIENT),
        ("Lee", "Thida"),
    ]
    assert (found[0]["sender"]["phone"], found[0]["recipient"]["phone"]) == ("", RECIPIENT_E164)
    assert found[0]["recipient"]["address"] == ["Takeo"]


@pytest.mark.parametrize("office", ["taking_office", "collecting_office", "holding_office"])
async def test_an_addressee_is_found_within_the_offices_of_the_item_and_the_look_is_on_record(
    counter: Counter, parcel_db: Database, office: str
) -> None:
    elsewhere = {"taking_office": THIRD, "collecting_office": THIRD}
    (number,) = await store(parcel_db, [item(1, **(elsewhere | {office: AWAY}))])
    assert (await counter.get("/parties", phone="012 345 678")).json() == []
    assert len((await counter.get("/parties", by=AWAY, phone="012 345 678")).json()) == 1
    assert len((await counter.get("/parties", Role.AUDITOR, phone="012 345 678")).json()) == 1

    reads = (await counter.get(f"/parcels/{number}/reads", Role.AUDITOR)).json()
    assert [(read["what"], read["office"]) for read in reads] == [("phone", None), ("phone", AWAY)]


async def test_those_of_no_office_look_nobody_up(parcel_db: Database) -> None:
    await store(parcel_db, [item(1)])
    async with parcel_db.connection() as connection:
        with pytest.raises(OtherOffice):
            await find_addressees(connection, Actor("somebody", Role.DISTRICT, None), "+85512345678", 5)
