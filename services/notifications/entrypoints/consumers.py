"""What the notifications service does on the events of the others."""

from collections.abc import Mapping, Sequence

from services.notifications.use_cases.decide_messages import decide_messages
from services.notifications.use_cases.forget_contacts import forget_contacts
from services.notifications.use_cases.queue_codes import queue_codes
from services.notifications.use_cases.remember_charges import remember_charges
from services.notifications.use_cases.remember_contacts import remember_contacts
from services.notifications.use_cases.remember_parcels import remember_parcels
from shared.contracts.envelope import Event
from shared.contracts.parcel import (
    ParcelChargesSetV1,
    ParcelContactsV1,
    ParcelErasedV1,
    ParcelRegisteredV1,
    SignInCodeV1,
)
from shared.contracts.tracking import ParcelMovedV1
from shared.db.connection import Tx, server_time
from shared.messaging.consume import Handler


async def on_parcel_registered(tx: Tx, events: Sequence[ParcelRegisteredV1]) -> None:
    """Note where parcels will wait."""
    await remember_parcels(tx, events)


async def on_parcel_contacts(tx: Tx, events: Sequence[ParcelContactsV1]) -> None:
    """Note whom to tell."""
    await remember_contacts(tx, events, await server_time(tx))


async def on_charges_set(tx: Tx, events: Sequence[ParcelChargesSetV1]) -> None:
    """Note what addressees are to pay."""
    await remember_charges(tx, events)


async def on_parcel_moved(tx: Tx, events: Sequence[ParcelMovedV1]) -> None:
    """Decide who is told what."""
    await decide_messages(tx, events, await server_time(tx))


async def on_parcel_erased(tx: Tx, events: Sequence[ParcelErasedV1]) -> None:
    """Forget people."""
    await forget_contacts(tx, events)


async def on_sign_in_code(tx: Tx, events: Sequence[SignInCodeV1]) -> None:
    """Have codes sent."""
    await queue_codes(tx, events, await server_time(tx))


HANDLERS: Mapping[type[Event], Handler] = {
    # In this order within a batch: what a message needs comes before the message.
    ParcelRegisteredV1: on_parcel_registered,
    ParcelContactsV1: on_parcel_contacts,
    ParcelChargesSetV1: on_charges_set,
    ParcelMovedV1: on_parcel_moved,
    ParcelErasedV1: on_parcel_erased,
    SignInCodeV1: on_sign_in_code,
}
