"""People on items from abroad and in declarations are forgotten when their time is over."""

from datetime import timedelta

import pytest

from services.parcel.customs.domain.inbound import PapersState
from services.parcel.customs.use_cases.erase_customs_people import LONGEST_JOURNEY, erase_customs_people
from services.parcel.customs.use_cases.republish_inbound_contacts import republish_inbound_contacts
from shared.access.roles import Role
from shared.clock import now
from shared.contracts.parcel import ParcelErasedV1
from shared.db.connection import Database
from shared.messaging.outbox import TOMBSTONE, Outbox
from shared.sealing import KeyRing
from tests.parcel import told
from tests.parcel.bodies import AWAY, RECIPIENT
from tests.parcel.counter import Counter, refusal
from tests.parcel.customs.desk import INBOUND, Desk, declaration_body
from tests.parcel.customs.inbound import kept

KEPT_FOR = timedelta(days=180)
AGO = KEPT_FOR + LONGEST_JOURNEY


async def erase(parcel_db: Database, key_ring: KeyRing) -> int:
    async with parcel_db.transaction() as tx:
        return await erase_customs_people(tx, Outbox("parcel", key_ring), KEPT_FOR, now())


async def began(parcel_db: Database, ago: timedelta) -> None:
    async with parcel_db.connection() as connection:
        await connection.execute("update inbound_item set received_at = now() - $1::interval", ago)
        await connection.execute("update customs_declaration set updated_at = now() - $1::interval", ago)


async def buried(parcel_db: Database) -> list[tuple[str, str]]:
    """Take the tombstones out of the outbox; returns what they bury."""
    async with parcel_db.connection() as connection:
        rows = await connection.fetch("delete from outbox where type = $1 returning topic, key", TOMBSTONE)
    return [tuple(row) for row in rows]


async def photographed(desk: Desk) -> None:
    """Take an item in and photograph a paper for it."""
    await desk.take_in_ahead()
    await desk.take_in()
    await desk.put("papers-asked", {"wanted": "Invoice of Kim Minji"})
    assert (await desk.attach(by=AWAY)).status_code == 201


async def test_an_item_from_abroad_is_forgotten_with_its_papers_and_told_once(
    desk: Desk, parcel_db: Database, key_ring: KeyRing
) -> None:
    await photographed(desk)
    await began(parcel_db, AGO + timedelta(hours=1))

    assert [await erase(parcel_db, key_ring) for _ in range(2)] == [1, 0]

    item = await kept(parcel_db)
    assert (item.sender_name, item.addressee.name, item.addressee.phone, item.content) == ("", "", None, None)
    assert (item.papers, item.papers_wanted) == (PapersState.PHOTOGRAPHED, "")
    async with parcel_db.connection() as connection:
        row = await connection.fetchval("select i::text from inbound_item as i")
        assert await connection.fetchval("select count(*) from customs_paper") == 0
    assert await buried(parcel_db) == [("parcel.contacts", INBOUND)]
    assert not [personal for personal in (RECIPIENT, "Kim", "971234567") if personal in row]
    erased = [event for event in await told.events(parcel_db, key_ring, INBOUND) if isinstance(event, ParcelErasedV1)]
    assert [event.version for event in erased] == [item.version]


@pytest.mark.parametrize(("ago", "count"), [(AGO - timedelta(hours=1), 0), (AGO + timedelta(hours=1), 2)])
async def test_what_is_younger_stays(
    desk: Desk, parcel_db: Database, key_ring: KeyRing, ago: timedelta, count: int
) -> None:
    number = await desk.parcel_to_korea()
    body = declaration_body(importer_reference="P123456789012", comments="for Kim Minji")
    assert (await desk.declare(number, body)).status_code == 200
    await photographed(desk)
    await began(parcel_db, ago)

    assert await erase(parcel_db, key_ring) == count

    content = (await desk.ask("GET", f"/parcels/{number}/customs-declaration")).json()["content"]
    assert (content["importer_reference"] is None, content["comments"] is None) == (count > 0, count > 0)
    assert content["total_value_minor"] == 2_400
    assert (await kept(parcel_db)).addressee.name == ("" if count else RECIPIENT)


async def test_what_was_forgotten_is_not_told_again(desk: Desk, parcel_db: Database, key_ring: KeyRing) -> None:
    await photographed(desk)
    await began(parcel_db, AGO * 2)
    await erase(parcel_db, key_ring)
    assert await buried(parcel_db) == [("parcel.contacts", INBOUND)]
    before = await told.events(parcel_db, key_ring, INBOUND)

    async with parcel_db.transaction() as tx:
        await republish_inbound_contacts(tx, Outbox("parcel", key_ring), "")

    assert await told.events(parcel_db, key_ring, INBOUND) == before


async def test_who_looked_at_an_item_and_its_papers_is_on_record(counter: Counter, desk: Desk) -> None:
    await photographed(desk)
    paper = (await desk.seen())["papers"][0]["paper_id"]
    await desk.ask("GET", f"/inbound-items/{INBOUND}/papers/{paper}")

    reads = (await counter.get(f"/parcels/{INBOUND}/reads", Role.AUDITOR)).json()

    assert [(read["what"], read["actor"]) for read in reads] == [
        ("customs paper", "clerk-TK01A"),
        ("inbound item", "clerk-TK01A"),
    ]
    assert refusal(await counter.get(f"/parcels/{INBOUND}/reads")) == (403, "role-refused")
