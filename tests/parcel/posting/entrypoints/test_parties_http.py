"""People of earlier parcels, found by phone within an office."""

from shared.access.roles import Role
from tests.parcel.bodies import AWAY, HOME, RECIPIENT, SENDER, SENDER_PHONE, THIRD, person
from tests.parcel.counter import Counter, problems, refusal


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
