"""Keys of a shop over HTTP: shown once, kept as a hash, bounded by scopes, replaced and revoked."""

import hashlib

import httpx
import pytest
from fastapi import FastAPI

from shared.access.scopes import OF_LIVE_KEYS, OF_PRACTICE_KEYS, Scope
from shared.contracts.directory import ApiKeyV1
from shared.db.connection import Database
from shared.sealing import KeyRing
from shared.web.quotas import Quotas
from tests.parcel import told
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.people.shop import Owner


async def by_key(owner: Owner, secret: str, path: str = "/addresses") -> httpx.Response:
    headers = {"Authorization": f"Bearer {secret}"}
    return await owner.counter.client.get(f"/traders/{owner.trader_id}{path}", headers=headers)


async def test_a_key_opens_what_its_scope_says_and_nothing_else(owner: Owner) -> None:
    key = await owner.key(scopes=["addresses"])
    other = await owner.key(scopes=["quotes:read"])

    assert (await by_key(owner, key["secret"])).status_code == 200
    assert refusal(await by_key(owner, other["secret"])) == (403, "scope-refused")
    for path in ("", "/keys"):
        assert refusal(await by_key(owner, key["secret"], path)) == (403, "scope-refused")


async def test_a_key_is_shown_once_and_kept_as_a_hash(owner: Owner, parcel_db: Database, key_ring: KeyRing) -> None:
    key = await owner.key()
    listed = (await owner.ask("GET", "/keys")).json()

    assert key["secret"].startswith("ctcpost_live_")
    assert [one["key_id"] for one in listed] == [key["key_id"]]
    assert all(key["secret"] not in str(one) and one["prefix"] == key["secret"][:20] for one in listed)
    async with parcel_db.connection() as connection:
        row = await connection.fetchval("select k::text from api_key as k")
    assert key["secret"] not in row
    entries = [event for event in await told.events(parcel_db, key_ring) if isinstance(event, ApiKeyV1)]
    assert [entry.secret_sha256 for entry in entries] == [hashlib.sha256(key["secret"].encode()).hexdigest()]


async def test_a_key_says_which_member_made_it(owner: Owner) -> None:
    key = await owner.key()
    [member] = (await owner.ask("GET", "")).json()["members"]
    [listed] = (await owner.ask("GET", "/keys")).json()

    assert key["made_by"] == listed["made_by"] == member["member_id"]


async def test_a_practice_key_is_refused_by_live_routes(owner: Owner) -> None:
    key = await owner.key(practice=True, scopes=["parcels:read"])
    assert key["secret"].startswith("ctcpost_test_")
    answer = await owner.counter.client.get("/parcels", headers={"Authorization": f"Bearer {key['secret']}"})
    assert refusal(answer) == (403, "practice-refused")


LOOKED_UP = ("/offices", "/places", "/places?within=21", "/places/search?q=Takeo", "/places/210802")


@pytest.mark.parametrize(
    ("practice", "scope"),
    [*((False, scope) for scope in sorted(OF_LIVE_KEYS)), *((True, scope) for scope in sorted(OF_PRACTICE_KEYS))],
)
async def test_a_key_of_any_scope_looks_up_the_codes_that_it_is_to_name(
    owner: Owner, practice: bool, scope: Scope
) -> None:
    key = await owner.key(practice=practice, scopes=[scope])
    headers = {"Authorization": f"Bearer {key['secret']}"}

    for path in LOOKED_UP:
        answer = await owner.counter.client.get(path, headers=headers)
        assert (answer.status_code, bool(answer.json())) == (200, True), path
        assert "RateLimit" in answer.headers
    path = f"/traders/{owner.trader_id}/keys/{key['key_id']}/revoked"
    assert (await owner.counter.client.put(path, headers=owner.headers)).status_code == 204
    assert {(await owner.counter.client.get(path, headers=headers)).status_code for path in LOOKED_UP} == {401}


@pytest.mark.parametrize("practice", [False, True])
@pytest.mark.parametrize("scope", Scope)
async def test_a_key_is_made_for_nothing_that_opens_nothing(owner: Owner, scope: Scope, practice: bool) -> None:
    body = {"label": "our web shop", "scopes": ["parcels:read", scope], "practice": practice}
    made = await owner.ask("POST", "/keys", body)

    if scope in (OF_PRACTICE_KEYS if practice else OF_LIVE_KEYS):
        assert made.status_code == 201, made.text
    else:
        assert problems(made) == [("scopes.1", "opens-nothing")]
        assert (await owner.ask("GET", "/keys")).json() == []


async def test_a_revoked_key_is_refused_at_once(owner: Owner) -> None:
    key = await owner.key()
    for _ in range(2):
        assert (await owner.ask("PUT", f"/keys/{key['key_id']}/revoked")).status_code == 204
    assert refusal(await by_key(owner, key["secret"])) == (401, "token-refused")


@pytest.mark.parametrize(("hours", "old_status"), [(24, 200), (0, 401)])
async def test_a_rotated_key_works_beside_the_new_one_for_a_while(owner: Owner, hours: int, old_status: int) -> None:
    old = await owner.key()
    new = await owner.ask("POST", f"/keys/{old['key_id']}/rotation", {"old_lives_hours": hours})

    assert (new.status_code, new.json()["scopes"]) == (201, old["scopes"])
    assert (await by_key(owner, new.json()["secret"])).status_code == 200
    assert (await by_key(owner, old["secret"])).status_code == old_status
    again = await owner.ask("POST", f"/keys/{old['key_id']}/rotation", {"old_lives_hours": 100})
    assert again.status_code == (201 if hours else 409)
    ends = {key["key_id"]: key["expires_at"] for key in (await owner.ask("GET", "/keys")).json()}
    assert ends[old["key_id"]] is not None
    assert ends[new.json()["key_id"]] is None


async def test_a_secret_that_is_nearly_right_is_refused(owner: Owner) -> None:
    key = await owner.key()
    for wrong in (key["secret"][:-1], key["secret"] + "A", key["secret"].swapcase(), "ctcpost_live_", "ctcpost_test_x"):
        assert (await by_key(owner, wrong)).status_code == 401


async def test_a_member_of_staff_makes_no_key_for_a_shop(owner: Owner, counter: Counter) -> None:
    body = {"label": "x", "scopes": ["addresses"]}
    path = f"/traders/{owner.trader_id}/keys"
    answer = await counter.client.post(path, json=body, headers=counter.signed_in())
    assert refusal(answer) == (403, "role-refused")


async def test_a_key_is_told_its_quota_with_refusals_too(owner: Owner) -> None:
    key = await owner.key()
    answers = [
        await owner.counter.client.get(path, headers={"Authorization": f"Bearer {key['secret']}"})
        for path in ("/parcels", f"/traders/{owner.trader_id}/addresses?cursor=x")
    ]
    assert [refusal(answer)[0] for answer in answers] == [403, 422]
    assert all({"ratelimit", "ratelimit-policy"} <= answer.headers.keys() for answer in answers)


async def test_a_key_is_told_its_quota_and_refused_beyond_it(owner: Owner, app: FastAPI) -> None:
    app.state.service.quotas = Quotas(3)
    key, other = await owner.key(), await owner.key()

    answers = [await by_key(owner, key["secret"]) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["ratelimit"].split(";")[1] for answer in answers] == ["r=2", "r=1", "r=0", "r=0"]
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"key";q=3;w=60'}
    assert refusal(answers[3]) == (429, "quota-used-up")
    assert 1 <= int(answers[3].headers["retry-after"]) <= 60
    assert answers[3].headers["ratelimit"] == f'"key";r=0;t={answers[3].headers["retry-after"]}'
    assert (await by_key(owner, other["secret"])).status_code == 200
    assert "ratelimit" not in (await owner.ask("GET", "")).headers
