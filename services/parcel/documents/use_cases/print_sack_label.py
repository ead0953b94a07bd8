"""A shop or a counter prints the slip of a sack."""

from datetime import datetime
from uuid import UUID

from services.parcel.documents.domain.imprint import Imprint
from services.parcel.documents.domain.printed import Kind
from services.parcel.documents.domain.sack_label import SackLabel, sack_label_of
from services.parcel.documents.use_cases.note_print import note_print
from services.parcel.drafts.use_cases.find_sack import find_sack
from shared.access.roles import Actor
from shared.db.connection import Tx


async def print_sack_label(tx: Tx, actor: Actor, sack_id: UUID, imprint: Imprint, now: datetime) -> SackLabel:
    """Return the slip of a sack that the actor may see, and note that it is printed.

    Raises: SackNotFound.
    """
    sack, inside = await find_sack(tx, actor, sack_id)
    await note_print(tx, actor, str(sack_id), Kind.SACK_LABEL, now)
    return sack_label_of(sack, inside, imprint)
