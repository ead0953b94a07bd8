"""A shop, or its office, looks at an import; of its people it shows none but in a preview, which is noted."""

from uuid import UUID

from services.parcel.imports.domain.draft_import import DraftImport, ImportNotFound
from services.parcel.imports.store import imports
from services.parcel.people.domain.trader import TraderNotFound
from services.parcel.people.use_cases.find_shop import find_shop
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_import(tx: Tx, actor: Actor, import_id: UUID, *, lock: bool = False) -> DraftImport:
    """Return an import of the actor's shop, or of a shop of the actor's office; locked if it is to be changed.

    Raises: ImportNotFound.
    """
    one = await (imports.lock if lock else imports.find)(tx, import_id)
    if one is None:
        raise ImportNotFound
    try:
        await find_shop(tx, actor, one.trader_id)
    except TraderNotFound:
        raise ImportNotFound from None
    await note_read(tx, actor, "import", subjects=[import_id])
    return one
