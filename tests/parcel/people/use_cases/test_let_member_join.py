"""Who lets whom act for a shop that stands already, and what its owners see of it."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from services.parcel.people.domain.staff import Staff
from services.parcel.people.use_cases.add_staff import add_staff
from services.parcel.people.use_cases.close_shop import close_shop
from shared.access.roles import Actor, Role
from shared.clock import now
from shared.db.connection import Database
from shared.ids import new_id
from tests.access.signed_in import actor_id, good
from tests.parcel.bodies import AWAY, HOME, keyed
from tests.parcel.counter import Counter, refusal
from tests.parcel.people.shop import Owner, opened
from tests.parcel.pricing.waiting import until_somebody_waits

PHONE, E164 = "012 555 666", "+85512555666"


async def add(
    owner: Owner, headers: dict[str, str], role: str = "owner", phone: str = PHONE, name: str = "Chan Thida"
) -> httpx.Response:
    body = {"name": name, "phone": phone, "role": role}
    path = f"/traders/{owner.trader_id}/members"
    return await owner.counter.client.post(path, json=body, headers=headers | keyed())


async def remove(owner: Owner, headers: dict[str, str], member_id: str) -> httpx.Response:
    return await owner.counter.client.put(f"/traders/{owner.trader_id}/members/{member_id}/disabled", headers=headers)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.OFFICE_MANAGER, Role.ADMINISTRATOR])
async def test_those_above_the_clerk_set_owners(counter: Counter, owner: Owner, role: Role) -> None:
    headers = counter.signed_in(role)
    added = await add(owner, headers)

    assert added.status_code == 201, added.text
    assert (await remove(owner, headers, added.json()["member_id"])).status_code == 204


async def test_a_clerk_sets_members_and_no_owner(counter: Counter, owner: Owner) -> None:
    other = (await add(owner, owner.headers)).json()["member_id"]
    headers = counter.signed_in(Role.CLERK)

    assert refusal(await add(owner, headers, phone="012 777 888")) == (403, "supervisor-needed")
    assert refusal(await remove(owner, headers, other)) == (403, "supervisor-needed")
    member = await add(owner, headers, "member", "012 777 888")
    assert member.status_code == 201
    assert (await remove(owner, headers, member.json()["member_id"])).status_code == 204
    members = (await owner.ask("GET", "")).json()["members"]
    assert [one["disabled_at"] is None for one in members] == [True, True, False]


async def test_a_supervisor_elsewhere_finds_no_shop(counter: Counter, owner: Owner) -> None:
    headers = counter.signed_in(Role.SUPERVISOR, AWAY)
    assert refusal(await add(owner, headers)) == (404, "trader-not-found")
    assert refusal(await remove(owner, headers, owner.session["actor"])) == (404, "trader-not-found")


async def test_owners_see_who_let_whom_join_and_who_removed_them(counter: Counter, owner: Owner) -> None:
    by_post = counter.signed_in(Role.SUPERVISOR)
    first = (await add(owner, by_post)).json()
    second = (await add(owner, owner.headers, "member", "012 777 888")).json()
    await remove(owner, owner.headers, second["member_id"])
    await remove(owner, by_post, second["member_id"])

    seen = (await owner.ask("GET", "")).json()["members"]

    clerk, supervisor, themselves = actor_id(Role.CLERK, HOME), actor_id(Role.SUPERVISOR, HOME), owner.session["actor"]
    assert [(one["added_by"], one["disabled_by"]) for one in seen] == [
        (clerk, None),
        (supervisor, None),
        (themselves, themselves),
    ]
    assert seen[1]["added_at"] == first["added_at"]
    ids = {one["member_id"] for one in seen}
    assert [one["added_by"] in ids for one in seen] == [False, False, True]


async def test_who_was_there_before_it_was_kept_has_nobody_who_let_them_in(owner: Owner, parcel_db: Database) -> None:
    async with parcel_db.connection() as connection:
        await connection.execute("update trader_member set added_by = null")
    (member,) = (await owner.ask("GET", "")).json()["members"]
    assert (member["added_by"], member["disabled_by"]) == (None, None)


async def of_the_staff(app: FastAPI, counter: Counter, role: Role, phone: str | None) -> dict[str, str]:
    """Let somebody with a phone work at the home office; returns the headers of their requests."""
    person = Staff(new_id(), f"{role} {phone}", "no hash", role, HOME, phone=phone)
    service = app.state.service
    async with service.database.transaction() as tx:
        await add_staff(tx, service.outbox, person)
    await service.directory.refresh(service.database)
    return good(counter.key, str(person.staff_id))


@pytest.mark.parametrize("role", [Role.CLERK, Role.SUPERVISOR])
async def test_nobody_of_the_staff_lets_themselves_act_for_a_shop(
    app: FastAPI, counter: Counter, owner: Owner, role: Role
) -> None:
    themselves, colleague = [await of_the_staff(app, counter, role, phone) for phone in (E164, None)]

    assert refusal(await add(owner, themselves, "member")) == (403, "own-phone")
    body = {"shop_name": "Mine", "identity_kind": "other", "identity_number": "1"}
    mine = body | {"owner": {"name": "Sok Dara", "phone": PHONE}}
    answer = await counter.client.post("/traders", json=mine, headers=themselves | keyed())
    assert refusal(answer) == (403, "own-phone")

    assert (await add(owner, themselves, "member", "012 777 888")).status_code == 201
    assert (await add(owner, colleague, "member")).status_code == 201


async def test_nobody_joins_a_shop_that_is_closed(counter: Counter, owner: Owner) -> None:
    headers = counter.signed_in(Role.OFFICE_MANAGER)
    assert (await counter.client.put(f"/traders/{owner.trader_id}/disabled", headers=headers)).status_code == 204

    assert refusal(await add(owner, headers)) == (409, "shop-closed")
    assert (await opened(counter, owner={"name": "Chan Thida", "phone": PHONE})).status_code == 201


async def test_who_joins_while_the_shop_closes_is_refused_and_keeps_the_phone_free(
    app: FastAPI, counter: Counter, owner: Owner, parcel_db: Database
) -> None:
    manager = Actor("manager", Role.OFFICE_MANAGER, HOME)
    async with parcel_db.transaction() as tx:
        await close_shop(tx, app.state.service.outbox, manager, owner.trader_uuid, now())
        joining = asyncio.create_task(add(owner, owner.headers, "member"))
        await until_somebody_waits(parcel_db)

    assert refusal(await joining) == (409, "shop-closed")
    assert (await opened(counter, owner={"name": "Chan Thida", "phone": PHONE})).status_code == 201


@pytest.mark.parametrize(
    ("role", "by", "expected"),
    [
        (Role.OFFICE_MANAGER, HOME, None),
        (Role.ADMINISTRATOR, HOME, None),
        (Role.OFFICE_MANAGER, AWAY, (404, "person-not-found")),
        (Role.CLERK, HOME, (403, "role-refused")),
    ],
)
async def test_a_manager_notes_whose_phone_it_is(
    app: FastAPI, counter: Counter, owner: Owner, role: Role, by: str, expected: tuple[int, str] | None
) -> None:
    themselves = await of_the_staff(app, counter, Role.CLERK, None)
    (clerk,) = (await counter.get("/staff", Role.OFFICE_MANAGER)).json()

    path, headers = f"/staff/{clerk['staff_id']}/phone", counter.signed_in(role, by)
    noted = await counter.client.put(path, json={"phone": PHONE}, headers=headers)

    joined = await add(owner, themselves, "member")
    if expected is None:
        assert (noted.status_code, refusal(joined)) == (204, (403, "own-phone"))
    else:
        assert (refusal(noted), joined.status_code) == (expected, 201)


async def test_who_is_hired_with_a_phone_does_not_let_themselves_in(counter: Counter, owner: Owner) -> None:
    body = {"name": "sok dara", "role": "clerk", "office": HOME, "passphrase": "four words of mine", "phone": PHONE}
    hired = await counter.client.post("/staff", json=body, headers=counter.signed_in(Role.OFFICE_MANAGER) | keyed())
    assert (hired.status_code, hired.json()["phone"]) == (201, E164)
    session = await counter.client.post("/sessions", json={"name": "sok dara", "passphrase": "four words of mine"})

    themselves = {"Authorization": f"Bearer {session.json()['token']}"}
    assert refusal(await add(owner, themselves, "member")) == (403, "own-phone")
    assert refusal(await add(owner, themselves, "member", "+855 12 555 666")) == (403, "own-phone")
