"""The walk of an item whose addressee was mistyped: the news comes to the right phone."""

from collections.abc import Sequence
from dataclasses import replace

from services.notifications.entrypoints.consumers import HANDLERS
from services.parcel.customs.domain.inbound import Addressee, WithdrawalReason
from services.parcel.customs.use_cases.correct_addressee import correct_addressee
from services.parcel.customs.use_cases.withdraw_item import withdraw_item
from shared.access.roles import Actor, Role
from shared.clock import now
from shared.contracts.envelope import Event
from shared.contracts.parcel import ParcelContactsV1, ParcelErasedV1
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.messaging import outbox
from shared.messaging.outbox import Outbox, bound_to
from shared.sealing import KeyRing
from tests.notifications.entrypoints.test_sender import sender
from tests.notifications.samples import moved
from tests.parcel.bodies import HOME
from tests.parcel.customs.desk import INBOUND
from tests.parcel.customs.inbound import ITEM, NOON, TAKER
from tests.parcel.customs.use_cases.test_take_in import by_hand

SUPERVISOR = Actor("supervisor", Role.SUPERVISOR, HOME)
RIGHT = Addressee("Chan Sophea", "+85511222333", "en", ("Bati",), "210201", "210201")
KINDS = {kind.type: kind for kind in (ParcelContactsV1, ParcelErasedV1)}


async def events_of(database: Database, key_ring: KeyRing) -> list[Event]:
    """Return what the parcel service told of people, from the beginning: each comes again at every step."""
    async with database.connection() as connection:
        rows = [unsent.row for unsent in await outbox.unsent(connection, 0, 1_000)]
    return [
        kind.model_validate_json(
            key_ring.open(row.payload, bound_to(row.topic, row.key)) if kind.sealed else row.payload
        )
        for row in rows
        if (kind := KINDS.get(row.type))
    ]


async def hear(database: Database, events: Sequence[Event]) -> None:
    """Give events to notifications and let its loops do what is to be done."""
    for event in events:
        async with database.transaction() as tx:
            await HANDLERS[type(event)](tx, [event])
    loops = sender(database)
    for _ in range(2):
        await loops.tidy()
        await loops.send()


async def rung(database: Database) -> list[str]:
    """Return the phones that rang, in the order they did."""
    async with database.connection() as connection:
        return [row["phone"] for row in await connection.fetch("select phone from development_inbox order by at")]


async def wait_at_the_office(parcel: Database, notifications: Database) -> None:
    """Take in an item under a mistyped phone and let it arrive: the mistyped phone is told."""
    taken_in = await by_hand(parcel)
    waits = moved(CustomerState.READY_FOR_COLLECTION, INBOUND, at=now())
    await hear(notifications, [*taken_in.events, waits])
    assert await rung(notifications) == [ITEM.addressee.phone]


async def test_the_phone_of_a_corrected_addressee_is_told_that_the_item_waits(
    parcel_db: Database, notifications_db: Database, key_ring: KeyRing
) -> None:
    await wait_at_the_office(parcel_db, notifications_db)
    for addressee in (RIGHT, replace(RIGHT, name="Chan Sopheap"), ITEM.addressee, RIGHT):
        async with parcel_db.transaction() as tx:
            await correct_addressee(tx, Outbox("parcel", key_ring), TAKER, INBOUND, addressee, None, NOON)
        await hear(notifications_db, await events_of(parcel_db, key_ring))

        assert await rung(notifications_db) == [ITEM.addressee.phone, RIGHT.phone]


async def test_who_has_the_number_after_a_withdrawal_is_told_that_the_item_waits(
    parcel_db: Database, notifications_db: Database, key_ring: KeyRing
) -> None:
    await wait_at_the_office(parcel_db, notifications_db)
    async with parcel_db.transaction() as tx:
        await withdraw_item(tx, Outbox("parcel", key_ring), SUPERVISOR, INBOUND, WithdrawalReason.WRONG_NUMBER, NOON)
    await hear(notifications_db, await events_of(parcel_db, key_ring))
    assert await rung(notifications_db) == []

    taken_in = await by_hand(parcel_db, replace(ITEM, addressee=RIGHT))
    await hear(notifications_db, [*taken_in.events, *await events_of(parcel_db, key_ring)])

    assert await rung(notifications_db) == [RIGHT.phone]
