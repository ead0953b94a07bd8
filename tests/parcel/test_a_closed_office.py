"""An office closes: from that day on nothing is taken in there, quoted for it, or sent to wait there."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from shared.access.roles import Role
from shared.clock import LOCAL, now
from shared.db.connection import Database
from shared.sealing import KeyRing
from tests.parcel.bodies import AWAY, HOME, THIRD, abroad, keyed, parcel_body
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.customs.desk import hand_body, itmatt_body
from tests.parcel.people.shop import owner_of_a_shop

TODAY = now().astimezone(LOCAL).date()


async def close(counter: Counter, office: str, **values: Any) -> None:
    body = {"name_km": "x", "name_en": "x", "office_kind": "ctc", "district_code": "2101"} | values
    headers = counter.signed_in(Role.ADMINISTRATOR)
    assert (await counter.client.put(f"/offices/{office}", json=body, headers=headers)).status_code == 200


async def quote(counter: Counter, **values: Any) -> httpx.Response:
    body = {"office": HOME, "collecting_office": THIRD, "weight_g": 1_000} | values
    return await counter.client.post("/quotes", json=body, headers=counter.signed_in())


async def take_in(counter: Counter, path: str, body: dict[str, Any], key: str | None = None) -> httpx.Response:
    return await counter.client.post(f"/inbound-items{path}", json=body, headers=counter.signed_in() | keyed(key))


@pytest.mark.parametrize(("office", "field"), [(HOME, "office"), (THIRD, "collecting_office")])
async def test_nothing_is_registered_quoted_or_taken_in_at_a_closed_office(
    counter: Counter, office: str, field: str
) -> None:
    await close(counter, office, closed=True)
    refused = [
        await counter.register(),
        await quote(counter),
        await take_in(counter, "", hand_body(collecting_office=THIRD)),
        await take_in(counter, "/advance-data", {"itmatt": itmatt_body(), "collecting_office": THIRD}),
    ]
    assert [problems(answer) for answer in refused] == [[(field, "office-closed")]] * len(refused)


async def test_until_its_day_everything_goes_on(counter: Counter) -> None:
    await close(counter, THIRD, closes_on=str(TODAY + timedelta(days=1)))

    assert (await counter.register()).status_code == 201
    assert (await quote(counter)).status_code == 200
    assert problems(await quote(counter, day=str(TODAY + timedelta(days=1)))) == [
        ("collecting_office", "office-closed")
    ]


async def test_an_amount_of_the_time_before_is_reckoned_again(counter: Counter) -> None:
    await close(counter, HOME, closed=True)

    assert (await quote(counter, day=str(TODAY - timedelta(days=1)))).status_code == 200


async def test_another_office_goes_on_and_what_was_promised_stays(counter: Counter) -> None:
    promised = await counter.register(key="before")
    await close(counter, HOME, closed=True)

    again = await counter.register(key="before")
    assert (again.status_code, again.content) == (201, promised.content)
    elsewhere = await counter.register(abroad(office=AWAY), by=AWAY)
    assert elsewhere.status_code == 201, elsewhere.text
    assert (await counter.get(f"/parcels/{promised.json()['item_number']}")).status_code == 200


@pytest.mark.parametrize("closed", [HOME, THIRD])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("", hand_body(collecting_office=THIRD)),
        ("/advance-data", {"itmatt": itmatt_body(), "collecting_office": THIRD}),
    ],
)
async def test_what_was_taken_in_before_is_answered_alike_after(
    counter: Counter, path: str, body: dict[str, Any], closed: str
) -> None:
    taken = await take_in(counter, path, body, key="before")
    assert taken.status_code == 201, taken.text
    await close(counter, closed, closed=True)

    again = await take_in(counter, path, body, key="before")

    assert (again.status_code, again.content) == (201, taken.content)
    another = await take_in(counter, path, body | {"office": HOME}, key="before")
    assert refusal(another) == (422, "idempotency-key-reused")


async def test_a_practice_parcel_is_answered_alike_after(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    owner = await owner_of_a_shop(counter, parcel_db, key_ring)
    secret = (await owner.key(practice=True, scopes=["parcels:write"]))["secret"]
    headers = {"Authorization": f"Bearer {secret}"} | keyed()

    async def register() -> httpx.Response:
        return await counter.client.post("/practice/parcels", json=parcel_body(), headers=headers)

    made = await register()
    assert made.status_code == 201, made.text
    await close(counter, HOME, closed=True)

    again = await register()

    assert (again.status_code, again.content) == (201, made.content)


async def test_one_that_opens_again_takes_in_again(counter: Counter, app: FastAPI) -> None:
    await close(counter, HOME, closed=True)
    assert not app.state.service.directory.offices[HOME].takes_in(TODAY)
    await close(counter, HOME)

    assert (await counter.register(parcel_body())).status_code == 201
