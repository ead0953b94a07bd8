"""The sender takes a parcel back: once, before it leaves, at the office of posting."""

import asyncio

import pytest

from shared.access.roles import Role
from shared.contracts.parcel import ParcelCancelledV1
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.sealing import KeyRing
from tests.parcel import told
from tests.parcel.bodies import AWAY, HOME, THIRD
from tests.parcel.counter import Counter, refusal
from tests.parcel.moved import follow, moved


async def test_a_cancelled_parcel_grows_its_version_and_is_told(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    number = await counter.registered()

    cancelled = (await counter.cancel(number)).json()

    assert (cancelled["state"], cancelled["version"]) == ("cancelled", 2)
    event = (await told.events(parcel_db, key_ring, number))[-1]
    assert isinstance(event, ParcelCancelledV1)
    assert (event.version, event.office) == (2, HOME)
    assert event.cancelled_at.isoformat().removesuffix("+00:00") == cancelled["cancelled_at"].removesuffix("Z")


async def test_cancelling_again_changes_nothing(counter: Counter, parcel_db: Database, key_ring: KeyRing) -> None:
    number = await counter.registered()

    answers = [await counter.cancel(number) for _ in range(3)]

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len(await told.events(parcel_db, key_ring, number)) == 3


async def test_cancelling_several_times_at_once_is_told_once(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    number = await counter.registered()

    answers = await asyncio.gather(*(counter.cancel(number) for _ in range(8)))

    assert {answer.json()["version"] for answer in answers} == {2}
    assert len(await told.events(parcel_db, key_ring, number)) == 3


@pytest.mark.parametrize("state", sorted(set(CustomerState) - {CustomerState.ACCEPTED, CustomerState.ANNOUNCED}))
async def test_a_parcel_that_left_or_ended_can_no_longer_be_cancelled(
    counter: Counter, parcel_db: Database, key_ring: KeyRing, state: CustomerState
) -> None:
    number = await counter.registered()
    await follow(parcel_db, moved(number, 2, state))
    before = (await counter.get(f"/parcels/{number}")).content

    assert refusal(await counter.cancel(number)) == (409, "already-dispatched")

    assert (await counter.get(f"/parcels/{number}")).content == before
    assert len(await told.events(parcel_db, key_ring, number)) == 2


async def test_an_accepted_parcel_can_be_cancelled_after_tracking_said_so(
    counter: Counter, parcel_db: Database
) -> None:
    number = await counter.registered()
    await follow(parcel_db, moved(number, 1, CustomerState.ACCEPTED))

    assert (await counter.cancel(number)).status_code == 200


@pytest.mark.parametrize("collecting_office", [AWAY, THIRD])
async def test_another_office_cannot_cancel_even_where_the_parcel_will_wait(
    counter: Counter, parcel_db: Database, key_ring: KeyRing, collecting_office: str
) -> None:
    number = await counter.registered(collecting_office=collecting_office)

    assert refusal(await counter.cancel(number, by=AWAY)) == (404, "parcel-not-found")

    assert len(await told.events(parcel_db, key_ring, number)) == 2


async def test_a_number_never_given_out_cannot_be_cancelled(counter: Counter) -> None:
    assert refusal(await counter.cancel("RR473124829GB")) == (404, "parcel-not-found")
    assert refusal(await counter.cancel("RR473124828GB")) == (422, "invalid-item-number")


async def test_the_auditor_cancels_nothing(counter: Counter) -> None:
    number = await counter.registered()

    assert refusal(await counter.cancel(number, Role.AUDITOR)) == (403, "role-refused")
    assert (await counter.get(f"/parcels/{number}", Role.AUDITOR)).json()["state"] == "accepted"
