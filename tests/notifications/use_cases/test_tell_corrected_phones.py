"""Whose phone was corrected after another had been told is told where the parcel stands, once."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from services.notifications.channels.channel import Outgoing
from services.notifications.domain.milestones import NEWS_FOR, Milestone
from services.notifications.domain.outcome import Accepted, Outcome, Refused
from services.notifications.use_cases.decide_messages import decide_messages
from services.notifications.use_cases.forget_contacts import forget_contacts
from services.notifications.use_cases.release_missed_messages import release_missed_messages
from services.notifications.use_cases.remember_contacts import remember_contacts
from services.notifications.use_cases.tell_corrected_phones import tell_corrected_phones
from shared.contracts.parcel import ParcelContactsV1, ParcelErasedV1
from shared.contracts.states import CustomerState
from shared.contracts.tracking import ParcelMovedV1
from shared.db.connection import Database, Tx
from tests.notifications.samples import NOON, NUMBER, SENDER_PHONE, ScriptedChannel, contacts, moved, scripted, send_all

A, B, C = "+85577000001", "+85577000002", "+85577000003"
FIRST, SECOND, THIRD = (contacts(version=version, phone=phone) for version, phone in ((1, A), (2, B), (3, C)))
BACK = contacts(version=3, phone=A)
RENAMED = contacts(version=2, phone=A, name="Sok Dary")
NOBODY = contacts(version=2, phone="")
ERASED = ParcelErasedV1(item_number=NUMBER, version=2, erased_at=NOON)
TAKEN_IN_ANEW = contacts(version=3, phone=B)
ON_ITS_WAY, WAITS, RETURNS = (
    moved(state) for state in (CustomerState.ACCEPTED, CustomerState.READY_FOR_COLLECTION, CustomerState.RETURNING)
)
HANDED_OVER = moved(CustomerState.DELIVERED)
SENT = "sent"

Step = ParcelContactsV1 | ParcelMovedV1 | ParcelErasedV1 | str


async def apply(tx: Tx, step: Step) -> None:
    match step:
        case ParcelContactsV1():
            await remember_contacts(tx, [step], NOON)
        case ParcelMovedV1():
            await decide_messages(tx, [step], NOON)
        case ParcelErasedV1():
            await forget_contacts(tx, [step])


async def send(database: Database, channels: dict[str, ScriptedChannel]) -> None:
    """Do what the loops do, until they find nothing."""
    for _ in range(3):
        async with database.transaction() as tx:
            await release_missed_messages(tx, 10, NOON)
            await tell_corrected_phones(tx, 10, NOON)
        await send_all(database, channels)  # type: ignore[arg-type]


async def told(
    database: Database,
    steps: Sequence[Step],
    answer: Callable[[Outgoing], Outcome] = lambda outgoing: Accepted(f"ref-{outgoing.message_id}"),
) -> Counter[str]:
    """Return how often each phone but the sender's was sent something."""
    channels = scripted(answer)
    for step in [*steps, SENT]:
        if step == SENT:
            await send(database, channels)  # type: ignore[arg-type]
        else:
            async with database.transaction() as tx:
                await apply(tx, step)
    return Counter(one.phone for one in channels["sms"].given if one.phone != SENDER_PHONE)


@pytest.mark.parametrize(
    ("steps", "phones"),
    [
        ([FIRST, WAITS, SENT, SECOND], [A, B]),
        ([WAITS, FIRST, SENT, SECOND, SENT], [A, B]),
        ([FIRST, ON_ITS_WAY, WAITS, SENT, SECOND], [A, A, B]),
        ([FIRST, WAITS, RETURNS, SENT, SECOND], [A, A, B]),
        ([FIRST, WAITS, SECOND, SENT], [B]),
        ([WAITS, SECOND, FIRST, SENT], [B]),
        ([FIRST, SECOND, WAITS, SENT], [B]),
        ([FIRST, WAITS, SENT, SECOND, SECOND, SENT, SECOND, WAITS], [A, B]),
        ([FIRST, WAITS, SENT, SECOND, SENT, FIRST, SENT], [A, B]),
        ([FIRST, WAITS, SENT, RENAMED], [A]),
        ([FIRST, WAITS, SENT, SECOND, BACK], [A]),
        ([FIRST, WAITS, SENT, SECOND, SENT, BACK], [A, B]),
        ([FIRST, WAITS, SENT, SECOND, SENT, THIRD], [A, B, C]),
        ([FIRST, WAITS, SENT, SECOND, THIRD], [A, C]),
        ([FIRST, WAITS, SENT, SECOND, SENT, RETURNS, SENT], [A, B, B]),
        ([FIRST, WAITS, SENT, NOBODY], [A]),
        ([FIRST, WAITS, SENT, NOBODY, TAKEN_IN_ANEW], [A, B]),
        ([FIRST, WAITS, SENT, ERASED, TAKEN_IN_ANEW], [A, B]),
        ([FIRST, WAITS, SENT, TAKEN_IN_ANEW, ERASED], [A, B]),
        ([FIRST, WAITS, SENT, ERASED, SECOND], [A]),
        ([FIRST, WAITS, SENT, HANDED_OVER, SECOND], [A]),
        ([FIRST, WAITS, SENT, SECOND, HANDED_OVER], [A]),
    ],
)
async def test_a_corrected_phone_is_told_where_the_parcel_stands_and_nobody_twice(
    notifications_database: Database, steps: Sequence[Step], phones: Sequence[str]
) -> None:
    assert await told(notifications_database, steps) == Counter(phones)


async def test_a_correction_back_before_the_repeat_was_sent_tells_nobody(notifications_database: Database) -> None:
    await told(notifications_database, [FIRST, WAITS, SENT, SECOND])
    channels = scripted()
    async with notifications_database.transaction() as tx:
        await remember_contacts(tx, [THIRD], NOON)
        assert await tell_corrected_phones(tx, 10, NOON) == 1
        await remember_contacts(tx, [contacts(version=4, phone=A)], NOON)
    await send(notifications_database, channels)  # type: ignore[arg-type]
    assert channels["sms"].given == []


async def test_a_phone_that_does_not_exist_is_followed_by_the_corrected_one(notifications_database: Database) -> None:
    def refuse(outgoing: Outgoing) -> Outcome:
        return Refused("no-such-number", permanent=True) if outgoing.phone == A else Accepted("ref")

    assert await told(notifications_database, [FIRST, WAITS, SENT, SECOND], refuse) == {A: 1, B: 1}


async def test_a_correction_while_the_message_goes_waits_for_its_end(notifications_database: Database) -> None:
    async with notifications_database.transaction() as tx:
        await apply(tx, FIRST)
        await apply(tx, WAITS)
    corrected = scripted()

    async def correct() -> int:
        async with notifications_database.transaction() as tx:
            await apply(tx, SECOND)
            return await tell_corrected_phones(tx, 10, NOON)

    queued = []

    class Meanwhile(ScriptedChannel):
        async def send(self, outgoing: Outgoing) -> Outcome:
            queued.append(await correct())
            return await super().send(outgoing)

    slow = {name: Meanwhile(name, lambda _outgoing: Accepted("ref")) for name in corrected}
    await send_all(notifications_database, slow)  # type: ignore[arg-type]
    await send(notifications_database, corrected)  # type: ignore[arg-type]

    assert queued == [0]
    assert [one.phone for one in slow["sms"].given] == [A]
    assert [one.phone for one in corrected["sms"].given] == [B]


async def test_what_is_no_longer_news_is_not_told_to_a_corrected_phone(notifications_database: Database) -> None:
    await told(notifications_database, [FIRST, WAITS, SENT])
    late = NOON + NEWS_FOR[Milestone.READY_FOR_COLLECTION] + timedelta(seconds=1)
    async with notifications_database.transaction() as tx:
        await remember_contacts(tx, [SECOND], late)
        assert await tell_corrected_phones(tx, 10, late) == 0


async def test_phones_of_before_are_forgotten_with_the_people_and_nothing_is_left_to_look_at(
    notifications_database: Database,
) -> None:
    await told(notifications_database, [FIRST, WAITS, SENT, SECOND, SENT])
    async with notifications_database.transaction() as tx:
        assert [tuple(row) for row in await tx.fetch("select phone, since from former_phone")] == [(A, 1)]
        await apply(tx, ERASED)
        assert await tx.fetchval("select count(*) from former_phone") == 0
        assert await tx.fetchval("select count(*) from correction") == 0


async def test_a_message_of_a_release_that_kept_no_phones_counts_for_the_phone_of_then(
    notifications_database: Database,
) -> None:
    await told(notifications_database, [FIRST, WAITS, SENT])
    async with notifications_database.transaction() as tx:
        await tx.execute("update message set told_since = null")
        await tx.execute("update contact set phone_since = 0")
    assert await told(notifications_database, [RENAMED, SENT]) == Counter()
    assert await told(notifications_database, [contacts(version=3, phone=B), SENT]) == {B: 1}


async def test_a_phone_that_a_release_beside_this_one_told_without_noting_it_is_told_once(
    notifications_database: Database,
) -> None:
    assert await told(notifications_database, [FIRST, WAITS, SENT]) == {A: 1}
    async with notifications_database.transaction() as tx:
        await tx.execute("update message set told_since = null")
    assert await told(notifications_database, [RENAMED, SENT]) == Counter()
    assert await told(notifications_database, [contacts(version=3, phone=B), SENT]) == {B: 1}
