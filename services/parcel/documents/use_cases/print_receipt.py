"""Staff print the receipt of a parcel."""

from datetime import datetime

from services.parcel.documents.domain.imprint import Imprint
from services.parcel.documents.domain.parcel_papers import receipt_of
from services.parcel.documents.domain.printed import Kind
from services.parcel.documents.domain.receipt import Receipt
from services.parcel.documents.domain.void_mark import void_since
from services.parcel.documents.use_cases.note_print import note_print
from services.parcel.posting.use_cases.find_parcel import find_parcel
from services.parcel.pricing.use_cases.find_refunds import find_refunds
from shared.access.roles import Actor
from shared.db.connection import Tx


async def print_receipt(tx: Tx, actor: Actor, item_number: str, imprint: Imprint, now: datetime) -> Receipt:
    """Return the receipt of a parcel that the actor may see, and note that it is printed.

    Raises: ParcelNotFound, PeopleForgotten, NoPriceKept.
    """
    parcel = await find_parcel(tx, actor, item_number)
    void_at = void_since(parcel, await find_refunds(tx, item_number))
    print_no = await note_print(tx, actor, item_number, Kind.RECEIPT, now)
    return receipt_of(parcel, imprint, print_no, void_at)
