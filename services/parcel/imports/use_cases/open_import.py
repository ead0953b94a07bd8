"""A shop is about to send a file of parcels."""

from datetime import timedelta

from services.parcel.imports.domain.draft_import import DraftImport
from services.parcel.imports.store import imports
from shared.db.connection import Tx
from shared.errors import Conflict

MOST_OPEN = 10
LOOKED_BACK = timedelta(days=7)


class TooManyImports(Conflict):
    """Your shop has many imports that are not at their end; go on with one of them, or withdraw it."""

    slug = "too-many-imports"


async def open_import(tx: Tx, one: DraftImport) -> None:
    """Begin an import; its file comes in pieces.

    Raises: TooManyImports.
    """
    if await imports.count_open(tx, one.trader_id, LOOKED_BACK) >= MOST_OPEN:
        raise TooManyImports
    await imports.add(tx, one)
