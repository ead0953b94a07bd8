"""What tracking does with the events of the parcel service."""

from collections.abc import Mapping, Sequence

from services.tracking.use_cases.cancel_journeys import cancel_journeys
from services.tracking.use_cases.open_journeys import open_journeys
from services.tracking.use_cases.remember_advance_data import remember_advance_data
from services.tracking.use_cases.remember_charges import remember_charges
from services.tracking.use_cases.remember_dues import remember_dues
from services.tracking.use_cases.remember_paid import remember_paid
from shared.clock import now
from shared.contracts.envelope import Event
from shared.contracts.parcel import (
    ParcelAdvanceDataCompletedV1,
    ParcelCancelledV1,
    ParcelChargesSetV1,
    ParcelCodBookedV1,
    ParcelRegisteredV1,
)
from shared.db.connection import Tx
from shared.messaging.consume import Handler
from shared.web.service import Service


def handlers(service: Service) -> Mapping[type[Event], Handler]:
    """Return the handler of each event, in the order in which those of one batch are applied."""

    async def on_parcel_registered(tx: Tx, events: Sequence[ParcelRegisteredV1]) -> None:
        await remember_dues(tx, events)
        await open_journeys(tx, service.outbox, events, now())

    async def on_parcel_cancelled(tx: Tx, events: Sequence[ParcelCancelledV1]) -> None:
        await cancel_journeys(tx, service.outbox, events, now())

    return {
        ParcelRegisteredV1: on_parcel_registered,
        ParcelCancelledV1: on_parcel_cancelled,
        ParcelAdvanceDataCompletedV1: on_advance_data_completed,
        ParcelChargesSetV1: on_charges_set,
        ParcelCodBookedV1: on_cod_booked,
    }


async def on_advance_data_completed(tx: Tx, events: Sequence[ParcelAdvanceDataCompletedV1]) -> None:
    """Let these items leave the country."""
    await remember_advance_data(tx, events)


async def on_charges_set(tx: Tx, events: Sequence[ParcelChargesSetV1]) -> None:
    """Keep items that charges are due on, and let go those that are paid."""
    await remember_charges(tx, events)


async def on_cod_booked(tx: Tx, events: Sequence[ParcelCodBookedV1]) -> None:
    """Keep that these are paid, so that they are handed over without another payment."""
    await remember_paid(tx, events)
