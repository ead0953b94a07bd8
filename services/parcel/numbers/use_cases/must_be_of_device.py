"""A registration that a counter's device made without a line has a number that the device leased."""

from uuid import UUID

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.numbers.store import numbers
from shared.db.connection import Tx
from shared.errors import FieldProblem, Invalid
from shared.s10 import ItemNumber


async def must_be_of_device(tx: Tx, device_id: UUID, number: ItemNumber) -> None:
    """Check that a number lies in a block of a device; whether it is used already shows when the parcel is written.

    Raises: Invalid.
    """
    if number.country != DOMESTIC or not await numbers.is_of_device(tx, device_id, number.indicator, number.serial):
        message = "This number was never leased to the device that gave it."
        raise Invalid([FieldProblem("item_number", "not-of-this-device", message)])
