"""The sender corrects who receives a parcel, until its journey ends."""

import asyncio

import pytest

from services.parcel.posting.domain.parcel import ENDED
from shared.contracts.parcel import ParcelChangedV1, ParcelContactsV1
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.sealing import KeyRing
from tests.parcel import told
from tests.parcel.bodies import AWAY, IN_SEOUL, SENDER, THIRD, abroad, person
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.moved import follow, moved

SOPHEA = person(name="Chan Sophea", phone="០១១ ២២២ ៣៣៣", language="en", address=["Village 3"], postal_code="210905")


async def test_a_correction_grows_the_version_and_is_told_sealed(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    number = await counter.registered()

    corrected = (await counter.correct(number, SOPHEA)).json()

    assert corrected["version"] == 2
    nowhere = {"place": None, "city": None, "region": None}
    assert corrected["recipient"] == SOPHEA | nowhere | {"phone": "+85511222333"}
    changed, contacts = (await told.events(parcel_db, key_ring, number))[-2:]
    assert isinstance(changed, ParcelChangedV1)
    assert isinstance(contacts, ParcelContactsV1)
    assert (changed.version, changed.changed, contacts.version) == (2, "recipient", 2)
    assert (contacts.recipient.name, contacts.recipient.phone) == ("Chan Sophea", "+85511222333")
    assert (contacts.sender.name, contacts.link_secret) == (SENDER, corrected["link_secret"])


async def test_the_same_correction_again_changes_nothing(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    number = await counter.registered()

    answers = [await counter.correct(number, SOPHEA) for _ in range(2)]

    assert answers[0].content == answers[1].content
    assert len(await told.events(parcel_db, key_ring, number)) == 4


async def test_corrections_at_once_get_versions_one_after_the_other(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    number = await counter.registered()

    await asyncio.gather(*(counter.correct(number, person(name=f"Person {n}")) for n in range(6)))

    contacts = [e for e in await told.events(parcel_db, key_ring, number) if isinstance(e, ParcelContactsV1)]
    assert [event.version for event in contacts] == [1, 2, 3, 4, 5, 6, 7]
    last = (await counter.get(f"/parcels/{number}")).json()
    assert (last["version"], last["recipient"]["name"]) == (7, contacts[-1].recipient.name)


async def test_a_corrected_recipient_is_found_by_the_new_phone_alone(counter: Counter) -> None:
    number = await counter.registered()
    await counter.correct(number, SOPHEA)

    found = [
        [parcel["item_number"] for parcel in (await counter.get("/parcels", phone=phone)).json()["parcels"]]
        for phone in ("011 222 333", "097 123 4567")
    ]

    assert found == [[number], []]


@pytest.mark.parametrize("state", sorted(set(CustomerState) - ENDED))
async def test_a_parcel_under_way_can_still_be_corrected(
    counter: Counter, parcel_db: Database, state: CustomerState
) -> None:
    number = await counter.registered()
    await follow(parcel_db, moved(number, 2, state))

    assert (await counter.correct(number, SOPHEA)).status_code == 200


@pytest.mark.parametrize("state", sorted(ENDED))
async def test_a_parcel_whose_journey_ended_stays_as_it_is(
    counter: Counter, parcel_db: Database, key_ring: KeyRing, state: CustomerState
) -> None:
    number = await counter.registered()
    await follow(parcel_db, moved(number, 2, state))

    assert refusal(await counter.correct(number, SOPHEA)) == (409, "journey-ended")

    assert len(await told.events(parcel_db, key_ring, number)) == 2


async def test_a_cancelled_parcel_is_not_corrected(counter: Counter) -> None:
    number = await counter.registered()
    await counter.cancel(number)

    assert refusal(await counter.correct(number, SOPHEA)) == (409, "journey-ended")


@pytest.mark.parametrize("collecting_office", [AWAY, THIRD])
async def test_another_office_corrects_nothing_even_where_the_parcel_will_wait(
    counter: Counter, parcel_db: Database, key_ring: KeyRing, collecting_office: str
) -> None:
    number = await counter.registered(collecting_office=collecting_office)

    foreign = await counter.correct(number, SOPHEA, by=AWAY)
    unknown = await counter.correct("RR473124829GB", SOPHEA, by=AWAY)

    assert refusal(foreign) == refusal(unknown) == (404, "parcel-not-found")
    assert foreign.content == unknown.content
    assert len(await told.events(parcel_db, key_ring, number)) == 2


async def test_a_recipient_abroad_has_a_phone_of_that_country(counter: Counter) -> None:
    number = (await counter.register(abroad())).json()["item_number"]

    here = await counter.correct(number, person(name="Lee Jiho", phone="012 345 678", **IN_SEOUL))
    there = await counter.correct(number, person(name="Lee Jiho", phone="010-9876-5432", **IN_SEOUL))

    assert problems(here) == [("recipient.phone", "not-a-phone-number")]
    assert there.json()["recipient"]["phone"] == "+821098765432"
