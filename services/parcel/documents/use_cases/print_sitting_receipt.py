"""Staff print the one receipt of all parcels of a sitting."""

from datetime import datetime
from uuid import UUID

from services.parcel.documents.domain.imprint import Imprint
from services.parcel.documents.domain.printed import Kind
from services.parcel.documents.domain.sitting_receipt import SittingReceipt, sitting_receipt_of
from services.parcel.documents.use_cases.note_print import note_print
from services.parcel.drafts.use_cases.state_sitting import state_sitting
from shared.access.roles import Actor
from shared.db.connection import Tx


async def print_sitting_receipt(
    tx: Tx, actor: Actor, sitting_id: UUID, imprint: Imprint, now: datetime
) -> SittingReceipt:
    """Return the receipt of a sitting that is paid, and note that it is printed.

    Raises: SittingNotFound, SittingNotPaid.
    """
    stated = await state_sitting(tx, actor, sitting_id)
    stated.sitting.must_be_paid()
    print_no = await note_print(tx, actor, str(sitting_id), Kind.SITTING_RECEIPT, now)
    return sitting_receipt_of(stated, imprint, print_no)
