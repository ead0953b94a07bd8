"""Practice over HTTP: whole, and sealed off from what is live."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.parcel.practice.domain.walks import WALKS
from services.parcel.practice.use_cases.erase_practice_parcels import erase_practice_parcels
from shared.clock import now
from shared.db.connection import Database
from shared.s10 import ItemNumber
from shared.sealing import KeyRing
from tests.parcel import told
from tests.parcel.bodies import keyed, parcel_body, person
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.people.shop import Owner, owner_of_a_shop

SCOPES = ["parcels:read", "parcels:write"]


@pytest.fixture
async def owner(counter: Counter, parcel_db: Database, key_ring: KeyRing) -> Owner:
    return await owner_of_a_shop(counter, parcel_db, key_ring)


@pytest.fixture
async def practice(owner: Owner) -> dict[str, str]:
    return bearer((await owner.key(practice=True, scopes=SCOPES))["secret"])


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


async def registered(counter: Counter, headers: dict[str, str], **values: Any) -> httpx.Response:
    return await counter.client.post("/practice/parcels", json=parcel_body(**values), headers=headers | keyed())


@pytest.mark.parametrize("phone", WALKS)
async def test_a_parcel_walks_the_way_of_its_phone(counter: Counter, practice: dict[str, str], phone: str) -> None:
    made = await registered(counter, practice, recipient=person(phone=phone))
    number = made.json()["item_number"]
    seen = [made.json()["state"]]
    for _ in WALKS[phone]:
        stepped = await counter.client.post(f"/practice/parcels/{number}/steps", headers=practice)
        read = await counter.client.get(f"/practice/parcels/{number}", headers=practice)
        assert stepped.json() == read.json()
        seen.append(read.json()["state"])
    assert number.startswith("ZP")
    assert seen == [state.value for state in WALKS[phone]] + [WALKS[phone][-1].value]


async def test_nothing_of_practice_is_live(
    counter: Counter, owner: Owner, practice: dict[str, str], parcel_db: Database, key_ring: KeyRing
) -> None:
    before = len(await told.events(parcel_db, key_ring))
    number = (await registered(counter, practice)).json()["item_number"]

    assert len(await told.events(parcel_db, key_ring)) == before
    assert refusal(await counter.get(f"/parcels/{number}")) == (404, "parcel-not-found")
    assert (await counter.get("/parcels")).json()["parcels"] == []
    live = bearer((await owner.key(scopes=["parcels:read"]))["secret"])
    for headers in (live, owner.headers):
        answer = await counter.client.get(f"/practice/parcels/{number}", headers=headers)
        assert refusal(answer) == (403, "practice-key-needed")
    assert refusal(await counter.client.get(f"/parcels/{number}", headers=practice)) == (403, "practice-refused")


async def test_a_practice_parcel_is_the_shops_own(
    counter: Counter, practice: dict[str, str], parcel_db: Database, key_ring: KeyRing
) -> None:
    number = (await registered(counter, practice)).json()["item_number"]
    other = await owner_of_a_shop(counter, parcel_db, key_ring, phone="012 333 444")
    headers = bearer((await other.key(practice=True, scopes=SCOPES))["secret"])

    for method, path in (("GET", ""), ("POST", "/steps")):
        answer = await counter.client.request(method, f"/practice/parcels/{number}{path}", headers=headers)
        assert refusal(answer) == (404, "practice-parcel-not-found")
    assert (await counter.client.get("/practice/parcels", headers=headers)).json() == []
    assert len((await counter.client.get("/practice/parcels", headers=practice)).json()) == 1


async def test_the_same_key_and_body_make_one_practice_parcel(counter: Counter, practice: dict[str, str]) -> None:
    headers = practice | keyed()
    answers = [await counter.client.post("/practice/parcels", json=parcel_body(), headers=headers) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert len((await counter.client.get("/practice/parcels", headers=practice)).json()) == 1


STICKER = str(ItemNumber("ZP", 7, "KH"))


async def test_a_sticker_of_practice_gives_its_number_once(counter: Counter, practice: dict[str, str]) -> None:
    headers = practice | keyed()
    body = parcel_body(item_number=f" {STICKER.lower()} ")
    answers = [await counter.client.post("/practice/parcels", json=body, headers=headers) for _ in range(2)]
    assert answers[0].json()["item_number"] == STICKER
    assert answers[0].content == answers[1].content
    assert refusal(await registered(counter, practice, item_number=STICKER)) == (409, "sticker-used")
    assert len((await counter.client.get("/practice/parcels", headers=practice)).json()) == 1


@pytest.mark.parametrize("number", [str(ItemNumber("PD", 7, "KH")), str(ItemNumber("ZP", 7, "FR"))])
async def test_a_number_that_could_be_a_live_one_is_refused_in_practice(
    counter: Counter, practice: dict[str, str], number: str
) -> None:
    answer = await registered(counter, practice, item_number=number)
    assert problems(answer) == [("item_number", "not-for-practice")]
    assert refusal(await registered(counter, practice, item_number=f"{STICKER[:-3]}XKH")) == (
        422,
        "invalid-item-number",
    )


async def test_options_are_practised_too(counter: Counter, practice: dict[str, str]) -> None:
    made = (await registered(counter, practice, options=["door_delivery"])).json()
    read = (await counter.client.get(f"/practice/parcels/{made['item_number']}", headers=practice)).json()
    assert made["postage"]["options"] == read["postage"]["options"] == ["door_delivery"]


async def test_a_practice_parcel_costs_what_a_live_one_does(counter: Counter, practice: dict[str, str]) -> None:
    paid: dict[str, Any] = {"payer": "cod", "cod": {"amount_minor": 50_000, "currency": "KHR"}}
    live = (await counter.register(parcel_body(**paid))).json()

    made = (await registered(counter, practice, **paid)).json()
    read = (await counter.client.get(f"/practice/parcels/{made['item_number']}", headers=practice)).json()

    assert made["postage"] == read["postage"] == live["postage"]
    assert (await registered(counter, practice, payer="cod")).status_code == 422


async def test_what_a_counter_would_refuse_is_refused_in_practice(counter: Counter, practice: dict[str, str]) -> None:
    assert refusal(await registered(counter, practice, weight_g=99_000)) == (422, "invalid-request")
    assert refusal(await registered(counter, practice, office=None)) == (422, "invalid-request")


async def test_practice_is_forgotten_as_a_whole(
    counter: Counter, practice: dict[str, str], parcel_db: Database
) -> None:
    old, new = [(await registered(counter, practice)).json()["item_number"] for _ in range(2)]
    kept_for = timedelta(days=180)
    async with parcel_db.transaction() as tx:
        await tx.execute("update practice_parcel set made_at = now() - $1::interval", kept_for + timedelta(hours=1))
        await tx.execute("update practice_parcel set made_at = now() where item_number = $1", new)
        assert [await erase_practice_parcels(tx, kept_for, now()) for _ in range(2)] == [1, 0]

    listed = (await counter.client.get("/practice/parcels", headers=practice)).json()

    assert [one["item_number"] for one in listed] == [new]
    gone = await counter.client.get(f"/practice/parcels/{old}", headers=practice)
    assert refusal(gone) == (404, "practice-parcel-not-found")
