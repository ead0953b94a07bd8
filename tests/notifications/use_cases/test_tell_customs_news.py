"""The addressee of an item from abroad hears once what customs does: that it has it, which papers, what is due now."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from services.notifications.channels.channel import Outgoing
from services.notifications.domain.milestones import NEWS_FOR, OF_A_PARCEL, Milestone
from services.notifications.domain.outcome import Accepted, Outcome, Refused
from services.notifications.store import development_inbox
from services.notifications.use_cases.decide_messages import decide_messages
from services.notifications.use_cases.expire_messages import expire_messages
from services.notifications.use_cases.forget_contacts import forget_contacts
from services.notifications.use_cases.recover_lost_sends import recover_lost_sends
from services.notifications.use_cases.release_missed_messages import release_missed_messages
from services.notifications.use_cases.remember_charges import remember_charges
from services.notifications.use_cases.remember_contacts import remember_contacts
from services.notifications.use_cases.tell_corrected_phones import tell_corrected_phones
from services.notifications.use_cases.tell_customs_news import tell_customs_news
from shared.contracts.envelope import Event
from shared.contracts.parcel import ParcelChargesSetV1, ParcelContactsV1, ParcelErasedV1
from shared.contracts.states import CustomerState
from shared.contracts.tracking import ParcelMovedV1
from shared.db.connection import Database, Tx
from shared.messaging.outbox import Outbox
from tests.notifications.samples import (
    LEASE,
    NOON,
    NUMBER,
    SENDER_PHONE,
    ScriptedChannel,
    claim,
    contacts,
    moved,
    number,
    scripted,
    send_all,
    told_outcomes,
)

A, B = "+85577000001", "+85577000002"


def of_version(version: int, phone: str = A, papers: str | None = None, item_number: str = NUMBER) -> ParcelContactsV1:
    told = contacts(item_number, version=version, phone=phone)
    return told.model_copy(update={"papers_wanted": papers, "time": NOON})


def charges(version: int, amount_minor: int | None, *, paid: bool = False) -> ParcelChargesSetV1:
    return ParcelChargesSetV1(
        item_number=NUMBER,
        version=version,
        charges="paid" if paid else "due",
        amount_minor=amount_minor,
        currency="KHR",
        time=NOON,
    )


def at(state: CustomerState, version: int, journey_no: int = 1) -> ParcelMovedV1:
    return moved(state, journey_no=journey_no).model_copy(update={"version": version})


KNOWN, CORRECTED, BACK = of_version(1), of_version(2, B), of_version(3, A)
INVOICE, INVOICE_OF_B, ALL_PAGES = (
    of_version(2, A, "Invoice"),
    of_version(3, B, "Invoice"),
    of_version(4, A, "All pages"),
)
BROUGHT = of_version(5, A)
SHOWN, HELD, LET_GO, ARRIVED = (
    at(state, version)
    for version, state in enumerate(
        (CustomerState.AT_CUSTOMS, CustomerState.HELD, CustomerState.IN_TRANSIT, CustomerState.ARRIVED), start=1
    )
)
WAITS, HANDED_OVER = at(CustomerState.READY_FOR_COLLECTION, 5), at(CustomerState.DELIVERED, 6)
SHOWN_AGAIN = at(CustomerState.AT_CUSTOMS, 1, journey_no=2)
DUE, MORE, LESS = charges(10, 16_000), charges(11, 20_000), charges(12, 16_000)
NOTHING = charges(13, 0, paid=True)
PAID, UNPAID = charges(14, 16_000, paid=True), charges(15, 16_000)
UNTOLD_AMOUNT = charges(16, None)
ERASED = ParcelErasedV1(item_number=NUMBER, version=20, erased_at=NOON)
SENT = "sent"

Step = Event | str
ON_ITS_WAY, CUSTOMS, WHICH = "is on its way", "customs has", "asks for papers"
WAITING = "waits at CTC Bati. Please bring"
NOW_DUE, NOW_MORE, NONE_DUE = "To pay now: 16,000 riel", "To pay now: 20,000 riel", "Nothing is to pay any more"
WAITING_DUE, WAITING_MORE = "To pay there: 16,000 riel", "To pay there: 20,000 riel"
SAID = (ON_ITS_WAY, CUSTOMS, WHICH, WAITING, NOW_DUE, NOW_MORE, NONE_DUE, WAITING_DUE, WAITING_MORE)


async def apply(tx: Tx, step: Step) -> None:
    match step:
        case ParcelContactsV1():
            await remember_contacts(tx, [step], NOON)
        case ParcelMovedV1():
            await decide_messages(tx, [step], NOON)
        case ParcelChargesSetV1():
            await remember_charges(tx, [step])
        case ParcelErasedV1():
            await forget_contacts(tx, [step])


async def send(database: Database, channels: dict[str, ScriptedChannel], now: datetime = NOON) -> None:
    """Do what the loops do, until they find nothing."""
    for _ in range(4):
        async with database.transaction() as tx:
            await release_missed_messages(tx, 10, now)
            await tell_corrected_phones(tx, 10, now)
        async with database.transaction() as tx:
            await tell_customs_news(tx, 10, now)
        await send_all(database, channels, now)  # type: ignore[arg-type]


async def told(
    database: Database,
    steps: Sequence[Step],
    answer: Callable[[Outgoing], Outcome] = lambda outgoing: Accepted(f"ref-{outgoing.message_id}"),
) -> list[tuple[str, str]]:
    """Return what was sent to the addressee, in order: the phone, and what the message says."""
    channels = scripted(answer)
    for step in [*steps, SENT]:
        if step == SENT:
            await send(database, channels)  # type: ignore[arg-type]
        else:
            async with database.transaction() as tx:
                await apply(tx, step)
    return [(one.phone, _said(one.body)) for one in channels["sms"].given if one.phone != SENDER_PHONE]


def _said(body: str) -> str:
    return next(said for said in SAID if said in body)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([KNOWN, WAITS, SENT, DUE], [WAITING, NOW_DUE]),
        ([KNOWN, WAITS, SENT, DUE, DUE, SENT, DUE], [WAITING, NOW_DUE]),
        ([KNOWN, WAITS, SENT, DUE, SENT, MORE], [WAITING, NOW_DUE, NOW_MORE]),
        ([KNOWN, WAITS, SENT, DUE, MORE], [WAITING, NOW_MORE]),
        ([KNOWN, WAITS, SENT, MORE, DUE, SENT], [WAITING, NOW_MORE]),
        ([KNOWN, WAITS, DUE, SENT], [WAITING_DUE]),
        ([KNOWN, DUE, WAITS, SENT, DUE], [WAITING_DUE]),
        ([KNOWN, DUE, WAITS, SENT, MORE, SENT], [WAITING_DUE, NOW_MORE]),
        ([KNOWN, DUE, WAITS, SENT, MORE, LESS, SENT], [WAITING_DUE]),
        ([KNOWN, DUE, WAITS, SENT, MORE, SENT, LESS, SENT], [WAITING_DUE, NOW_MORE, NOW_DUE]),
        ([KNOWN, DUE, WAITS, SENT, NOTHING], [WAITING_DUE, NONE_DUE]),
        ([KNOWN, WAITS, SENT, NOTHING], [WAITING]),
        ([KNOWN, DUE, WAITS, SENT, PAID], [WAITING_DUE]),
        ([KNOWN, DUE, WAITS, SENT, PAID, SENT, UNPAID], [WAITING_DUE]),
        ([KNOWN, WAITS, SENT, UNTOLD_AMOUNT], [WAITING]),
        ([KNOWN, WAITS, SENT, HANDED_OVER, DUE], [WAITING]),
        ([WAITS, DUE, KNOWN, SENT], [WAITING_DUE]),
        ([KNOWN, DUE], []),
    ],
)
async def test_what_is_due_now_is_told_once_to_whose_item_waits(
    notifications_database: Database, steps: Sequence[Step], said: Sequence[str]
) -> None:
    assert await told(notifications_database, steps) == [(A, one) for one in said]


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([KNOWN, SHOWN], [CUSTOMS]),
        ([SHOWN, SENT, KNOWN], [CUSTOMS]),
        ([KNOWN, SHOWN, SENT, HELD, SENT, SHOWN, HELD], [CUSTOMS]),
        ([KNOWN, HELD], [CUSTOMS]),
        ([KNOWN, SHOWN, LET_GO, SENT], [ON_ITS_WAY]),
        ([KNOWN, LET_GO, SHOWN, SENT], [ON_ITS_WAY]),
        ([KNOWN, SHOWN, SENT, SHOWN_AGAIN], [CUSTOMS, CUSTOMS]),
        ([SHOWN, WAITS, KNOWN], [WAITING]),
        ([KNOWN, SHOWN, SENT, INVOICE], [CUSTOMS, WHICH]),
        ([INVOICE, SENT, SHOWN], [WHICH, CUSTOMS]),
        ([INVOICE, SENT, INVOICE, KNOWN], [WHICH]),
        ([INVOICE, SENT, of_version(3, A, "Invoice")], [WHICH]),
        ([INVOICE, SENT, ALL_PAGES], [WHICH, WHICH]),
        ([ALL_PAGES, INVOICE], [WHICH]),
        ([INVOICE, BROUGHT], []),
        ([BROUGHT, INVOICE], []),
        ([INVOICE, ERASED], []),
        ([ERASED, INVOICE], []),
    ],
)
async def test_that_customs_has_it_and_which_papers_it_wants_is_told_once(
    notifications_database: Database, steps: Sequence[Step], said: Sequence[str]
) -> None:
    assert await told(notifications_database, steps) == [(A, one) for one in said]


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([INVOICE, SENT, INVOICE_OF_B], [(A, WHICH), (B, WHICH)]),
        ([INVOICE, INVOICE_OF_B], [(B, WHICH)]),
        ([INVOICE, SENT, INVOICE_OF_B, SENT, of_version(4, A, "Invoice")], [(A, WHICH), (B, WHICH)]),
        ([KNOWN, SHOWN, SENT, CORRECTED], [(A, CUSTOMS), (B, CUSTOMS)]),
        ([KNOWN, SHOWN, SENT, CORRECTED, SENT, BACK], [(A, CUSTOMS), (B, CUSTOMS)]),
        ([KNOWN, SHOWN, SENT, LET_GO, CORRECTED], [(A, CUSTOMS), (B, ON_ITS_WAY)]),
        ([KNOWN, WAITS, SENT, DUE, SENT, CORRECTED], [(A, WAITING), (A, NOW_DUE), (B, WAITING_DUE)]),
        ([KNOWN, WAITS, SENT, CORRECTED, DUE], [(A, WAITING), (B, WAITING_DUE)]),
        ([KNOWN, DUE, WAITS, SENT, CORRECTED, SENT, NOTHING], [(A, WAITING_DUE), (B, WAITING_DUE), (B, NONE_DUE)]),
        ([KNOWN, DUE, WAITS, SENT, of_version(2, ""), MORE], [(A, WAITING_DUE)]),
    ],
)
async def test_a_corrected_phone_hears_what_is_so_and_no_phone_hears_it_twice(
    notifications_database: Database, steps: Sequence[Step], said: Sequence[tuple[str, str]]
) -> None:
    assert await told(notifications_database, steps) == said


@pytest.mark.parametrize("steps", list(permutations([DUE, WAITS, INVOICE])))
async def test_in_whatever_order_it_is_heard_each_amount_and_paper_is_told_once(
    notifications_database: Database, steps: Sequence[Step]
) -> None:
    said = await told(notifications_database, [*steps, SENT, *steps, SENT, *reversed(steps)])

    assert sorted(said) == sorted([(A, WAITING_DUE), (A, WHICH)])


async def test_looks_side_by_side_tell_once(notifications_database: Database) -> None:
    await told(notifications_database, [KNOWN, WAITS])
    async with notifications_database.transaction() as tx:
        await apply(tx, DUE)

    async def look() -> int:
        async with notifications_database.transaction() as tx:
            return await tell_customs_news(tx, 10, NOON)

    assert sum(await asyncio.gather(*(look() for _ in range(5)))) == 1
    assert await look() == 0


async def test_charges_that_are_being_written_are_not_passed_over(notifications_database: Database) -> None:
    await told(notifications_database, [KNOWN, WAITS, SENT, DUE])
    async with notifications_database.transaction() as unseen:
        await apply(unseen, MORE)
        async with notifications_database.transaction() as tx:
            assert await tell_customs_news(tx, 10, NOON) == 0
    async with notifications_database.transaction() as tx:
        assert await tell_customs_news(tx, 10, NOON) == 1


async def test_an_amount_that_changes_while_a_message_goes_is_told_after_it(notifications_database: Database) -> None:
    await told(notifications_database, [KNOWN, WAITS, SENT])
    async with notifications_database.transaction() as tx:
        await apply(tx, DUE)
        assert await tell_customs_news(tx, 10, NOON) == 1
    (written,) = await claim(notifications_database)
    assert NOW_DUE in written.outgoing.body

    said = await told(notifications_database, [MORE, SENT])
    assert said == [], "how the first one ends is waited for"
    async with notifications_database.transaction() as tx:
        lost = await recover_lost_sends(
            tx,
            Outbox("notifications"),
            scripted(),
            OF_A_PARCEL,
            10,
            NOON + LEASE + timedelta(seconds=1),
        )
    assert [(one.milestone, one.subject, one.state) for one in lost] == [
        ("charges", {"item_number": NUMBER}, "unknown")
    ]
    assert await told(notifications_database, []) == [(A, NOW_MORE)]


async def test_a_phone_that_is_refused_is_tried_again_with_what_is_due_then(notifications_database: Database) -> None:
    await told(notifications_database, [KNOWN, WAITS, SENT])
    await told(notifications_database, [DUE], lambda _outgoing: Refused("busy", permanent=False))
    async with notifications_database.transaction() as tx:
        await apply(tx, MORE)
        await tx.execute("update message set not_before = $1 where state = 'queued'", NOON)

    assert await told(notifications_database, []) == [(A, NOW_MORE)]


async def test_what_a_release_before_told_counts_as_what_was_due_then(notifications_database: Database) -> None:
    await told(notifications_database, [KNOWN, DUE, WAITS, SENT])
    async with notifications_database.transaction() as tx:
        await tx.execute("update message set told_minor = null, told_currency = null")
        await tx.execute("update charges set heard_at = ended_at - interval '1 s' from message")
    renamed = of_version(2).model_copy(update={"recipient": KNOWN.recipient.model_copy(update={"name": "Sok Dary"})})

    assert await told(notifications_database, [renamed]) == []
    assert await told(notifications_database, [MORE]) == [(A, NOW_MORE)]


async def test_old_news_of_customs_are_not_told(notifications_database: Database) -> None:
    late = NOON + NEWS_FOR[Milestone.PAPERS_ASKED]
    async with notifications_database.transaction() as tx:
        for step in (INVOICE, SHOWN, DUE):
            await apply(tx, step)
        assert await tell_customs_news(tx, 10, late) == 0
        assert await tx.fetchval("select count(*) from customs_news") == 0


async def test_a_message_that_nobody_needs_any_more_ends_as_any_other(notifications_database: Database) -> None:
    async with notifications_database.transaction() as tx:
        await apply(tx, INVOICE)
        assert await tell_customs_news(tx, 10, NOON) == 1
        await apply(tx, BROUGHT)
    assert await told(notifications_database, []) == []
    async with notifications_database.transaction() as tx:
        late = NOON + NEWS_FOR[Milestone.PAPERS_ASKED]
        (ended,) = await expire_messages(tx, Outbox("notifications"), OF_A_PARCEL, 10, late)
    assert (ended.subject, ended.milestone, ended.state) == ({"item_number": NUMBER}, "papers_asked", "expired")
    assert [(one["item_number"], one["audience"]) for one in await told_outcomes(notifications_database)] == [
        (NUMBER, "recipient")
    ]


async def test_papers_and_what_was_shown_of_them_are_forgotten_with_the_people(
    notifications_database: Database,
) -> None:
    async with notifications_database.transaction() as tx:
        await apply(tx, INVOICE)
        await tell_customs_news(tx, 10, NOON)
    (written,) = await claim(notifications_database)
    async with notifications_database.transaction() as tx:
        await development_inbox.put(tx, written.outgoing.message_id, A, "sms", written.outgoing.body, 1, NOON)
        (shown,) = await development_inbox.latest(tx, None, NUMBER, 10)
        assert (shown.item_number, shown.milestone, shown.audience, shown.name) == (
            NUMBER,
            "papers_asked",
            "recipient",
            "Sok Dara",
        )
        await apply(tx, ERASED)
        assert await tx.fetchval("select count(*) from asked_papers") == 0
        assert await development_inbox.latest(tx, None, None, 10) == []


async def test_parcels_of_ours_are_looked_at_by_nobody(notifications_database: Database) -> None:
    ours = number(1)
    async with notifications_database.transaction() as tx:
        await apply(tx, of_version(1, A, "Invoice", ours))
        await apply(tx, moved(CustomerState.AT_CUSTOMS, ours))
        counts = [await tx.fetchval(f"select count(*) from {name}") for name in TABLES]
    assert counts == [0, 0, 0]


TABLES = ("customs_news", "customs_stay", "asked_papers")
