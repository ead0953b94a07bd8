"""Shops over HTTP: who opens, sees and closes them, and who acts for them."""

import asyncio

import pytest

from services.parcel.people.domain.sign_in_tries import FREE_TRIES
from shared.access.roles import Role
from shared.db.connection import Database
from shared.ids import new_id
from shared.sealing import KeyRing
from tests.parcel import told
from tests.parcel.bodies import AWAY, HOME, keyed
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.people.shop import OWNER, OWNER_E164, Owner, code_sent, opened, owner_of_a_shop, shop_body


async def test_a_clerk_opens_a_shop_at_their_own_office(counter: Counter) -> None:
    shop = await opened(counter)

    assert shop.status_code == 201
    assert (shop.json()["office"], shop.json()["members"][0]["phone"]) == (HOME, OWNER_E164)
    assert "010203040" not in shop.text


async def test_the_same_request_opens_one_shop(counter: Counter) -> None:
    headers = counter.signed_in() | keyed()
    first, again = [await counter.client.post("/traders", json=shop_body(), headers=headers) for _ in range(2)]
    assert first.content == again.content
    assert len((await counter.get("/traders")).json()) == 1


async def test_a_shop_of_another_office_is_not_opened_and_not_seen(counter: Counter) -> None:
    assert refusal(await opened(counter, office=AWAY)) == (403, "other-office")
    trader_id = (await opened(counter)).json()["trader_id"]

    assert refusal(await counter.get(f"/traders/{trader_id}", by=AWAY)) == (404, "trader-not-found")
    assert (await counter.get("/traders", by=AWAY)).json() == []
    assert (await counter.get(f"/traders/{trader_id}", Role.AUDITOR)).status_code == 200


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"office": "TK99X"}, ("office", "unknown-office")),
        ({"payout_kind": "khqr"}, ("payout_account", "missing")),
        ({"owner": {"name": "Chan", "phone": "012 34"}}, ("owner.phone", "string-too-short")),
        ({"owner": {"name": "Chan", "phone": "012 345"}}, ("owner.phone", "not-a-phone-number")),
    ],
)
async def test_a_shop_that_cannot_be_is_refused_by_field(
    counter: Counter, values: dict[str, object], problem: tuple[str, str]
) -> None:
    body = shop_body(**({"office": HOME} | values))
    headers = counter.signed_in(Role.ADMINISTRATOR) | keyed()
    answer = await counter.client.post("/traders", json=body, headers=headers)
    if problem[1] == "string-too-short":
        assert answer.status_code == 422
    else:
        assert problems(answer) == [problem]


async def test_a_phone_signs_in_to_one_shop(counter: Counter, parcel_db: Database) -> None:
    await opened(counter)
    assert refusal(await opened(counter, shop_name="Another")) == (409, "phone-taken")
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select count(*) from trader") == 1


async def test_the_owner_signs_in_by_a_code_and_sees_the_shop(counter: Counter, owner: Owner) -> None:
    shop = await owner.ask("GET", "")
    assert (shop.status_code, shop.json()["trader_id"]) == (200, owner.trader_id)
    assert (owner.session["role"], owner.session["trader"]) == ("trader", owner.trader_id)


async def test_no_route_of_staff_opens_to_a_trader(counter: Counter, owner: Owner) -> None:
    for path in ("/traders", "/staff", "/refunds", "/numbers", "/parties?phone=012345678"):
        answer = await counter.client.get(path, headers=owner.headers)
        assert refusal(answer) == (403, "role-refused"), path


async def test_a_trader_sees_and_changes_nothing_of_another_shop(
    counter: Counter, owner: Owner, parcel_db: Database, key_ring: KeyRing
) -> None:
    other = await owner_of_a_shop(counter, parcel_db, key_ring, phone="012 333 444")
    key = await other.key()
    body = {"label": "x", "scopes": ["addresses"]}
    asked = [
        ("GET", "", None),
        ("GET", "/keys", None),
        ("POST", "/keys", body),
        ("POST", f"/keys/{key['key_id']}/rotation", {}),
        ("PUT", f"/keys/{key['key_id']}/revoked", None),
        ("GET", "/addresses", None),
        ("PUT", "/addresses", {"name": "A", "phone": "012 345 678"}),
        ("DELETE", f"/addresses/{new_id()}", None),
    ]
    for method, path, sent in asked:
        answer = await owner.ask(method, path, sent, shop=other.trader_id)
        assert refusal(answer) == (404, "trader-not-found"), (method, path)


async def test_a_code_is_sent_sealed_and_once_a_minute(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    await opened(counter)
    for _ in range(3):
        await counter.client.post("/trader-sessions/codes", json={"phone": OWNER})

    codes = [event for event in await told.events(parcel_db, key_ring) if event.type == "parcel.sign-in-code.v1"]
    assert len(codes) == 1
    async with parcel_db.connection() as connection:
        rows = await connection.fetch("select payload from outbox where topic = 'parcel.codes'")
    assert [OWNER_E164.encode() in row["payload"] for row in rows] == [False]


async def test_an_unknown_phone_is_answered_alike_and_sent_nothing(counter: Counter, parcel_db: Database) -> None:
    answer = await counter.client.post("/trader-sessions/codes", json={"phone": "012 999 888"})
    assert (answer.status_code, answer.content) == (202, b"null")
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select count(*) from outbox where topic = 'parcel.codes'") == 0


async def test_a_code_is_taken_once_and_guessed_five_times(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    await opened(counter)
    assert (await counter.client.post("/trader-sessions/codes", json={"phone": OWNER})).status_code == 202
    code = await code_sent(parcel_db, key_ring)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        answer = await counter.client.post("/trader-sessions", json={"phone": OWNER, "code": wrong})
        assert refusal(answer) == (401, "sign-in-refused")
    async with parcel_db.connection() as connection:
        await connection.execute("delete from sign_in_try")
    late = await counter.client.post("/trader-sessions", json={"phone": OWNER, "code": code})
    assert refusal(late) == (401, "sign-in-refused")


async def test_new_codes_give_no_new_tries(counter: Counter, parcel_db: Database, key_ring: KeyRing) -> None:
    await opened(counter)
    answers = []
    for _ in range(FREE_TRIES + 1):
        await counter.client.post("/trader-sessions/codes", json={"phone": OWNER})
        code = await code_sent(parcel_db, key_ring)
        wrong = "000000" if code != "000000" else "111111"
        answers.append(await counter.client.post("/trader-sessions", json={"phone": OWNER, "code": wrong}))
        async with parcel_db.connection() as connection:
            await connection.execute("delete from sign_in_code")

    assert [answer.status_code for answer in answers] == [401] * FREE_TRIES + [429]
    assert refusal(answers[-1]) == (429, "too-many-tries")


async def test_the_right_code_forgets_the_wrong_ones(counter: Counter, parcel_db: Database, key_ring: KeyRing) -> None:
    await opened(counter)
    await counter.client.post("/trader-sessions/codes", json={"phone": OWNER})
    code = await code_sent(parcel_db, key_ring)
    wrong = "000000" if code != "000000" else "111111"
    statuses = [
        (await counter.client.post("/trader-sessions", json={"phone": OWNER, "code": tried})).status_code
        for tried in (wrong, wrong, code)
    ]
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select count(*) from sign_in_try") == 0
    assert statuses == [401, 401, 201]


async def test_who_is_removed_may_do_nothing_more_and_may_join_another_shop(
    counter: Counter, owner: Owner, parcel_db: Database
) -> None:
    body = {"name": "Sok Dara", "phone": "012 555 666", "role": "owner"}
    headers = counter.signed_in(Role.SUPERVISOR) | keyed()
    added = await counter.client.post(f"/traders/{owner.trader_id}/members", json=body, headers=headers)
    assert added.status_code == 201, added.text
    path = f"/traders/{owner.trader_id}/members/{owner.session['actor']}/disabled"

    assert (await counter.client.put(path, headers=counter.signed_in(Role.SUPERVISOR))).status_code == 204

    assert (await owner.ask("GET", "")).status_code == 401
    renewed = await counter.client.post("/sessions/renewals", json={"session": owner.session["session"]})
    assert refusal(renewed) == (401, "session-ended")
    assert (await opened(counter, shop_name="Another")).status_code == 201


async def test_a_closed_shop_keeps_out_its_members_and_its_keys(counter: Counter, owner: Owner) -> None:
    key = await owner.key()
    path = f"/traders/{owner.trader_id}/disabled"
    assert (await counter.client.put(path, headers=counter.signed_in(Role.OFFICE_MANAGER))).status_code == 204

    assert (await owner.ask("GET", "")).status_code == 401
    by_key = {"Authorization": f"Bearer {key['secret']}"}
    answer = await counter.client.get(f"/traders/{owner.trader_id}/addresses", headers=by_key)
    assert answer.status_code == 401


async def test_whose_shop_was_closed_may_open_another(counter: Counter, owner: Owner) -> None:
    assert refusal(await opened(counter, shop_name="Another")) == (409, "phone-taken")
    path = f"/traders/{owner.trader_id}/disabled"
    assert (await counter.client.put(path, headers=counter.signed_in(Role.OFFICE_MANAGER))).status_code == 204

    renewed = await counter.client.post("/sessions/renewals", json={"session": owner.session["session"]})
    assert refusal(renewed) == (401, "session-ended")
    assert (await opened(counter, shop_name="Another")).status_code == 201


async def joined(
    counter: Counter, owner: Owner, role: str, phone: str, key_ring: KeyRing, parcel_db: Database
) -> Owner:
    """Let another join the shop, as the owner asks; returns them, signed in."""
    body = {"name": "Sok Dara", "phone": phone, "role": role}
    path = f"/traders/{owner.trader_id}/members"
    added = await counter.client.post(path, json=body, headers=owner.headers | keyed())
    assert (added.status_code, added.json()["role"]) == (201, role)
    await counter.client.post("/trader-sessions/codes", json={"phone": phone})
    signed = {"phone": phone, "code": await code_sent(parcel_db, key_ring)}
    session = (await counter.client.post("/trader-sessions", json=signed)).json()
    return Owner(counter, owner.trader_id, {"Authorization": f"Bearer {session['token']}"}, session)


async def test_a_plain_member_sets_neither_who_nor_what_acts_for_the_shop(
    counter: Counter, owner: Owner, parcel_db: Database, key_ring: KeyRing
) -> None:
    key = await owner.key()
    member = await joined(counter, owner, "member", "012 555 666", key_ring, parcel_db)
    asked = [
        ("POST", "/keys", {"label": "x", "scopes": ["addresses"]}),
        ("POST", f"/keys/{key['key_id']}/rotation", {}),
        ("PUT", f"/keys/{key['key_id']}/revoked", None),
        ("PUT", f"/members/{owner.session['actor']}/disabled", None),
        ("PUT", f"/members/{member.session['actor']}/disabled", None),
    ]
    for method, path, sent in asked:
        assert refusal(await member.ask(method, path, sent)) == (403, "owner-needed"), (method, path)
    body = {"name": "Chan Thida", "phone": "012 777 888", "role": "owner"}
    path = f"/traders/{owner.trader_id}/members"
    refused = await counter.client.post(path, json=body, headers=member.headers | keyed())
    assert refusal(refused) == (403, "owner-needed")

    assert [one["revoked_at"] for one in (await member.ask("GET", "/keys")).json()] == [None]
    assert (await member.ask("PUT", "/addresses", {"name": "A", "phone": "012 345 678"})).status_code == 200
    members = (await owner.ask("GET", "")).json()["members"]
    assert [(one["role"], one["disabled_at"]) for one in members] == [("owner", None), ("member", None)]


async def test_the_last_owner_stays_whoever_asks(counter: Counter, owner: Owner) -> None:
    path = f"/members/{owner.session['actor']}/disabled"
    headers = counter.signed_in(Role.SUPERVISOR)
    by_staff = await counter.client.put(f"/traders/{owner.trader_id}{path}", headers=headers)

    assert refusal(by_staff) == refusal(await owner.ask("PUT", path)) == (409, "last-owner")
    assert (await owner.ask("GET", "")).status_code == 200


async def test_of_two_owners_who_remove_each_other_at_once_one_stays(
    counter: Counter, owner: Owner, parcel_db: Database, key_ring: KeyRing
) -> None:
    other = await joined(counter, owner, "owner", "012 555 666", key_ring, parcel_db)
    answers = await asyncio.gather(
        owner.ask("PUT", f"/members/{other.session['actor']}/disabled"),
        other.ask("PUT", f"/members/{owner.session['actor']}/disabled"),
    )

    assert [answer.status_code for answer in answers].count(204) == 1
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select count(*) from trader_member where disabled_at is null") == 1


async def test_an_owner_of_another_shop_is_none_here(
    counter: Counter, owner: Owner, parcel_db: Database, key_ring: KeyRing
) -> None:
    other = await owner_of_a_shop(counter, parcel_db, key_ring, phone="012 333 444")
    member = await joined(counter, owner, "member", "012 555 666", key_ring, parcel_db)

    answer = await other.ask("PUT", f"/members/{member.session['actor']}/disabled", shop=owner.trader_id)
    assert refusal(answer) == (404, "trader-not-found")
