"""The release before goes on with its sign-in codes beside this one, and neither sends what the other has."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from services.notifications.domain.milestones import NEWS_FOR, Milestone
from services.notifications.store import codes_to_send
from services.notifications.store.codes_to_send import CodeToSend
from services.notifications.use_cases.remember_contacts import remember_contacts
from services.notifications.use_cases.tell_corrected_phones import tell_corrected_phones
from services.notifications.use_cases.tell_customs_news import tell_customs_news
from shared.clock import now
from shared.contracts.notifications import MessageSentV1
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from tests.notifications import release_before
from tests.notifications.codes import CODE, PHONE, asked, code_sender, code_states, kept_codes, queue
from tests.notifications.samples import (
    LEASE,
    NOON,
    NUMBER,
    contacts,
    number,
    prepare,
    scripted,
    send_all,
    states,
    told_outcomes,
)

IN_A_MINUTE = timedelta(minutes=1)


async def queue_before(database: Database, request_id: str = "request") -> None:
    async with database.transaction() as tx:
        (message_id,) = await release_before.add(tx, request_id, now(), now() + IN_A_MINUTE)
        await codes_to_send.add(tx, [CodeToSend(message_id, PHONE, CODE)])


async def test_the_release_before_queues_claims_and_ends_a_code(notifications_database: Database) -> None:
    await queue_before(notifications_database)
    async with notifications_database.transaction() as tx:
        (claimed,) = await release_before.claim(tx, now(), now() + LEASE)
    assert (claimed["phone"], claimed["code"], claimed["attempts"], claimed["channel"]) == (PHONE, CODE, 1, "sms")
    async with notifications_database.transaction() as tx:
        assert await release_before.settle(tx, [claimed], "accepted", now()) == {claimed["message_id"]}
    assert await code_states(notifications_database) == {"request": ("accepted", 1)}
    async with notifications_database.transaction() as tx:
        await release_before.forget_older(tx, timedelta(), now() + IN_A_MINUTE)
    assert await code_states(notifications_database) == {}


async def test_a_request_that_one_release_knows_the_other_does_not_take_again(
    notifications_database: Database,
) -> None:
    await queue_before(notifications_database, "before")
    await queue(notifications_database, asked("before"), asked("this"))
    async with notifications_database.transaction() as tx:
        assert await release_before.add(tx, "this", now(), now() + IN_A_MINUTE) == []
    assert await code_states(notifications_database) == {"before": ("queued", 0), "this": ("queued", 0)}
    assert await kept_codes(notifications_database) == 2


async def test_this_release_sends_and_tells_what_the_one_before_queued(notifications_database: Database) -> None:
    channels = scripted()
    await queue_before(notifications_database)
    await code_sender(notifications_database, channels).send()
    assert [CODE in sent.body for sent in channels["sms"].given] == [True]
    assert await code_states(notifications_database) == {"request": ("accepted", 1)}
    assert [told["request_id"] for told in await told_outcomes(notifications_database)] == ["request"]


async def test_what_one_release_sends_the_other_leaves_alone(notifications_database: Database) -> None:
    await queue_before(notifications_database, "before")
    await queue(notifications_database, asked("this"))
    async with notifications_database.transaction() as tx:
        taken = await release_before.claim(tx, now(), now() + LEASE)
    async with notifications_database.transaction() as tx:
        assert await codes_to_send.claim(tx, 8, now(), now() + LEASE) == []
    assert {one["request_id"] for one in taken} == {"before", "this"}


async def test_codes_in_the_hands_of_this_release_are_passed_over_by_the_one_before(
    notifications_database: Database,
) -> None:
    await queue(notifications_database, asked())
    async with notifications_database.transaction() as ours, notifications_database.transaction() as theirs:
        assert len(await codes_to_send.claim(ours, 8, now(), now() + LEASE)) == 1
        assert await release_before.claim(theirs, now(), now() + LEASE) == []
    async with notifications_database.transaction() as tx:
        assert await release_before.claim(tx, now(), now() + LEASE) == []


async def test_a_code_that_the_release_before_lost_is_recovered_once(notifications_database: Database) -> None:
    channels = scripted(deduplicates=True)
    await queue_before(notifications_database)
    async with notifications_database.transaction() as tx:
        claimed = await release_before.claim(tx, now(), now() - LEASE)
    sender = code_sender(notifications_database, channels)
    await sender.tidy()
    assert await code_states(notifications_database) == {"request": ("queued", 1)}
    async with notifications_database.transaction() as tx:
        assert await release_before.settle(tx, claimed, "accepted", now()) == set()
    await sender.send()
    assert await code_states(notifications_database) == {"request": ("accepted", 2)}


async def test_the_release_before_recovers_what_this_one_lost_and_ends_what_is_late(
    notifications_database: Database,
) -> None:
    await queue(notifications_database, asked("lost"))
    async with notifications_database.transaction() as tx:
        await codes_to_send.claim(tx, 8, now(), now() - LEASE)
    await queue(notifications_database, asked("late"))
    async with notifications_database.transaction() as tx:
        lost = await release_before.take_lost(tx, now())
        assert [one["request_id"] for one in lost] == ["lost"]
        await release_before.settle(tx, lost, "queued", now())
    async with notifications_database.transaction() as tx:
        ended = await release_before.expire(tx, now() + IN_A_MINUTE + LEASE)
    assert sorted(ended) == ["late", "lost"]


async def test_the_release_before_reads_due_codes_and_no_others(notifications_database: Database) -> None:
    async with notifications_database.transaction() as tx:
        await tx.execute("set local enable_seqscan = off")
        plan = await tx.fetch("explain " + release_before.CLAIM, now(), 8, now())
    assert "message_code_due" in "\n".join(row[0] for row in plan)


async def test_the_release_before_sees_no_message_about_a_parcel_among_its_codes(
    notifications_database: Database,
) -> None:
    await prepare(notifications_database, CustomerState.LOST)
    async with notifications_database.transaction() as tx:
        assert await release_before.expire(tx, now()) == []
    assert set((await states(notifications_database)).values()) == {"queued"}


async def test_a_late_code_that_the_release_before_takes_for_news_of_a_parcel_is_left_to_its_code_loop(
    notifications_database: Database,
) -> None:
    await queue(notifications_database, asked())

    async def end_news() -> None:
        async with notifications_database.transaction() as tx:
            (late,) = await release_before.expire_news(tx, now() + IN_A_MINUTE)
            MessageSentV1.model_validate({**late, "outcome": late["state"], "at": now()})

    with pytest.raises(ValidationError, match="item_number"):
        await end_news()
    async with notifications_database.transaction() as tx:
        assert await release_before.expire(tx, now() + IN_A_MINUTE) == ["request"]


async def test_the_release_before_decides_and_sends_beside_what_is_told_to_corrected_phones(
    notifications_database: Database,
) -> None:
    channels = scripted()
    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION)
    await send_all(notifications_database, channels)
    async with notifications_database.transaction() as tx:
        await remember_contacts(tx, [contacts(version=2, phone=PHONE)], NOON)
        assert await tell_corrected_phones(tx, 10, NOON) == 1
        for item, new in ((NUMBER, 0), (number(1), 1)):
            assert await release_before.decide(tx, item, "ready_for_collection", NOON) == new
        # It claims without saying on whose phone.
        await tx.execute(
            "update message set state = 'sending', attempts = 1, lease_until = now() where repeats is not null"
        )
        await tx.execute(
            "update message set state = 'accepted', lease_until = null, ended_at = now() where repeats is not null"
        )
        await remember_contacts(tx, [contacts(version=3, phone=PHONE, name="Sok Dary")], NOON)
        assert await tell_corrected_phones(tx, 10, NOON) == 0


async def test_the_release_before_neither_sends_nor_ends_what_it_has_no_words_for(
    notifications_database: Database,
) -> None:
    asked_for = contacts().model_copy(update={"papers_wanted": "Invoice"})
    async with notifications_database.transaction() as tx:
        await remember_contacts(tx, [asked_for], NOON)
        assert await tell_customs_news(tx, 10, now()) == 1
        assert await release_before.claim_news(tx, now()) == []
        await tx.execute("update message set not_before = deadline where state = 'queued'")
        assert await release_before.late_or_lost_news(tx, now() + NEWS_FOR[Milestone.PAPERS_ASKED] + LEASE) == []


async def test_charges_that_the_release_before_heard_stand_in_the_message_that_the_item_waits(
    notifications_database: Database,
) -> None:
    async with notifications_database.transaction() as tx:
        await tx.execute(
            "insert into charges (item_number, amount_minor, currency, version) values ($1, 16000, 'KHR', 2)", NUMBER
        )
    channels = scripted()
    await prepare(notifications_database, CustomerState.READY_FOR_COLLECTION)
    await send_all(notifications_database, channels)
    async with notifications_database.transaction() as tx:
        assert await tell_customs_news(tx, 10, NOON) == 0
    assert ["16,000 riel" in sent.body for sent in channels["sms"].given] == [True]
