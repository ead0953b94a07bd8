"""Reading and finding: what an office may see, and pages that stay as they are."""

import base64
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from shared.access.roles import Role
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from tests.parcel.bodies import AWAY, HOME, SENDER, parcel_body, person
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.moved import follow, moved


async def numbers(counter: Counter, role: Role = Role.CLERK, by: str = HOME, **parameters: Any) -> list[str]:
    answer = await counter.get("/parcels", role, by, **parameters)
    assert answer.status_code == 200, answer.text
    return [parcel["item_number"] for parcel in answer.json()["parcels"]]


async def test_an_office_reads_what_it_posted_and_the_others_find_nothing(counter: Counter) -> None:
    number = await counter.registered()

    own = await counter.get(f"/parcels/{number}")
    foreign = await counter.get(f"/parcels/{number}", by=AWAY)
    unknown = await counter.get("/parcels/RR473124829GB", by=AWAY)

    assert (own.status_code, own.json()["sender"]["name"]) == (200, SENDER)
    assert refusal(foreign) == refusal(unknown) == (404, "parcel-not-found")
    assert foreign.content == unknown.content


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
async def test_the_auditor_and_the_administrator_read_every_parcel(counter: Counter, role: Role) -> None:
    number = await counter.registered()

    assert (await counter.get(f"/parcels/{number}", role)).status_code == 200
    assert await numbers(counter, role) == [number]


async def test_another_role_without_an_office_reads_nothing(counter: Counter) -> None:
    number = await counter.registered()

    assert refusal(await counter.get(f"/parcels/{number}", Role.DISTRICT)) == (404, "parcel-not-found")
    assert refusal(await counter.get("/parcels", Role.DISTRICT)) == (403, "other-office")


async def test_the_office_where_it_will_wait_sees_it_and_so_does_the_one_that_holds_it(
    counter: Counter, parcel_db: Database
) -> None:
    to_away = await counter.registered(collecting_office=AWAY)
    passing = await counter.registered()
    assert await numbers(counter, by=AWAY) == [to_away]

    await follow(parcel_db, moved(passing, 2, CustomerState.IN_TRANSIT, office=AWAY))

    assert set(await numbers(counter, by=AWAY)) == {to_away, passing}
    assert (await counter.get(f"/parcels/{passing}", by=AWAY)).status_code == 200


async def test_a_clerk_who_asks_for_another_office_is_refused(counter: Counter) -> None:
    own = await counter.registered()
    answer = await counter.register(parcel_body(office=AWAY), by=AWAY)

    assert refusal(await ask_for(counter, AWAY)) == (403, "other-office")
    assert await numbers(counter) == await numbers(counter, office=HOME) == [own]
    assert await numbers(counter, Role.AUDITOR, office=AWAY) == [answer.json()["item_number"]]


async def ask_for(counter: Counter, office: str) -> httpx.Response:
    return await counter.get("/parcels", office=office)


@pytest.mark.parametrize("typed", ["rr 473-124 829 gb", " RR473124829GB "])
async def test_a_number_is_understood_however_it_is_typed(counter: Counter, typed: str) -> None:
    assert refusal(await counter.get(f"/parcels/{typed}")) == (404, "parcel-not-found")


async def test_a_number_with_a_wrong_check_digit_is_told_so(counter: Counter) -> None:
    assert problems(await counter.get("/parcels/RR473124828GB")) == [("item_number", "check-digit")]


@pytest.mark.parametrize("phone", ["097 123 4567", "០៩៧ ១២៣ ៤៥៦៧", "+855971234567", "855 97 123 4567"])
async def test_a_phone_finds_both_what_a_person_gets_and_what_they_sent(counter: Counter, phone: str) -> None:
    gets = await counter.registered()
    sent = await counter.registered(sender=person(), recipient=person(phone="011 222 333"))
    await counter.registered(recipient=person(phone="011 222 333"))

    assert set(await numbers(counter, phone=phone)) == {gets, sent}
    assert await numbers(counter, by=AWAY, phone=phone) == []


async def test_order_reference_and_state_narrow_the_list(counter: Counter, parcel_db: Database) -> None:
    first = await counter.registered(order_reference="A-1")
    second = await counter.registered(order_reference="A-2")
    await follow(parcel_db, moved(second, 2, CustomerState.HELD))

    assert await numbers(counter, order_reference="A-1") == [first]
    assert await numbers(counter, state="held") == [second]
    assert await numbers(counter, state="held", order_reference="A-1") == []


async def test_pages_neither_skip_nor_repeat_while_parcels_are_added(counter: Counter) -> None:
    old = [await counter.registered() for _ in range(7)]
    seen: list[str] = []
    parameters: dict[str, str | int] = {"limit": 3}
    for _ in range(3):
        page = (await counter.get("/parcels", **parameters)).json()  # type: ignore[arg-type]  # no role among them
        seen += [parcel["item_number"] for parcel in page["parcels"]]
        parameters["cursor"] = page["next_cursor"] or ""
        await counter.registered()

    assert seen == old[::-1]
    assert page["next_cursor"] is None


async def test_parcels_of_the_same_instant_are_paged_by_number(counter: Counter, parcel_db: Database) -> None:
    known = {await counter.registered() for _ in range(5)}
    async with parcel_db.connection() as connection:
        await connection.execute("update parcel set registered_at = '2026-03-02T05:00:00.123456Z'")
    seen: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(5):
        page = (await counter.get("/parcels", limit=1, **cursor)).json()  # type: ignore[arg-type]
        seen += [parcel["item_number"] for parcel in page["parcels"]]
        cursor = {"cursor": page["next_cursor"]}

    assert seen == sorted(known, reverse=True)


def cursor_of(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "%%%",
        "é",
        cursor_of("no cursor"),
        cursor_of("2026-03-02T05:00:00+00:00"),
        cursor_of("2026-03-02T05:00:00+00:00 RR473124829GB more"),
        cursor_of("2026-03-02T05:00:00+00:00 a\x00b"),
        cursor_of("2026-03-02T05:00:00+00:00 RR473124828GB"),
        cursor_of("0001-01-01T00:00:00+14:00 RR473124829GB"),
        cursor_of("9999-12-31T23:59:59-14:00 RR473124829GB"),
    ],
)
async def test_a_cursor_of_ones_own_making_is_refused(counter: Counter, cursor: str) -> None:
    answer = await counter.get("/parcels", cursor=cursor)

    assert (answer.status_code, problems(answer)) == (422, [("cursor", "not-a-cursor")])


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 201}, "limit"),
        ({"state": "lost at sea"}, "state"),
        ({"phone": "12"}, "phone"),
        ({"phone": "a\x00b"}, "phone"),
        ({"order_reference": "a\x00b"}, "order_reference"),
        ({"office": "a"}, "office"),
    ],
    ids=str,
)
async def test_a_search_that_cannot_be_is_refused_by_field(
    counter: Counter, parameters: dict[str, str | int], field: str
) -> None:
    answer = await counter.client.get("/parcels", params=parameters, headers=counter.signed_in())

    assert answer.status_code == 422
    assert [named for named, _ in problems(answer)] == [field]


async def test_nobody_reads_without_signing_in(app: FastAPI, counter: Counter) -> None:
    number = await counter.registered()

    for path in ("/parcels", f"/parcels/{number}", "/numbers", "/offices"):
        assert (await counter.client.get(path)).status_code == 401
