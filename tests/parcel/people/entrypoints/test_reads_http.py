"""Who read whose data, as an auditor is told of it: on a parcel, of a shop, by a member of staff."""

from typing import Any

import pytest

from shared.access.roles import Role
from shared.db.connection import Database
from shared.ids import new_id
from tests.parcel.bodies import AWAY, HOME, SENDER, SENDER_PHONE, keyed
from tests.parcel.counter import Counter, refusal
from tests.parcel.people.shop import Owner

PASSPHRASE = "four words of mine"


async def hired(counter: Counter) -> tuple[str, dict[str, str]]:
    """Let a clerk work here; returns the id and the headers of their requests."""
    body = {"name": "sok dara", "role": "clerk", "office": HOME, "passphrase": PASSPHRASE}
    headers = counter.signed_in(Role.OFFICE_MANAGER) | keyed()
    clerk = (await counter.client.post("/staff", json=body, headers=headers)).json()
    session = await counter.client.post("/sessions", json={"name": "sok dara", "passphrase": PASSPHRASE})
    return clerk["staff_id"], {"Authorization": f"Bearer {session.json()['token']}"}


async def reads(counter: Counter, path: str, role: Role = Role.AUDITOR) -> list[dict[str, Any]]:
    answer = await counter.get(path, role)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()
    return rows


async def test_each_read_of_personal_data_is_on_record(counter: Counter, parcel_db: Database) -> None:
    number = await counter.registered()
    await counter.get(f"/parcels/{number}")
    await counter.get("/parcels")
    await counter.get("/parties", phone=SENDER_PHONE)
    await counter.get(f"/parcels/{number}", by=AWAY)
    await counter.get("/parties", phone="012 000 111")

    found = await reads(counter, f"/parcels/{number}/reads")

    assert [(read["what"], read["actor"], read["office"]) for read in found] == [
        (what, "clerk-TK01A", HOME) for what in ("phone", "list", "parcel")
    ]
    assert refusal(await counter.get(f"/parcels/{number}/reads")) == (403, "role-refused")
    async with parcel_db.connection() as connection:
        rows = await connection.fetch("select r::text as row from personal_data_read as r")
    assert SENDER not in str(rows)


async def test_an_auditor_sees_whose_data_a_clerk_read(counter: Counter, owner: Owner) -> None:
    clerk, headers = await hired(counter)
    number = await counter.registered()
    await counter.get(f"/parcels/{number}")
    for path in (f"/parcels/{number}", f"/traders/{owner.trader_id}"):
        assert (await counter.client.get(path, headers=headers)).status_code == 200

    found = await reads(counter, f"/staff/{clerk}/reads")

    assert [(read["what"], read["item_numbers"], read["subjects"]) for read in found] == [
        ("shop", [], [owner.trader_id]),
        ("parcel", [number], []),
    ]
    assert {(read["actor"], read["office"]) for read in found} == {(clerk, HOME)}


async def test_who_looks_at_the_reads_of_a_clerk_is_on_record_too(counter: Counter, parcel_db: Database) -> None:
    clerk, _ = await hired(counter)
    assert await reads(counter, f"/staff/{clerk}/reads") == []

    async with parcel_db.connection() as connection:
        row = await connection.fetchrow("select actor, what, subjects::text[] from personal_data_read")
    assert row is not None
    assert tuple(row) == (f"auditor-{HOME}", "staff reads", [clerk])


@pytest.mark.parametrize("role", [Role.CLERK, Role.OFFICE_MANAGER, Role.DISTRICT])
async def test_nobody_at_a_counter_sees_what_a_colleague_read(counter: Counter, role: Role) -> None:
    clerk, _ = await hired(counter)
    assert refusal(await counter.get(f"/staff/{clerk}/reads", role)) == (403, "role-refused")
    assert refusal(await counter.get(f"/staff/{new_id()}/reads", Role.AUDITOR)) == (404, "person-not-found")


@pytest.mark.parametrize(("path", "what"), [("keys", "keys"), ("addresses", "address book")])
async def test_an_auditor_looks_at_what_a_shop_has_and_it_is_on_record(
    counter: Counter, owner: Owner, path: str, what: str
) -> None:
    key = await owner.key()
    await owner.ask("PUT", "/addresses", {"name": "Chan Thida", "phone": "097 123 4567"})
    own = (await owner.ask("GET", f"/{path}")).json()

    answer = await counter.get(f"/traders/{owner.trader_id}/{path}", Role.AUDITOR)

    assert answer.json() == own != []
    assert key["secret"] not in answer.text
    (read,) = await reads(counter, f"/traders/{owner.trader_id}/reads")
    assert (read["what"], read["actor"]) == (what, f"auditor-{HOME}")
    assert refusal(await counter.get(f"/traders/{owner.trader_id}/{path}")) == (403, "role-refused")
