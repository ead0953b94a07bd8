"""Staff over HTTP: who lets whom join, and passphrases."""

from typing import Any

import httpx
import pytest

from services.parcel.idempotency.domain.keys import digest
from services.parcel.idempotency.store import requests
from services.parcel.people.domain.sign_in_tries import FREE_TRIES
from shared.access.roles import Role
from shared.db.connection import Database
from tests.access.signed_in import actor_id
from tests.parcel.bodies import AWAY, HOME, keyed
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.people.second_factors import code_of, enrolled

PASSPHRASE = "four words of mine"


async def hire(counter: Counter, role: Role = Role.OFFICE_MANAGER, by: str = HOME, **values: Any) -> httpx.Response:
    body = {"name": "sok dara", "role": "clerk", "office": HOME, "passphrase": PASSPHRASE} | values
    return await counter.client.post("/staff", json=body, headers=counter.signed_in(role, by) | keyed())


async def signed_in(counter: Counter, passphrase: str = PASSPHRASE) -> httpx.Response:
    return await counter.client.post("/sessions", json={"name": "sok dara", "passphrase": passphrase})


async def test_who_is_hired_signs_in_and_works(counter: Counter) -> None:
    hired = await hire(counter)
    assert hired.status_code == 201, hired.text
    session = (await signed_in(counter)).json()
    headers = {"Authorization": f"Bearer {session['token']}"}
    assert (await counter.client.get("/parcels", headers=headers)).status_code == 200
    names = [person["name"] for person in (await counter.get("/staff", Role.OFFICE_MANAGER)).json()]
    assert names == ["sok dara"]
    assert (await counter.get("/staff", Role.OFFICE_MANAGER, AWAY)).json() == []


@pytest.mark.parametrize("role", ["clerk", "supervisor"])
async def test_a_manager_hires_those_of_the_counter(counter: Counter, role: str) -> None:
    body = {"name": "sok dara", "role": role, "office": HOME, "passphrase": PASSPHRASE}
    headers = counter.signed_in(Role.OFFICE_MANAGER) | keyed()
    assert (await counter.client.post("/staff", json=body, headers=headers)).status_code == 201


@pytest.mark.parametrize("role", ["office_manager", "district"])
async def test_a_manager_hires_nobody_above(counter: Counter, role: str) -> None:
    body = {"name": "sok dara", "role": role, "office": HOME, "passphrase": PASSPHRASE}
    headers = counter.signed_in(Role.OFFICE_MANAGER) | keyed()
    assert refusal(await counter.client.post("/staff", json=body, headers=headers)) == (403, "role-not-yours")


async def test_a_manager_hires_for_no_other_office_an_administrator_for_any(counter: Counter) -> None:
    assert refusal(await hire(counter, office=AWAY)) == (403, "other-office")
    assert (await hire(counter, Role.ADMINISTRATOR, office=AWAY)).status_code == 201


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"office": "TK99X"}, ("office", "unknown-office")),
        ({"office": None}, ("office", "unknown-office")),
        ({"role": "auditor", "office": HOME}, ("office", "not-for-this-role")),
        ({"passphrase": "short"}, ("passphrase", "too-short")),
        ({"passphrase": "aaaaaaaaaaaa"}, ("passphrase", "too-easy")),
        ({"passphrase": "I am Sok Dara!"}, ("passphrase", "too-easy")),
    ],
    ids=str,
)
async def test_what_does_not_fit_is_refused_by_field(
    counter: Counter, values: dict[str, Any], problem: tuple[str, str]
) -> None:
    body = {"name": "sok dara", "role": "clerk", "office": HOME, "passphrase": PASSPHRASE} | values
    headers = counter.signed_in(Role.ADMINISTRATOR) | keyed()
    assert problems(await counter.client.post("/staff", json=body, headers=headers)) == [problem]


async def test_who_was_hired_before_phones_were_asked_for_is_answered_the_same_after_the_upgrade(
    counter: Counter, parcel_db: Database
) -> None:
    body = {"name": "sok dara", "role": "clerk", "office": HOME, "passphrase": PASSPHRASE}
    headers = counter.signed_in(Role.OFFICE_MANAGER) | keyed("k1")
    asked_before = digest(b'{"name":"sok dara","role":"clerk","office":"%s"}' % HOME.encode())
    async with parcel_db.transaction() as tx:
        manager = actor_id(Role.OFFICE_MANAGER, HOME)
        assert await requests.keep(tx, manager, "k1", asked_before, b'{"name":"sok dara"}')

    again = await counter.client.post("/staff", json=body, headers=headers)
    with_phone = await counter.client.post("/staff", json=body | {"phone": "012 999 000"}, headers=headers)

    assert (again.status_code, again.json()) == (201, {"name": "sok dara"})
    assert refusal(with_phone) == (422, "idempotency-key-reused")


async def test_nobody_is_hired_as_a_trader(counter: Counter) -> None:
    body = {"name": "sok dara", "role": "trader", "office": HOME, "passphrase": PASSPHRASE}
    headers = counter.signed_in(Role.ADMINISTRATOR) | keyed()
    assert refusal(await counter.client.post("/staff", json=body, headers=headers)) == (403, "role-not-yours")


async def test_a_changed_passphrase_ends_the_sessions_of_the_old_one(counter: Counter) -> None:
    await hire(counter)
    session = (await signed_in(counter)).json()
    headers = {"Authorization": f"Bearer {session['token']}"}
    body = {"old": PASSPHRASE, "new": "four other words"}

    wrong = await counter.client.put("/staff/me/passphrase", json=body | {"old": "wrong"}, headers=headers)
    assert refusal(wrong) == (401, "sign-in-refused")
    assert (await counter.client.put("/staff/me/passphrase", json=body, headers=headers)).status_code == 204

    renewed = await counter.client.post("/sessions/renewals", json={"session": session["session"]})
    assert refusal(renewed) == (401, "session-ended")
    assert (await signed_in(counter)).status_code == 401
    assert (await signed_in(counter, "four other words")).status_code == 201


async def test_a_manager_resets_those_they_may_manage(counter: Counter) -> None:
    staff_id = (await hire(counter)).json()["staff_id"]
    body = {"passphrase": "four other words"}

    async def reset(role: Role, by: str = HOME) -> httpx.Response:
        return await counter.client.put(f"/staff/{staff_id}/passphrase", json=body, headers=counter.signed_in(role, by))

    assert refusal(await reset(Role.OFFICE_MANAGER, AWAY)) == (404, "person-not-found")
    assert refusal(await reset(Role.CLERK)) == (403, "role-refused")
    assert (await reset(Role.OFFICE_MANAGER)).status_code == 204
    assert (await signed_in(counter, "four other words")).status_code == 201


@pytest.mark.parametrize(
    ("passphrase", "code"),
    [
        ("short", "too-short"),
        ("aaaaaaaaaaaa", "too-easy"),
        ("sok dara 2026", "too-easy"),
        ("it is {staff_id}", "too-easy"),
    ],
)
async def test_a_reset_passphrase_obeys_the_rules_of_one_that_is_chosen(
    counter: Counter, passphrase: str, code: str
) -> None:
    staff_id = (await hire(counter)).json()["staff_id"]
    body = {"passphrase": passphrase.format(staff_id=staff_id)}
    headers = counter.signed_in(Role.OFFICE_MANAGER)

    assert problems(await counter.client.put(f"/staff/{staff_id}/passphrase", json=body, headers=headers)) == [
        ("passphrase", code)
    ]
    elsewhere = await counter.client.put(
        f"/staff/{staff_id}/passphrase", json=body, headers=counter.signed_in(Role.OFFICE_MANAGER, AWAY)
    )
    assert refusal(elsewhere) == (404, "person-not-found")
    assert (await signed_in(counter)).status_code == 201


async def test_a_manager_cannot_reset_another_managers_passphrase(counter: Counter) -> None:
    body = {"name": "boss", "role": "office_manager", "office": HOME, "passphrase": PASSPHRASE}
    headers = counter.signed_in(Role.ADMINISTRATOR) | keyed()
    boss = (await counter.client.post("/staff", json=body, headers=headers)).json()
    reset = await counter.client.put(
        f"/staff/{boss['staff_id']}/passphrase",
        json={"passphrase": "four other words"},
        headers=counter.signed_in(Role.OFFICE_MANAGER),
    )
    assert refusal(reset) == (403, "role-not-yours")


CHANGE = ("/staff/me/passphrase", {"old": PASSPHRASE, "new": "four other words"}, "old")
ENROL = ("/staff/me/second-factor", {"passphrase": PASSPHRASE}, "passphrase")
ON_ONESELF = pytest.mark.parametrize(("path", "body", "proof"), [CHANGE, ENROL], ids=["passphrase", "second factor"])


async def at_work(counter: Counter) -> dict[str, str]:
    """Let somebody work here who is signed in; returns the headers of their requests."""
    assert (await hire(counter)).status_code == 201
    return {"Authorization": f"Bearer {(await signed_in(counter)).json()['token']}"}


@ON_ONESELF
async def test_a_token_without_the_passphrase_changes_nothing(
    counter: Counter, parcel_db: Database, path: str, body: dict[str, str], proof: str
) -> None:
    headers = await at_work(counter)
    without = {name: value for name, value in body.items() if name != proof}

    assert problems(await counter.client.put(path, json=without, headers=headers)) == [(proof, "missing")]
    wrong = await counter.client.put(path, json=body | {proof: "wrong"}, headers=headers)

    assert refusal(wrong) == (401, "sign-in-refused")
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select totp_sealed from staff where name = 'sok dara'") is None
    assert (await signed_in(counter)).status_code == 201


@ON_ONESELF
async def test_tries_inside_wait_like_those_at_the_door_and_count_with_them(
    counter: Counter, path: str, body: dict[str, str], proof: str
) -> None:
    headers = await at_work(counter)
    tried = [await counter.client.put(path, json=body | {proof: "wrong"}, headers=headers) for _ in range(FREE_TRIES)]
    assert [answer.status_code for answer in tried] == [401] * FREE_TRIES

    assert refusal(await counter.client.put(path, json=body, headers=headers)) == (429, "too-many-tries")
    assert refusal(await signed_in(counter)) == (429, "too-many-tries")


@ON_ONESELF
async def test_the_right_passphrase_forgets_the_wrong_ones(
    counter: Counter, parcel_db: Database, path: str, body: dict[str, str], proof: str
) -> None:
    headers = await at_work(counter)
    await counter.client.put(path, json=body | {proof: "wrong"}, headers=headers)
    assert (await counter.client.put(path, json=body, headers=headers)).is_success
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select count(*) from sign_in_try") == 0


@ON_ONESELF
async def test_where_there_is_a_second_factor_its_code_is_asked_for(
    counter: Counter, path: str, body: dict[str, str], proof: str
) -> None:
    headers = await at_work(counter)
    code = code_of(await enrolled(counter, headers, **ENROL[1]), 1)
    wrong = "000000" if code != "000000" else "111111"

    assert refusal(await counter.client.put(path, json=body, headers=headers)) == (401, "code-needed")
    refused = await counter.client.put(path, json=body | {"code": wrong}, headers=headers)
    assert refusal(refused) == (401, "sign-in-refused")
    assert (await counter.client.put(path, json=body | {"code": code}, headers=headers)).is_success
    again = await counter.client.put(path, json=body | {"code": code}, headers=headers)
    assert refusal(again) == (401, "sign-in-refused")
