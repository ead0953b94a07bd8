"""An office is opened, or what is said of it changes."""

from shared.access import directory
from shared.contracts.directory import OfficeV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def set_office(tx: Tx, outbox: Outbox, office: OfficeV1) -> OfficeV1:
    """Tell every service of an office; returns its entry under the version that it got.

    Raises: SetMeanwhile; the transaction must then be rolled back.
    """
    return await directory.publish(tx, outbox, office)
