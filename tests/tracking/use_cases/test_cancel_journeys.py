"""A cancellation counts unless the parcel had moved before."""

import pytest

from services.tracking.domain.event_codes import EventCode
from services.tracking.use_cases.append_scans import append_scans
from services.tracking.use_cases.cancel_journeys import cancel_journeys
from shared.contracts.parcel import ParcelCancelledV1
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from tests.tracking import told
from tests.tracking.scans import NOON, NUMBER, scan

CANCELLED = ParcelCancelledV1(item_number=NUMBER, version=2, office="TK01", cancelled_at=NOON)


@pytest.mark.parametrize(
    ("moved_at_minute", "state"), [(-5, CustomerState.IN_TRANSIT), (5, CustomerState.CANCELLED)], ids=str
)
@pytest.mark.parametrize("cancellation_first", [True, False], ids=["cancellation first", "scan first"])
async def test_only_a_movement_before_the_cancellation_undoes_it(
    tracking_db: Database, moved_at_minute: int, state: CustomerState, cancellation_first: bool
) -> None:
    moved, outbox = scan(EventCode.EDD, minutes=moved_at_minute), Outbox("tracking")
    async with tracking_db.transaction() as tx:
        if cancellation_first:
            await cancel_journeys(tx, outbox, [CANCELLED], NOON)
            await append_scans(tx, outbox, [moved], NOON)
        else:
            await append_scans(tx, outbox, [moved], NOON)
            await cancel_journeys(tx, outbox, [CANCELLED], NOON)

        assert (await told.events(tx))[-1].state is state


async def test_a_cancellation_is_told_under_a_code_of_ours(tracking_db: Database) -> None:
    async with tracking_db.transaction() as tx:
        await append_scans(tx, Outbox("tracking"), [scan(EventCode.EMA, minutes=-1)], NOON)
        await cancel_journeys(tx, Outbox("tracking"), [CANCELLED], NOON)

        last = (await told.events(tx))[-1]
    assert (last.state, last.event_code, last.previous_state) == (
        CustomerState.CANCELLED,
        "CTC-CANCELLED",
        CustomerState.ACCEPTED,
    )
