"""Staff and shops print the label of a parcel."""

from datetime import datetime

from services.parcel.documents.domain.imprint import Imprint
from services.parcel.documents.domain.label import Label
from services.parcel.documents.domain.parcel_papers import label_of
from services.parcel.documents.domain.printed import Kind
from services.parcel.documents.domain.void_mark import void_since
from services.parcel.documents.use_cases.note_print import note_print
from services.parcel.posting.use_cases.find_parcel import find_parcel
from services.parcel.pricing.use_cases.find_refunds import find_refunds
from shared.access.roles import Actor
from shared.db.connection import Tx


async def print_label(tx: Tx, actor: Actor, item_number: str, imprint: Imprint, now: datetime) -> Label:
    """Return the label of a parcel that the actor may see, and note that it is printed.

    Raises: ParcelNotFound, PeopleForgotten, JourneyEnded.
    """
    parcel = await find_parcel(tx, actor, item_number)
    label = label_of(parcel, imprint, void_since(parcel, await find_refunds(tx, item_number)))
    await note_print(tx, actor, item_number, Kind.LABEL, now)
    return label
