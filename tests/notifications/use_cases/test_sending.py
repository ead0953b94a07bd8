"""Claiming, delivering and recording: how a message leaves, and what is known of it afterwards."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.notifications.channels.channel import Outgoing
from services.notifications.domain.message import MOST_ATTEMPTS
from services.notifications.domain.milestones import OF_A_PARCEL
from services.notifications.domain.outcome import Accepted, Outcome, Refused, Unknown
from services.notifications.store.messages import take_lost
from services.notifications.use_cases.decide_messages import decide_messages
from services.notifications.use_cases.deliver_messages import TOO_LATE, deliver_messages
from services.notifications.use_cases.expire_messages import expire_messages
from services.notifications.use_cases.link_telegram import link_telegram
from services.notifications.use_cases.record_outcomes import record_outcomes
from services.notifications.use_cases.recover_lost_sends import recover_lost_sends
from services.notifications.use_cases.remember_contacts import remember_contacts
from services.notifications.use_cases.remember_parcels import remember_parcels
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from tests.notifications.samples import (
    LEASE,
    NOON,
    NUMBER,
    RECIPIENT_PHONE,
    SENDER_PHONE,
    attempts_of,
    claim,
    contacts,
    in_time,
    moved,
    number,
    prepare,
    registered,
    scripted,
    send_all,
    states,
    told_outcomes,
)

READY = ("ready_for_collection", "recipient")
AFTER_LEASE = NOON + LEASE + timedelta(seconds=1)


async def recover(database: Database, *, deduplicates: bool) -> None:
    async with database.transaction() as tx:
        await recover_lost_sends(
            tx, Outbox("notifications"), scripted(deduplicates=deduplicates), OF_A_PARCEL, 100, AFTER_LEASE
        )


async def waiting(database: Database) -> int:
    waits = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    async with database.transaction() as tx:
        count: int = await tx.fetchval(waits)
    return count


def refusing(*, permanent: bool) -> Any:
    return lambda _outgoing: Refused("busy", permanent=permanent)


async def test_a_message_reaches_the_recipient_in_their_language(notifications_database: Database) -> None:
    channels = scripted()
    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION)
    await send_all(notifications_database, channels)
    assert [(o.phone, o.chat, o.body) for o in channels["sms"].given] == [
        (
            RECIPIENT_PHONE,
            None,
            "CTC Post: parcel RR473124829GB for Sok Dara waits at CTC Bati. "
            "Please bring your ID card and this message.",
        )
    ]
    assert channels["telegram"].given == []
    assert await states(notifications_database) == {READY: "accepted"}


async def test_the_sender_reads_khmer_with_khmer_digits(notifications_database: Database) -> None:
    channels = scripted()
    await prepare(notifications_database, CustomerState.DELIVERED)
    await send_all(notifications_database, channels)
    (outgoing,) = channels["sms"].given
    assert outgoing.phone == SENDER_PHONE
    assert outgoing.body == "កញ្ចប់ RR473124829GB ផ្ញើជូន Sok Dara បានប្រគល់ហើយ នៅថ្ងៃទី២ មីនា។ សូមអរគុណ។"


async def test_who_lost_their_phone_by_a_correction_is_told_nothing_until_there_is_one(
    notifications_database: Database,
) -> None:
    channels = scripted()
    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION, CustomerState.DELIVERED)
    async with notifications_database.transaction() as tx:
        await remember_contacts(tx, [contacts(version=2, phone="")], NOON)
    await send_all(notifications_database, channels)
    assert [given.phone for given in channels["sms"].given] == [SENDER_PHONE]

    async with notifications_database.transaction() as tx:
        await remember_contacts(tx, [contacts(version=3, phone="+85577000002")], NOON)
    await send_all(notifications_database, channels)
    assert [given.phone for given in channels["sms"].given] == [SENDER_PHONE, "+85577000002"]


async def test_news_on_the_way_name_the_collecting_office(notifications_database: Database) -> None:
    channels = scripted()
    await prepare(notifications_database, CustomerState.ACCEPTED)
    await send_all(notifications_database, channels)
    assert "is on its way to CTC Bati" in channels["sms"].given[0].body


async def test_news_on_the_way_to_a_door_name_no_office_to_collect_at(notifications_database: Database) -> None:
    channels = scripted()
    async with notifications_database.transaction() as tx:
        await remember_parcels(tx, [registered(door_delivery=True)])
        await remember_contacts(tx, [contacts()], NOON)
        await decide_messages(tx, [moved(CustomerState.ACCEPTED)], NOON)
    await send_all(notifications_database, channels)
    body = channels["sms"].given[0].body
    assert body.endswith("is on its way to your door.")
    assert "CTC Bati" not in body


async def test_an_office_that_is_in_no_directory_is_named_by_its_code(notifications_database: Database) -> None:
    channels = scripted()
    await prepare(notifications_database)
    async with notifications_database.transaction() as tx:
        await decide_messages(tx, [moved(CustomerState.READY_FOR_COLLECTION, office="JPTYOA")], NOON)
    await send_all(notifications_database, channels)
    assert "waits at JPTYOA" in channels["sms"].given[0].body


async def test_a_linked_phone_is_told_by_telegram_and_not_by_sms(notifications_database: Database) -> None:
    channels = scripted()
    async with notifications_database.transaction() as tx:
        await link_telegram(tx, RECIPIENT_PHONE, 41, NOON)
        await link_telegram(tx, RECIPIENT_PHONE, 42, NOON)
    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION)
    await send_all(notifications_database, channels)
    assert [outgoing.chat for outgoing in channels["telegram"].given] == [42]
    assert channels["sms"].given == []


async def test_what_may_have_come_by_sms_is_not_told_again_by_telegram(notifications_database: Database) -> None:
    channels = scripted(lambda _outgoing: Unknown("no-answer-in-time"), deduplicates=True)
    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION)
    await send_all(notifications_database, channels)
    async with notifications_database.transaction() as tx:
        await link_telegram(tx, RECIPIENT_PHONE, 41, NOON)

    await send_all(notifications_database, channels, NOON + timedelta(minutes=1))

    assert [outgoing.chat for outgoing in channels["sms"].given] == [None, None]
    assert channels["telegram"].given == []


async def test_what_became_old_in_a_senders_hands_is_not_sent(notifications_database: Database) -> None:
    channels = scripted()
    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION)
    written = await claim(notifications_database)
    outcomes = await deliver_messages(written, channels, at_once=1, within_s=5, is_late=lambda _message: True)
    assert outcomes == [TOO_LATE]
    assert channels["sms"].given == []


async def test_an_outcome_is_told_once_and_names_no_person(notifications_database: Database) -> None:
    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION)
    (message,) = await send_all(notifications_database, scripted())
    (event,) = await told_outcomes(notifications_database)
    assert event["item_number"] == NUMBER
    assert event["message_id"] == str(message.message_id)
    assert (event["milestone"], event["audience"], event["channel"], event["outcome"]) == (*READY, "sms", "accepted")
    assert not any(secret in str(event) for secret in (RECIPIENT_PHONE[4:], SENDER_PHONE[4:], "Dara", "សុខា"))


async def test_two_senders_share_the_work_and_tell_nobody_twice(notifications_database: Database) -> None:
    channels = scripted()
    items = [number(serial) for serial in range(60)]
    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION, items=items)
    await asyncio.gather(*(send_all(notifications_database, channels) for _ in range(4)))
    assert len(channels["sms"].given) == len({outgoing.message_id for outgoing in channels["sms"].given}) == 60


async def test_nothing_is_claimed_before_its_time_or_after_its_deadline(notifications_database: Database) -> None:
    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION)
    assert await claim(notifications_database, NOON - timedelta(seconds=1)) == []
    assert await claim(notifications_database, NOON + timedelta(days=10)) == []


async def test_a_definite_passing_refusal_is_tried_again_with_the_same_id(notifications_database: Database) -> None:
    channels = scripted(refusing(permanent=False))
    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION)
    await send_all(notifications_database, channels)
    assert await send_all(notifications_database, channels, NOON + timedelta(seconds=1)) == []
    (again,) = await send_all(notifications_database, scripted(), NOON + timedelta(minutes=1))
    assert await states(notifications_database) == {READY: "accepted"}
    assert channels["sms"].given[0].message_id == again.message_id
    assert await attempts_of(notifications_database, again.message_id) == [(1, "refused"), (2, "accepted")]
    assert [event["outcome"] for event in await told_outcomes(notifications_database)] == ["accepted"]


async def test_refusals_end_as_failed_after_bounded_tries(notifications_database: Database) -> None:
    channels = scripted(refusing(permanent=False))
    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION)
    for hours in range(0, 60, 3):
        await send_all(notifications_database, channels, NOON + timedelta(hours=hours))
    assert len(channels["sms"].given) == MOST_ATTEMPTS
    assert await states(notifications_database) == {READY: "failed"}
    assert [event["outcome"] for event in await told_outcomes(notifications_database)] == ["failed"]


async def test_a_permanent_refusal_is_not_tried_again(notifications_database: Database) -> None:
    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION)
    await send_all(notifications_database, scripted(refusing(permanent=True)))
    assert await states(notifications_database) == {READY: "failed"}


@pytest.mark.parametrize("raises", [False, True], ids=["answers so", "raises"])
async def test_an_unclear_answer_is_unknown_and_never_sent_again(
    notifications_database: Database, raises: bool
) -> None:
    def answer(_outgoing: Outgoing) -> Outcome:
        if raises:
            raise ConnectionResetError(RECIPIENT_PHONE)
        return Unknown("gateway-timeout")

    channels = scripted(answer)
    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION)
    (settled,) = await send_all(notifications_database, channels)
    await send_all(notifications_database, channels, NOON + timedelta(days=1))
    assert len(channels["sms"].given) == 1
    assert await states(notifications_database) == {READY: "unknown"}
    assert settled.reason == ("channel-raised-ConnectionResetError" if raises else "gateway-timeout")


async def test_a_send_without_an_answer_in_time_is_unknown(notifications_database: Database) -> None:
    class Silent:
        name = "sms"
        deduplicates = False

        async def send(self, _outgoing: Outgoing) -> Outcome:
            await asyncio.Event().wait()
            return Accepted("never")

    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION)
    written = await claim(notifications_database)
    assert await deliver_messages(written, {"sms": Silent()}, at_once=1, within_s=0.01, is_late=in_time) == [  # type: ignore[dict-item]
        Unknown("no-answer-in-time")
    ]


async def test_no_more_messages_are_under_way_than_allowed(notifications_database: Database) -> None:
    under_way, most = 0, 0

    class Counting:
        name = "sms"
        deduplicates = False

        async def send(self, _outgoing: Outgoing) -> Outcome:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            for _ in range(3):
                await asyncio.sleep(0)
            under_way -= 1
            return Accepted("ok")

    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION, items=[number(n) for n in range(20)])
    written = await claim(notifications_database)
    outcomes = await deliver_messages(written, {"sms": Counting()}, at_once=3, within_s=5, is_late=in_time)  # type: ignore[dict-item]
    assert outcomes == [Accepted("ok")] * 20
    assert most == 3


async def test_a_lost_send_goes_again_under_the_same_id_where_the_channel_deduplicates(
    notifications_database: Database,
) -> None:
    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION)
    (lost,) = await claim(notifications_database)
    assert await claim(notifications_database, AFTER_LEASE) == []
    await recover(notifications_database, deduplicates=True)
    (again,) = await claim(notifications_database, AFTER_LEASE)
    assert again.outgoing == lost.outgoing
    assert await attempts_of(notifications_database, lost.message.message_id) == [(1, "unknown"), (2, None)]


async def test_a_lost_send_is_unknown_where_the_channel_does_not_deduplicate(notifications_database: Database) -> None:
    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION)
    await claim(notifications_database)
    await recover(notifications_database, deduplicates=False)
    assert await states(notifications_database) == {READY: "unknown"}
    assert [event["outcome"] for event in await told_outcomes(notifications_database)] == ["unknown"]


async def test_a_running_lease_is_left_alone(notifications_database: Database) -> None:
    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION)
    await claim(notifications_database)
    async with notifications_database.transaction() as tx:
        assert await recover_lost_sends(tx, Outbox("notifications"), scripted(), OF_A_PARCEL, 100, NOON + LEASE) == []
    assert await states(notifications_database) == {READY: "sending"}


async def test_an_outcome_that_comes_after_the_lease_changes_nothing(notifications_database: Database) -> None:
    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION)
    written = await claim(notifications_database)
    await recover(notifications_database, deduplicates=False)
    async with notifications_database.transaction() as tx:
        late = await record_outcomes(tx, Outbox("notifications"), written, [Accepted("x")], scripted(), AFTER_LEASE)
    assert late == []
    assert await states(notifications_database) == {READY: "unknown"}
    assert len(await told_outcomes(notifications_database)) == 1


async def test_an_outcome_that_comes_while_its_message_is_recovered_waits_and_holds_nobody_up(
    notifications_database: Database,
) -> None:
    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION)
    written = await claim(notifications_database)

    async def come_late() -> Any:
        async with notifications_database.transaction() as tx:
            return await record_outcomes(tx, Outbox("notifications"), written, [Accepted("x")], scripted(), AFTER_LEASE)

    async with notifications_database.transaction() as tx:
        await take_lost(tx, OF_A_PARCEL, 100, AFTER_LEASE)
        late = asyncio.create_task(come_late())
        async with asyncio.timeout(5):
            while not await waiting(notifications_database):
                await asyncio.sleep(0.01)
        await recover_lost_sends(
            tx, Outbox("notifications"), scripted(deduplicates=False), OF_A_PARCEL, 100, AFTER_LEASE
        )
    assert await late == []
    assert await states(notifications_database) == {READY: "unknown"}


async def test_what_is_no_longer_news_expires_and_is_told_so(notifications_database: Database) -> None:
    late = NOON + timedelta(days=10)
    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION)
    async with notifications_database.transaction() as tx:
        await decide_messages(tx, [moved(CustomerState.DELIVERED, number(1))], NOON)
    async with notifications_database.transaction() as tx:
        assert len(await expire_messages(tx, Outbox("notifications"), OF_A_PARCEL, 100, NOON)) == 0
        assert len(await expire_messages(tx, Outbox("notifications"), OF_A_PARCEL, 100, late)) == 2
    assert await states(notifications_database) == {READY: "expired"}
    assert await states(notifications_database, number(1)) == {("delivered", "sender"): "expired"}
    assert [(e["outcome"], e["channel"]) for e in await told_outcomes(notifications_database)] == [
        ("expired", None)
    ] * 2


async def test_old_news_read_again_from_the_beginning_is_sent_to_nobody(notifications_database: Database) -> None:
    channels = scripted()
    await prepare(notifications_database)
    async with notifications_database.transaction() as tx:
        await decide_messages(tx, [moved(CustomerState.READY_FOR_COLLECTION, at=NOON - timedelta(days=60))], NOON)
    await send_all(notifications_database, channels)
    assert channels["sms"].given == []


async def test_a_corrected_phone_is_used_by_what_is_still_queued(notifications_database: Database) -> None:
    channels = scripted()
    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION)
    async with notifications_database.transaction() as tx:
        await remember_contacts(tx, [contacts(version=2, phone="+85577000002")], NOON)
    await send_all(notifications_database, channels)
    assert [outgoing.phone for outgoing in channels["sms"].given] == ["+85577000002"]


async def test_recording_a_batch_takes_a_handful_of_statements(notifications_database: Database) -> None:
    channels = scripted()
    await prepare(notifications_database, CustomerState.RETURNING, items=[number(n) for n in range(40)])
    written = await claim(notifications_database)
    outcomes = await deliver_messages(written, channels, at_once=8, within_s=5, is_late=in_time)
    statements: list[str] = []
    async with notifications_database.transaction() as tx:
        await record_outcomes(tx, Outbox("notifications"), written[:1], outcomes[:1], channels, NOON)
        with tx.query_logger(lambda query: statements.append(query.query)):
            settled = await record_outcomes(tx, Outbox("notifications"), written[1:], outcomes[1:], channels, NOON)
    assert len(settled) == 79
    assert len(statements) == 2  # and the events are copied
