"""What the compacted topics held is told again from current rows, in versions that replace nothing newer."""

import pytest

from services.parcel.people.use_cases.publish_signing_key import publish_signing_key
from services.parcel.people.use_cases.republish_directory import republish_directory
from services.parcel.posting.use_cases import republish_contacts as contacts_module
from services.parcel.posting.use_cases.republish_contacts import republish_contacts
from shared.access import directory
from shared.access.tokens import SigningKey, new_signing_key_pem
from shared.contracts.directory import DirectoryEvent, SigningKeyV1
from shared.contracts.parcel import ParcelContactsV1
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from shared.sealing import KeyRing
from tests.access.signed_in import directory_entries
from tests.parcel import told
from tests.parcel.bodies import person
from tests.parcel.counter import Counter


async def test_every_directory_entry_is_told_again_under_its_version(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    async with parcel_db.transaction() as tx:
        count = await republish_directory(tx, Outbox("parcel", key_ring))

    entries = [event for event in await told.events(parcel_db, key_ring) if isinstance(event, DirectoryEvent)]
    kept = list(directory_entries(counter.key))
    assert count == len(entries) == len(kept)
    assert {(entry.key, entry.version) for entry in entries} == {(entry.key, entry.version) for entry in kept}


async def test_the_directory_holds_still_while_it_is_told_again(parcel_db: Database, key_ring: KeyRing) -> None:
    async with parcel_db.transaction() as tx, parcel_db.connection() as other:
        await republish_directory(tx, Outbox("parcel", key_ring))
        assert not await other.fetchval(
            "select exists (select from pg_locks where relation = 'directory'::regclass and not granted)"
        )
        assert await other.fetchval(
            "select exists (select from pg_locks where relation = 'directory'::regclass"
            " and mode = 'ShareRowExclusiveLock' and granted)"
        )


@pytest.mark.parametrize("parcels", [0, 2, 3, 4])
async def test_every_contact_is_told_again_in_portions_with_its_latest_version(
    counter: Counter, parcel_db: Database, key_ring: KeyRing, monkeypatch: pytest.MonkeyPatch, parcels: int
) -> None:
    monkeypatch.setattr(contacts_module, "PORTION", 2)
    numbers = [await counter.registered() for _ in range(parcels)]
    for number in numbers[:1]:
        await counter.correct(number, person(name="Chan Sophea"))
    before = len(await told.events(parcel_db, key_ring))

    after: str | None = ""
    while after is not None:
        async with parcel_db.transaction() as tx:
            after = await republish_contacts(tx, Outbox("parcel", key_ring), after)

    again = (await told.events(parcel_db, key_ring))[before:]
    contacts = [event for event in again if isinstance(event, ParcelContactsV1)]
    assert [event.item_number for event in contacts] == sorted(numbers)
    assert len(again) == len(numbers)
    assert {event.item_number: event.version for event in contacts} == {
        number: 2 if number in numbers[:1] else 1 for number in numbers
    }
    assert [event.recipient.name for event in contacts][:1] == ["Chan Sophea"][: len(numbers)]


async def test_the_signing_key_is_published_once_and_a_new_one_beside_it(
    parcel_db: Database, key_ring: KeyRing
) -> None:
    first, second = (SigningKey.read(new_signing_key_pem()) for _ in range(2))
    for key in (first, first, second, first):
        async with parcel_db.transaction() as tx:
            await publish_signing_key(tx, Outbox("parcel", key_ring), key)

    events = [event for event in await told.events(parcel_db, key_ring) if isinstance(event, SigningKeyV1)]
    assert [event.key_id for event in events] == [first.key_id, second.key_id]
    assert "PRIVATE" not in "".join(event.public_key_pem for event in events)
    async with parcel_db.connection() as connection:
        assert len(await directory.all_of(connection, SigningKeyV1)) == 2
