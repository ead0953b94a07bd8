"""The people on a parcel are forgotten: parcel says that their time is over."""

from collections.abc import Sequence
from datetime import timedelta

from services.notifications.store import charges, contacts, development_inbox, erased_parcels
from shared.contracts.parcel import ParcelErasedV1
from shared.db.connection import Tx

TOLD_AGAIN_WITHIN = timedelta(days=365)
"""No topic or backup brings contacts back after it."""


async def forget_contacts(tx: Tx, erased: Sequence[ParcelErasedV1]) -> None:
    """Delete contacts, and messages that the development inbox shows; what was told stays on record without names.

    The contacts of another item that has the number now are of a later version and stay.
    """
    versions = {event.item_number: event.version for event in sorted(erased, key=lambda event: event.version)}
    item_numbers = sorted(versions)
    await contacts.hold(tx, item_numbers)
    await erased_parcels.keep(tx, versions)
    await erased_parcels.drop_older(tx, TOLD_AGAIN_WITHIN)
    await contacts.forget(tx, versions)
    await charges.forget(tx, versions)
    await development_inbox.forget(tx, item_numbers)
