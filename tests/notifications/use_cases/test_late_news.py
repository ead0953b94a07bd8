"""A counter that had no line sends its day late: what is no news any more is told to nobody, the rest as ever."""

from datetime import timedelta

import pytest

from services.notifications.domain.milestones import OF_A_PARCEL
from services.notifications.use_cases.decide_messages import decide_messages
from services.notifications.use_cases.expire_messages import expire_messages
from services.notifications.use_cases.remember_contacts import remember_contacts
from services.notifications.use_cases.remember_parcels import remember_parcels
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from tests.notifications.samples import NOON, contacts, moved, registered, scripted, send_all, states, told_outcomes


async def hear_late(database: Database, state: CustomerState, late: timedelta) -> int:
    """Hear at noon of what happened some time before; returns how many messages went out."""
    channels = scripted()
    async with database.transaction() as tx:
        await remember_parcels(tx, [registered()])
        await remember_contacts(tx, [contacts()], NOON)
        event = moved(state, at=NOON - late).model_copy(update={"time": NOON})
        await decide_messages(tx, [event], NOON)
    sent = await send_all(database, channels)
    async with database.transaction() as tx:
        await expire_messages(tx, Outbox("notifications"), OF_A_PARCEL, 100, NOON)
    assert len(sent) == len(channels["sms"].given)
    return len(sent)


@pytest.mark.parametrize(
    ("state", "late"),
    [
        (CustomerState.ACCEPTED, timedelta(hours=13)),
        (CustomerState.IN_TRANSIT, timedelta(days=1)),
        (CustomerState.READY_FOR_COLLECTION, timedelta(days=11)),
        (CustomerState.ATTEMPT_FAILED, timedelta(days=4)),
        (CustomerState.DELIVERED, timedelta(days=8)),
        (CustomerState.CANCELLED, timedelta(days=4)),
    ],
)
async def test_a_step_that_is_no_news_any_more_ends_unsent_and_says_so(
    notifications_database: Database, state: CustomerState, late: timedelta
) -> None:
    assert await hear_late(notifications_database, state, late) == 0

    assert set((await states(notifications_database)).values()) == {"expired"}
    assert {event["outcome"] for event in await told_outcomes(notifications_database)} == {"expired"}


@pytest.mark.parametrize(
    ("state", "late"),
    [
        (CustomerState.ACCEPTED, timedelta(hours=10)),
        (CustomerState.READY_FOR_COLLECTION, timedelta(days=1)),
        (CustomerState.ATTEMPT_FAILED, timedelta(days=1)),
        (CustomerState.DELIVERED, timedelta(days=1)),
    ],
)
async def test_a_step_that_is_still_news_is_told_late(
    notifications_database: Database, state: CustomerState, late: timedelta
) -> None:
    assert await hear_late(notifications_database, state, late) == 1
