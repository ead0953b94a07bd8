"""The people on parcels that ended long ago are forgotten; those under way are not."""

from datetime import date, timedelta

import pytest

from services.parcel.customs.domain.silence import lost_after
from services.parcel.posting.use_cases.erase_people import erase_people
from services.parcel.posting.use_cases.follow_movements import follow_movements
from services.parcel.posting.use_cases.republish_contacts import republish_contacts
from shared.clock import now
from shared.contracts.parcel import ParcelErasedV1
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.messaging.outbox import TOMBSTONE, Outbox
from shared.sealing import KeyRing
from tests.parcel import told
from tests.parcel.bodies import RECIPIENT, SENDER, abroad
from tests.parcel.counter import Counter
from tests.parcel.moved import moved

KEPT_FOR = timedelta(days=180)


async def erase(parcel_db: Database, key_ring: KeyRing) -> int:
    async with parcel_db.transaction() as tx:
        return await erase_people(tx, Outbox("parcel", key_ring), KEPT_FOR, now())


async def ended(parcel_db: Database, number: str, ago: timedelta) -> None:
    async with parcel_db.connection() as connection:
        await connection.execute(
            "update parcel set state = 'delivered', ended_at = now() - $2::interval where item_number = $1", number, ago
        )


async def test_only_what_ended_longer_ago_is_erased_and_once(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    old, recent, under_way = [await counter.registered(order_reference="W-1") for _ in range(3)]
    await ended(parcel_db, old, KEPT_FOR + timedelta(hours=1))
    await ended(parcel_db, recent, KEPT_FOR - timedelta(hours=1))

    assert [await erase(parcel_db, key_ring) for _ in range(2)] == [1, 0]

    async with parcel_db.connection() as connection:
        rows = {
            record["item_number"]: record["row"]
            for record in await connection.fetch("select item_number, p::text as row from parcel as p")
        }
        assert await connection.fetchval("select state from parcel where item_number = $1", old) == "delivered"
    for personal in (SENDER, RECIPIENT, "12345678", "W-1"):
        assert personal not in rows[old]
        assert personal in rows[recent]
        assert personal in rows[under_way]


async def test_a_parcel_abroad_without_news_is_forgotten_when_it_counts_as_lost(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    lost, recent, told_of = [(await counter.register(abroad())).json()["item_number"] for _ in range(3)]
    await counter.registered()
    silent_for = KEPT_FOR + lost_after(date(2026, 1, 1))
    async with parcel_db.connection() as connection:
        await connection.execute("update parcel set news_at = now() - $1::interval", silent_for + timedelta(hours=1))
        await connection.execute(
            "update parcel set news_at = now() - $2::interval where item_number = $1",
            recent,
            silent_for - timedelta(hours=1),
        )
    async with parcel_db.transaction() as tx:
        await follow_movements(tx, [moved(told_of, 1, CustomerState.IN_TRANSIT)])

    assert [await erase(parcel_db, key_ring) for _ in range(2)] == [1, 0]

    async with parcel_db.connection() as connection:
        erased = await connection.fetch("select item_number, state from parcel where erased_at is not null")
    assert [tuple(row) for row in erased] == [(lost, "accepted")]


async def test_it_is_told_once_and_the_contacts_are_buried(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    number = await counter.registered()
    await ended(parcel_db, number, KEPT_FOR * 2)
    await erase(parcel_db, key_ring)

    async with parcel_db.connection() as connection:
        buried = await connection.fetch("select topic, key, payload from outbox where type = $1", TOMBSTONE)
        await connection.execute("delete from outbox where type = $1", TOMBSTONE)
    assert [tuple(row) for row in buried] == [("parcel.contacts", number, b"")]
    erased = [event for event in await told.events(parcel_db, key_ring, number) if isinstance(event, ParcelErasedV1)]
    assert [(event.item_number, event.version) for event in erased] == [(number, 2)]


async def test_who_was_erased_is_not_told_again_after_a_loss(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    number, other = await counter.registered(), await counter.registered()
    await ended(parcel_db, number, KEPT_FOR * 2)
    await erase(parcel_db, key_ring)
    async with parcel_db.connection() as connection:
        await connection.execute("delete from outbox")

    async with parcel_db.transaction() as tx:
        await republish_contacts(tx, Outbox("parcel", key_ring), "")

    assert [event.key for event in await told.events(parcel_db, key_ring)] == [other]


async def test_the_clerk_still_reads_the_parcel_without_its_people(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    number = await counter.registered()
    await ended(parcel_db, number, KEPT_FOR * 2)
    await erase(parcel_db, key_ring)
    parcel = (await counter.get(f"/parcels/{number}")).json()
    assert (parcel["sender"]["name"], parcel["recipient"]["phone"], parcel["weight_g"]) == ("", "", 1_200)


@pytest.mark.parametrize("topic", ["tracking.events", "notifications.events"])
async def test_nobody_buries_in_the_topic_of_another(parcel_db: Database, topic: str) -> None:
    async with parcel_db.transaction() as tx:
        with pytest.raises(ValueError, match="does not belong"):
            await Outbox("parcel").bury(tx, topic, ["PD100000003KH"])
