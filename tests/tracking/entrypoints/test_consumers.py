"""The events of the parcel service, applied as the consumer applies them."""

from fastapi import FastAPI

from services.tracking.domain.clearance import Clearance
from services.tracking.entrypoints.consumers import handlers
from services.tracking.store import clearances
from shared.contracts.parcel import (
    ParcelAdvanceDataCompletedV1,
    ParcelCancelledV1,
    ParcelChargesSetV1,
    ParcelRegisteredV1,
)
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from tests.tracking import told
from tests.tracking.scans import NOON, NUMBER

REGISTERED = ParcelRegisteredV1(
    item_number=NUMBER,
    version=1,
    office="TK01",
    service="parcel",
    destination_country="KH",
    collecting_office="TK02",
    weight_g=500,
    registered_at=NOON,
    link_secret_sha256="ab" * 32,
)
CANCELLED = ParcelCancelledV1(item_number=NUMBER, version=2, office="TK01", cancelled_at=NOON.replace(hour=6))


async def test_registrations_are_applied_before_the_cancellations_of_a_batch(app: FastAPI) -> None:
    assert list(handlers(app.state.service))[:2] == [ParcelRegisteredV1, ParcelCancelledV1]


async def test_a_parcel_registered_and_cancelled_is_told_as_such(app: FastAPI, tracking_db: Database) -> None:
    apply = handlers(app.state.service)
    async with tracking_db.transaction() as tx:
        await apply[ParcelRegisteredV1](tx, [REGISTERED])
        await apply[ParcelCancelledV1](tx, [CANCELLED])

        events = await told.events(tx)
    assert [event.state for event in events] == [CustomerState.ACCEPTED, CustomerState.CANCELLED]


async def test_a_cancellation_read_before_its_registration_ends_alike(app: FastAPI, tracking_db: Database) -> None:
    apply = handlers(app.state.service)
    async with tracking_db.transaction() as tx:
        await apply[ParcelCancelledV1](tx, [CANCELLED])
        await apply[ParcelRegisteredV1](tx, [REGISTERED])

        assert (await told.events(tx))[-1].state is CustomerState.CANCELLED


async def test_what_parcel_tells_of_the_border_is_known_afterwards(app: FastAPI, tracking_db: Database) -> None:
    apply = handlers(app.state.service)
    completed = ParcelAdvanceDataCompletedV1(item_number=NUMBER, declaration_version=1, completed_at=NOON)
    due = ParcelChargesSetV1(item_number=NUMBER, version=3, charges="due")
    async with tracking_db.transaction() as tx:
        await apply[ParcelAdvanceDataCompletedV1](tx, [completed])
        await apply[ParcelChargesSetV1](tx, [due])

        known = Clearance(advance_data_complete=True, charges_due_since=due.time)
        assert await clearances.find(tx, [NUMBER]) == {NUMBER: known}
