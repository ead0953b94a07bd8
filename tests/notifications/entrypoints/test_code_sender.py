"""The loops that send sign-in codes: once, at once, or not at all."""

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from services.notifications.channels.channel import Outgoing
from services.notifications.domain.milestones import OF_A_PARCEL
from services.notifications.domain.outcome import Accepted, Outcome, Refused, Unknown
from services.notifications.main import development_channels
from services.notifications.store import codes_to_send, messages
from services.notifications.use_cases.claim_due_codes import claim_due_codes
from services.notifications.use_cases.deliver_messages import TOO_LATE, deliver_messages
from services.notifications.use_cases.link_telegram import link_telegram
from shared.clock import now
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from tests.notifications.codes import (
    CODE,
    PHONE,
    TEXTS,
    asked,
    code_sender,
    code_states,
    everything,
    kept_codes,
    queue,
)
from tests.notifications.samples import attempts_of, number, prepare, scripted, states, told_outcomes

LATE = timedelta(seconds=61)


async def make_due(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute("update message set not_before = now() - interval '1 second'")


async def test_a_code_goes_out_at_once_and_leaves_nothing_behind(notifications_database: Database) -> None:
    channels = scripted()
    await queue(notifications_database, asked())

    assert await code_sender(notifications_database, channels).send() is False

    (sent,) = channels["sms"].given
    assert (sent.phone, sent.chat, CODE in sent.body) == (PHONE, None, True)
    assert await code_states(notifications_database) == {"request": ("accepted", 1)}
    assert CODE not in await everything(notifications_database)
    assert PHONE[1:] not in await everything(notifications_database)


async def test_a_linked_phone_gets_its_code_by_telegram_alone(notifications_database: Database) -> None:
    channels = scripted()
    async with notifications_database.transaction() as tx:
        await link_telegram(tx, PHONE, 41, now())
    await queue(notifications_database, asked(language="km"))
    await code_sender(notifications_database, channels).send()
    assert [(sent.chat, "លេខកូដ" in sent.body) for sent in channels["telegram"].given] == [(41, True)]
    assert channels["sms"].given == []


async def test_a_code_told_twice_is_sent_once(notifications_database: Database) -> None:
    channels = scripted()
    sender = code_sender(notifications_database, channels)
    for _ in range(2):
        await queue(notifications_database, asked())
        await sender.send()
    assert len(channels["sms"].given) == 1


async def test_a_code_that_came_late_is_never_sent_nor_kept(notifications_database: Database) -> None:
    channels = scripted()
    await queue(notifications_database, asked(at=now() - LATE))
    sender = code_sender(notifications_database, channels)

    assert await kept_codes(notifications_database) == 0
    await sender.send()
    await sender.tidy()

    assert channels["sms"].given == []
    assert await code_states(notifications_database) == {"request": ("expired", 0)}


async def test_a_code_that_waited_past_its_deadline_is_forgotten_and_told(notifications_database: Database) -> None:
    await queue(notifications_database, asked())
    async with notifications_database.transaction() as tx:
        await tx.execute("update message set deadline = now() - interval '1 second'")
    sender = code_sender(notifications_database, scripted())

    await sender.send()
    await sender.tidy()

    assert await code_states(notifications_database) == {"request": ("expired", 0)}
    assert await kept_codes(notifications_database) == 0
    assert [event["outcome"] for event in await told_outcomes(notifications_database)] == ["expired"]


async def test_a_sender_that_stood_still_sends_nothing_late(notifications_database: Database) -> None:
    channels = scripted()
    await queue(notifications_database, asked())
    async with notifications_database.transaction() as tx:
        written = await claim_due_codes(tx, TEXTS, 8, timedelta(seconds=10), now())
    outcomes = await deliver_messages(written, channels, 8, 5, lambda _message: True)
    assert outcomes == [TOO_LATE]
    assert channels["sms"].given == []


@pytest.mark.parametrize("deduplicates", [False, True], ids=["an ambiguous one", "one that the provider would drop"])
async def test_an_unknown_outcome_is_sent_again_only_under_an_id_that_is_dropped(
    notifications_database: Database, deduplicates: bool
) -> None:
    channels = scripted(lambda _outgoing: Unknown("no-answer-in-time"), deduplicates=deduplicates)
    sender = code_sender(notifications_database, channels)
    await queue(notifications_database, asked())
    await sender.send()
    await make_due(notifications_database)
    await sender.send()
    expected = ("queued", 2) if deduplicates else ("unknown", 1)
    assert await code_states(notifications_database) == {"request": expected}
    assert await kept_codes(notifications_database) == int(deduplicates)
    assert len({sent.message_id for sent in channels["sms"].given}) == 1


@pytest.mark.parametrize(("permanent", "state"), [(True, "failed"), (False, "queued")])
async def test_a_refusal_ends_a_code_or_lets_it_be_tried_again(
    notifications_database: Database, permanent: bool, state: str
) -> None:
    channels = scripted(lambda _outgoing: Refused("busy", permanent=permanent))
    await queue(notifications_database, asked())
    await code_sender(notifications_database, channels).send()
    assert await code_states(notifications_database) == {"request": (state, 1)}
    assert await kept_codes(notifications_database) == int(state == "queued")


@pytest.mark.parametrize(("deduplicates", "state"), [(True, "queued"), (False, "unknown")])
async def test_a_sender_that_vanished_is_made_up_for_without_a_second_code(
    notifications_database: Database, deduplicates: bool, state: str
) -> None:
    channels = scripted(deduplicates=deduplicates)
    await queue(notifications_database, asked())
    async with notifications_database.transaction() as tx:
        await claim_due_codes(tx, TEXTS, 8, timedelta(seconds=10), now())
        await tx.execute("update message set lease_until = now() - interval '1 second'")
    sender = code_sender(notifications_database, channels)
    await sender.tidy()
    assert await code_states(notifications_database) == {"request": (state, 1)}
    assert await kept_codes(notifications_database) == int(deduplicates)


async def test_messages_about_parcels_hold_no_code_up(notifications_database: Database) -> None:
    channels = scripted()
    await prepare(notifications_database, CustomerState.LOST, items=[number(serial) for serial in range(50)])
    await queue(notifications_database, asked())
    await code_sender(notifications_database, channels).send()
    assert [sent.phone for sent in channels["sms"].given] == [PHONE]


async def test_each_sender_leaves_to_the_other_what_is_late_or_lost(notifications_database: Database) -> None:
    await prepare(notifications_database, CustomerState.LOST, CustomerState.DELIVERED)
    await queue(notifications_database, asked("late"), asked("lost"))
    sender = code_sender(notifications_database, scripted())
    async with notifications_database.transaction() as tx:
        await tx.execute("update message set deadline = now() - interval '1 second'")
        await tx.execute(
            "update message set state = 'sending', lease_until = now() - interval '1 second'"
            " where request_id = 'lost' or milestone = 'delivered'"
        )
    async with notifications_database.transaction() as tx:
        assert await messages.expire(tx, OF_A_PARCEL, 10, now())
        assert await messages.take_lost(tx, OF_A_PARCEL, 10, now())
    assert await code_states(notifications_database) == {"late": ("queued", 0), "lost": ("sending", 0)}
    await sender.tidy()
    assert await code_states(notifications_database) == {"late": ("expired", 0), "lost": ("unknown", 0)}
    assert set((await states(notifications_database)).values()) == {"expired", "sending"}


async def test_each_try_of_a_code_is_on_record(notifications_database: Database) -> None:
    channels = scripted(lambda _outgoing: Refused("busy", permanent=False))
    await queue(notifications_database, asked())
    sender = code_sender(notifications_database, channels)
    await sender.send()
    await make_due(notifications_database)
    await sender.send()
    tries = await attempts_of(notifications_database, channels["sms"].given[0].message_id)
    assert tries == [(1, "refused"), (2, "refused")]


async def test_claiming_a_code_looks_at_no_message_about_a_parcel(notifications_database: Database) -> None:
    await prepare(notifications_database, CustomerState.LOST, items=[number(serial) for serial in range(2000)])
    await queue(notifications_database, *[asked(str(place)) for place in range(20)])
    queries: list[str] = []
    async with notifications_database.transaction() as tx:
        await tx.execute("analyze")
        with tx.query_logger(lambda query: queries.append(query.query)):
            assert len(await codes_to_send.claim(tx, 8, now(), now() + timedelta(seconds=10))) == 8
    async with notifications_database.transaction() as tx:
        claim = next(query for query in queries if "code_to_send" in query)
        plan = await tx.fetch("explain " + claim, now(), 8, now() + timedelta(seconds=10))
    steps = "\n".join(row[0] for row in plan)
    assert "message_code_due" in steps or "message_pkey" in steps
    assert "Seq Scan on message" not in steps
    assert "message_due" not in steps


async def test_codes_go_side_by_side(notifications_database: Database) -> None:
    together = asyncio.Barrier(3)

    class Waiting:
        name = "sms"
        deduplicates = False

        async def send(self, outgoing: Outgoing) -> Outcome:
            await together.wait()
            return Accepted("x")

    await queue(notifications_database, *[asked(str(place)) for place in range(3)])
    sender = code_sender(notifications_database, {"sms": Waiting()})  # type: ignore[dict-item]
    await asyncio.wait_for(sender.send(), 5)
    assert set((await code_states(notifications_database)).values()) == {("accepted", 1)}


async def test_the_outcome_is_told_once_and_holds_neither_phone_nor_code(notifications_database: Database) -> None:
    await queue(notifications_database, asked())
    sender = code_sender(notifications_database, development_channels(notifications_database))
    await sender.send()
    await sender.tidy()
    (event,) = await told_outcomes(notifications_database)
    assert (event["request_id"], event["channel"], event["outcome"]) == ("request", "sms", "accepted")
    assert CODE not in str(event)
    assert PHONE[4:] not in str(event)


@pytest.mark.parametrize("answer", ["accepts", "refuses", "raises"])
async def test_no_log_line_and_no_measure_holds_a_code_or_a_phone(
    notifications_database: Database, answer: str
) -> None:
    def answered(outgoing: Outgoing) -> Outcome:
        if answer == "raises":
            raise RuntimeError(f"no way to {outgoing.phone}: {outgoing.body} {outgoing}")
        return Accepted("x") if answer == "accepts" else Refused("busy", permanent=True)

    sender = code_sender(notifications_database, scripted(answered))
    await queue(notifications_database, asked())
    with capture_logs() as lines:
        await sender.send()
        await sender.tidy()
    settled = [line for line in lines if line["event"] == "message settled"]
    assert [line["request_id"] for line in settled] == ["request"]
    measured = [sample for family in sender.measures._settled.collect() for sample in family.samples]
    assert any(sample.labels.get("milestone") == "sign_in_code" for sample in measured)
    assert CODE not in f"{lines}{measured}"
    assert PHONE[4:] not in f"{lines}{measured}"


async def test_outcomes_are_dropped_after_a_month(notifications_database: Database) -> None:
    await queue(notifications_database, asked("old"), asked("new"))
    sender = code_sender(notifications_database, scripted())
    await sender.send()
    async with notifications_database.transaction() as tx:
        await tx.execute("update message set ended_at = now() - interval '31 days' where request_id = 'old'")
    await sender.tidy()
    assert set(await code_states(notifications_database)) == {"new"}
