"""The people of shops that closed long ago are forgotten; those of open shops, and of others closed lately, are not."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from services.parcel.people.use_cases import erase_closed_shops as erasing
from services.parcel.people.use_cases.erase_closed_shops import erase_closed_shops
from shared.access.roles import Role
from shared.clock import now
from shared.contracts.directory import ActorV1
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from shared.sealing import KeyRing
from tests.canaries.canaries import found_in, word
from tests.parcel import told
from tests.parcel.bodies import keyed
from tests.parcel.counter import Counter
from tests.parcel.people.shop import Owner, code_sent, shop_body

KEPT_FOR = timedelta(days=180)
FORGOTTEN_BY_THEMSELVES = ("request", "outbox", "sign_in_code", "sign_in_try")
"""Answers of a month, rows on their way, codes of minutes, hashes."""


async def erase(parcel_db: Database, key_ring: KeyRing) -> int:
    async with parcel_db.transaction() as tx:
        return await erase_closed_shops(tx, Outbox("parcel", key_ring), KEPT_FOR, now())


async def planted(counter: Counter, parcel_db: Database, key_ring: KeyRing, phone: str) -> Owner:
    """Open a shop with a canary wherever words are free, with another member, an address book and a key."""
    body = shop_body(
        shop_name=word("shop"),
        identity_number=word("identity"),
        payout_kind="khqr",
        payout_account=word("account"),
        owner={"name": word("owner"), "phone": phone},
    )
    headers = counter.signed_in() | keyed()
    shop = (await counter.client.post("/traders", json=body, headers=headers)).json()
    await counter.client.post("/trader-sessions/codes", json={"phone": phone})
    signed = {"phone": phone, "code": await code_sent(parcel_db, key_ring)}
    session = (await counter.client.post("/trader-sessions", json=signed)).json()
    owner = Owner(counter, shop["trader_id"], {"Authorization": f"Bearer {session['token']}"}, session)
    member = {"name": word("member"), "phone": f"{phone[:-1]}9"}
    path = f"/traders/{owner.trader_id}/members"
    assert (await counter.client.post(path, json=member, headers=owner.headers | keyed())).status_code == 201
    buyer = {"name": word("buyer"), "phone": "0127 700 001", "address": [word("street")]}
    assert (await owner.ask("PUT", "/addresses", buyer)).status_code == 200
    await owner.key(label=word("label"))
    return owner


async def closed(counter: Counter, parcel_db: Database, owner: Owner, ago: timedelta) -> None:
    path = f"/traders/{owner.trader_id}/disabled"
    assert (await counter.client.put(path, headers=counter.signed_in(Role.OFFICE_MANAGER))).status_code == 204
    async with parcel_db.connection() as connection:
        change = "update trader set disabled_at = now() - $2::interval where trader_id = $1::uuid"
        await connection.execute(change, owner.trader_id, ago)


async def canaries(parcel_db: Database) -> dict[str, int]:
    """Count the rows with canaries in each table."""
    async with parcel_db.connection() as connection:
        tables: Sequence[str] = [
            row[0]
            for row in await connection.fetch(
                "select relname from pg_class where relkind in ('r', 'p') and not relispartition"
                " and relnamespace = 'public'::regnamespace"
            )
        ]
        found = {}
        for table in set(tables) - set(FORGOTTEN_BY_THEMSELVES):
            rows = await connection.fetch(f'select t::text as row from "{table}" as t')
            found[table] = len(list(found_in(table, (row["row"] for row in rows))))
    return {table: count for table, count in found.items() if count}


EVERYWHERE = {"trader": 1, "trader_member": 2, "address_entry": 1, "api_key": 1}


async def test_nothing_of_a_shop_that_closed_long_ago_names_anybody(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    owner = await planted(counter, parcel_db, key_ring, "012 771 000")
    assert await canaries(parcel_db) == EVERYWHERE
    await closed(counter, parcel_db, owner, KEPT_FOR + timedelta(hours=1))

    assert [await erase(parcel_db, key_ring) for _ in range(2)] == [4, 0]

    assert await canaries(parcel_db) == {}
    async with parcel_db.connection() as connection:
        row = await connection.fetchval("select t::text from trader as t")
        assert "012771" not in str(await connection.fetch("select m::text from trader_member as m"))
    assert "khqr" not in row


@pytest.mark.parametrize("ago", [None, KEPT_FOR - timedelta(hours=1)], ids=["open", "closed lately"])
async def test_a_shop_whose_time_is_not_over_keeps_its_people(
    counter: Counter, parcel_db: Database, key_ring: KeyRing, ago: timedelta | None
) -> None:
    owner = await planted(counter, parcel_db, key_ring, "012 771 000")
    if ago:
        await closed(counter, parcel_db, owner, ago)

    assert await erase(parcel_db, key_ring) == 0
    assert await canaries(parcel_db) == EVERYWHERE


async def test_who_left_an_open_shop_long_ago_is_forgotten_alone(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    owner = await planted(counter, parcel_db, key_ring, "012 771 000")
    member = (await owner.ask("GET", "")).json()["members"][1]["member_id"]
    await owner.ask("PUT", f"/members/{member}/disabled")
    assert await erase(parcel_db, key_ring) == 0
    async with parcel_db.connection() as connection:
        await connection.execute(
            "update trader_member set disabled_at = now() - $1::interval * 2 where role = 'member'", KEPT_FOR
        )

    assert [await erase(parcel_db, key_ring) for _ in range(2)] == [1, 0]

    assert await canaries(parcel_db) == EVERYWHERE | {"trader_member": 1}
    members = (await owner.ask("GET", "")).json()["members"]
    assert [(one["role"], one["name"] == "", one["phone"] == "") for one in members] == [
        ("owner", False, False),
        ("member", True, True),
    ]


async def test_who_is_forgotten_may_act_no_more_and_the_phone_may_sign_in_elsewhere(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    owner = await planted(counter, parcel_db, key_ring, "012 771 000")
    await closed(counter, parcel_db, owner, KEPT_FOR * 2)
    await erase(parcel_db, key_ring)

    entries = await told.events(parcel_db, key_ring, f"actor:{owner.session['actor']}")
    last = entries[-1]
    assert isinstance(last, ActorV1)
    assert (last.disabled, last.trader, last.version) == (True, owner.trader_id, 3)
    assert (await planted(counter, parcel_db, key_ring, "012 771 000")).trader_id != owner.trader_id


async def test_many_are_forgotten_portion_by_portion(
    counter: Counter, parcel_db: Database, key_ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "PORTION", 1)
    for phone in ("012 771 000", "012 772 000"):
        await closed(counter, parcel_db, await planted(counter, parcel_db, key_ring, phone), KEPT_FOR * 2)

    rounds = 0
    while await erase(parcel_db, key_ring):
        rounds += 1

    assert rounds > 1
    assert await canaries(parcel_db) == {}


async def test_staff_see_that_there_was_a_shop(counter: Counter, parcel_db: Database, key_ring: KeyRing) -> None:
    owner = await planted(counter, parcel_db, key_ring, "012 771 000")
    await closed(counter, parcel_db, owner, KEPT_FOR * 2)
    await erase(parcel_db, key_ring)

    shop = (await counter.get(f"/traders/{owner.trader_id}")).json()

    assert (shop["shop_name"], shop["payout_account"]) == ("", None)
    assert shop["disabled_at"]
    assert [one["name"] for one in shop["members"]] == ["", ""]
