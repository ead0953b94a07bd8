"""The directory: the newest version counts, and every process sees what another one changed."""

import asyncio
from typing import Any

import pytest

from services.parcel.people.use_cases.publish_signing_key import publish_signing_key
from shared.access import directory
from shared.access.directory import Directory
from shared.access.roles import Actor, Role
from shared.access.tokens import SigningKey, TokenRefused, issue, new_signing_key_pem
from shared.clock import now
from shared.contracts.directory import ActorV1, DirectoryEvent, OfficeV1, SigningKeyV1
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from tests.access.signed_in import office_entry
from tests.parcel.bodies import HOME

KEY = SigningKey.read(new_signing_key_pem())


def actor_entry(version: int = 1, role: str = "clerk", *, disabled: bool = False, actor: str = "sok") -> ActorV1:
    return ActorV1(actor=actor, role=role, office=HOME, disabled=disabled, version=version)


def key_entry(key: SigningKey = KEY) -> SigningKeyV1:
    return SigningKeyV1(key_id=key.key_id, public_key_pem=key.public_pem, version=1)


async def keep(database: Database, *entries: DirectoryEvent) -> None:
    async with database.transaction() as tx:
        await directory.keep(tx, entries)


async def held(database: Database, kind: type[DirectoryEvent] = ActorV1) -> list[int]:
    async with database.connection() as connection:
        return [entry.version for entry in await directory.all_of(connection, kind)]


async def refreshed(database: Database) -> Directory:
    picture = Directory()
    await picture.refresh(database)
    return picture


async def test_an_older_version_is_dropped_whenever_it_comes(tracking_db: Database) -> None:
    await keep(tracking_db, actor_entry(2, disabled=True))
    await keep(tracking_db, actor_entry(1))
    assert await held(tracking_db) == [2]

    await keep(tracking_db, actor_entry(4), actor_entry(3, disabled=True), actor_entry(1))
    assert await held(tracking_db) == [4]


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1), (2, 1, 3, 3)])
async def test_any_order_of_arrival_ends_with_the_newest(tracking_db: Database, order: tuple[int, ...]) -> None:
    await asyncio.gather(*(keep(tracking_db, actor_entry(version)) for version in order))

    assert await held(tracking_db) == [3]


async def test_publishing_gives_the_next_version_and_tells_it(parcel_db: Database) -> None:
    outbox = Outbox("parcel")
    for _ in range(3):
        async with parcel_db.transaction() as tx:
            told = await directory.publish(tx, outbox, office_entry(HOME))

    assert (told.version, await held(parcel_db, OfficeV1)) == (3, [3])
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select count(*) from outbox where topic = 'parcel.directory'") == 3


async def test_changes_of_one_entry_at_once_get_versions_one_after_the_other(parcel_db: Database) -> None:
    await keep(parcel_db, office_entry(HOME))

    async def publish() -> int:
        async with parcel_db.transaction() as tx:
            return (await directory.publish(tx, Outbox("parcel"), office_entry(HOME))).version

    versions = await asyncio.gather(*(publish() for _ in range(5)))

    assert sorted(versions) == [2, 3, 4, 5, 6]


async def test_of_two_first_versions_at_once_one_is_kept_and_told_and_the_other_refused(parcel_db: Database) -> None:
    outbox, both_looked = Outbox("parcel"), asyncio.Barrier(2)

    async def publish(name: str) -> str:
        entry = office_entry(HOME).model_copy(update={"name_en": name})
        try:
            async with parcel_db.transaction() as tx:
                assert not await directory.all_of(tx, OfficeV1)
                await both_looked.wait()
                return (await directory.publish(tx, outbox, entry)).name_en
        except directory.SetMeanwhile:
            return "refused"

    outcomes = await asyncio.gather(publish("Bati"), publish("Tonle Bati"))

    (taken,) = set(outcomes) - {"refused"}
    async with parcel_db.connection() as connection:
        kept = await directory.all_of(connection, OfficeV1)
        told = await connection.fetch("select payload from outbox where topic = 'parcel.directory'")
    assert [(entry.name_en, entry.version) for entry in kept] == [(taken, 1)]
    assert len(told) == 1
    assert taken.encode() in told[0]["payload"]


async def test_a_signing_key_that_two_processes_tell_at_once_is_told_once(parcel_db: Database) -> None:
    both_begun = asyncio.Barrier(2)

    async def publish() -> None:
        async with parcel_db.transaction() as tx:
            await tx.execute("select 1")
            await both_begun.wait()
            await publish_signing_key(tx, Outbox("parcel"), KEY)

    await asyncio.gather(publish(), publish())

    assert await held(parcel_db, SigningKeyV1) == [1]
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select count(*) from outbox where topic = 'parcel.directory'") == 1


async def test_only_the_owner_of_the_directory_tells_of_it(tracking_db: Database) -> None:
    with pytest.raises(ValueError, match="belongs to parcel"):
        async with tracking_db.transaction() as tx:
            await directory.publish(tx, Outbox("tracking"), office_entry(HOME))


async def test_a_refresh_sees_what_another_process_changed(tracking_db: Database) -> None:
    await keep(tracking_db, key_entry(), actor_entry())
    picture = await refreshed(tracking_db)
    token = issue(KEY, "sok", now())[0]
    assert picture.actor_of(token) == Actor("sok", Role.CLERK, HOME)

    await keep(tracking_db, actor_entry(2, "supervisor"), office_entry(HOME))
    await picture.refresh(tracking_db)
    assert picture.actor_of(token).role is Role.SUPERVISOR
    assert set(picture.offices) == {HOME}

    await keep(tracking_db, actor_entry(3, disabled=True))
    await picture.refresh(tracking_db)
    with pytest.raises(TokenRefused):
        picture.actor_of(token)


async def test_a_directory_that_did_not_change_is_not_read_again(
    tracking_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep(tracking_db, key_entry(), actor_entry())
    picture = await refreshed(tracking_db)
    offices = picture.offices
    monkeypatch.setattr(directory, "all_of", None)

    assert await picture.refresh(tracking_db) is False
    assert picture.offices is offices


async def test_a_new_signing_key_takes_over_by_way_of_the_directory(tracking_db: Database) -> None:
    await keep(tracking_db, key_entry(), actor_entry())
    picture = await refreshed(tracking_db)
    newer = SigningKey.read(new_signing_key_pem())
    tokens = [issue(key, "sok", now())[0] for key in (KEY, newer)]
    with pytest.raises(TokenRefused):
        picture.actor_of(tokens[1])

    await keep(tracking_db, key_entry(newer))
    await picture.refresh(tracking_db)

    assert [picture.actor_of(token).id for token in tokens] == ["sok", "sok"]


@pytest.mark.parametrize("pem", ["", "no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"])
async def test_a_key_that_cannot_be_read_keeps_nobody_from_being_shut_out(tracking_db: Database, pem: str) -> None:
    await keep(tracking_db, key_entry(), actor_entry())
    picture = await refreshed(tracking_db)

    await keep(
        tracking_db, SigningKeyV1(key_id="strange", public_key_pem=pem, version=1), actor_entry(2, disabled=True)
    )
    await picture.refresh(tracking_db)

    with pytest.raises(TokenRefused):
        picture.actor_of(issue(KEY, "sok", now())[0])


async def test_a_role_of_a_later_release_is_refused_until_it_is_known(tracking_db: Database) -> None:
    await keep(tracking_db, key_entry(), actor_entry(role="postmaster general"))
    picture = await refreshed(tracking_db)

    with pytest.raises(TokenRefused):
        picture.actor_of(issue(KEY, "sok", now())[0])


async def test_a_slow_refresh_does_not_undo_a_later_one(tracking_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await keep(tracking_db, key_entry(), actor_entry())
    picture = Directory()
    slow, go_on = asyncio.Event(), asyncio.Event()
    read = directory.all_of

    async def read_slowly(tx: Any, kind: type[DirectoryEvent]) -> list[DirectoryEvent]:
        entries = await read(tx, kind)
        if kind is ActorV1 and not slow.is_set():
            slow.set()
            await go_on.wait()
        return entries

    monkeypatch.setattr(directory, "all_of", read_slowly)
    first = asyncio.create_task(picture.refresh(tracking_db))
    await asyncio.wait_for(slow.wait(), 5)
    await keep(tracking_db, actor_entry(2, disabled=True))
    second = asyncio.create_task(picture.refresh(tracking_db))
    await asyncio.wait({second}, timeout=0.3)
    go_on.set()
    await asyncio.gather(first, second)

    with pytest.raises(TokenRefused):
        picture.actor_of(issue(KEY, "sok", now())[0])
