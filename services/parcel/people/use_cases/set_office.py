"""An office is opened, closed, or what is said of it changes."""

from datetime import date

from services.parcel.people.domain.office import must_be_placed, with_closing_day
from shared.access import directory
from shared.contracts.directory import OfficeV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def set_office(tx: Tx, outbox: Outbox, office: OfficeV1, known: OfficeV1 | None, today: date) -> OfficeV1:
    """Tell every service of an office, of which something may be known; returns its entry as it was told.

    Raises: Invalid, SetMeanwhile; the transaction must then be rolled back.
    """
    must_be_placed(office)
    return await directory.publish(tx, outbox, with_closing_day(office, known, today))
